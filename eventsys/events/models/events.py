"""Tables: series, events, whom they are for, who answers for them, their runs, and the history of both."""

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
from eventsys.programmes.models import Cohort, Group, Network
from eventsys.venues.models import Room, Venue
from eventsys.venues.rules import Layout


class Series(Base):
    """What comes again: the learning seminars of a cohort, the steering group's meetings. Its events have ordinals."""

    __tablename__ = "series"
    __table_args__ = (sa.UniqueConstraint("id", "organiser_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id"))
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohorts.id"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id"))
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[Translated]
    created_at: Mapped[datetime]


class Event(Base):
    """What is arranged. When and where is a `Run`; every event has one or more. Deadlines are days at the organiser's,
    inclusive; null ones end when a run begins.

    With `by_invitation` nobody signs up but with an invitation of their own; a closed one is not told of to anybody else
    either, on no page and in no feed. `edition` rises with each change of the event
    or its runs, so that of two who change it at once neither loses anything.

    A place that becomes free is offered for `offer_hours`, or given at once where that is null; none is given later than
    `promotion_stops_hours` before a run begins.
    """

    __tablename__ = "events"
    __table_args__ = (
        sa.UniqueConstraint("id", "organiser_id"),
        sa.ForeignKeyConstraint(["series_id", "organiser_id"], ["series.id", "series.organiser_id"]),
        sa.Index("ix_events_series", "series_id", "ordinal"),
        sa.CheckConstraint("opens_on IS NULL OR closes_on IS NULL OR closes_on >= opens_on", name="registration_days"),
        sa.CheckConstraint("ordinal IS NULL OR ordinal > 0", name="ordinal"),
        sa.CheckConstraint("offer_hours IS NULL OR offer_hours > 0", name="offer_hours"),
        sa.CheckConstraint("promotion_stops_hours >= 0", name="promotion_stops_hours"),
        sa.CheckConstraint("NOT is_closed OR by_invitation", name="closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id"))
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    type: Mapped[EventType]
    series_id: Mapped[int | None]
    ordinal: Mapped[int | None]
    title: Mapped[Translated]
    description: Mapped[Translated] = mapped_column(default=dict)
    status: Mapped[EventStatus] = mapped_column(default=EventStatus.DRAFT, index=True)
    asks_union: Mapped[bool] = mapped_column(default=False)
    by_invitation: Mapped[bool] = mapped_column(default=False)
    is_closed: Mapped[bool] = mapped_column(default=False)
    edition: Mapped[int] = mapped_column(default=1)
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


class EventContact(Base):
    """Who answers for an event, in order; shown to everybody where `is_public`, else to the organiser's own people.

    One with an account is told by mail what an event's own people are told.
    """

    __tablename__ = "event_contacts"
    __table_args__ = (
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.UniqueConstraint("event_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(320), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    is_public: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class EventHelper(Base):
    """That an account helps with an event: it may do there what organisers may, and sees no other event."""

    __tablename__ = "event_helpers"
    __table_args__ = (sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    organiser_id: Mapped[int]


class EventWord(Base):
    """The folded words of an event's titles, for search by the beginnings of words."""

    __tablename__ = "event_words"
    __table_args__ = (sa.Index("ix_event_words_word", "word", postgresql_ops={"word": "text_pattern_ops"}),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(sa.String(100), primary_key=True)


class EventClause(Base):
    """One of the ways to be meant by an event: any clause is enough, an event without one is for everybody.

    `role` narrows a clause to people who hold it: it says who is invited and is told to who signs up.
    """

    __tablename__ = "event_clauses"
    __table_args__ = (
        sa.CheckConstraint(
            "(kind = 'cohort') = (cohort_id IS NOT NULL) AND (kind = 'network') = (network_id IS NOT NULL)"
            " AND (kind = 'any_network') = (programme_id IS NOT NULL) AND (kind = 'group') = (group_id IS NOT NULL)"
            " AND (kind IN ('organisation', 'representatives')) = (organisation_id IS NOT NULL)",
            name="one_target",
        ),
        sa.UniqueConstraint("event_id", "cohort_id"),
        sa.UniqueConstraint("event_id", "network_id"),
        sa.UniqueConstraint("event_id", "group_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ClauseKind]
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohorts.id"), index=True)
    network_id: Mapped[int | None] = mapped_column(sa.ForeignKey("networks.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id"), index=True)
    role: Mapped[Role | None]

    cohort: Mapped[Cohort | None] = relationship(lazy="raise")
    network: Mapped[Network | None] = relationship(lazy="raise")
    group: Mapped[Group | None] = relationship(lazy="raise")
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
        sa.CheckConstraint("room_id IS NULL OR venue_id IS NOT NULL", name="room_of_venue"),
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
    room_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rooms.id"), index=True)
    layout: Mapped[Layout | None]
    capacity: Mapped[int | None]
    attendance_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revised_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    ics: Mapped[dict[str, str]] = mapped_column(default=dict, deferred=True)

    event: Mapped[Event] = relationship(back_populates="runs", lazy="raise")
    venue: Mapped[Venue | None] = relationship(lazy="raise")
    room: Mapped[Room | None] = relationship(lazy="raise")


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
