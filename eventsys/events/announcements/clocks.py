"""Finds clock times («kl. 10.00–15.30», «klokka 10») in a line. What day they belong to is decided elsewhere."""

from __future__ import annotations

from datetime import time

from eventsys.events.announcements.line import Clock, Kind, Line
from eventsys.events.announcements.words import CLOCK, MONTHS


def find_clocks(line: Line) -> None:
    """Takes every clock time in the line and notes it in `line.clocks` under its first token."""
    place = 0
    while place < len(line.tokens):
        clock = _clock(line, place)
        if clock is None:
            place += 1
            continue
        line.claim(clock.start, clock.end, "time")
        line.clocks[clock.start] = clock
        place = clock.end


def is_range_mark(line: Line, place: int) -> bool:
    return line.kind(place) is Kind.DASH or line.word(place) == "til"


def _clock(line: Line, place: int) -> Clock | None:
    start = _after_lead(line, place)
    if start is None and not _has_minutes(line, place):
        return None
    first = _time_at(line, place if start is None else start)
    if first is None:
        return None
    starts, end = first
    bad = () if starts else (line.slice(end - _length(line, end), end),)
    last = _range_end(line, end)
    if last is None:
        return Clock(place, end, starts, None, bad)
    ends, last_end = last
    if ends is None:
        bad = (*bad, line.slice(last_end - _length(line, last_end), last_end))
    return Clock(place, last_end, starts, ends if starts else None, bad)


def _after_lead(line: Line, place: int) -> int | None:
    """The place after «kl.»; None if no such word stands here."""
    return line.after_dot(place + 1) if line.exact(place) in CLOCK else None


def _has_minutes(line: Line, place: int) -> bool:
    """Whether a time with a colon stands here, which needs no «kl.» before it."""
    number = line.number(place)
    minutes = line.number(place + 2, (2,))
    return (
        number is not None
        and number < 25
        and line.near_kind(place + 1, Kind.COLON)
        and line.near(place + 2)
        and minutes is not None
    )


def _length(line: Line, end: int) -> int:
    """How many tokens the time that ends here has: «10» or «10.30»."""
    minutes = line.number(end - 1, (2,)) is not None and line.near(end - 1)
    return 3 if minutes and line.tokens[end - 2].kind in {Kind.DOT, Kind.COLON} else 1


def _time_at(line: Line, place: int) -> tuple[time | None, int] | None:
    """The time of day here and the place after it; the time is None if there is no such hour or minute."""
    together = line.number(place, (4,))
    if together is not None:
        return _time(together // 100, together % 100), place + 1
    hour = line.number(place)
    if hour is None:
        return None
    minutes = line.number(place + 2, (2,))
    sign = line.near_kind(place + 1, Kind.DOT) or line.near_kind(place + 1, Kind.COLON)
    if sign and minutes is not None and line.near(place + 2):
        return _time(hour, minutes), place + 3
    return _time(hour, 0), place + 1


def _time(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _range_end(line: Line, place: int) -> tuple[time | None, int] | None:
    if not is_range_mark(line, place):
        return None
    start = _after_lead(line, place + 1)
    found = _time_at(line, place + 1 if start is None else start)
    if found is None:
        return None
    return None if _is_a_date(line, found[1]) else found


def _is_a_date(line: Line, end: int) -> bool:
    """Whether what was taken for a time that ends here goes on as a date: «10 – 2. september», «10 – 02.09.2008»."""
    if line.word(line.after_dot(end)) in MONTHS or line.near_kind(end, Kind.SLASH):
        return True
    goes_on = line.near_kind(end, Kind.DOT) or line.near_kind(end, Kind.DASH)
    return goes_on and line.near_kind(end + 1, Kind.NUMBER)
