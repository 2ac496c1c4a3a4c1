"""Verbs of places that reach into events and registrations: what a venue or a room takes is the limit of what is there.
The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.bookings.queries import is_used
from eventsys.events.models import Event, EventSession, Run
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.registrations.actions import lock_blocks, lock_events, require_within, serve_queue
from eventsys.registrations.limits.rules import Kind
from eventsys.venues import actions as venues
from eventsys.venues.models import Room, Venue
from eventsys.venues.rules import RoomFacts, VenueFacts
from eventsys.workspace.places.queries import is_used_by_others

Pairs = Sequence[tuple[int, int]]
"""What is limited, each after its event."""


class RoomIsUsed(Exception):
    """A run or a session names the room, so that it cannot be taken away."""


class VenueIsUsed(Exception):
    """Another organiser has something there, so that the venue cannot be kept to one."""


def edit_venue(session: Session, venue: Venue, facts: VenueFacts, *, now: datetime) -> None:
    """Corrects a venue; where its capacity is a run's limit, free places go to those who wait.

    Raises `TooSmall` when a run that it limits has more people, and `NameIsTaken`.
    """
    runs = _list_runs(session, Run.venue_id == venue.id) if venue.capacity != facts.capacity else []
    _change_limits(session, runs, [], lambda: venues.edit(session, venue, facts), now=now)


def edit_room(session: Session, room: Room, facts: RoomFacts, *, now: datetime) -> None:
    """Corrects a room; where what it takes is the limit of a run or a session, free places go to those who wait.

    Raises `TooSmall` when one that it limits has more people, and `NameIsTaken`.
    """
    before = (room.capacity, {row.layout: row.capacity for row in room.layouts})
    runs: Pairs = []
    sessions: Pairs = []
    if before != (facts.capacity, dict(facts.layouts)):
        runs = _list_runs(session, Run.room_id == room.id)
        sessions = _list_sessions(session, room)
    _change_limits(session, runs, sessions, lambda: venues.edit_room(session, room, facts), now=now)


def remove_room(session: Session, room: Room) -> None:
    """Raises `RoomIsUsed`."""
    if is_used(session, room):
        raise RoomIsUsed
    venues.remove_room(session, room)


def keep_venue_to(session: Session, venue: Venue, organiser_id: int | None) -> None:
    """Keeps the venue to one organiser, or shares it with all (None). Raises `VenueIsUsed`, `NameIsTaken`."""
    if organiser_id is not None and is_used_by_others(session, venue, organiser_id):
        raise VenueIsUsed
    venues.keep_to(session, venue, organiser_id)


def _change_limits(
    session: Session, runs: Pairs, sessions: Pairs, change: Callable[[], None], *, now: datetime
) -> None:
    """Makes the change under the locks of all events that it touches, and gives away what became free."""
    locked = lock_events(session, [event_id for event_id, _id in (*runs, *sessions)])
    if locked:
        lock_blocks(session, *(event.id for event, _organiser in locked))
    change()
    for event, _organiser in locked:
        for kind, pairs in ((Kind.RUN, runs), (Kind.SESSION, sessions)):
            if ids := [one for event_id, one in pairs if event_id == event.id]:
                require_within(session, event.id, [kind], of=ids, now=now)
    for event, _organiser in locked:
        serve_queue(session, event, now=now)


def _list_runs(session: Session, there: sa.ColumnElement[bool]) -> Pairs:
    """The runs there that have no limit of their own."""
    statement = (
        sa.select(Run.event_id, Run.id)
        .join(Event, Event.id == Run.event_id)
        .where(there, Run.capacity.is_(None), Run.status == RunStatus.PLANNED)
        .where(Event.status == EventStatus.PUBLISHED)
        .order_by(Run.event_id, Run.id)
    )
    return [(event_id, run_id) for event_id, run_id in session.execute(statement)]


def _list_sessions(session: Session, room: Room) -> Pairs:
    """The sessions in the room that people sign up for and that have no limit of their own."""
    statement = (
        sa.select(EventSession.event_id, EventSession.id)
        .join(Event, Event.id == EventSession.event_id)
        .where(EventSession.room_id == room.id, EventSession.chosen, EventSession.capacity.is_(None))
        .where(Event.status == EventStatus.PUBLISHED)
        .order_by(EventSession.event_id, EventSession.id)
    )
    return [(event_id, one) for event_id, one in session.execute(statement)]
