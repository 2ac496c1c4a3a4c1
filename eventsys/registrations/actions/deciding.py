"""What an organiser decides: requests to come, what is asked for after a deadline, who goes first in the queue."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Run
from eventsys.registrations.actions.history import record_change, set_state
from eventsys.registrations.actions.leaving import cancel, queue_up
from eventsys.registrations.actions.locking import lock_run
from eventsys.registrations.actions.moving import move
from eventsys.registrations.actions.serving import serve_queue
from eventsys.registrations.models import ChangeRequest, Delegation, Registration
from eventsys.registrations.rules import LEAVABLE, Actor, Asked, Change, Decision, State, WrongState


def accept(
    session: Session, registration: Registration, *, account_id: int, silent: bool = False, now: datetime
) -> State:
    """An organiser lets somebody come who asked: to a place if there is one, else to the end of the waiting list."""
    _run, event, _organiser = lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.state is not State.REQUESTED:
        return registration.state
    more = {"account_id": account_id, "silent": silent}
    return queue_up(session, event, registration, Change.ACCEPTED, Actor.ORGANISER, now=now, **more)


def decline(
    session: Session, registration: Registration, *, account_id: int, why: str = "", silent: bool = False, now: datetime
) -> State:
    """An organiser says no to somebody who asked to come."""
    lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.state is State.REQUESTED:
        set_state(
            session, registration, State.DECLINED, Change.DECLINED, Actor.ORGANISER, account_id=account_id, why=why,
            silent=silent, now=now,
        )  # fmt: skip
    return registration.state


def ask(
    session: Session,
    registration: Registration,
    *,
    asked: Asked,
    words: str,
    run_id: int | None = None,
    actor: Actor = Actor.PARTICIPANT,
    now: datetime,
) -> ChangeRequest:
    """Asks the organiser for what its deadline has passed for; asked for twice, it is one request with the newer words.

    To move somewhere needs `run_id`, a run of the same event. Raises `WrongState`.
    """
    _run, event, _organiser = lock_run(session, registration.run_id)
    session.refresh(registration)
    to = session.get(Run, run_id) if run_id is not None else None
    if registration.state not in LEAVABLE or (asked is Asked.MOVE and (to is None or to.event_id != event.id)):
        raise WrongState
    row = session.scalar(
        sa.select(ChangeRequest).where(
            ChangeRequest.registration_id == registration.id,
            ChangeRequest.asked == asked,
            ChangeRequest.decided_at.is_(None),
        )
    )
    if row is None:
        row = ChangeRequest(
            registration_id=registration.id, organiser_id=registration.organiser_id, asked=asked, at=now
        )
        session.add(row)
        record_change(session, registration, Change.ASKED, actor, registration.state, facts={"asked": asked}, now=now)
    row.words, row.run_id = words, run_id
    session.flush()
    return row


def decide(
    session: Session,
    request: ChangeRequest,
    *,
    decision: Decision,
    account_id: int,
    why: str = "",
    silent: bool = False,
    now: datetime,
) -> None:
    """An organiser says yes, and it is done, or no. A change or a hand-over that was allowed is made by who asked.

    Raises what doing it raises (`RunIsFull`, `QuotaIsFull`, `CannotBeCancelled`, …). Decided once is decided.
    """
    registration = session.get_one(Registration, request.registration_id)
    lock_run(session, registration.run_id)
    session.refresh(registration)
    session.refresh(request)
    if request.decision is not None:
        return
    request.decision, request.decided_at, request.account_id = decision, now, account_id
    act_id, state, facts = uuid.uuid4(), registration.state, {"asked": request.asked, "decision": decision}
    more: dict[str, Any] = {"account_id": account_id, "act_id": act_id, "silent": silent}
    done = decision is Decision.ACCEPTED and _carry_out(session, registration, request, now=now, **more)
    # What was done is mailed as what it is, with its calendar part; a mail that says yes besides would be one too many.
    more["silent"] = silent or done
    record_change(session, registration, Change.ANSWERED, Actor.ORGANISER, state, why=why, facts=facts, now=now, **more)


def _carry_out(session: Session, row: Registration, request: ChangeRequest, *, now: datetime, **more: Any) -> bool:
    """Whether it was done at once: what needs words of who asked is only allowed."""
    if request.asked is Asked.CANCEL:
        cancel(session, row, actor=Actor.ORGANISER, now=now, **more)
    elif request.asked is Asked.MOVE and request.run_id is not None:
        move(session, row, run_id=request.run_id, actor=Actor.ORGANISER, now=now, **more)
    return request.asked in (Asked.CANCEL, Asked.MOVE)


def set_priority(
    session: Session, registration: Registration, *, priority: int, account_id: int, now: datetime
) -> None:
    """Puts a seat that waits before (above 0) or behind (below 0) the others of the list, with those it waits together
    with. Raises `WrongState`."""
    _run, event, _organiser = lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.state is not State.WAITING:
        raise WrongState
    for row in _list_together(session, registration):
        if row.priority != priority:
            row.priority = priority
            facts = {"priority": priority}
            record_change(
                session, row, Change.PRIORITISED, Actor.ORGANISER, row.state, account_id=account_id, facts=facts,
                silent=True, now=now,
            )  # fmt: skip
    serve_queue(session, event, now=now)


def _list_together(session: Session, registration: Registration) -> list[Registration]:
    delegation = session.get(Delegation, registration.delegation_id) if registration.delegation_id else None
    if delegation is None or not delegation.waits_together:
        return [registration]
    return list(
        session.scalars(
            sa.select(Registration)
            .where(Registration.delegation_id == delegation.id, Registration.run_id == registration.run_id)
            .where(Registration.state == State.WAITING)
            .order_by(Registration.id)
        )
    )
