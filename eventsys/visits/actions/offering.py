"""By the organiser: a visit is taken, times are offered, or nobody comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.visits.actions.agreeing import read_time
from eventsys.visits.actions.history import demand, lock, note
from eventsys.visits.models import Visit, VisitChange, VisitTime
from eventsys.visits.queries import find_kind, list_times
from eventsys.visits.rules import (
    MOST_TIMES,
    OPEN,
    HasChanged,
    NotTheirs,
    TimeFacts,
    TooMany,
    VisitAct,
    VisitState,
)


class Taker(NamedTuple):
    """Who comes, for which organiser."""

    account_id: int
    organiser_id: int


def take(session: Session, visit: Visit, taker: Taker, *, now: datetime) -> bool:
    """Says who comes, so that others need not; False if it is they already. Raises `HasChanged`, also where somebody of
    another organiser was quicker, and `NotTheirs`."""
    lock(session, visit)
    demand(visit, OPEN)
    if visit.account_id is not None and visit.organiser_id != taker.organiser_id:
        raise HasChanged
    if find_kind(session, taker.organiser_id) is not visit.kind:
        raise NotTheirs
    if visit.account_id == taker.account_id:
        return False
    visit.account_id, visit.organiser_id = taker.account_id, taker.organiser_id
    note(session, visit, VisitAct.TAKEN, account_id=taker.account_id, now=now)
    return True


def offer(
    session: Session, visit: Visit, times: Sequence[TimeFacts], taker: Taker, *, words: str = "", now: datetime
) -> VisitChange | None:
    """Offers these times in place of those before; None if they are offered already. Raises as `take` does, and
    `TooMany`."""
    if not 0 < len(times) <= MOST_TIMES:
        raise TooMany
    take(session, visit, taker, now=now)
    known = list_times(session, visit.id)
    if [read_time(one) for one in known] == sorted(times) and visit.state is VisitState.OFFERED:
        return None
    session.execute(sa.delete(VisitTime).where(VisitTime.visit_id == visit.id))
    session.add_all(VisitTime(visit_id=visit.id, **asdict(one)) for one in sorted(times))
    visit.state = VisitState.OFFERED
    return note(session, visit, VisitAct.OFFERED, account_id=taker.account_id, words=words, now=now)


def decline(session: Session, visit: Visit, taker: Taker, *, words: str, now: datetime) -> VisitChange | None:
    """Says no, with a word; None if that is said. Raises as `take` does."""
    if lock(session, visit).state is VisitState.DECLINED:
        return None
    demand(visit, OPEN)
    if visit.account_id is not None and visit.organiser_id != taker.organiser_id:
        raise HasChanged
    if find_kind(session, taker.organiser_id) is not visit.kind:
        raise NotTheirs
    visit.state, visit.organiser_id = VisitState.DECLINED, taker.organiser_id
    return note(session, visit, VisitAct.DECLINED, account_id=taker.account_id, words=words, now=now)
