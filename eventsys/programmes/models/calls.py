"""Tables: calls for applications, their intakes, whom they went to, nudges, and the history of every case."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base, LocalDateTime, Translated
from eventsys.organisations.rules import LanguageForm
from eventsys.programmes.calls.rules import CallState, CaseAct, Nudged


class Call(Base):
    """An invitation to apply for a programme. `closes_local` is what the organiser means; `closes_at` its record in UTC:
    what comes before it is in time.

    `clauses` is the record of the audience that it was sent to. The templates are keys of the organiser's own texts: the
    letter's, and those of decisions where the shipped ones are not used.
    """

    __tablename__ = "calls"
    __table_args__ = (sa.UniqueConstraint("id", "organiser_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[Translated]
    body: Mapped[Translated] = mapped_column(default=dict)
    state: Mapped[CallState] = mapped_column(default=CallState.DRAFT)
    closes_local: Mapped[datetime] = mapped_column(LocalDateTime())
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Europe/Oslo")
    closes_at: Mapped[datetime]
    case_number: Mapped[str] = mapped_column(sa.String(20), default="")
    template: Mapped[str | None] = mapped_column(sa.String(40))
    admitted_template: Mapped[str | None] = mapped_column(sa.String(40))
    waiting_template: Mapped[str | None] = mapped_column(sa.String(40))
    declined_template: Mapped[str | None] = mapped_column(sa.String(40))
    clauses: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    sent_at: Mapped[datetime | None]
    edition: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class Intake(Base):
    """A round of admission: so many at most, counted from decisions and never kept; `beside` are those already in, told
    and not counted. Who is admitted is placed in the cohort from `starts_on`."""

    __tablename__ = "intakes"
    __table_args__ = (
        sa.UniqueConstraint("call_id", "ordinal"),
        sa.UniqueConstraint("id", "call_id"),
        sa.CheckConstraint("ordinal > 0", name="ordinal"),
        sa.CheckConstraint("ceiling > 0", name="ceiling"),
        sa.CheckConstraint("beside >= 0", name="beside"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("calls.id"), index=True)
    ordinal: Mapped[int]
    name: Mapped[Translated]
    ceiling: Mapped[int]
    beside: Mapped[int] = mapped_column(default=0)
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohorts.id"))
    decides_on: Mapped[date | None]
    starts_on: Mapped[date | None]


class CallFile(Base):
    """A paper that belongs to a call: on its page, and with its letter."""

    __tablename__ = "call_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("calls.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    title: Mapped[Translated]
    position: Mapped[int] = mapped_column(default=0)


class CallRecipient(Base):
    """That an organisation got the call, once, at its official mailbox and in its form of the language as it was then."""

    __tablename__ = "call_recipients"
    __table_args__ = (
        sa.ForeignKeyConstraint(["call_id", "organiser_id"], ["calls.id", "calls.organiser_id"]),
        sa.UniqueConstraint("call_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    link_version: Mapped[int] = mapped_column(default=0)
    organiser_id: Mapped[int]
    call_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(320), default="")
    email_key: Mapped[str] = mapped_column(sa.String(320), default="")
    language: Mapped[str] = mapped_column(sa.String(5))
    form: Mapped[LanguageForm]
    opened_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime]


class CallNudge(Base):
    """That those who have not begun, or not sent, are reminded at a local time; sent once."""

    __tablename__ = "call_nudges"
    __table_args__ = (sa.UniqueConstraint("call_id", "whom", "at_local"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("calls.id"))
    whom: Mapped[Nudged]
    at_local: Mapped[datetime] = mapped_column(LocalDateTime())
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class CaseChange(Base):
    """The history of a call and all that follows from it, append-only, and the durable cause of mail about it.

    `words` are what somebody said to the reader of that mail; `facts` tell from what to what, of people the names of the
    fields alone. `noticed_at` is set when the change has been made into mail, or at once where nobody is to be told.
    """

    __tablename__ = "case_changes"
    __table_args__ = (
        sa.ForeignKeyConstraint(["call_id", "organiser_id"], ["calls.id", "calls.organiser_id"]),
        sa.Index("ix_case_changes_unnoticed", "id", postgresql_where=sa.text("noticed_at IS NULL"),
                 sqlite_where=sa.text("noticed_at IS NULL")),
        sa.Index("ix_case_changes_call_id", "call_id", "act"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int]
    call_id: Mapped[int]
    act: Mapped[CaseAct]
    recipient_id: Mapped[int | None] = mapped_column(sa.ForeignKey("call_recipients.id"), index=True)
    nudge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("call_nudges.id"))
    application_id: Mapped[int | None] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("application_members.id"))
    letter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision_letters.id"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(sa.String(1000), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    noticed_at: Mapped[datetime | None]
