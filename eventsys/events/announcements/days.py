"""The grammar of days: «1.-2 og 2.-3. september», «mån. 1. – tys. 2. sept.», «8.2.2008», «2008-09-01».

It says what is written; which year and whether there is such a day is for `calendar`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from eventsys.events.announcements.clocks import is_range_mark
from eventsys.events.announcements.line import Clock, Gap, Kind, Line
from eventsys.events.announcements.words import FULL_MONTHS, MONTHS, WEEKDAYS

MOST_RUNS = 12
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Point:
    """One day as written; the month and the year may stand further on in the line."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class Run:
    first: Point
    last: Point | None = None

    @property
    def points(self) -> tuple[Point, ...]:
        return (self.first,) if self.last is None else (self.first, self.last)


@dataclass(frozen=True, slots=True)
class DayPhrase:
    """Runs joined by «og», a comma or «eller» (`either`), at the tokens from `start` up to `end`."""

    start: int
    end: int
    runs: tuple[Run, ...]
    either: bool


Found = tuple[Point, int]


def day_phrase(line: Line, start: int) -> DayPhrase | None:
    """The runs that begin here, as many as have a month; None if none has."""
    weekdays, place = _weekday_pair(line, start)
    runs: list[Run] = []
    good: tuple[tuple[Run, ...], int, bool] | None = None
    either = joined_by_either = False
    while len(runs) < MOST_RUNS:
        found = _run(line, place)
        if found is None:
            break
        run, place, first_end = found
        either = either or joined_by_either
        if run.points[-1].month is None and run.first.month is not None:
            good = ((*runs, Run(run.first)), first_end, either)
            break
        runs.append(run)
        if run.points[-1].month is not None:
            good = (tuple(runs), place, either)
        joined = _join(line, place)
        if joined is None:
            break
        place, joined_by_either = joined
    if good is None:
        return None
    phrase = DayPhrase(start, good[1], _with_weekdays(good[0], weekdays), good[2])
    return _with_weekdays_after(line, phrase)


def month_at(line: Line, place: int) -> tuple[int, int] | None:
    """A month's number and the place after its name, with the full stop of a short form."""
    word = line.word(place)
    if word not in MONTHS:
        return None
    return MONTHS[word], place + 1 if word in FULL_MONTHS else line.after_dot(place + 1)


def year_at(line: Line, place: int) -> int | None:
    year = line.number(place, (4,))
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None


def _run(line: Line, place: int) -> tuple[Run, int, int] | None:
    """One day or a range; the place after it, and the place after its first day."""
    first = _point(line, place)
    if first is None:
        return None
    last = _point(line, first[1] + 1) if is_range_mark(line, first[1]) else None
    if last is None:
        return Run(first[0]), first[1], first[1]
    return Run(first[0], last[0]), last[1], first[1]


def _join(line: Line, place: int) -> tuple[int, bool] | None:
    """The place after «og», «eller», a comma or a semicolon, and whether «eller» was among them."""
    start = place
    if line.kind(place) in {Kind.COMMA, Kind.SEMICOLON}:
        place += 1
    either = line.as_written(place) == "eller"
    is_sign = line.kind(place) is Kind.OTHER and line.tokens[place].text in {"&", "+"}
    if either or is_sign or line.as_written(place) in {"og", "samt"}:
        place += 1
    return None if place == start else (place, either)


def _weekday(line: Line, place: int) -> tuple[int | None, int]:
    """A weekday and the place after it and what may follow it («mandag den», «man.,»)."""
    word = line.word(place)
    if word not in WEEKDAYS:
        return None, place
    after = line.after_dot(place + 1)
    after += line.kind(after) is Kind.COMMA
    after += line.word(after) == "den"
    return WEEKDAYS[word], after


def _weekday_pair(line: Line, place: int) -> tuple[tuple[int, ...], int]:
    """«mandag–tirsdag» before two days, and the place after it; () and the same place if it is not that."""
    first, after = _weekday(line, place)
    if first is None or not (is_range_mark(line, after) or line.word(after) == "og" or line.kind(after) is Kind.SLASH):
        return (), place
    last, end = _weekday(line, after + 1)
    if last is None or line.kind(end) is not Kind.NUMBER or end == after + 1:
        return (), place
    return (first, last), end


def _with_weekdays(runs: tuple[Run, ...], weekdays: tuple[int, ...]) -> tuple[Run, ...]:
    """The weekdays given to the first days of the runs that have none of their own."""
    left = list(weekdays)

    def given(point: Point) -> Point:
        return replace(point, weekday=left.pop(0)) if left and point.weekday is None else point

    return tuple(Run(given(run.first), given(run.last) if run.last else None) for run in runs)


def _with_weekdays_after(line: Line, phrase: DayPhrase) -> DayPhrase:
    """The phrase with «(mandag–tirsdag)» that follows it."""
    if line.kind(phrase.end) is not Kind.OPEN:
        return phrase
    first, place = _weekday(line, phrase.end + 1)
    if first is None:
        return phrase
    weekdays = [first]
    if is_range_mark(line, place) or line.word(place) == "og":
        last, place = _weekday(line, place + 1)
        weekdays += [] if last is None else [last]
    if line.kind(place) is not Kind.CLOSE:
        return phrase
    return replace(phrase, end=place + 1, runs=_with_weekdays(phrase.runs, tuple(weekdays)))


