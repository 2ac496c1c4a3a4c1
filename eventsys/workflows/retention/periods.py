"""How long things are kept, and what erasing has in common."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Run

ORDINARY = timedelta(days=2 * 365)
SIGN_IN = timedelta(days=30)
STRAY = timedelta(days=90)
"""How long what nothing needs any more is kept, in case somebody asks what happened."""
ERASED = ""


def is_over(day: date) -> sa.ColumnElement[bool]:
    """The condition that a run was over before that day; one that never had a day, when it was cancelled."""
    cancelled = Run.cancelled_at < datetime.combine(day, time.min, UTC)
    return sa.or_(Run.last_on < day, sa.and_(Run.last_on.is_(None), cancelled))


def select_going_on(day: date) -> sa.Select[int]:
    """The events with a run that was not over before that day."""
    return sa.select(Run.event_id).where(sa.func.coalesce(sa.not_(is_over(day)), sa.true()))


def delete(session: Session, model: type[Any], condition: sa.ColumnElement[bool]) -> int:
    """How many rows went."""
    return count(session.execute(sa.delete(model).where(condition).execution_options(synchronize_session=False)))


def update(session: Session, model: type[Any], *conditions: sa.ColumnElement[bool], **values: Any) -> int:
    """How many rows lost what they had."""
    statement = sa.update(model).where(*conditions).values(**values)
    return count(session.execute(statement.execution_options(synchronize_session=False)))


def count(result: Any) -> int:
    return int(result.rowcount)
