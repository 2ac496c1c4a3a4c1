"""Tables: registrations with their history, and the union somebody represents, kept apart as sensitive."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base, enum_type
from eventsys.registrations.rules import Actor, Change, Side, State

LIVE = sa.text("state NOT IN ('cancelled', 'declined')")


class Registration(Base):
    """One seat in one run. Name, address and language are as given here; identity is `person_id`.

    At most one live registration for a person and run (partial unique index); `form_token` makes a double post one.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["run_id", "event_id", "organiser_id"], ["runs.id", "runs.event_id", "runs.organiser_id"]
        ),
        sa.Index("uq_registrations_live", "run_id", "person_id", unique=True, postgresql_where=LIVE, sqlite_where=LIVE),
        sa.Index("ix_registrations_queue", "run_id", "state", "priority", "queued_at", "id"),
        sa.UniqueConstraint("id", "organiser_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    link_version: Mapped[int] = mapped_column(default=0)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    run_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    language: Mapped[str | None] = mapped_column(sa.String(5))
    side: Mapped[Side | None]
    state: Mapped[State]
    priority: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    form_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]


class RegistrationChange(Base):
    """The history of a registration, append-only, and the durable cause of mail about it.

    `noticed_at` is set when the change has been made into mail.
    """

    __tablename__ = "registration_changes"
    __table_args__ = (
        sa.Index("ix_registration_changes_unnoticed", "id", postgresql_where=sa.text("noticed_at IS NULL"),
                 sqlite_where=sa.text("noticed_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    change: Mapped[Change]
    at: Mapped[datetime]
    actor: Mapped[Actor]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    from_state: Mapped[State | None] = mapped_column(enum_type(State, "from_state"))
    to_state: Mapped[State]
    noticed_at: Mapped[datetime | None]


class UnionPosition(Base):
    """The union somebody represents at an event: a special category (GDPR article 9), erased on its day."""

    __tablename__ = "union_positions"

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), primary_key=True)
    union_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    erase_on: Mapped[date] = mapped_column(index=True)


class SensitiveAccess(Base):
    """That an account read sensitive values of an event: written by the queries that read them."""

    __tablename__ = "sensitive_accesses"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    what: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime]
