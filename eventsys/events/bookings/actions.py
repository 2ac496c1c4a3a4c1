"""Verbs of bookings: rooms follow what runs and sessions say. The caller owns the transaction.

No two bookings of a room overlap. PostgreSQL refuses that by itself; everywhere the room is looked at behind a lock first
(SQLite writes one at a time), so that who comes second is told who has it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.bookings import queries
from eventsys.events.bookings.rules import Need, RoomIsTaken, find_double, list_needs
from eventsys.events.models import EventSession, RoomBooking, Run
from eventsys.events.rules import Precision, RunStatus
from eventsys.venues.models import Room

__all__ = ["RoomIsTaken", "follow_run", "follow_session", "release"]


def follow_run(session: Session, run: Run, *, account_id: int | None, now: datetime) -> None:
    """Makes the bookings of a run and its sessions what their rooms and exact times say; none for a cancelled run.

    Raises `RoomIsTaken`: then nothing of the transaction may be kept.
    """
    session.flush()
    sessions = _need_of_sessions(session, run)
    double = find_double(sessions)
    if double is not None:
        booked = queries.describe_session(session, double[0].session_id or 0, double[0])
        raise RoomIsTaken(booked.as_seen_by(run.organiser_id))
    needs = list_needs(_need_of_run(run), sessions)
    kept = _drop_changed(session, run, needs)
    _book(session, run, [need for need in needs if need not in kept], kept, account_id=account_id, now=now)


def follow_session(
    session: Session, event_session: EventSession, run: Run, *, account_id: int | None, now: datetime
) -> None:
    """As `follow_run`, which looks at all sessions of the run: one in the run's own room moves the run's booking too."""
    assert event_session.run_id == run.id
    follow_run(session, run, account_id=account_id, now=now)


def release(session: Session, *, run_id: int | None = None, session_id: int | None = None) -> int:
    """Lets go what is booked by the run and all its sessions, or by one session; how many bookings that were."""
    session.flush()
    mine = RoomBooking.run_id == run_id if session_id is None else RoomBooking.session_id == session_id
    gone = session.scalars(sa.delete(RoomBooking).where(mine).returning(RoomBooking.id))
    return len(gone.all())


def _need_of_run(run: Run) -> Need | None:
    if run.status is RunStatus.CANCELLED or run.precision is not Precision.EXACT:
        return None
    if run.room_id is None or run.starts_at is None or run.ends_at is None:
        return None
    return Need(None, run.room_id, run.starts_at, run.ends_at)


def _need_of_sessions(session: Session, run: Run) -> list[Need]:
    if run.status is RunStatus.CANCELLED:
        return []
    rows = session.execute(
        sa.select(EventSession.id, EventSession.room_id, EventSession.starts_local, EventSession.ends_local)
        .where(EventSession.run_id == run.id, EventSession.room_id.is_not(None))
        .where(EventSession.starts_local.is_not(None), EventSession.ends_local.is_not(None))
        .order_by(EventSession.starts_local, EventSession.id)
    )
    zone = run.timezone
    return [
        Need(number, room_id, dates.to_utc(starts, zone), dates.to_utc(ends, zone))
        for number, room_id, starts, ends in rows
        if room_id is not None and starts is not None and ends is not None
    ]


def _drop_changed(session: Session, run: Run, needs: Sequence[Need]) -> dict[Need, uuid.UUID]:
    """Deletes the run's bookings that are not what is needed. Gives those that stay, and for a need whose booking was
    another before, under that old need, the public id it had."""
    found: dict[Need, uuid.UUID] = {}
    for row in session.scalars(sa.select(RoomBooking).where(RoomBooking.run_id == run.id)):
        found[Need(row.session_id, row.room_id, row.starts_at, row.ends_at)] = row.public_id
        if Need(row.session_id, row.room_id, row.starts_at, row.ends_at) not in needs:
            session.delete(row)
    session.flush()
    return found


def _book(
    session: Session,
    run: Run,
    needs: Sequence[Need],
    before: dict[Need, uuid.UUID],
    *,
    account_id: int | None,
    now: datetime,
) -> None:
    """Books what is new or was moved; one that was moved is known by the same public id in feeds."""
    if not needs:
        return
    names = {need.session_id: public_id for need, public_id in before.items()}
    _lock_rooms(session, [need.room_id for need in needs])
    _refuse_taken(session, run, needs)
    rows = [
        RoomBooking(
            public_id=names.get(need.session_id) or uuid.uuid4(),
            organiser_id=run.organiser_id,
            event_id=run.event_id,
            run_id=run.id,
            created_at=now,
            account_id=account_id,
            **need._asdict(),
        )
        for need in needs
    ]
    _insert(session, run, needs, rows)


def _lock_rooms(session: Session, room_ids: Sequence[int]) -> None:
    """On PostgreSQL whoever books one of these rooms waits until this transaction ends; SQLite writes one at a time."""
    rooms = sa.select(Room.id).where(Room.id.in_(set(room_ids))).order_by(Room.id)
    session.execute(rooms.with_for_update(key_share=True)).all()


def _refuse_taken(session: Session, run: Run, needs: Sequence[Need]) -> None:
    taken = queries.find_clash(session, needs, but_run_id=run.id)
    if taken is not None:
        raise RoomIsTaken(taken.as_seen_by(run.organiser_id))


def _insert(session: Session, run: Run, needs: Sequence[Need], rows: Sequence[RoomBooking]) -> None:
    try:
        with session.begin_nested():
            session.add_all(rows)
            session.flush()
    except IntegrityError:
        _refuse_taken(session, run, needs)
        raise
