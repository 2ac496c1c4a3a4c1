"""When a rule fires: the arithmetic of wall clocks and working days, and what becomes of the time it had before. Pure."""

from __future__ import annotations

import enum
import functools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import holidays

from eventsys.dates import to_local, to_utc
from eventsys.workflows.rules import Anchor, OccasionState, Relative, Unit


def due_at(offset: int, unit: Unit, clock_time: time | None, anchor: datetime | date, timezone: str) -> datetime:
    """The moment (UTC) `offset` units from `anchor`, which is local.

    Minutes and hours are reckoned as time passes; days, weeks and working days on the wall, whatever the offset to UTC. A
    day that is no working day in Norway gives way to the working day before it; after the anchor, to the one behind.
    Without `clock_time` it is the anchor's own, so a day alone needs one: `ValueError`.
    """
    if unit in PASSING:
        return to_utc(datetime.combine(anchor, _clock_of(anchor)), timezone) + offset * PASSING[unit]
    at = clock_time if clock_time is not None else _clock_of(anchor)
    day = anchor.date() if isinstance(anchor, datetime) else anchor
    direction = 1 if offset > 0 else -1
    if unit is Unit.WORKING_DAYS:
        for _ in range(abs(offset)):
            day = nearest_working_day(day + timedelta(days=direction), direction)
    else:
        day += timedelta(days=offset * (7 if unit is Unit.WEEKS else 1))
    return to_utc(datetime.combine(nearest_working_day(day, direction) if offset else day, at), timezone)


PASSING = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}
"""The units that are time that passes and no wall clock."""


def nearest_working_day(day: date, direction: int) -> date:
    """The day itself if people work on it, else the first working day before (-1) or behind (1) it."""
    while not is_working_day(day):
        day += timedelta(days=direction)
    return day


def is_working_day(day: date) -> bool:
    """Whether it is neither a weekend nor a public holiday in Norway."""
    return day.weekday() < 5 and day not in _public_holidays(day.year)


@functools.lru_cache(maxsize=64)
def _public_holidays(year: int) -> Collection[date]:
    return frozenset(holidays.country_holidays("NO", years=year, language="no"))


def _clock_of(anchor: datetime | date) -> time:
    if not isinstance(anchor, datetime):
        raise ValueError("a day alone needs a clock time")
    return anchor.time()


def decide_moment(
    relative: Relative,
    starts: datetime | date | None,
    ends: datetime | date | None,
    timezone: str,
    *,
    closes_on: date | None = None,
    names_by: date | None = None,
) -> datetime | None:
    """When the rule fires for this local start, end, last day of registration and last day to name; None when there is no
    such moment.

    A day alone has no clock time to give; but a last day lasts until it is over, so minutes and hours from a deadline count
    from the midnight after it.
    """
    last_day = {Anchor.DEADLINE: closes_on, Anchor.NAMING: names_by}.get(relative.anchor)
    anchor = {Anchor.START: starts, Anchor.END: ends}.get(relative.anchor, last_day)
    if last_day is not None and relative.unit in PASSING:
        anchor = datetime.combine(last_day + timedelta(days=1), time())
    if anchor is None:
        return None
    if not isinstance(anchor, datetime) and (relative.clock_time is None or relative.unit in PASSING):
        return None
    return due_at(relative.offset, relative.unit, relative.clock_time, anchor, timezone)


def after_quiet(moment: datetime, quiet_from: time | None, quiet_to: time | None, timezone: str) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls in. They may go over midnight; equal ends are none.

    Where the clock shows an hour twice, quiet hours that have ended once have ended.
    """
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return moment
    local = to_local(moment, timezone)
    clock = local.time()
    over_midnight = quiet_from > quiet_to
    is_quiet = clock >= quiet_from or clock < quiet_to if over_midnight else quiet_from <= clock < quiet_to
    if not is_quiet:
        return moment
    day = local.date() + timedelta(days=1 if over_midnight and clock >= quiet_from else 0)
    return max(moment, to_utc(datetime.combine(day, quiet_to), timezone))


# --- occasions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Happened:
    """The newest occasion of a rule for a run, as it stands."""

    generation: int
    due_at: datetime
    state: OccasionState


class Step(enum.StrEnum):
    """What the plan does to the newest occasion of a rule for a run."""

    NOTHING = "nothing"
    ADD = "add"
    MOVE = "move"
    DROP = "drop"


def decide_step(wanted: datetime | None, newest: Happened | None, *, not_before: datetime, now: datetime) -> Step:
    """How the newest occasion becomes what the rule wants. What fired or was dropped comes back for the future alone.

    A moment before `not_before` (the rule was off, or the event not published) is never made.
    """
    if wanted is not None and wanted < not_before:
        wanted = None
    if newest is None:
        return Step.ADD if wanted else Step.NOTHING
    if newest.state in (OccasionState.FIRED, OccasionState.MISSED):
        return Step.ADD if wanted and wanted > now and wanted != newest.due_at else Step.NOTHING
    if newest.state is OccasionState.DROPPED:
        return Step.MOVE if wanted and wanted > now else Step.NOTHING
    if newest.due_at == wanted:
        return Step.NOTHING
    return Step.DROP if wanted is None or (newest.generation > 0 and wanted <= now) else Step.MOVE
