"""Tables: registrations with their history, who signed them up, what is asked for after a deadline, and unions, which
are kept apart as sensitive."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base, enum_type
from eventsys.registrations.rules import Actor, Asked, Change, Decision, Side, State

LIVE = sa.text("state NOT IN ('cancelled', 'declined')")


class Delegation(Base):
    """Seats of one organisation at an event that one person, the registrar, signs up and looks after.

    Name, address and language are the registrar's as given here; identity is `registrar_id`. With `waits_together` those
    of a run who wait get a place all at once or not at all.
    """

    __tablename__ = "delegations"
    __table_args__ = (
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.UniqueConstraint("id", "event_id", "organiser_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    link_version: Mapped[int] = mapped_column(default=0)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    registrar_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    language: Mapped[str | None] = mapped_column(sa.String(5))
    waits_together: Mapped[bool] = mapped_column(default=False)
    form_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]


class Registration(Base):
    """One seat in one run. Name, address and language are as given here; identity is `person_id`.

    A seat without a name (`person_id` null, `name` empty) belongs to a delegation and has its registrar's address until
    it is named. At most one live registration for a person and run (partial unique index); `form_token` makes a double
    post one. Who waits takes a place in `second_run_id` too. `offered_until` is when an offered place goes to the next.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["run_id", "event_id", "organiser_id"], ["runs.id", "runs.event_id", "runs.organiser_id"]
        ),
        sa.ForeignKeyConstraint(
            ["second_run_id", "event_id", "organiser_id"],
            ["runs.id", "runs.event_id", "runs.organiser_id"],
            name="fk_registrations_second_run",
        ),
        sa.ForeignKeyConstraint(
            ["delegation_id", "event_id", "organiser_id"],
            ["delegations.id", "delegations.event_id", "delegations.organiser_id"],
        ),
        sa.CheckConstraint("person_id IS NOT NULL OR (name = '' AND delegation_id IS NOT NULL)", name="unnamed"),
        sa.CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name="offered"),
        sa.CheckConstraint("second_run_id IS NULL OR second_run_id <> run_id", name="second_run"),
        sa.Index("uq_registrations_live", "run_id", "person_id", unique=True, postgresql_where=LIVE, sqlite_where=LIVE),
        sa.Index("ix_registrations_queue", "run_id", "state", "priority", "queued_at", "id"),
        sa.Index("ix_registrations_list", "event_id", "state", "created_at", "id"),
        sa.Index("ix_registrations_second", "second_run_id", postgresql_where=sa.text("second_run_id IS NOT NULL"),
                 sqlite_where=sa.text("second_run_id IS NOT NULL")),
        sa.Index("ix_registrations_offered", "offered_until", postgresql_where=sa.text("state = 'offered'"),
                 sqlite_where=sa.text("state = 'offered'")),
        sa.UniqueConstraint("id", "organiser_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    link_version: Mapped[int] = mapped_column(default=0)
    organiser_id: Mapped[int]
    event_id: Mapped[int]
    run_id: Mapped[int]
    second_run_id: Mapped[int | None]
    delegation_id: Mapped[int | None] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    language: Mapped[str | None] = mapped_column(sa.String(5))
    side: Mapped[Side | None]
    state: Mapped[State]
    priority: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    offered_until: Mapped[datetime | None]
    form_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]


class RegistrationChange(Base):
    """The history of a registration, append-only, and the durable cause of mail about it.

    Changes of one act have one `act_id` (null: an act of its own). `from_run_id` is the run that a moved seat left.
    `facts` has names of fields and what is nobody's secret, never an answer. `noticed_at` is set when the change has
    been made into mail, or at once where nobody is to be told.
    """

    __tablename__ = "registration_changes"
    __table_args__ = (
        sa.Index("ix_registration_changes_unnoticed", "id", postgresql_where=sa.text("noticed_at IS NULL"),
                 sqlite_where=sa.text("noticed_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    act_id: Mapped[uuid.UUID | None]
    change: Mapped[Change]
    at: Mapped[datetime]
    actor: Mapped[Actor]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    from_state: Mapped[State | None] = mapped_column(enum_type(State, "from_state"))
    to_state: Mapped[State]
    from_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("runs.id"))
    why: Mapped[str | None] = mapped_column(sa.String(500))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    noticed_at: Mapped[datetime | None]


class ChangeRequest(Base):
    """What somebody asks for after its deadline, in their own words; an organiser decides. One open at a time of a kind."""

    __tablename__ = "change_requests"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["registration_id", "organiser_id"], ["registrations.id", "registrations.organiser_id"]
        ),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided"),
        sa.Index("uq_change_requests_open", "registration_id", "asked", unique=True,
                 postgresql_where=sa.text("decided_at IS NULL"), sqlite_where=sa.text("decided_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    registration_id: Mapped[int]
    organiser_id: Mapped[int] = mapped_column(index=True)
    asked: Mapped[Asked]
    words: Mapped[str] = mapped_column(sa.String(1000), default="")
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("runs.id"))
    at: Mapped[datetime]
    decision: Mapped[Decision | None]
    decided_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


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
