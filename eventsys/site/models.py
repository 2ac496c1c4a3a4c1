"""Tables: news, documents with their versions, orders of brochures on paper, and whom to contact."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.extensions import Base, Translated
from eventsys.files import StoredFile
from eventsys.site.rules import DocumentKind, OrderState


class NewsItem(Base):
    """A piece of news, seen by everybody from `published_at`. `edition` rises with each change."""

    __tablename__ = "news"

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    title: Mapped[Translated]
    text: Mapped[Translated] = mapped_column(default=dict)
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    edition: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    revised_at: Mapped[datetime]


class SiteDocument(Base):
    """A document or a brochure to open or download, seen by everybody from `published_at`; with `on_paper` it can be
    ordered, at most `most_copies` at a time."""

    __tablename__ = "site_documents"
    __table_args__ = (
        sa.CheckConstraint("most_copies > 0", name="most_copies"),
        sa.UniqueConstraint("id", "organiser_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    kind: Mapped[DocumentKind]
    title: Mapped[Translated]
    summary: Mapped[Translated] = mapped_column(default=dict)
    on_paper: Mapped[bool] = mapped_column(default=False)
    most_copies: Mapped[int] = mapped_column(default=100)
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    edition: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    revised_at: Mapped[datetime]

    versions: Mapped[list[DocumentVersion]] = relationship(
        order_by="DocumentVersion.language, DocumentVersion.number.desc()", lazy="raise"
    )


class DocumentVersion(Base):
    """One version of a document in a language, never changed; the highest number of a language is the one shown."""

    __tablename__ = "document_versions"
    __table_args__ = (sa.UniqueConstraint("document_id", "language", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("site_documents.id"))
    language: Mapped[str] = mapped_column(sa.String(5))
    number: Mapped[int]
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))

    file: Mapped[StoredFile] = relationship(lazy="raise")


class BrochureOrder(Base):
    """That somebody wants a brochure on paper. Name and addresses are erased on their day; the number stays."""

    __tablename__ = "brochure_orders"
    __table_args__ = (
        sa.ForeignKeyConstraint(["document_id", "organiser_id"], ["site_documents.id", "site_documents.organiser_id"]),
        sa.CheckConstraint("copies > 0", name="copies"),
        sa.Index("ix_brochure_orders_list", "organiser_id", "state", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int]
    document_id: Mapped[int] = mapped_column(index=True)
    form_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    copies: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(5))
    name: Mapped[str] = mapped_column(sa.String(200))
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    postal_address: Mapped[str] = mapped_column(sa.String(500))
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320))
    state: Mapped[OrderState] = mapped_column(default=OrderState.RECEIVED)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    erase_on: Mapped[date] = mapped_column(index=True)


class ContactPerson(Base):
    """Whom visitors may write to or call, in the organiser's order; public by its nature."""

    __tablename__ = "contact_people"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    title: Mapped[Translated] = mapped_column(default=dict)
    email: Mapped[str] = mapped_column(sa.String(320), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    position: Mapped[int] = mapped_column(default=0)
