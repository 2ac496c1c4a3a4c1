"""The verb that writes the history of a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsys.programmes.calls.rules import MAILED, CaseAct
from eventsys.programmes.models import Call, CaseChange


def note(
    session: Session,
    call: Call,
    act: CaseAct,
    *,
    recipient_id: int | None = None,
    nudge_id: int | None = None,
    application_id: int | None = None,
    member_id: int | None = None,
    letter_id: int | None = None,
    account_id: int | None = None,
    words: str = "",
    facts: Mapping[str, Any] | None = None,
    now: datetime,
) -> CaseChange:
    """A row of the history; what is mailed is mailed because of it. Of people `facts` tell the names of fields alone."""
    change = CaseChange(
        organiser_id=call.organiser_id,
        call_id=call.id,
        act=act,
        recipient_id=recipient_id,
        nudge_id=nudge_id,
        application_id=application_id,
        member_id=member_id,
        letter_id=letter_id,
        account_id=account_id,
        at=now,
        words=words,
        facts=dict(facts or {}),
        noticed_at=None if act in MAILED else now,
    )
    session.add(change)
    session.flush()
    return change
