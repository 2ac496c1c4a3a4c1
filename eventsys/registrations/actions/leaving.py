"""Leaving, coming back, and places that were offered: what frees a place serves the queue in the same transaction."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.organisers.models import Organiser
from eventsys.registrations.actions.deadlines import OWN, has_begun, is_going, require_in_time
from eventsys.registrations.actions.history import record_change, set_state
from eventsys.registrations.actions.locking import lock_blocks, lock_events, lock_run
from eventsys.registrations.actions.options import list_choosing
from eventsys.registrations.actions.placing import Placed, has_live_seat, list_choices_of, place_one
from eventsys.registrations.actions.serving import enter_run, fit_options, serve_queue
from eventsys.registrations.limits.rules import Seat
from eventsys.registrations.models import HeldPlaces, Registration
from eventsys.registrations.queue.queries import find_lapsed, is_over
from eventsys.registrations.rules import (
    ENDED,
    HOLDS_A_PLACE,
    LEAVABLE,
    Actor,
    AddressIsTaken,
    Asked,
    CannotBeCancelled,
    Change,
    RegistrationIsClosed,
    State,
    TooLate,
    WrongState,
)


def cancel(
    session: Session,
    registration: Registration,
    *,
    actor: Actor,
    account_id: int | None = None,
    why: str = "",
    silent: bool = False,
    act_id: uuid.UUID | None = None,
    now: datetime,
) -> None:
    """Frees the place and gives it to the first it fits. Raises `CannotBeCancelled`, and `TooLate` for who holds a place
    and is bound by the deadline: the waiting list and an offer can be left until the run begins."""
    run, event, organiser = lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.state not in LEAVABLE or (actor in OWN and has_begun(run, now=now)):
        raise CannotBeCancelled
    if registration.state is State.CONFIRMED:
        require_in_time(session, registration, run, organiser, Asked.CANCEL, event.cancel_by, actor=actor, now=now)
    more: dict[str, Any] = {"account_id": account_id, "why": why, "silent": silent, "act_id": act_id}
    set_state(session, registration, State.CANCELLED, Change.CANCELLED, actor, now=now, **more)
    serve_queue(session, event, now=now)


def restore(
    session: Session, registration: Registration, *, account_id: int, silent: bool = False, now: datetime
) -> State:
    """An organiser takes a cancellation or a refusal back: to a place if one is free, else to the end of the queue.

    Raises `WrongState`, `RegistrationIsClosed` where the run is not to be, and `AddressIsTaken` where the person has
    another registration in the run by now.
    """
    run, event, _organiser = lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.state not in ENDED:
        raise WrongState
    if not is_going(event, run):
        raise RegistrationIsClosed
    if has_live_seat(session, run.id, registration.person_id):
        raise AddressIsTaken
    return queue_up(
        session, event, registration, Change.RESTORED, Actor.ORGANISER, account_id=account_id, silent=silent, now=now
    )


def queue_up(
    session: Session, event: Event, row: Registration, change: Change, actor: Actor, *, now: datetime, **more: Any
) -> State:
    """Sends who has no place through the queue, from its end; what the seat has chosen and is full by now is let go."""
    run_ids = list_choices_of(session, row.person_id, row.run_id, row.second_run_id)
    placed = place_one(session, event, Seat(row.organisation_id, row.side, row.person_id), run_ids, now=now)
    row.queued_at = now
    left, facts = _take(session, row, placed), {}
    before, row.state = row.state, placed.state
    session.flush()
    if placed.state in HOLDS_A_PLACE and row.id in list_choosing(session, [row.id]):
        dropped = fit_options(session, row, left)
        facts = {"dropped": dropped} if dropped else {}
    record_change(session, row, change, actor, before, from_run_id=left, facts=facts, now=now, **more)
    return placed.state


def _take(session: Session, row: Registration, placed: Placed) -> int | None:
    return enter_run(row, placed.run_id) if placed.state in HOLDS_A_PLACE else None


def take_offer(
    session: Session, registration: Registration, *, actor: Actor, account_id: int | None = None, now: datetime
) -> None:
    """The offered place is taken. Raises `TooLate` when the offer has run out; a place that is had already stays."""
    lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.state is State.CONFIRMED:
        return
    until = registration.offered_until
    if registration.state is not State.OFFERED or until is None or now >= until:
        raise TooLate
    set_state(session, registration, State.CONFIRMED, Change.PROMOTED, actor, account_id=account_id, now=now)


def lapse(session: Session, *, now: datetime) -> int:
    """Ends offers that ran out and places that were held until yesterday, and asks the next; says how many it ended.

    For a job that calls often: where nothing has ended it is one small read.
    """
    due = find_lapsed(session, now=now)
    if not due:
        return 0
    locked = lock_events(session, due)
    lock_blocks(session, *due)
    ended = 0
    for event, organiser in locked:
        many = _end_offers(session, event, now=now) + _release(session, event, organiser, now=now)
        ended += many
        if many:
            serve_queue(session, event, now=now)
    return ended


def _end_offers(session: Session, event: Event, *, now: datetime) -> int:
    rows = session.scalars(
        sa.select(Registration)
        .where(Registration.event_id == event.id, Registration.state == State.OFFERED)
        .where(Registration.offered_until <= now)
        .order_by(Registration.id)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        set_state(session, row, State.CANCELLED, Change.LAPSED, Actor.SYSTEM, now=now)
    return len(rows)


def _release(session: Session, event: Event, organiser: Organiser, *, now: datetime) -> int:
    rows = session.scalars(
        sa.select(HeldPlaces).where(HeldPlaces.event_id == event.id, HeldPlaces.released_at.is_(None))
    ).all()
    over = [row for row in rows if is_over(row.held_until, organiser.timezone, now)]
    for row in over:
        row.released_at = now
    session.flush()
    return len(over)
