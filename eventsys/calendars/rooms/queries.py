"""Reads for a room's calendar."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from eventsys.calendars.rooms.links import split
from eventsys.events.models import Event, EventSession, RoomBooking, Run
from eventsys.extensions import Translated
from eventsys.organisers.models import Organiser
from eventsys.venues.models import Room, Venue


class RoomFeed(NamedTuple):
    """A room with its venue, and the organiser whose calendar of it this is."""

    room: Room
    organiser: Organiser


class Entry(NamedTuple):
    """A time that the room is taken. `title` and `event_slug` are empty where somebody else has it."""

    public_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    timezone: str
    revised_at: datetime
    title: Translated
    event_slug: str


def find_feed(session: Session, joined: uuid.UUID) -> RoomFeed | None:
    """What a token that says this id is of; None where there is no such room, or the organiser does not see it any more."""
    organisers = {row.id: row for row in session.scalars(sa.select(Organiser))}
    owners = split(joined, list(organisers))
    room = session.scalar(
        sa.select(Room).join(Room.venue).options(contains_eager(Room.venue)).where(Room.public_id.in_(owners))
    )
    if room is None:
        return None
    organiser = organisers[owners[room.public_id]]
    is_seen = room.venue.organiser_id in (None, organiser.id)
    return RoomFeed(room, organiser) if is_seen else None


def list_entries(session: Session, feed: RoomFeed, *, from_at: datetime, until: datetime) -> list[Entry]:
    """When the room is taken in that time, in order."""
    statement = (
        sa.select(RoomBooking, Run.timezone, Event.title, Event.slug, EventSession.title)
        .join(Run, Run.id == RoomBooking.run_id)
        .join(Event, Event.id == RoomBooking.event_id)
        .outerjoin(EventSession, EventSession.id == RoomBooking.session_id)
        .join(Room, Room.id == RoomBooking.room_id)
        .join(Venue, Venue.id == Room.venue_id)
        .where(RoomBooking.room_id == feed.room.id, RoomBooking.starts_at < until, RoomBooking.ends_at > from_at)
        .order_by(RoomBooking.starts_at, RoomBooking.id)
    )
    return [_entry(*row, own_id=feed.organiser.id) for row in session.execute(statement)]


def _entry(
    booking: RoomBooking, timezone: str, event: Translated, slug: str, part: Translated | None, *, own_id: int
) -> Entry:
    is_own = booking.organiser_id == own_id
    title = (part or event) if is_own else {}
    return Entry(
        booking.public_id, booking.starts_at, booking.ends_at, timezone, booking.created_at, title,
        slug if is_own else "",
    )  # fmt: skip
