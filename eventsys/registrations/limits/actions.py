"""Verbs of what limits an event's registration. Each takes the event's lock, changes, counts, and refuses what is too small
or gives the places that became free to those who wait. The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.rules import as_plain
from eventsys.events.models import Event, EventSession, Run
from eventsys.events.programme.actions import erase_session, shift_sessions, write_session
from eventsys.events.programme.rules import SessionFacts, SpeakerFacts
from eventsys.organisations.models import Organisation
from eventsys.registrations.actions.locking import lock_blocks, lock_event, lock_rooms
from eventsys.registrations.actions.serving import serve_queue
from eventsys.registrations.actions.within import require_within
from eventsys.registrations.limits.notes import note, tell_nights, tell_quota
from eventsys.registrations.limits.rules import QUOTAS, Kind
from eventsys.registrations.limits.terms import Part, Terms
from eventsys.registrations.models import (
    Quota,
    Registration,
    RegistrationNight,
    RoomBlock,
    RunNight,
    SessionSeat,
)
from eventsys.registrations.rules import HOLDS_A_PLACE, TooFewRooms, TooSmall


def change_terms(session: Session, event: Event, terms: Terms, *, account_id: int | None = None, now: datetime) -> bool:
    """Sets deadlines, approval and how places are given on; False and no trace if all is as before.

    An offer that is out keeps the time it was given; who asked to come still waits for an answer.
    """
    lock_event(session, event.id)
    changed = [name for name, value in asdict(terms).items() if getattr(event, name) != value]
    if not changed:
        return False
    before = {name: as_plain(getattr(event, name)) for name in changed}
    for name in changed:
        setattr(event, name, getattr(terms, name))
    after = {name: as_plain(getattr(terms, name)) for name in changed}
    note(session, event.id, None, before, after, account_id=account_id, now=now)
    serve_queue(session, event, now=now)
    return True


def copy_terms(session: Session, event: Event, copy: Event) -> None:
    """How places are given, and the quotas, for an event made like another. Days, held places, sessions and nights are the
    old one's own."""
    for name in ("asks_approval", "offer_hours", "promotion_stops_hours"):
        setattr(copy, name, getattr(event, name))
    for quota in session.scalars(sa.select(Quota).where(Quota.event_id == event.id).order_by(Quota.id)).all():
        columns = ("per_organisation", "cohort_id", "side", "free_seats", "most_seats")
        same = {name: getattr(quota, name) for name in columns}
        session.add(Quota(organiser_id=copy.organiser_id, event_id=copy.id, **same))
    session.flush()


def set_quota(
    session: Session,
    event: Event,
    part: Part,
    *,
    free_seats: int | None,
    most_seats: int | None,
    account_id: int | None = None,
    now: datetime,
) -> None:
    """How many of the event's places a part may have. Raises `TooSmall` where it has more, and `ValueError` where the
    quota says nothing, or counts free places of others than single organisations."""
    if (free_seats is None and most_seats is None) or (free_seats is not None and not part.per_organisation):
        raise ValueError(part)
    lock_event(session, event.id)
    quota = _find_quota(session, event.id, part)
    before, was = quota.most_seats if quota else None, tell_quota(session, quota)
    if quota is None:
        quota = Quota(organiser_id=event.organiser_id, event_id=event.id, **part._asdict())
        session.add(quota)
    quota.free_seats, quota.most_seats = free_seats, most_seats
    session.flush()
    if most_seats is not None and (before is None or most_seats < before):
        require_within(session, event.id, QUOTAS, of=[quota.id], now=now)
    becomes = tell_quota(session, quota)
    note(session, event.id, None, {"quotas": was}, {"quotas": becomes}, account_id=account_id, now=now)
    serve_queue(session, event, now=now)


def remove_quota(session: Session, event: Event, part: Part, *, account_id: int | None = None, now: datetime) -> None:
    """The part may have as many places as there are."""
    lock_event(session, event.id)
    quota = _find_quota(session, event.id, part)
    if quota is None:
        return
    was = tell_quota(session, quota)
    session.delete(quota)
    session.flush()
    note(session, event.id, None, {"quotas": was}, {"quotas": None}, account_id=account_id, now=now)
    serve_queue(session, event, now=now)


def _find_quota(session: Session, event_id: int, part: Part) -> Quota | None:
    same = [getattr(Quota, name).is_not_distinct_from(value) for name, value in part._asdict().items()]
    return session.scalar(sa.select(Quota).where(Quota.event_id == event_id, *same))


def set_room_block(
    session: Session, *, organiser_id: int, venue_id: int, on: date, rooms: int | None, now: datetime
) -> None:
    """How many rooms the organiser has at the hotel in the night, for all its events; None: as many as are asked for.

    Raises `TooSmall` where more people have the night.
    """
    lock_rooms(session, organiser_id, venue_id, on)
    of = (RoomBlock.organiser_id == organiser_id, RoomBlock.venue_id == venue_id, RoomBlock.on == on)
    block = session.scalar(sa.select(RoomBlock).where(*of))
    if rooms is None:
        session.execute(sa.delete(RoomBlock).where(*of))
        return
    if block is None:
        block = RoomBlock(organiser_id=organiser_id, venue_id=venue_id, on=on)
        session.add(block)
    block.rooms = rooms
    session.flush()
    nights = sa.select(RunNight).where(
        RunNight.organiser_id == organiser_id, RunNight.venue_id == venue_id, RunNight.on == on
    )
    night = session.scalar(nights.limit(1))
    if night is not None:
        require_within(session, night.event_id, [Kind.NIGHT], of=[night.id], now=now)


