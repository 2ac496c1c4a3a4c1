"""Which moments an event's rules want of it, reckoned once for each way that rules and runs can stand. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from eventsys.dates import to_utc
from eventsys.workflows.rules import OF_EVENTS, Anchor, Relative, Unit
from eventsys.workflows.rules.moments import decide_moment


class Wish(NamedTuple):
    """A rule that is on: its columns, and since when it counts for the event. Plain values, quick to compare."""

    rule_id: int
    anchor: str | None
    offset: int
    unit: str | None
    clock_time: time | None
    at_local: datetime | None
    run_id: int | None
    since: datetime

    @property
    def relative(self) -> Relative | None:
        if self.anchor is None or self.unit is None:
            return None
        return Relative(Anchor(self.anchor), self.offset, Unit(self.unit), self.clock_time)


class RunTimes(NamedTuple):
    """A run that goes: local start and end where its days are set, and when people could first know of it."""

    id: int
    starts: datetime | date | None
    ends: datetime | date | None
    timezone: str
    shown_at: datetime


class EventTimes(NamedTuple):
    """The last day of registration and that by which seats are named, and when people could first know of the event;
    `timezone` is the organiser's."""

    closes_on: date | None
    names_by: date | None
    timezone: str
    shown_at: datetime


class Wanted(NamedTuple):
    rule_id: int
    run_id: int | None
    due_at: datetime


@functools.lru_cache(maxsize=10_000)
def list_wanted(wishes: tuple[Wish, ...], event: EventTimes, runs: tuple[RunTimes, ...]) -> tuple[Wanted, ...]:
    """Every moment that the rules want of a published event. None is before its rule was on or it could be known of."""
    return tuple(
        Wanted(wish.rule_id, run.id if run else None, due)
        for wish in wishes
        for run, due in _moments(wish, event, runs)
        if due >= max(wish.since, run.shown_at if run else event.shown_at)
    )


@functools.lru_cache(maxsize=10_000)
def list_lines(wishes: tuple[Wish, ...], event: EventTimes, runs: tuple[RunTimes, ...]) -> frozenset[str]:
    """The same as `planning` reads what there is from the database."""
    return frozenset(write_line(*wanted) for wanted in list_wanted(wishes, event, runs))


def write_line(rule_id: int, run_id: int | None, due_at: datetime) -> str:
    return f"{rule_id}/{run_id or 0}/{due_at:%Y-%m-%d %H:%M:%S.%f}"


def _moments(wish: Wish, event: EventTimes, runs: Sequence[RunTimes]) -> Iterable[tuple[RunTimes | None, datetime]]:
    meant = [run for run in runs if wish.run_id in (None, run.id)]
    relative = wish.relative
    if relative is None:
        assert wish.at_local is not None
        at = to_utc(wish.at_local, event.timezone)
        return [(run, at) for run in meant] if wish.run_id is not None else [(None, at)]
    if relative.anchor in OF_EVENTS:
        last_days = {"closes_on": event.closes_on, "names_by": event.names_by}
        due = decide_moment(relative, None, None, event.timezone, **last_days)
        return [(None, due)] if due else []
    found = [(run, decide_moment(relative, run.starts, run.ends, run.timezone)) for run in meant]
    return [(run, due) for run, due in found if due]


def read_relative(rule: Any) -> Relative | None:
    """What a rule, or a row with its columns, counts from; None for one that counts from nothing."""
    if rule.anchor is None or rule.unit is None or rule.offset_units is None:
        return None
    return Relative(rule.anchor, rule.offset_units, rule.unit, rule.clock_time)
