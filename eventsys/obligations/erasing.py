"""What was written about excuses goes when the event is long over; that somebody was excused stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Run
from eventsys.obligations.models import Excuse


def erase_excuses(session: Session, *, before: date, organiser_ids: Collection[int] | None = None) -> int:
    """The words of excuses from events that were all over before a day, and who asked; how many. Of these organisers'
    events, or of all."""
    is_cancelled = Run.cancelled_at < datetime.combine(before, time.min, UTC)
    is_ahead = sa.and_(Run.last_on.is_(None), sa.func.coalesce(sa.not_(is_cancelled), sa.true()))
    goes_on = sa.select(Run.event_id).where(sa.or_(is_ahead, Run.last_on >= before))
    told = sa.or_(Excuse.words != "", Excuse.why != "", Excuse.position_id.is_not(None))
    theirs = sa.true() if organiser_ids is None else Excuse.organiser_id.in_(organiser_ids)
    erased = sa.update(Excuse).where(told, theirs, Excuse.event_id.not_in(goes_on))
    statement = erased.values(words="", why="", position_id=None).execution_options(synchronize_session=False)
    return cast(sa.CursorResult[Any], session.execute(statement)).rowcount
