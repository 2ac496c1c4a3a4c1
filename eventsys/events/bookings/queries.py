"""Reads about who is where when: bookings of rooms, runs at venues without a room, and days that organisers share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.bookings.rules import Booked, Need, SharedDays, Stay
from eventsys.events.models import Event, EventSession, RoomBooking, Run
from eventsys.events.queries import is_public
from eventsys.events.rules import DATED, EventStatus, RunStatus
from eventsys.organisers.models import Organiser
from eventsys.venues.models import Room, Venue

MOST_SHARED = 100


def find_clash(session: Session, needs: Sequence[Need], *, but_run_id: int) -> Booked | None:
    """The first booking of another run that meets one of these needs."""
    meets = [
        sa.and_(
            RoomBooking.room_id == need.room_id,
            RoomBooking.starts_at < need.ends_at,
            RoomBooking.ends_at > need.starts_at,
        )
        for need in needs
    ]
    statement = _bookings().where(sa.or_(*meets), RoomBooking.run_id != but_run_id).limit(1)
    row = session.execute(statement).first()
    return None if row is None else _booked(row)


def describe_session(session: Session, session_id: int, need: Need) -> Booked:
    """A session's need of a room as if it were booked."""
    row = session.execute(
        sa.select(Room.id, Room.name, Venue.name, Run.timezone, Organiser.id, Organiser.name, Event.slug, Event.title,
                  Event.status, is_public(), EventSession.title)
        .select_from(EventSession)
        .join(Room, Room.id == EventSession.room_id)
        .join(Venue, Venue.id == Room.venue_id)
        .join(Run, Run.id == EventSession.run_id)
        .join(Event, Event.id == EventSession.event_id)
        .join(Organiser, Organiser.id == EventSession.organiser_id)
        .where(EventSession.id == session_id)
    ).one()  # fmt: skip
    return _booked((*row[:3], need.starts_at, need.ends_at, *row[3:]))


def list_bookings(
    session: Session, *, organiser_id: int, room_ids: Sequence[int], from_at: datetime, until: datetime
) -> list[Booked]:
    """Who has these rooms in that time, as the organiser may see it, in order of time."""
    statement = _bookings().where(
        RoomBooking.room_id.in_(room_ids), RoomBooking.starts_at < until, RoomBooking.ends_at > from_at
    )
    return [_booked(row).as_seen_by(organiser_id) for row in session.execute(statement)]


def is_used(session: Session, room: Room) -> bool:
    """Whether a run or a session, whenever it was, names the room."""
    uses = (
        sa.exists().where(Run.room_id == room.id),
        sa.exists().where(EventSession.room_id == room.id),
        sa.exists().where(RoomBooking.room_id == room.id),
    )
    return bool(session.scalar(sa.select(sa.or_(*uses))))


def list_stays(
    session: Session, *, organiser_id: int, venue_ids: Sequence[int], first_on: date, last_on: date
) -> list[Stay]:
    """The runs, on known days, that are at these venues in that time and have no room, nor has any session of theirs."""
    statement = (
        sa.select(Venue.id, Run.first_on, Run.last_on, Organiser.id, Organiser.name, Event.slug, Event.title, is_public())
        .select_from(Run)
        .join(Event, Event.id == Run.event_id)
        .join(Organiser, Organiser.id == Run.organiser_id)
        .join(Venue, Venue.id == Run.venue_id)
        .where(Run.venue_id.in_(venue_ids), Run.room_id.is_(None), Run.status == RunStatus.PLANNED)
        .where(sa.not_(sa.exists().where(RoomBooking.run_id == Run.id)))
        .where(Run.precision.in_(DATED), Run.first_on <= last_on, Run.last_on >= first_on)
        .order_by(Venue.id, Run.sort_at, Run.id)
    )  # fmt: skip
    return [Stay._make(row).as_seen_by(organiser_id) for row in session.execute(statement)]


def list_shared_days(
    session: Session,
    organiser_id: int,
    *,
    from_on: date,
    to_on: date | None = None,
    event_id: int | None = None,
    venue_id: int | None = None,
) -> list[SharedDays]:
    """Where a run of the organiser, or of one event of its, is at a venue on days on which another organiser is there too;
    soonest first, at most `MOST_SHARED`. It is a note, never a refusal."""
    # Gathered first: else SQLite looks at every pair of runs that there has ever been at a venue.
    others = (
        sa.select(Run)
        .where(Run.organiser_id != organiser_id, Run.status == RunStatus.PLANNED)
        .where(Run.precision.in_(DATED), Run.last_on >= from_on)
        .cte("others")
        .prefix_with("MATERIALIZED")
    )
    mine, theirs = aliased(Run), aliased(Run, others)
    own, other = aliased(Event), aliased(Event)
    first = sa.case((mine.first_on > theirs.first_on, mine.first_on), else_=theirs.first_on)
    last = sa.case((mine.last_on < theirs.last_on, mine.last_on), else_=theirs.last_on)
    statement = (
        sa.select(
            Venue.name, first, last, own.slug, own.title, Organiser.name, other.slug, other.title, is_public(other)
        )
        .select_from(mine)
        .join(theirs, sa.and_(theirs.venue_id == mine.venue_id, theirs.organiser_id != mine.organiser_id))
        .join(own, own.id == mine.event_id)
        .join(other, other.id == theirs.event_id)
        .join(Organiser, Organiser.id == theirs.organiser_id)
        .join(Venue, Venue.id == mine.venue_id)
        .where(mine.organiser_id == organiser_id, mine.first_on <= theirs.last_on, mine.last_on >= theirs.first_on)
        .where(*(run.status == RunStatus.PLANNED for run in (mine, theirs)))
        .where(*(run.precision.in_(DATED) for run in (mine, theirs)), last >= from_on)
        .order_by(first, mine.id, theirs.id)
        .limit(MOST_SHARED)
    )
    if to_on is not None:
        statement = statement.where(first <= to_on)
    if event_id is not None:
        statement = statement.where(mine.event_id == event_id)
    if venue_id is not None:
        statement = statement.where(mine.venue_id == venue_id)
    return [_shared(row) for row in session.execute(statement)]


def _shared(row: Sequence[Any]) -> SharedDays:
    *facts, slug, title, shown = row
    return SharedDays._make((*facts, slug if shown else "", title if shown else {}))


def _bookings() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Room.id, Room.name, Venue.name, RoomBooking.starts_at, RoomBooking.ends_at, Run.timezone, Organiser.id,
                  Organiser.name, Event.slug, Event.title, Event.status, is_public(), EventSession.title)
        .select_from(RoomBooking)
        .join(Room, Room.id == RoomBooking.room_id)
        .join(Venue, Venue.id == Room.venue_id)
        .join(Run, Run.id == RoomBooking.run_id)
        .join(Event, Event.id == RoomBooking.event_id)
        .join(Organiser, Organiser.id == RoomBooking.organiser_id)
        .outerjoin(EventSession, EventSession.id == RoomBooking.session_id)
        .order_by(RoomBooking.starts_at, RoomBooking.id)
    )  # fmt: skip


def _booked(row: Sequence[Any]) -> Booked:
    *facts, status, shown, session_title = row
    return Booked._make((*facts, status is EventStatus.DRAFT, bool(shown), session_title or {}))
