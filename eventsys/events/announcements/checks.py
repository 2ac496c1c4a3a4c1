"""What is odd about the days that were read: weekends, weekdays that differ, another year than the one asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from eventsys.events.announcements.calendar import LONGEST_WITHOUT_REMARK, Resolved
from eventsys.events.announcements.shapes import Remark, Span
from eventsys.events.rules import Precision

SATURDAY = 5
# The nearest later year is the likeliest one to have been meant.
_NEARBY = (1, 2, -1, -2)


def check(resolved: Resolved, year: int) -> list[Remark]:
    # «30. desember 2008–2. januar 2009» is of 2008 as well.
    near = 1 if year in resolved.years else 0
    others = [other for other in dict.fromkeys(resolved.years) if abs(other - year) > near]
    return [
        *(Remark("other_year", (str(other), str(year))) for other in others),
        *_weekdays_that_differ(resolved),
        *_weekends(resolved),
    ]


def _weekdays_that_differ(resolved: Resolved) -> Iterator[Remark]:
    fits = _fitting_year(list(resolved.said), resolved.said)
    for day, said in resolved.said.items():
        if day.weekday() != said:
            yield Remark("weekday_differs", (day.isoformat(), str(said), str(day.weekday()), fits))


def _weekends(resolved: Resolved) -> Iterator[Remark]:
    days = list(dict.fromkeys(day for span in resolved.spans for day in _days(span)))
    fits = _fitting_year(days, resolved.said, workdays=True)
    for day in days:
        if day.weekday() >= SATURDAY:
            yield Remark("weekend", (day.isoformat(), str(day.weekday()), fits))


def _days(span: Span) -> Iterator[date]:
    if span.precision not in {Precision.DAYS, Precision.EXACT} or span.first_on is None or span.last_on is None:
        return
    length = (span.last_on - span.first_on).days + 1
    if length <= LONGEST_WITHOUT_REMARK:
        yield from (span.first_on + timedelta(days=step) for step in range(length))


def _fitting_year(days: Sequence[date], said: Mapping[date, int], *, workdays: bool = False) -> str:
    """The year nearby in which the same days fall on the weekdays said (and on workdays), "" if there is none."""
    for step in _NEARBY:
        moved = {day: _in_year(day, day.year + step) for day in {*days, *said}}
        as_said = all((there := moved[day]) and there.weekday() == weekday for day, weekday in said.items())
        at_work = all((there := moved[day]) and there.weekday() < SATURDAY for day in days) or not workdays
        if as_said and at_work and days:
            return str(min(day.year for day in days) + step)
    return ""


def _in_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None
