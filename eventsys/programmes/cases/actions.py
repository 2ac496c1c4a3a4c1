"""The verbs that write the history of a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.programmes.calls.rules import MAILED, CaseAct
from eventsys.programmes.models import Call, CaseChange


class About(TypedDict, total=False):
    """What a row of the history tells besides the act. Of people `facts` tell the names of fields alone."""

    recipient_id: int | None
    nudge_id: int | None
    application_id: int | None
    member_id: int | None
    letter_id: int | None
    account_id: int | None
    words: str
    facts: Mapping[str, Any] | None


def note(session: Session, call: Call, act: CaseAct, *, now: datetime, **about: Unpack[About]) -> CaseChange:
    """A row of the history; what is mailed is mailed because of it."""
    change = CaseChange(**_values(call, act, about, now))
    session.add(change)
    session.flush()
    return change


def note_each(session: Session, act: CaseAct, rows: Iterable[tuple[Call, About]], *, now: datetime) -> None:
    """The same of many: one statement, however many there are."""
    values = [_values(call, act, about, now) for call, about in rows]
    if values:
        session.execute(sa.insert(CaseChange), values)


def _values(call: Call, act: CaseAct, about: About, now: datetime) -> dict[str, Any]:
    return {
        **about,
        "organiser_id": call.organiser_id,
        "call_id": call.id,
        "act": act,
        "at": now,
        "words": about.get("words", ""),
        "facts": dict(about.get("facts") or {}),
        "noticed_at": None if act in MAILED else now,
    }
