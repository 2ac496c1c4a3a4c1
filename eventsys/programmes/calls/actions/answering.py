"""What a recipient of a call does: opens it, says no, takes that back."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import (
    LONGEST_WORDS,
    CannotBeAnswered,
    CaseAct,
    Stage,
    find_stage,
)
from eventsys.programmes.cases.actions import note
from eventsys.programmes.models import Application, Call, CallRecipient


def note_opened(session: Session, recipient: CallRecipient, *, now: datetime) -> bool:
    """The first sign that somebody has read it; False for a later one."""
    session.refresh(recipient, with_for_update=True)
    if recipient.opened_at is not None:
        return False
    recipient.opened_at = now
    session.flush()
    note(session, session.get_one(Call, recipient.call_id), CaseAct.READ, recipient_id=recipient.id, now=now)
    return True


def say_no(session: Session, recipient: CallRecipient, *, words: str = "", now: datetime) -> bool:
    """A no, with a word or without; a no with other words is the newer one. False for the same again. Raises
    `CannotBeAnswered`."""
    call = _require_answerable(session, recipient, now)
    words = words[:LONGEST_WORDS]
    if recipient.declined_at is not None and recipient.words == words:
        return False
    recipient.declined_at, recipient.words = now, words
    recipient.opened_at = recipient.opened_at or now
    session.flush()
    note(session, call, CaseAct.SAID_NO, recipient_id=recipient.id, facts={"declined": [False, True]}, now=now)
    return True


def take_back_no(session: Session, recipient: CallRecipient, *, now: datetime) -> bool:
    """The no is as if it was not said; False where there is none. Raises `CannotBeAnswered`."""
    call = _require_answerable(session, recipient, now)
    if recipient.declined_at is None:
        return False
    recipient.declined_at, recipient.words = None, ""
    session.flush()
    note(session, call, CaseAct.SAID_NO, recipient_id=recipient.id, facts={"declined": [True, False]}, now=now)
    return True


def _require_answerable(session: Session, recipient: CallRecipient, now: datetime) -> Call:
    session.refresh(recipient, with_for_update=True)
    call = session.get_one(Call, recipient.call_id)
    applies = sa.exists().where(
        Application.call_id == recipient.call_id,
        Application.organisation_id == recipient.organisation_id,
        Application.state != ApplicationState.WITHDRAWN,
    )
    if find_stage(call.state, call.closes_at, now) is not Stage.OPEN or session.scalar(sa.select(applies)):
        raise CannotBeAnswered
    return call
