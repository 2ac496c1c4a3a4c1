"""Verbs on a call as a whole: opened, closed, called off, and when who is reminded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.programmes.calls.actions.writing import lock_call
from eventsys.programmes.calls.rules import (
    MOST_NUDGES,
    CallState,
    CannotBeChanged,
    CaseAct,
    Nudged,
)
from eventsys.programmes.cases.actions import note
from eventsys.programmes.models import Call, CallNudge


def open_call(session: Session, call: Call, *, account_id: int | None, now: datetime) -> bool:
    """A draft, or one that was closed, takes applications; False for any other."""
    return _turn(
        session, call, (CallState.DRAFT, CallState.CLOSED), CallState.OPEN, CaseAct.OPENED_CALL, account_id, now
    )


def close_call(session: Session, call: Call, *, account_id: int | None, now: datetime) -> bool:
    """Nothing more comes in, even before the deadline. What was sent stays."""
    return _turn(session, call, (CallState.OPEN,), CallState.CLOSED, CaseAct.CLOSED_CALL, account_id, now)


def withdraw_call(session: Session, call: Call, *, account_id: int | None, now: datetime) -> bool:
    """It is called off for good; the page says so. What was sent stays, and nothing comes of it."""
    before = (CallState.OPEN, CallState.CLOSED)
    return _turn(session, call, before, CallState.WITHDRAWN, CaseAct.WITHDREW_CALL, account_id, now)


def _turn(
    session: Session,
    call: Call,
    before: Sequence[CallState],
    after: CallState,
    act: CaseAct,
    account_id: int | None,
    now: datetime,
) -> bool:
    lock_call(session, call)
    if call.state not in before:
        return False
    call.state = after
    session.flush()
    note(session, call, act, account_id=account_id, now=now)
    return True


def add_nudge(session: Session, call: Call, *, whom: Nudged, at_local: datetime) -> CallNudge | None:
    """That those are reminded then; the one that is there where it is so already, None above `MOST_NUDGES`. Raises
    `CannotBeChanged` for a moment that is not before the deadline, and for a call that has ended."""
    lock_call(session, call)
    if call.state not in (CallState.DRAFT, CallState.OPEN) or at_local >= call.closes_local:
        raise CannotBeChanged
    rows = session.scalars(sa.select(CallNudge).filter_by(call_id=call.id)).all()
    there = next((row for row in rows if (row.whom, row.at_local) == (whom, at_local)), None)
    if there is not None or len(rows) >= MOST_NUDGES:
        return there
    due_at = dates.to_utc(at_local, call.timezone)
    row = CallNudge(call_id=call.id, whom=whom, at_local=at_local, due_at=due_at)
    session.add(row)
    session.flush()
    return row


def remove_nudge(session: Session, nudge: CallNudge) -> bool:
    """False for one that has been sent, which stays."""
    session.refresh(nudge, with_for_update=True)
    if nudge.sent_at is not None:
        return False
    session.delete(nudge)
    session.flush()
    return True
