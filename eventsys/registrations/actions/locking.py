"""The lock under which everything is counted: the event's row, then its hotel's blocks of rooms, in one order."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, Run
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import RoomBlock, RunNight

WHOLE_RUN = (
    sa.select(Run, Event, Organiser)
    .join(Event, Event.id == Run.event_id)
    .join(Organiser, Organiser.id == Event.organiser_id)
    .where(Run.id == sa.bindparam("run_id"))
    .execution_options(populate_existing=True)
)
LOCKED_RUN = WHOLE_RUN.with_for_update(of=Event)


class Locked(NamedTuple):
    """An event whose row is locked."""

    event: Event
    organiser: Organiser


def lock_run(session: Session, run_id: int) -> tuple[Run, Event, Organiser]:
    """The run with its event and organiser, the event's row locked: every count that follows holds until commit.

    Raises `sqlalchemy.exc.NoResultFound`. On SQLite the transaction itself is the lock.
    """
    run, event, organiser = session.execute(LOCKED_RUN, {"run_id": run_id}).one()
    return run, event, organiser


def lock_event(session: Session, event_id: int) -> Locked:
    """As `lock_run`, for an event whether it has runs or not."""
    event, organiser = session.execute(_locked_event(), {"event_id": event_id}).one()
    return Locked(event, organiser)


def lock_events(session: Session, event_ids: Iterable[int]) -> list[Locked]:
    """Several events, in the one order in which events are locked."""
    return [lock_event(session, event_id) for event_id in sorted(set(event_ids))]


@functools.cache
def _locked_event() -> sa.Select[Event, Organiser]:
    return (
        sa.select(Event, Organiser)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .where(Event.id == sa.bindparam("event_id"))
        .with_for_update(of=Event)
        .execution_options(populate_existing=True)
    )


def lock_rooms(session: Session, organiser_id: int, venue_id: int, on: date) -> None:
    """Before a block of rooms is set: the events whose runs have the night at the hotel, then the block."""
    at_hotel = sa.select(RunNight.event_id).where(
        RunNight.organiser_id == organiser_id, RunNight.venue_id == venue_id, RunNight.on == on
    )
    lock_events(session, session.scalars(at_hotel).unique())
    of = (RoomBlock.organiser_id == organiser_id, RoomBlock.venue_id == venue_id, RoomBlock.on == on)
    session.execute(sa.select(RoomBlock.id).where(*of).with_for_update()).all()


def lock_blocks(session: Session, *event_ids: int) -> None:
    """The blocks that the events' nights are taken from, which other events' nights are too. After the events' locks, and
    for several events at once."""
    mine = sa.and_(
        RunNight.organiser_id == RoomBlock.organiser_id,
        RunNight.venue_id == RoomBlock.venue_id,
        RunNight.on == RoomBlock.on,
        RunNight.event_id.in_(event_ids),
    )
    statement = sa.select(RoomBlock.id).where(sa.exists().where(mine)).order_by(RoomBlock.id).with_for_update()
    session.execute(statement).all()
