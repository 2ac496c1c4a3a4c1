"""The grammar of dates that are not days: «uke 36–37», «mai/juni 2009», «høsten 2009», «dato kommer».

It says what is written; which year it is and what days that makes is for `calendar`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from eventsys.events.announcements.clocks import is_range_mark
from eventsys.events.announcements.days import begins_date, month_at, year_at
from eventsys.events.announcements.line import Gap, Kind, Line
from eventsys.events.announcements.words import (
    BARE_SEASONS,
    FULL_MONTHS,
    SEASONS,
    TO_COME,
    TO_COME_BESIDE,
    WEEKDAYS,
    WEEKS,
    WHEN,
)

MOST_ITEMS = 12


class Period(enum.Enum):
    WEEK = enum.auto()
    WEEKDAY = enum.auto()
    MONTH = enum.auto()
    SEASON = enum.auto()
    UNKNOWN = enum.auto()


@dataclass(frozen=True, slots=True)
class Item:
    """From one week or month up to another. `year` is that of `last` when it stands after it, else of `first`."""

    first: int
    last: int
    year: int | None = None
    year_is_of_last: bool = False


@dataclass(frozen=True, slots=True)
class PeriodPhrase:
    start: int
    end: int
    period: Period
    items: tuple[Item, ...] = ()
    weekday: int | None = None


def period_phrase(line: Line, place: int, *, lenient: bool) -> PeriodPhrase | None:
    """The period that begins here. Names of months and seasons may be misprinted only when `lenient`."""
    return (
        _weeks(line, place)
        or _months(line, place, lenient=lenient)
        or _seasons(line, place, lenient=lenient)
        or _unknown(line, place)
    )


def to_come(line: Line, place: int) -> int | None:
    """The place after «kommer», «ikke fastsatt» and the like; None if that does not stand here."""
    end = place
    said = False
    while line.as_written(end) in TO_COME or line.as_written(end) in TO_COME_BESIDE:
        said = said or line.as_written(end) in TO_COME
        end += 1
    return end if said else None


def _unknown(line: Line, place: int) -> PeriodPhrase | None:
    if line.as_written(place) in {"tba", "tbd"}:
        return PeriodPhrase(place, place + 1, Period.UNKNOWN)
    if line.word(place) not in WHEN:
        return None
    end = to_come(line, place + 1 + (line.kind(place + 1) is Kind.COLON))
    return None if end is None else PeriodPhrase(place, end, Period.UNKNOWN)


def _weeks(line: Line, start: int) -> PeriodPhrase | None:
    weekday, place = _weekday_of_week(line, start)
    if line.word(place) not in WEEKS:
        return None
    place = line.after_dot(place + 1 + (line.as_written(place + 1) in {"nr", "nummer"}))
    items: list[Item] = []
    while len(items) < MOST_ITEMS and (found := _week_item(line, place)) is not None:
        item, end = found
        items.append(item)
        joined = line.as_written(end) in {"og", "eller"}
        if not joined or _week_item(line, end + 1) is None:
            break
        place = end + 1
    if not items:
        return None
    year, end = _year_of_week(line, end)
    with_year = tuple(Item(item.first, item.last, year, True) for item in items)
    return PeriodPhrase(start, end, Period.WEEK if weekday is None else Period.WEEKDAY, with_year, weekday)


def _weekday_of_week(line: Line, start: int) -> tuple[int | None, int]:
    """«onsdag i» before «uke 36», and the place after it."""
    if line.word(start) not in WEEKDAYS:
        return None, start
    place = line.after_dot(start + 1)
    return WEEKDAYS[line.word(start)], place + (line.word(place) == "i")


def _week_item(line: Line, place: int) -> tuple[Item, int] | None:
    first = line.number(place)
    if first is None or _is_day(line, place):
        return None
    last = line.number(place + 2) if is_range_mark(line, place + 1) else None
    if last is None or _is_day(line, place + 2):
        return Item(first, first), place + 1
    return Item(first, last), place + 3


def _is_day(line: Line, place: int) -> bool:
    dotted = line.near_kind(place + 1, Kind.DOT)
    return month_at(line, line.after_dot(place + 1)) is not None or (dotted and begins_date(line, place))


def _year_of_week(line: Line, place: int) -> tuple[int | None, int]:
    for start in (place + 1, place) if line.kind(place) in {Kind.SLASH, Kind.COMMA} else (place,):
        if (year := year_at(line, start)) is not None:
            return year, start + 1
    return None, place


def _months(line: Line, start: int, *, lenient: bool) -> PeriodPhrase | None:
    if line.kind(start - 1) is Kind.NUMBER or (
        line.kind(start - 2) is Kind.NUMBER and line.near_kind(start - 1, Kind.DOT)
    ):
        # A day that was not understood must not become the whole month.
        return None
    items: list[Item] = []
    place = end = start
    while len(items) < MOST_ITEMS and (found := _month_item(line, place, lenient=lenient)) is not None:
        item, end = found
        items.append(item)
        place = _after_or(line, end)
        if place == end:
            break
    if not items:
        return None
    return PeriodPhrase(start, end, Period.MONTH, _years_from_right(items))


def _month_item(line: Line, place: int, *, lenient: bool) -> tuple[Item, int] | None:
    first = _bare_month(line, place, lenient=lenient)
    if first is None:
        return None
    month, end, year = first
    last = _bare_month(line, end + 1, lenient=lenient) if is_range_mark(line, end) else None
    if last is None:
        return Item(month, month, year), end
    if year is not None:
        # «desember 2008–januar 2009»: the first year is enough, the second can only follow from it.
        return Item(month, last[0], year), last[1]
    return Item(month, last[0], last[2], True), last[1]


def _bare_month(line: Line, place: int, *, lenient: bool) -> tuple[int, int, int | None] | None:
    """A month with no day before it, the place after it and its year. A short form needs its stop or a year."""
    found = month_at(line, place)
    if found is None or not (lenient or line.exact(place)):
        return None
    month, end = found
    year = year_at(line, end)
    if line.word(place) not in FULL_MONTHS and end == place + 1 and year is None:
        return None
    return month, end + (year is not None), year


def _after_or(line: Line, place: int) -> int:
    """The place after «/», «og», «eller» or a comma if a month or a season follows, else the same place."""
    joins = line.kind(place) in {Kind.SLASH, Kind.COMMA} or line.as_written(place) in {"og", "eller"}
    following = line.word(place + 1)
    follows = following in FULL_MONTHS or following in SEASONS or following in BARE_SEASONS
    return place + 1 if joins and follows else place


def _years_from_right(items: list[Item]) -> tuple[Item, ...]:
    """«mai og juni 2009»: a year stands for those before it that have none."""
    found: list[Item] = []
    year: int | None = None
    for item in reversed(items):
        year = item.year if item.year is not None else year
        found.append(Item(item.first, item.last, year, item.year_is_of_last))
    return tuple(reversed(found))


def _seasons(line: Line, start: int, *, lenient: bool) -> PeriodPhrase | None:
    items: list[Item] = []
    place = end = start
    while len(items) < MOST_ITEMS and (season := _season_at(line, place, lenient=lenient)) is not None:
        year, end = _season_year(line, place + 1, season)
        # A winter named by both its years ends in February; one named by a single year is only taken to.
        items.append(Item(season, 2 if end > place + 2 else season, year))
        place = _after_or(line, end)
        if place == end:
            break
    bare = line.word(start) in BARE_SEASONS
    if not items or (bare and items[-1].year is None):
        return None
    return PeriodPhrase(start, end, Period.SEASON, _years_from_right(items))


def _season_at(line: Line, place: int, *, lenient: bool) -> int | None:
    word = line.word(place) if lenient else line.exact(place)
    return SEASONS.get(word) or BARE_SEASONS.get(word)


def _season_year(line: Line, place: int, season: int) -> tuple[int | None, int]:
    """The year after a season; a winter may have two («vinteren 2008/2009», «2008–09»)."""
    year = year_at(line, place)
    if year is None:
        return None, place
    second = line.number(place + 2, (2, 4))
    pair = line.kind(place + 1) in {Kind.SLASH, Kind.DASH} and second is not None and line.tokens[place + 1].gap == 0
    if season == 12 and pair and second in {year + 1, (year + 1) % 100} and line.tokens[place + 2].gap == Gap.NONE:
        return year, place + 3
    return year, place + 1
