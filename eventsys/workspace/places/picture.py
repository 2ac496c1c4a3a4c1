"""Rooms over a day or a week as bars on a line: places in per cent of its width. Pure."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

FIRST_HOUR, LAST_HOUR = 7, 21
"""The hours that are always shown; a booking outside them makes the line longer."""
THINNEST = 0.6
"""So many per cent are seen, and can be pointed at, however short the booking is."""


class View(enum.StrEnum):
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Line:
    """The days of the picture and the hours of each that are drawn; the nights between are left out."""

    first_on: date
    days: int
    first_hour: int = FIRST_HOUR
    last_hour: int = LAST_HOUR

    @property
    def last_on(self) -> date:
        return self.first_on + timedelta(days=self.days - 1)

    def place(self, local: datetime) -> float:
        """Where a local time is, from 0 to 100; what is outside the drawn hours is at their edge."""
        if local.date() < self.first_on:
            return 0.0
        if local.date() > self.last_on:
            return 100.0
        hours = local.hour + local.minute / 60
        share = (hours - self.first_hour) / (self.last_hour - self.first_hour)
        return ((local.date() - self.first_on).days + min(max(share, 0.0), 1.0)) * 100 / self.days

    def list_marks(self) -> list[tuple[float, int]]:
        """Where every second hour of a single day begins, and which hour that is."""
        share = 100 / (self.last_hour - self.first_hour)
        hours = range(self.first_hour, self.last_hour) if self.days == 1 else ()
        return [(round((hour - self.first_hour) * share, 2), hour) for hour in hours if hour % 2 == 0]

    def list_days(self) -> list[tuple[float, date]]:
        """Where each day begins."""
        share = 100 / self.days
        return [(round(n * share, 2), self.first_on + timedelta(days=n)) for n in range(self.days)]


@dataclass(frozen=True, slots=True)
class Span:
    """A bar in per cent of the line."""

    x: float
    width: float


def make_line(view: View, on: date, times: Sequence[tuple[datetime, datetime]]) -> Line:
    """The day, or the week from Monday, with hours that hold what begins and ends in it; `times` are local."""
    first_on, days = (on, 1) if view is View.DAY else (on - timedelta(days=on.weekday()), 7)
    line = Line(first_on, days)
    begins = [starts.hour for starts, _ends in times if line.first_on <= starts.date() <= line.last_on]
    finishes = [_full_hour(ends) for _starts, ends in times if line.first_on <= ends.date() <= line.last_on]
    return Line(first_on, days, min([FIRST_HOUR, *begins]), max([LAST_HOUR, *finishes]))


def _full_hour(local: datetime) -> int:
    return local.hour + (1 if local.minute else 0)


def draw(line: Line, starts: datetime, ends: datetime) -> Span:
    """The bar of a booking, of which some is on the line."""
    begin, end = line.place(starts), line.place(ends)
    width = max(end - begin, THINNEST)
    return Span(round(min(begin, 100 - width), 2), round(width, 2))
