"""A seat goes to another run of its event: in one transaction, never without a seat and never with two."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from eventsys.events.models import Event, Run
from eventsys.registrations.actions.deadlines import OWN, has_begun, is_going, require_in_time
from eventsys.registrations.actions.history import record_change
from eventsys.registrations.actions.locking import lock_run
from eventsys.registrations.actions.options import list_choosing
from eventsys.registrations.actions.placing import has_live_seat, open_book, require_fits
from eventsys.registrations.actions.serving import fit_options, serve_queue
from eventsys.registrations.limits.rules import Seat
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import (
    HOLDS_A_PLACE,
    LEAVABLE,
    Actor,
    AddressIsTaken,
    Asked,
    Change,
    QuotaIsFull,
    RegistrationIsClosed,
    RunIsFull,
    State,
    WrongState,
)


def move(
    session: Session,
    registration: Registration,
    *,
    run_id: int,
    actor: Actor,
    account_id: int | None = None,
    act_id: uuid.UUID | None = None,
    silent: bool = False,
    now: datetime,
) -> State:
    """Puts the seat into the other run; who waits goes to the end of its queue where there is no place.

    Who has a place keeps it where the other run has none: `RunIsFull` or `QuotaIsFull`. Raises also `WrongState`, `TooLate`,
    `RegistrationIsClosed` where the run is not to be, `AddressIsTaken` where the person has a seat in it. An organiser moves
    somebody ahead of those who wait, anybody else does not.
    """
    run, event, organiser = lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.state not in LEAVABLE:
        raise WrongState
    require_in_time(session, registration, run, organiser, Asked.MOVE, event.change_by, actor=actor, now=now)
    to = session.get(Run, run_id, populate_existing=True)
    _require_run(event, to, actor, now=now)
    if run_id == registration.run_id:
        return registration.state
    if has_live_seat(session, run_id, registration.person_id, but_id=registration.id):
        raise AddressIsTaken
    state = _find_state(session, event, registration, run_id, actor, now=now)
    if registration.run_id == run_id:
        return registration.state
    _enter(session, registration, run_id, state, actor, account_id, act_id, silent=silent, now=now)
    serve_queue(session, event, now=now)
    return state


def _require_run(event: Event, to: Run | None, actor: Actor, *, now: datetime) -> None:
    """Raises unless it is a run of the event that is to be and, for whom deadlines bind, has not begun."""
    if to is None or to.event_id != event.id:
        raise WrongState
    if not is_going(event, to) or (actor in OWN and has_begun(to, now=now)):
        raise RegistrationIsClosed


def _find_state(
    session: Session, event: Event, row: Registration, run_id: int, actor: Actor, *, now: datetime
) -> State:
    """What the seat will be in the other run."""
    if row.state is State.REQUESTED:
        return row.state
    if row.second_run_id == run_id:
        # It is not among those who wait there, whom it must not pass.
        row.second_run_id = None
        session.flush()
    opened = open_book(session, event, [row.run_id, run_id], now=now)
    seat = Seat(row.organisation_id, row.side, row.person_id)
    if row.state in HOLDS_A_PLACE:
        opened.book.take(seat, row.run_id, -1)
    try:
        if run_id in opened.closed and actor is not Actor.ORGANISER:
            raise RunIsFull
        require_fits(opened.book, seat, run_id)
    except (RunIsFull, QuotaIsFull):
        if row.state is not State.WAITING:
            raise
        return State.WAITING
    return State.CONFIRMED


def _enter(
    session: Session,
    row: Registration,
    run_id: int,
    state: State,
    actor: Actor,
    account_id: int | None,
    act_id: uuid.UUID | None,
    *,
    silent: bool,
    now: datetime,
) -> None:
    before, left = row.state, row.run_id
    row.run_id, row.second_run_id, row.state, row.offered_until = run_id, None, state, None
    if state is State.WAITING:
        row.queued_at = now
    session.flush()
    dropped = fit_options(session, row, left) if row.id in list_choosing(session, [row.id]) else []
    record_change(
        session, row, Change.MOVED, actor, before, act_id=act_id, account_id=account_id, from_run_id=left,
        facts={"dropped": dropped} if dropped else {}, silent=silent, now=now,
    )  # fmt: skip
