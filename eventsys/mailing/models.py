"""Tables: the outbox, addresses that get no more mail, and the workers that deliver."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base
from eventsys.mailing.rules import MailState


class OutboxMessage(Base):
    """One mail to one address. `reason_key` says why it exists and is unique, so planning again adds nothing.

    `subject`, `text`, `html` and `calendar` are the record of what was sent, personal links masked.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index("ix_outbox_open", "next_try_at", postgresql_where=sa.text("state IN ('queued','sending','deferred')"),
                 sqlite_where=sa.text("state IN ('queued','sending','deferred')")),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.UniqueConstraint("id", "organiser_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    reason_key: Mapped[str] = mapped_column(sa.String(500), unique=True)
    template: Mapped[str] = mapped_column(sa.String(40))
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    language: Mapped[str] = mapped_column(sa.String(5))
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    due_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    worker_id: Mapped[uuid.UUID | None]
    leased_until: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(sa.String(200))
    dated_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    subject: Mapped[str | None]
    text: Mapped[str | None]
    html: Mapped[str | None]
    calendar: Mapped[str | None]
    answer: Mapped[str | None]


class Suppression(Base):
    """An address that gets no more mail of a category, or of any where the category is empty."""

    __tablename__ = "suppressions"
    __table_args__ = (sa.UniqueConstraint("email_key", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email_key: Mapped[str] = mapped_column(sa.String(320))
    category: Mapped[str] = mapped_column(sa.String(40), default="")
    why: Mapped[str]
    created_at: Mapped[datetime]


class Worker(Base):
    """A worker process and its last sign of life, in real time."""

    __tablename__ = "workers"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    host: Mapped[str] = mapped_column(sa.String(200))
    pid: Mapped[int]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime] = mapped_column(index=True)
