"""Tables: organisations and people."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base
from eventsys.organisations.rules import LanguageForm, OrganisationKind, PositionRole, unit_address


class Organisation(Base):
    """A municipality, union or other body. `number` is a string and keeps its zero.

    `label` is the record of how it is told from its namesakes: «Bø (Telemark)»; set by one action for all of a kind.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        sa.UniqueConstraint("kind", "number", "valid_from"),
        sa.Index("uq_organisations_label", "kind", "label", unique=True,
                 postgresql_where=sa.text("valid_to IS NULL"), sqlite_where=sa.text("valid_to IS NULL")),
        sa.CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="validity"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OrganisationKind]
    number: Mapped[str | None] = mapped_column(sa.String(20), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    county: Mapped[str | None] = mapped_column(sa.String(100))
    label: Mapped[str] = mapped_column(sa.String(320))
    sort_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    email: Mapped[str | None] = mapped_column(sa.String(320))
    postal_address: Mapped[str | None]
    organisation_number: Mapped[str | None] = mapped_column(sa.String(9))
    language_form: Mapped[LanguageForm] = mapped_column(default=LanguageForm.UNKNOWN)
    language_form_source: Mapped[str | None] = mapped_column(sa.String(200))
    language_form_on: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    organiser_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisers.id"), unique=True)

    @property
    def address(self) -> str:
        """What it is called in public addresses, empty for what has no public page."""
        return unit_address(self.kind, self.number)


class LanguageFormChange(Base):
    """That an organisation chose a form of the language, from a day, by a source; the organisation keeps the newest."""

    __tablename__ = "language_form_changes"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    form: Mapped[LanguageForm]
    source: Mapped[str] = mapped_column(sa.String(200))
    noted_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


class OrganisationWord(Base):
    """The folded words of an organisation's label, for search by the beginnings of words."""

    __tablename__ = "organisation_words"

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(sa.String(100), primary_key=True, index=True)


class Person(Base):
    """Identity and no more: what was given with a registration stands there. Erased people have null keys."""

    __tablename__ = "people"
    __table_args__ = (sa.UniqueConstraint("email_key", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    email_key: Mapped[str | None] = mapped_column(sa.String(320))
    name_key: Mapped[str | None] = mapped_column(sa.String(200))
    created_at: Mapped[datetime]
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class PersonWord(Base):
    """The folded words of a person's name, for search by the beginnings of words; they go when the name goes."""

    __tablename__ = "person_words"
    __table_args__ = (sa.Index("ix_person_words_word", "word", postgresql_ops={"word": "text_pattern_ops"}),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(sa.String(100), primary_key=True)


class Representative(Base):
    """That a person is elected by a union's members, in a municipality or without one: a special category (GDPR article
    9), read only by named queries that leave a row of who did. Name, address and language as the union gave them.

    `organiser_id` is who brought it in: the union itself or its confederation; nobody else sees it. Erased on its day.
    """

    __tablename__ = "representatives"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "union_id", "organisation_id", "from_on"),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),
        sa.Index("uq_representatives_nowhere", "person_id", "union_id", "from_on", unique=True,
                 postgresql_where=sa.text("organisation_id IS NULL"), sqlite_where=sa.text("organisation_id IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    union_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    language: Mapped[str | None] = mapped_column(sa.String(5))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    erase_on: Mapped[date] = mapped_column(index=True)
    created_at: Mapped[datetime]


class Position(Base):
    """That a person is something in an organisation, from and to a day. Name, address and language are as given here.

    A contact (`role`) may look after the organisation's seats once `confirmed_at` is set: through the official mailbox
    or by an organiser (`account_id`).
    """

    __tablename__ = "positions"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "organisation_id", "role", "from_on"),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    link_version: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    role: Mapped[PositionRole]
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    language: Mapped[str | None] = mapped_column(sa.String(5))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
