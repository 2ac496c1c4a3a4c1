"""Tables: events, whom they are for, their runs, and the history of both."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.events.rules import ChangeKind, ClauseKind, EventStatus, EventType, Precision, Role, RunStatus
from eventsys.extensions import Base, LocalDateTime, Translated
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Cohort, Network
from eventsys.venues.models import Venue


class Event(Base):
    """What is arranged. When and where is a `Run`; every event has one or more. Deadlines are days at the organiser's,
    inclusive; null ones end when a run begins.

    A place that becomes free is offered for `offer_hours`, or given at once where that is null; none is given later than
    `promotion_stops_hours` before a run begins.
    """

    __tablename__ = "events"
    __table_args__ = (
        sa.UniqueConstraint("id", "organiser_id"),
        sa.CheckConstraint("opens_on IS NULL OR closes_on IS NULL OR closes_on >= opens_on", name="registration_days"),
        sa.CheckConstraint("ordinal IS NULL OR ordinal > 0", name="ordinal"),
        sa.CheckConstraint("offer_hours IS NULL OR offer_hours > 0", name="offer_hours"),
        sa.CheckConstraint("promotion_stops_hours >= 0", name="promotion_stops_hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id"))
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    type: Mapped[EventType]
    ordinal: Mapped[int | None]
    title: Mapped[Translated]
    description: Mapped[Translated] = mapped_column(default=dict)
    status: Mapped[EventStatus] = mapped_column(default=EventStatus.DRAFT, index=True)
    asks_union: Mapped[bool] = mapped_column(default=False)
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    asks_approval: Mapped[bool] = mapped_column(default=False)
    names_by: Mapped[date | None]
    change_by: Mapped[date | None]
    cancel_by: Mapped[date | None]
    hand_over_by: Mapped[date | None]
    offer_hours: Mapped[int | None]
    promotion_stops_hours: Mapped[int] = mapped_column(default=24)
    created_at: Mapped[datetime]
    revised_at: Mapped[datetime]

    organiser: Mapped[Organiser] = relationship(lazy="raise")
    runs: Mapped[list[Run]] = relationship(
        back_populates="event", order_by="Run.sort_at, Run.id", lazy="raise", cascade="all"
    )
    clauses: Mapped[list[EventClause]] = relationship(
        order_by="EventClause.id", lazy="raise", cascade="all, delete-orphan"
    )


class EventClause(Base):
    """One of the ways to be meant by an event: any clause is enough, an event without one is for everybody.

    `role` narrows a clause to people who hold it; it is told, and asked of nobody, until people have positions.
    """

    __tablename__ = "event_clauses"
    __table_args__ = (
        sa.CheckConstraint(
            "(kind = 'cohort') = (cohort_id IS NOT NULL) AND (kind = 'network') = (network_id IS NOT NULL)"
            " AND (kind = 'any_network') = (programme_id IS NOT NULL)"
            " AND (kind IN ('organisation', 'representatives')) = (organisation_id IS NOT NULL)",
            name="one_target",
        ),
        sa.UniqueConstraint("event_id", "cohort_id"),
        sa.UniqueConstraint("event_id", "network_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ClauseKind]
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohorts.id"), index=True)
    network_id: Mapped[int | None] = mapped_column(sa.ForeignKey("networks.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    role: Mapped[Role | None]

    cohort: Mapped[Cohort | None] = relationship(lazy="raise")
    network: Mapped[Network | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


class Run(Base):
    """When and where an event is. Local times are what the organiser means; `starts_at` and `ends_at` are their record
    in UTC, `sort_at` the first instant of the known span, `ics` the kept VEVENT bytes of the revision by language.
    `attendance_at` is when an organiser said that attendance was taken: until then nothing is concluded from it."""

    __tablename__ = "runs"
    __table_args__ = (
        sa.UniqueConstraint("id", "event_id", "organiser_id"),
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        sa.CheckConstraint("sequence >= 0", name="sequence"),
        sa.CheckConstraint("(precision = 'unknown') = (first_on IS NULL)", name="span"),
        sa.CheckConstraint("(first_on IS NULL) = (last_on IS NULL) AND last_on >= first_on", name="days"),
        sa.CheckConstraint("(precision = 'exact') = (starts_local IS NOT NULL)", name="exact"),
        sa.CheckConstraint(
            "(starts_local IS NULL) = (ends_local IS NULL) AND (starts_local IS NULL) = (starts_at IS NULL)"
            " AND (ends_local IS NULL) = (ends_at IS NULL) AND ends_at > starts_at",
            name="times",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(index=True)
    organiser_id: Mapped[int] = mapped_column(index=True)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    sequence: Mapped[int] = mapped_column(default=0)
    status: Mapped[RunStatus] = mapped_column(default=RunStatus.PLANNED)
    precision: Mapped[Precision]
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Europe/Oslo")
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    starts_local: Mapped[datetime | None] = mapped_column(LocalDateTime())
    ends_local: Mapped[datetime | None] = mapped_column(LocalDateTime())
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    sort_at: Mapped[datetime] = mapped_column(index=True)
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venues.id"), index=True)
    capacity: Mapped[int | None]
    attendance_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revised_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    ics: Mapped[dict[str, str]] = mapped_column(default=dict, deferred=True)

    event: Mapped[Event] = relationship(back_populates="runs", lazy="raise")
    venue: Mapped[Venue | None] = relationship(lazy="raise")


class EventSession(Base):
    """A part of a run's programme. One that is `chosen` is signed up for, up to its capacity; local times in the run's
    zone. Two at the same time cannot both be chosen."""

    __tablename__ = "programme_sessions"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["run_id", "event_id", "organiser_id"], ["runs.id", "runs.event_id", "runs.organiser_id"]
        ),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        sa.CheckConstraint("ends_local > starts_local", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    run_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[Translated]
    description: Mapped[Translated] = mapped_column(default=dict)
    starts_local: Mapped[datetime | None] = mapped_column(LocalDateTime())
    ends_local: Mapped[datetime | None] = mapped_column(LocalDateTime())
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    capacity: Mapped[int | None]
    chosen: Mapped[bool] = mapped_column(default=False)


class EventChange(Base):
    """The history of an event and its runs, append-only, and the durable cause of mail about it.

    `facts` tells from what to what. `noticed_at` is set when the change has been made into mail.
    """

    __tablename__ = "event_changes"
    __table_args__ = (
        sa.Index("ix_event_changes_unnoticed", "id", postgresql_where=sa.text("noticed_at IS NULL"),
                 sqlite_where=sa.text("noticed_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("runs.id"), index=True)
    kind: Mapped[ChangeKind]
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    noticed_at: Mapped[datetime | None]
