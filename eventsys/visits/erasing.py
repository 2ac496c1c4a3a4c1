"""What was written about visits goes when they are long over; that they were made stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Run
from eventsys.visits.models import Visit, VisitChange


def erase_words(session: Session, *, before: datetime, organiser_ids: Collection[int] | None = None) -> int:
    """The wishes and words of visits that were asked for and over before a moment; how many rows. Of what these organisers
    were asked, or of all."""
    is_ahead = sa.and_(Run.last_on.is_(None), sa.func.coalesce(Run.cancelled_at >= before, sa.true()))
    goes_on = sa.select(Run.event_id).where(sa.or_(is_ahead, Run.last_on >= before.date()))
    is_old = sa.and_(Visit.created_at < before, sa.or_(Visit.event_id.is_(None), Visit.event_id.not_in(goes_on)))
    if organiser_ids is not None:
        is_old = sa.and_(is_old, Visit.organiser_id.in_(organiser_ids))
    old = sa.select(Visit.id).where(is_old)
    said = sa.update(VisitChange).where(VisitChange.words != "", VisitChange.visit_id.in_(old)).values(words="")
    wished = sa.update(Visit).where(is_old, sa.or_(Visit.wish != "", Visit.place != "")).values(wish="", place="")
    statements = [one.execution_options(synchronize_session=False) for one in (said, wished)]
    return sum(cast(sa.CursorResult[Any], session.execute(one)).rowcount for one in statements)