def _point(line: Line, place: int) -> Found | None:
    weekday, place = _weekday(line, place)
    for reader in (_iso, _dotted, _slashed, _in_words):
        found = reader(line, place)
        if found is not None:
            clock, end = _clock_after(line, found[1])
            return replace(found[0], weekday=weekday, clock=clock), end
    return None


def _clock_after(line: Line, place: int) -> tuple[Clock | None, int]:
    # A clock's tokens are taken already, so it is looked up by place; a comma may stand before it.
    for start in (place, place + 1) if line.kind(place) is Kind.COMMA else (place,):
        if start in line.clocks:
            return line.clocks[start], line.clocks[start].end
    return None, place


def _iso(line: Line, place: int) -> Found | None:
    year, month, day = year_at(line, place), line.number(place + 2, (2,)), line.number(place + 4, (2,))
    if year is None or month is None or day is None:
        return None
    together = all(line.near(place + step) for step in range(1, 5))
    dashes = line.kind(place + 1) is Kind.DASH and line.kind(place + 3) is Kind.DASH
    return (Point(day, month, year), place + 5) if together and dashes else None


def _dotted(line: Line, place: int) -> Found | None:
    """«08.02.2008», «8.2.08», «8. 2. 2008», «8.2.», «8.2»."""
    day, month = line.number(place), line.number(place + 2)
    if day is None or month is None or not line.near_kind(place + 1, Kind.DOT):
        return None
    together = line.near(place + 2)
    if not line.near_kind(place + 3, Kind.DOT):
        # «8.10» may be a clock time and «12.5» a number; «8.2» alone is how people write a date in a hurry.
        alone = together and len(line.tokens[place + 2].text) == 1 and month > 0 and not line.near(place + 3)
        return (Point(day, month), place + 3) if alone else None
    if (year := _numeric_year(line, place + 4)) is not None and (together or year_at(line, place + 4)):
        return Point(day, month, year), place + 5
    is_day = month_at(line, place + 4) is not None
    return (Point(day, month), place + 4) if together and not is_day else None


def _slashed(line: Line, place: int) -> Found | None:
    """«8/2», «8/2/2008», «8/2-2008», «8/2 2008»."""
    day, month = line.number(place), line.number(place + 2)
    together = line.near_kind(place + 1, Kind.SLASH) and line.near(place + 2)
    if day is None or month is None or not together:
        return None
    if line.near_kind(place + 3, Kind.SLASH) or (line.near_kind(place + 3, Kind.DASH) and line.near(place + 4)):
        year = year_at(line, place + 4) if line.kind(place + 3) is Kind.DASH else _numeric_year(line, place + 4)
        if year is not None:
            return Point(day, month, year), place + 5
    if (year := year_at(line, place + 3)) is not None:
        return Point(day, month, year), place + 4
    return (Point(day, month), place + 3) if 1 <= day <= 31 and 1 <= month <= 12 else None


def _numeric_year(line: Line, place: int) -> int | None:
    short = line.number(place, (2,)) if line.near(place) else None
    return 2000 + short if short is not None else year_at(line, place)


def _in_words(line: Line, place: int) -> Found | None:
    """«1. september 2008», «1 sept.», or a day alone whose month stands further on."""
    day = line.number(place)
    if day is None:
        return None
    place = line.after_dot(place + 1)
    month = month_at(line, place)
    if month is None:
        return Point(day), place
    year = year_at(line, month[1])
    return Point(day, month[0], year), month[1] + (year is not None)


def begins_date(line: Line, place: int) -> bool:
    """Whether the number here is a day and not the label of what stands before it («læringsseminar 2»)."""
    after = line.after_dot(place + 1)
    dotted = after > place + 1
    following = line.tokens[after].gap if after < len(line.tokens) else Gap.WIDE
    if month_at(line, after) or line.near_kind(after, Kind.SLASH) or (dotted and line.near_kind(after, Kind.NUMBER)):
        return day_phrase(line, place) is not None
    if not dotted and line.kind(after) is Kind.COMMA:
        return False
    if not dotted and line.kind(after) is Kind.DASH and following is not Gap.NONE:
        return False
    if not dotted and line.as_written(after) in {"og", "eller"} and not _is_plainly_day(line, after + 1):
        return False
    phrase = day_phrase(line, place)
    return phrase is not None and phrase.end > place + 1


def _is_plainly_day(line: Line, place: int) -> bool:
    """Whether the number here has a full stop, a month or a range; «2 og 3, 8. september» has none of them at 3."""
    found = _run(line, place)
    if found is None:
        return False
    return line.after_dot(place + 1) > place + 1 or found[0].points[-1].month is not None


def may_be_day_after_all(line: Line, place: int) -> bool:
    """Whether a number taken for a label could be the first day of a range: «seminar 2 – 3. september»."""
    spaced = line.kind(place + 1) is Kind.DASH and line.tokens[place + 1].gap is not Gap.NONE
    found = _run(line, place) if spaced else None
    return found is not None and found[0].last is not None and found[0].last.month is not None
