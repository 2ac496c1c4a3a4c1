"""Tables: quotas, places held back, room-nights and seats at sessions: all that is counted beside a run's own capacity."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base
from eventsys.registrations.rules import Side


class Quota(Base):
    """How many places of a whole event a part may have: each organisation (neither cohort nor side), each organisation of
    a cohort (`cohort_id` and `per_organisation`), a cohort together, or a side. Seats of an organisation above
    `free_seats` come at their own cost; above `most_seats` nobody gets a place.
    """

    __tablename__ = "quotas"
    __table_args__ = (
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.CheckConstraint("cohort_id IS NULL OR side IS NULL", name="one_part"),
        sa.CheckConstraint("NOT per_organisation OR side IS NULL", name="side_together"),
        sa.CheckConstraint("per_organisation OR cohort_id IS NOT NULL OR side IS NOT NULL", name="of_something"),
        sa.CheckConstraint("free_seats IS NULL OR (per_organisation AND free_seats >= 0)", name="free_seats"),
        sa.CheckConstraint("most_seats IS NULL OR most_seats >= 0", name="most_seats"),
        sa.CheckConstraint("free_seats IS NOT NULL OR most_seats IS NOT NULL", name="says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    per_organisation: Mapped[bool]
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohorts.id"))
    side: Mapped[Side | None]
    free_seats: Mapped[int | None]
    most_seats: Mapped[int | None]


class HeldPlaces(Base):
    """Places of a run that nobody but this organisation, or this person, gets until the end of `held_until` (local,
    inclusive). What it has taken already counts towards them. A person has one. `by_invitation` where an invitation made
    it and an answer releases it."""

    __tablename__ = "held_places"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["run_id", "event_id", "organiser_id"], ["runs.id", "runs.event_id", "runs.organiser_id"]
        ),
        sa.UniqueConstraint("run_id", "organisation_id"),
        sa.UniqueConstraint("run_id", "person_id"),
        sa.CheckConstraint("places > 0", name="places"),
        sa.CheckConstraint("(organisation_id IS NULL) <> (person_id IS NULL)", name="one_holder"),
        sa.CheckConstraint("person_id IS NULL OR places = 1", name="one_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    run_id: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    by_invitation: Mapped[bool] = mapped_column(default=False)
    places: Mapped[int]
    held_until: Mapped[date] = mapped_column(index=True)
    released_at: Mapped[datetime | None]


class RoomBlock(Base):
    """How many rooms an organiser has at a hotel in the night that begins on `on`, for all its events together."""

    __tablename__ = "room_blocks"
    __table_args__ = (
        sa.UniqueConstraint("organiser_id", "venue_id", "on"),
        sa.CheckConstraint("rooms >= 0", name="rooms"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"))
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venues.id"), index=True)
    on: Mapped[date]
    rooms: Mapped[int]


class RunNight(Base):
    """A night, beginning on `on`, that those who come to a run can have at a hotel."""

    __tablename__ = "run_nights"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["run_id", "event_id", "organiser_id"], ["runs.id", "runs.event_id", "runs.organiser_id"]
        ),
        sa.UniqueConstraint("run_id", "on"),
        sa.Index("ix_run_nights_hotel", "venue_id", "on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    run_id: Mapped[int]
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venues.id"))
    on: Mapped[date]


class RegistrationNight(Base):
    """That a seat has one of its run's nights."""

    __tablename__ = "registration_nights"

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), primary_key=True)
    night_id: Mapped[int] = mapped_column(sa.ForeignKey("run_nights.id"), primary_key=True, index=True)


class SessionSeat(Base):
    """That a seat has a place at a session that is chosen."""

    __tablename__ = "session_seats"

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("programme_sessions.id"), primary_key=True, index=True)
