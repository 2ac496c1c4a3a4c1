"""Turns what a line says about time into spans of real days, with remarks where there are no such days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import pairwise

from eventsys.events.announcements.days import DayPhrase, Point, Run
from eventsys.events.announcements.line import Clock
from eventsys.events.announcements.periods import Item, Period, PeriodPhrase
from eventsys.events.announcements.shapes import Remark, Span
from eventsys.events.rules import Precision

LONGEST_WITHOUT_REMARK = 14
LONGEST_MONTHS_INTO_NEXT_YEAR = 6


@dataclass(slots=True)
class Resolved:
    """`said` are the weekdays the line gives its days; `years` are the years it names."""

    spans: list[Span] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    said: dict[date, int] = field(default_factory=dict)
    years: list[int] = field(default_factory=list)


def resolve_days(phrase: DayPhrase, year: int, only_clock: Clock | None) -> Resolved:
    """The spans of the runs. `only_clock` is a time that stands apart from the days and goes for all of them."""
    resolved = Resolved()
    points = _with_months([point for run in phrase.runs for point in run.points])
    resolved.years = [point.year for point in points if point.year is not None]
    dated = iter(zip(points, _years(points, year), strict=True))
    clocks = _clocks(phrase.runs, only_clock)
    for run, clock in zip(phrase.runs, clocks, strict=True):
        days = [_day(*next(dated), resolved) for _ in run.points]
        if None not in days:
            _add_run(resolved, [day for day in days if day], clock)
    if phrase.either:
        resolved.remarks.append(Remark("alternatives"))
    return resolved


def _with_months(points: list[Point]) -> list[Point]:
    """A day without a month has that of the next day that has one."""
    found: list[Point] = []
    month: int | None = None
    for point in reversed(points):
        month = point.month if point.month is not None else month
        found.append(Point(point.day, month, point.year, point.weekday, point.clock))
    return found[::-1]


def _years(points: list[Point], year: int) -> list[int]:
    """The year of each day: its own, else that of the next day that has one, else of the one before, else `year`.

    New Year is passed once at most, where December (or November) is followed by January (or February).
    """
    passed = [0]
    for before, after in pairwise(points):
        wraps = (before.month or 0) >= 11 and (after.month or 12) <= 2
        passed.append(1 if wraps else passed[-1])
    given = [(place, point.year) for place, point in enumerate(points) if point.year is not None]
    found: list[int] = []
    for place in range(len(points)):
        later = [entry for entry in given if entry[0] >= place]
        nearest = later[0] if later else given[-1] if given else (0, year)
        found.append(nearest[1] - passed[nearest[0]] + passed[place])
    return found


def _day(point: Point, year: int, resolved: Resolved) -> date | None:
    try:
        day = date(year, point.month or 0, point.day)
    except (ValueError, OverflowError):
        resolved.remarks.append(Remark("no_such_day", (str(point.day), str(point.month), str(year))))
        return None
    if point.weekday is not None:
        resolved.said[day] = point.weekday
    return day


def _clocks(runs: tuple[Run, ...], only_clock: Clock | None) -> list[tuple[time | None, time | None]]:
    """Start and end of each run. «1. og 2. september kl. 10» is ten o'clock on both days."""
    found: list[tuple[time | None, time | None]] = []
    attached = [point.clock for run in runs for point in run.points if point.clock]
    later: Clock | None = None
    for run in reversed(runs):
        first, last = run.first.clock, run.last.clock if run.last else None
        if first and last:
            found.append((first.starts, last.ends or last.starts))
            continue
        own = first or last
        clock = own or only_clock or (later if len(attached) == 1 else None)
        later = own or later
        found.append((clock.starts, clock.ends) if clock else (None, None))
    return found[::-1]


def _add_run(resolved: Resolved, days: list[date], clock: tuple[time | None, time | None]) -> None:
    first, last = days[0], days[-1]
    if last < first:
        resolved.remarks.append(Remark("end_before_start", (first.isoformat(), last.isoformat())))
        return
    length = (last - first).days + 1
    if length > LONGEST_WITHOUT_REMARK:
        resolved.remarks.append(Remark("long_span", (first.isoformat(), last.isoformat(), str(length))))
    starts, ends = clock
    if starts and ends and first == last and ends <= starts:
        resolved.remarks.append(Remark("end_before_start", (f"{starts:%H:%M}", f"{ends:%H:%M}")))
        starts = ends = None
    precision = Precision.EXACT if starts else Precision.DAYS
    resolved.spans.append(Span(precision, first, last, starts, ends if starts else None))


