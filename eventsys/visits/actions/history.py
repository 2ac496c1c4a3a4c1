"""A row of a visit's history, and the lock that every verb takes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from eventsys.visits.models import Visit, VisitChange
from eventsys.visits.rules import (
    HasChanged,
    VisitAct,
    VisitState,
)


def note(
    session: Session,
    visit: Visit,
    act: VisitAct,
    *,
    position_id: int | None = None,
    account_id: int | None = None,
    words: str = "",
    now: datetime,
) -> VisitChange:
    """A row of the visit's history."""
    row = VisitChange(
        visit_id=visit.id, act=act, at=now, position_id=position_id, account_id=account_id, words=words
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def lock(session: Session, visit: Visit) -> Visit:
    """As it is now; whoever else does something with it waits until the transaction is over."""
    session.refresh(visit, with_for_update=True)
    return visit


def demand(visit: Visit, states: Sequence[VisitState]) -> None:
    if visit.state not in states:
        raise HasChanged
