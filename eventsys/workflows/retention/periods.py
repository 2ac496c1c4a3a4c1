"""How long things are kept, each organiser's as it says, and what erasing has in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Run
from eventsys.organisers.models import Organiser

ORDINARY = timedelta(days=2 * 365)
"""Of what belongs to no organiser; each organiser says for itself how long its own is kept."""
SIGN_IN = timedelta(days=30)
STRAY = timedelta(days=90)
"""How long what nothing needs any more is kept, in case somebody asks what happened."""
ERASED = ""

Groups = tuple[tuple[timedelta, tuple[int, ...]], ...]
"""A period, and the ids of the organisers that have it; shortest first."""


class Periods(NamedTuple):
    """What the organisers have set, those with the same together."""

    ordinary: Groups
    sensitive: Groups


def in_days(months: int) -> timedelta:
    """A year is 365 days."""
    return timedelta(days=months * 365 // 12)


def erased_on(organiser: Organiser, day: date) -> date:
    """The day on which what was written down about people on that day goes."""
    return day + in_days(organiser.ordinary_months)


def read_periods(session: Session) -> Periods:
    """One statement."""
    ordinary: dict[timedelta, list[int]] = {}
    sensitive: dict[timedelta, list[int]] = {}
    columns = Organiser.id, Organiser.ordinary_months, Organiser.sensitive_days
    for number, months, days in session.execute(sa.select(*columns).order_by(Organiser.id)):
        ordinary.setdefault(in_days(months), []).append(number)
        sensitive.setdefault(timedelta(days=days), []).append(number)
    return Periods(_group(ordinary), _group(sensitive))


def _group(found: dict[timedelta, list[int]]) -> Groups:
    return tuple((period, tuple(found[period])) for period in sorted(found))


def for_each(
    groups: Groups, organiser: Any, condition: Callable[[timedelta], sa.ColumnElement[bool]]
) -> sa.ColumnElement[bool]:
    """The condition with each organiser's own period; where all have the same, it alone."""
    if len(groups) == 1:
        return condition(groups[0][0])
    return sa.or_(sa.false(), *(sa.and_(organiser.in_(ids), condition(period)) for period, ids in groups))


def is_over(day: date) -> sa.ColumnElement[bool]:
    """The condition that a run was over before that day; one that never had a day, when it was cancelled."""
    cancelled = Run.cancelled_at < datetime.combine(day, time.min, UTC)
    return sa.or_(Run.last_on < day, sa.and_(Run.last_on.is_(None), cancelled))


def is_long_over(groups: Groups, today: date) -> sa.ColumnElement[bool]:
    """The condition that a run was over longer ago than its organiser's period."""
    return for_each(groups, Run.organiser_id, lambda period: is_over(today - period))


def select_going_on(groups: Groups, today: date) -> sa.Select[int]:
    """The events with a run that is not long over."""
    return sa.select(Run.event_id).where(sa.func.coalesce(sa.not_(is_long_over(groups, today)), sa.true()))


def delete(session: Session, model: type[Any], condition: sa.ColumnElement[bool]) -> int:
    """How many rows went."""
    return count(session.execute(sa.delete(model).where(condition).execution_options(synchronize_session=False)))


def update(session: Session, model: type[Any], *conditions: sa.ColumnElement[bool], **values: Any) -> int:
    """How many rows lost what they had."""
    statement = sa.update(model).where(*conditions).values(**values)
    return count(session.execute(statement.execution_options(synchronize_session=False)))


def count(result: Any) -> int:
    return int(result.rowcount)
