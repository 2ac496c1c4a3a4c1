"""How many had a place and how many waited, day by day. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from eventsys import dates


class Delta(NamedTuple):
    """What an hour (UTC) added to, or took from, those with a place and those who wait."""

    at: datetime
    taken: int
    waiting: int


class Point(NamedTuple):
    """How it stood at the end of a local day."""

    on: date
    taken: int
    waiting: int


def draw_curve(deltas: Iterable[Delta], timezone: str, *, until: date | None = None) -> list[Point]:
    """A point for each day on which something changed, and the last one again at `until`, when nothing was known later."""
    days: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for delta in deltas:
        day = days[dates.to_local(delta.at, timezone).date()]
        day[0] += delta.taken
        day[1] += delta.waiting
    points, taken, waiting = [], 0, 0
    for on in sorted(days):
        taken, waiting = taken + days[on][0], waiting + days[on][1]
        points.append(Point(on, taken, waiting))
    if points and until is not None and until > points[-1].on:
        points.append(Point(until, taken, waiting))
    return points


def read_at(points: Sequence[Point], on: date) -> int:
    """How many had a place at the end of that day."""
    return next((point.taken for point in reversed(points) if point.on <= on), 0)


def thin_out(points: Sequence[Point], most: int) -> list[Point]:
    """Few enough to read: the days themselves, else how it stood at the end of each week that saw a change."""
    if len(points) <= most:
        return list(points)
    weeks = {point.on - timedelta(days=point.on.weekday()): point for point in points}
    return list(weeks.values())


class Aligned(NamedTuple):
    """How many had a place so many days before an event began (0: the day itself)."""

    days_before: int
    taken: int


def align(points: Sequence[Point], begins_on: date) -> list[Aligned]:
    """The curve as days before the beginning; what came later stands at the beginning."""
    found: dict[int, int] = {}
    for point in points:
        found[max((begins_on - point.on).days, 0)] = point.taken
    return [Aligned(days, taken) for days, taken in sorted(found.items(), reverse=True)]
