"""Tables: the outbox, addresses that get no more mail, and the workers that deliver."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base
from eventsys.mailing.rules import MailState, ReturnKind

DUE = "state IN ('queued','deferred','uncertain')"


class OutboxMessage(Base):
    """One mail to one address. `reason_key` says why it exists and is unique, so planning again adds nothing.

    `priority` 0 is an answer to somebody's own act and goes before 1, what a rule of time made. `began_at` is when it was
    handed to the mail server: a worker that died after that leaves it uncertain. `subject`, `text`, `html` and
    `calendar` are the record of what was sent, personal links masked.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index("ix_outbox_due", "priority", "next_try_at", "id", postgresql_where=sa.text(DUE),
                 sqlite_where=sa.text(DUE)),
        sa.Index("ix_outbox_sending", "id", postgresql_where=sa.text("state = 'sending'"),
                 sqlite_where=sa.text("state = 'sending'")),
        sa.Index("ix_outbox_recent", "organiser_id", "due_at", "id"),
        sa.Index("ix_outbox_state", "organiser_id", "state", "due_at", "id"),
        sa.Index("ix_outbox_template", "organiser_id", "template", "due_at", "id"),
        sa.Index("ix_outbox_address", "organiser_id", "email_key", postgresql_ops={"email_key": "text_pattern_ops"}),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.UniqueConstraint("id", "organiser_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"))
    reason_key: Mapped[str] = mapped_column(sa.String(500), unique=True)
    template: Mapped[str] = mapped_column(sa.String(40))
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    language: Mapped[str] = mapped_column(sa.String(5))
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    priority: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    due_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    worker_id: Mapped[uuid.UUID | None]
    leased_until: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(sa.String(200))
    dated_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
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
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    email_key: Mapped[str] = mapped_column(sa.String(320))
    category: Mapped[str] = mapped_column(sa.String(40), default="")
    why: Mapped[str]
    created_at: Mapped[datetime]


class ReturnedMail(Base):
    """What came back, read once: a bounce, an automatic reply, an answer to a calendar entry, or nothing we know.

    `key` tells one from another when a mailbox is read twice; `raw` is its beginning as it came. Times are the clock's.
    """

    __tablename__ = "returned_mails"
    __table_args__ = (
        sa.ForeignKeyConstraint(["outbox_id", "organiser_id"], ["outbox.id", "outbox.organiser_id"]),
        sa.Index("ix_returned_mails_recent", "organiser_id", "received_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"))
    outbox_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[ReturnKind]
    sender: Mapped[str] = mapped_column(sa.String(320), default="")
    subject: Mapped[str] = mapped_column(sa.String(300), default="")
    status: Mapped[str] = mapped_column(sa.String(20), default="")
    words: Mapped[str] = mapped_column(default="")
    raw: Mapped[bytes]
    received_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class MailRate(Base):
    """When the next mail of a scope (the whole installation, or a recipients' domain) may go, in real time."""

    __tablename__ = "mail_rates"

    scope: Mapped[str] = mapped_column(sa.String(255), primary_key=True)
    free_at: Mapped[datetime]


class Worker(Base):
    """A worker process in real time: its last sign of life, and when it last finished looking for what is due."""

    __tablename__ = "workers"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    host: Mapped[str] = mapped_column(sa.String(200))
    pid: Mapped[int]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime] = mapped_column(index=True)
    ticked_at: Mapped[datetime | None]