def set_session(
    session: Session,
    run: Run,
    facts: SessionFacts,
    *,
    row: EventSession | None = None,
    speakers: Sequence[SpeakerFacts] | None = None,
    account_id: int | None = None,
    now: datetime,
) -> EventSession:
    """A session of the run, a new one unless `row` says which. Raises `TooSmall` where more have chosen it than it takes,
    or where it cannot be chosen any more, and what `programme.actions.write_session` raises."""
    lock_event(session, run.event_id)
    if row is not None and not facts.chosen:
        _require_unused(session, SessionSeat.registration_id, SessionSeat.session_id == row.id)
        session.execute(sa.delete(SessionSeat).where(SessionSeat.session_id == row.id))
    row = write_session(session, run, facts, row=row, speakers=speakers, account_id=account_id, now=now)
    require_within(session, run.event_id, [Kind.SESSION], of=[row.id], now=now)
    return row


def remove_session(session: Session, row: EventSession, *, account_id: int | None = None, now: datetime) -> None:
    """Takes the session out of the programme; those who wait lose it as a wish. Raises `TooSmall` where somebody who has a
    place has chosen it."""
    lock_event(session, row.event_id)
    _require_unused(session, SessionSeat.registration_id, SessionSeat.session_id == row.id)
    session.execute(sa.delete(SessionSeat).where(SessionSeat.session_id == row.id))
    erase_session(session, row, account_id=account_id, now=now)


def set_run_nights(
    session: Session,
    run: Run,
    *,
    venue_id: int,
    nights: Collection[date],
    account_id: int | None = None,
    now: datetime,
) -> None:
    """The nights, each by the day it begins on, that those who come to the run can have, all at one hotel.

    Raises `TooSmall` where somebody who has a place has a night that would be gone, or the hotel's rooms do not suffice.
    """
    lock_event(session, run.event_id)
    there = {row.on: row for row in session.scalars(sa.select(RunNight).where(RunNight.run_id == run.id))}
    was = tell_nights(session, there.values())
    gone = [row.id for on, row in there.items() if on not in nights]
    _require_unused(session, RegistrationNight.registration_id, RegistrationNight.night_id.in_(gone))
    session.execute(sa.delete(RegistrationNight).where(RegistrationNight.night_id.in_(gone)))
    session.execute(sa.delete(RunNight).where(RunNight.id.in_(gone)))
    kept = []
    for on in nights:
        night = there.get(on) or RunNight(organiser_id=run.organiser_id, event_id=run.event_id, run_id=run.id, on=on)
        night.venue_id = venue_id
        session.add(night)
        kept.append(night)
    session.flush()
    lock_blocks(session, run.event_id)
    require_within(session, run.event_id, [Kind.NIGHT], of=[night.id for night in kept], now=now)
    note(session, run.event_id, run.id, was, tell_nights(session, kept), account_id=account_id, now=now)


def shift_days(session: Session, run: Run, *, days: int, account_id: int | None = None, now: datetime) -> None:
    """The run's sessions and nights as many days later, or earlier, as the run itself has moved; what people have chosen
    of them goes along. Raises `TooFewRooms` where the hotel has fewer then, `RoomIsTaken` where a session's room has
    another booking."""
    sessions = shift_sessions(session, run, days=days, account_id=account_id, now=now)
    nights = session.scalars(sa.select(RunNight).where(RunNight.run_id == run.id).order_by(RunNight.on)).all()
    was = tell_nights(session, nights)
    for night in reversed(nights) if days > 0 else nights:
        night.on += timedelta(days=days)
        session.flush()  # one by one: a run has a night once
    if not sessions and not nights:
        return
    session.flush()
    lock_blocks(session, run.event_id)
    try:
        require_within(session, run.event_id, [Kind.NIGHT], of=[night.id for night in nights], now=now)
    except TooSmall as error:
        raise TooFewRooms(error.taken, error.above) from error
    becomes = tell_nights(session, nights)
    note(session, run.event_id, run.id, was, becomes, fields=["sessions", "nights"], account_id=account_id, now=now)


def _require_unused(
    session: Session, registration_id: sa.orm.InstrumentedAttribute[int], condition: sa.ColumnElement[bool]
) -> None:
    """Raises `TooSmall` where somebody who has a place has one of what would go."""
    rows = session.execute(
        sa.select(Registration.name, Organisation.label)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.state.in_(HOLDS_A_PLACE))
        .where(sa.exists().where(registration_id == Registration.id, condition))
        .order_by(Registration.queued_at, Registration.id)
    ).all()
    if rows:
        raise TooSmall(len(rows), [name or label or "" for name, label in rows])
