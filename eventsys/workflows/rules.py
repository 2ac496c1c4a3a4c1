"""When a rule fires: the arithmetic of wall clocks and working days, and what a change is mailed as. Pure."""

from __future__ import annotations

import enum
import functools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import holidays

from eventsys.dates import to_utc
from eventsys.registrations.rules import Change, State


class Trigger(enum.StrEnum):
    """What makes a rule fire: a kind of change, or a time relative to a run."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    PROMOTED = "promoted"
    REQUESTED = "requested"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REPEATED = "repeated"
    READDRESSED = "readdressed"
    RUN_CHANGED = "run_changed"
    RUN_CANCELLED = "run_cancelled"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


class Anchor(enum.StrEnum):
    """What a relative time counts from: a run's start or end, or the last day of an event's registration."""

    START = "start"
    END = "end"
    DEADLINE = "deadline"


class Audience(enum.StrEnum):
    """To whom: the one whom a change concerns; registrations by state; organisations (their official mailboxes) that an
    event is for and that have nobody signed up, or too few sides; the organisers themselves."""

    CONCERNED = "concerned"
    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    REQUESTED = "requested"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"
    ORGANISATIONS_WITHOUT = "organisations_without"
    ORGANISATIONS_LACKING = "organisations_lacking"
    ORGANISERS = "organisers"


class Unit(enum.StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    WORKING_DAYS = "working_days"


class OccasionState(enum.StrEnum):
    PLANNED = "planned"
    FIRED = "fired"
    MISSED = "missed"
    DROPPED = "dropped"


REMINDERS = "reminders"
TOO_LATE_AFTER = timedelta(hours=24)
ALIVE = (State.REQUESTED, State.OFFERED, State.WAITING, State.CONFIRMED)
HAS_A_PLACE = (State.CONFIRMED, State.ATTENDED, State.ABSENT)
COMING = (State.CONFIRMED,)


@dataclass(frozen=True, slots=True)
class Demands:
    """What must hold when a mail of a template is sent: the registrations' states, and whether the run still stands.

    `calendar` is the method of its calendar part, `category` what its reader may unsubscribe from.
    """

    states: tuple[State, ...]
    calendar: str = ""
    category: str = ""
    needs_run: bool = True
    before_start: bool = False


TEMPLATES: dict[str, Demands] = {
    "confirmed": Demands(HAS_A_PLACE, calendar="REQUEST"),
    "waiting": Demands((State.WAITING,)),
    "promoted": Demands(HAS_A_PLACE, calendar="REQUEST"),
    "requested": Demands((State.REQUESTED,)),
    "declined": Demands((State.DECLINED,), needs_run=False),
    "cancelled": Demands((State.CANCELLED,), calendar="CANCEL", needs_run=False),
    "repeated": Demands(ALIVE),
    "readdressed": Demands(ALIVE, calendar="REQUEST"),
    "run_changed": Demands(ALIVE, calendar="REQUEST"),
    "run_cancelled": Demands(ALIVE, calendar="CANCEL", needs_run=False),
    "reminder": Demands(COMING, category=REMINDERS, before_start=True),
    "practical": Demands(COMING, category=REMINDERS, before_start=True),
}


@dataclass(frozen=True, slots=True)
class Relative:
    """A time by a run: so many units from its start or end (negative is before), at a local clock time."""

    anchor: Anchor
    offset: int
    unit: Unit
    clock_time: time | None


SHIPPED_RELATIVE: dict[str, Relative] = {
    "reminder": Relative(Anchor.START, -7, Unit.DAYS, time(9)),
    "practical": Relative(Anchor.START, -1, Unit.WORKING_DAYS, time(12)),
}
TIMED = (Trigger.RELATIVE, Trigger.ABSOLUTE)
SHIPPED_AT_ONCE = tuple(trigger for trigger in Trigger if trigger not in TIMED)

ARRIVALS = {State.CONFIRMED: Trigger.CONFIRMED, State.WAITING: Trigger.WAITING, State.REQUESTED: Trigger.REQUESTED}


def decide_trigger(change: Change, from_state: State | None, to_state: State) -> Trigger | None:
    """What a change of a registration is mailed as; None if nobody is told."""
    if change in (Change.REGISTERED, Change.ACCEPTED):
        return ARRIVALS.get(to_state)
    if change is Change.PROMOTED:
        return Trigger.PROMOTED if to_state is State.CONFIRMED and from_state is not State.CONFIRMED else None
    return {
        Change.REPEATED: Trigger.REPEATED,
        Change.DECLINED: Trigger.DECLINED,
        Change.CANCELLED: Trigger.CANCELLED,
        Change.READDRESSED: Trigger.READDRESSED,
    }[change]


# --- time ---------------------------------------------------------------------------------------------------------


def due_at(offset: int, unit: Unit, clock_time: time | None, anchor: datetime | date, timezone: str) -> datetime:
    """The moment (UTC) `offset` units from `anchor`, which is local: wall-clock arithmetic, whatever the offset to UTC.

    A day that is no working day in Norway gives way to the working day before it; after the anchor, to the one behind.
    Without `clock_time` it is the anchor's own, so a day alone needs one: `ValueError`.
    """
    at = clock_time if clock_time is not None else _clock_of(anchor)
    day = anchor.date() if isinstance(anchor, datetime) else anchor
    direction = 1 if offset > 0 else -1
    if unit is Unit.DAYS:
        day += timedelta(days=offset)
    for _ in range(abs(offset) if unit is Unit.WORKING_DAYS else 0):
        day = nearest_working_day(day + timedelta(days=direction), direction)
    return to_utc(datetime.combine(nearest_working_day(day, direction) if offset else day, at), timezone)


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


# --- occasions ------------------------------------------------------------------------------------------------------


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


def decide_moment(relative: Relative, starts: datetime | date, ends: datetime | date, timezone: str) -> datetime | None:
    """When the rule fires for a run with this local start and end; None when a day alone has no clock time to give."""
    anchor = starts if relative.anchor is Anchor.START else ends
    if relative.clock_time is None and not isinstance(anchor, datetime):
        return None
    return due_at(relative.offset, relative.unit, relative.clock_time, anchor, timezone)


def decide_step(wanted: datetime | None, newest: Happened | None, *, not_before: datetime, now: datetime) -> Step:
    """How the newest occasion becomes what the rule wants. What fired fires again only when it moves to the future.

    A moment before `not_before` (the rule was off, or the event not published) is never made.
    """
    if wanted is not None and wanted < not_before:
        wanted = None
    if newest is None:
        return Step.ADD if wanted else Step.NOTHING
    if newest.state in (OccasionState.FIRED, OccasionState.MISSED):
        return Step.ADD if wanted and wanted > now and wanted != newest.due_at else Step.NOTHING
    is_planned = newest.state is OccasionState.PLANNED
    if is_planned and newest.due_at == wanted:
        return Step.NOTHING
    if wanted is None or (newest.generation > 0 and wanted <= now):
        return Step.DROP if is_planned else Step.NOTHING
    return Step.MOVE
