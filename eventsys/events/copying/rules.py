"""What may follow when an event is made over again, and how its days move so that weekdays stay. Pure."""

from __future__ import annotations

import calendar
import enum
import re
from dataclasses import replace
from datetime import date, timedelta

from eventsys.events.rules import BELOW_DAYS, Precision, RunFacts, Translated

YEAR = 52
"""Weeks: a year later on the same weekday."""


class Follow(enum.StrEnum):
    """What of an event follows to its copy. Registrations, mail, history and held places never do."""

    TEXTS = "texts"
    AUDIENCE = "audience"
    PLACES = "places"
    PROGRAMME = "programme"
    QUESTIONS = "questions"
    RULES = "rules"
    LIMITS = "limits"
    DEADLINES = "deadlines"
    CONTACTS = "contacts"
    MATERIALS = "materials"


USUAL = frozenset(Follow) - {Follow.MATERIALS}
"""What is ticked at first: papers most often belong to one time."""

_LENGTHS = {Precision.WEEK: 7, Precision.MONTH: 30, Precision.SEASON: 91}


def widen(precision: Precision, first: date, last: date) -> tuple[date, date]:
    """The whole weeks, months or seasons (March to May, June to August, …) that two days lie in."""
    if precision is Precision.WEEK:
        return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    if precision is Precision.MONTH:
        return first.replace(day=1), _end_of_month(last.year, last.month)
    if precision is Precision.SEASON:
        return _season(first)[0], _season(last)[1]
    return first, last


def _season(day: date) -> tuple[date, date]:
    year = day.year - 1 if day.month < 3 else day.year
    begins = 12 if day.month < 3 else day.month // 3 * 3
    ends_year, ends = (year + 1, 2) if begins == 12 else (year, begins + 2)
    return date(year, begins, 1), _end_of_month(ends_year, ends)


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def suggest_day(run: RunFacts, days: int) -> date | None:
    """A day to begin on, so many days later. Of a week, a month or a season one in the middle of it, so that 52 weeks after
    October is October. None where the days are not known."""
    if run.first_on is None:
        return None
    return run.first_on + timedelta(days=days + _LENGTHS.get(run.precision, 0) // 2)


def move(run: RunFacts, begins_on: date | None) -> RunFacts:
    """The run as long as it is and at the same times, beginning on that day; without a day it is not known when.

    Of a run whose days were not known, a day makes that day.
    """
    if begins_on is None:
        return replace(run, precision=Precision.UNKNOWN, first_on=None, last_on=None, starts=None, ends=None)
    if run.first_on is None or run.last_on is None:
        return replace(run, precision=Precision.DAYS, first_on=begins_on, last_on=begins_on)
    length = (run.last_on - run.first_on).days
    if run.precision in BELOW_DAYS:
        more = max(length + 1 - _LENGTHS[run.precision], 0)
        first, last = widen(run.precision, begins_on, begins_on + timedelta(days=more))
        return replace(run, first_on=first, last_on=last)
    return replace(run, first_on=begins_on, last_on=begins_on + timedelta(days=length))


def days_between(old: date | None, new: date | None) -> int | None:
    return (new - old).days if old is not None and new is not None else None


def keeps_weekdays(days: int | None) -> bool:
    return days is None or days % 7 == 0


def shift_day(day: date | None, days: int | None) -> date | None:
    """A deadline as far from the copy as it was from the first; none where it is not known how far that is."""
    return day + timedelta(days=days) if day is not None and days is not None else None


def name_next(title: Translated, ordinal: int | None) -> Translated:
    """The titles with the next number, where they have one: «Læringsseminar 2» gives «Læringsseminar 3»."""
    if ordinal is None:
        return dict(title)
    number = re.compile(rf"(?<!\d){ordinal}(?!\d)")
    return {code: number.sub(str(ordinal + 1), text, count=1) for code, text in title.items()}


def name_in_year(title: Translated, years: int) -> Translated:
    """The titles with every year so many later: «Høsten 2008» gives «Høsten 2009»."""
    return {
        code: re.sub(r"(?<!\d)(?:19|20)\d\d(?!\d)", lambda found: str(int(found[0]) + years), text)
        for code, text in title.items()
    }