def resolve_period(phrase: PeriodPhrase, year: int) -> Resolved:
    """The spans of weeks, months and seasons; those that follow on one another become one, save weeks."""
    resolved = Resolved(years=[item.year for item in phrase.items if item.year is not None])
    for item in phrase.items:
        try:
            _ADD[phrase.period](resolved, item, item.year or year, phrase.weekday or 0)
        except (ValueError, OverflowError):
            resolved.remarks.append(Remark("no_such_day", ("1", str(item.first), str(item.year or year))))
    if phrase.period is Period.UNKNOWN:
        resolved.spans.append(Span(Precision.UNKNOWN, None, None))
        resolved.remarks.append(Remark("date_to_come"))
    if phrase.period in {Period.MONTH, Period.SEASON}:
        resolved.spans = _merged(resolved.spans)
    resolved.remarks.extend(_how_exact(phrase.period, resolved.spans))
    return resolved


def _add_weeks(resolved: Resolved, item: Item, year: int, _: int) -> None:
    wraps = item.first >= 50 and item.last <= 3
    first_year = year - 1 if wraps and item.year is not None else year
    first = _week(item.first, first_year, 1, resolved)
    last = _week(item.last, first_year + wraps, 7, resolved)
    if first is None or last is None:
        return
    if last < first:
        resolved.remarks.append(Remark("end_before_start", (str(item.first), str(item.last))))
        return
    resolved.spans.append(Span(Precision.WEEK, first, last))


def _add_day_of_week(resolved: Resolved, item: Item, year: int, weekday: int) -> None:
    day = _week(item.first, year, weekday + 1, resolved)
    if day is not None:
        resolved.spans.append(Span(Precision.DAYS, day, day))


def _week(week: int, year: int, weekday: int, resolved: Resolved) -> date | None:
    try:
        return date.fromisocalendar(year, week, weekday)
    except (ValueError, OverflowError):
        remark = Remark("no_such_week", (str(week), str(year)))
        if remark not in resolved.remarks:
            resolved.remarks.append(remark)
        return None


def _add_months(resolved: Resolved, item: Item, year: int, _: int) -> None:
    wraps = item.last < item.first
    if wraps and item.last + 12 - item.first >= LONGEST_MONTHS_INTO_NEXT_YEAR:
        ends = (f"{year:04}-{item.first:02}", f"{year:04}-{item.last:02}")
        resolved.remarks.append(Remark("end_before_start", ends))
        return
    first_year = year - 1 if wraps and item.year is not None and item.year_is_of_last else year
    first = date(first_year, item.first, 1)
    resolved.spans.append(Span(Precision.MONTH, first, _month_end(first_year + wraps, item.last)))


def _add_season(resolved: Resolved, item: Item, year: int, _: int) -> None:
    winter = item.first == 12
    last = _month_end(year + 1, 2) if winter else _month_end(year, item.first + 2)
    span = Span(Precision.SEASON, date(year, item.first, 1), last)
    resolved.spans.append(span)
    if winter and item.last == 12:
        resolved.remarks.append(Remark("which_winter", _iso_ends(span)))


def _add_nothing(resolved: Resolved, item: Item, year: int, _: int) -> None:
    return None


_ADD = {
    Period.WEEK: _add_weeks,
    Period.WEEKDAY: _add_day_of_week,
    Period.MONTH: _add_months,
    Period.SEASON: _add_season,
    Period.UNKNOWN: _add_nothing,
}


def _month_end(year: int, month: int) -> date:
    first_of_next = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return first_of_next - timedelta(days=1)


def _merged(spans: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for span in spans:
        before = found[-1] if found else None
        if before and before.last_on and span.first_on and before.last_on + timedelta(days=1) == span.first_on:
            found[-1] = Span(before.precision, before.first_on, span.last_on)
        else:
            found.append(span)
    return found


def _iso_ends(span: Span) -> tuple[str, ...]:
    return tuple(day.isoformat() for day in (span.first_on, span.last_on) if day)


def _how_exact(period: Period, spans: Sequence[Span]) -> list[Remark]:
    """That the days are not known yet, and what is."""
    if period is Period.SEASON:
        return [Remark("season_only", _iso_ends(span)) for span in spans]
    if period is Period.MONTH:
        return [Remark("month_only", _once(end[:7] for end in _iso_ends(span))) for span in spans]
    if period is Period.WEEK:
        days = [[day for day in (span.first_on, span.last_on) if day] for span in spans]
        return [Remark("week_only", _once(_iso_week(day) for day in ends)) for ends in days]
    return []


def _iso_week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
