"""Finds the dates of a line, chooses those of the event, and says what was done with the others."""

from __future__ import annotations

from dataclasses import replace

from eventsys.events.announcements.calendar import Resolved, resolve_days, resolve_period
from eventsys.events.announcements.checks import check
from eventsys.events.announcements.days import DayPhrase, day_phrase
from eventsys.events.announcements.line import Clock, Gap, Kind, Line
from eventsys.events.announcements.periods import Period, PeriodPhrase, period_phrase
from eventsys.events.announcements.shapes import Remark, Span
from eventsys.events.announcements.words import DEADLINE, DEADLINE_ENDING, FILLERS
from eventsys.events.rules import Precision

Phrase = DayPhrase | PeriodPhrase

_LOOK_BACK = 6


def read_dates(line: Line, year: int, named_year: int | None) -> tuple[tuple[Span, ...], list[Remark]]:
    """The spans of the event and all remarks on them. `named_year` is one the line gives beside the dates."""
    phrases, deadlines = _without_deadlines(line, _phrases(line, lenient=False))
    if not phrases:
        phrases, more = _without_deadlines(line, _phrases(line, lenient=True))
        deadlines += more
    remarks = [Remark("deadline", tuple(deadlines))] if deadlines else []
    bad = tuple(bad for clock in line.clocks.values() for bad in clock.bad)
    remarks += [Remark("no_such_time", (text,)) for text in bad]
    if not phrases:
        return (), [Remark("no_date"), *remarks]
    chosen = _chosen(phrases)
    for phrase in phrases:
        line.claim(phrase.start, phrase.end, "date")
    resolved = _resolved(line, chosen, named_year or year, remarks)
    resolved.years += [named_year] if named_year else []
    remarks = [*resolved.remarks, *check(resolved, year), *remarks, *_more_dates(line, phrases, chosen, resolved, year)]
    return tuple(resolved.spans), remarks


def _phrases(line: Line, *, lenient: bool) -> list[Phrase]:
    found: list[Phrase] = []
    place = 0
    while place < len(line.tokens):
        phrase = _phrase(line, place, lenient=lenient)
        if phrase is not None:
            found.append(phrase)
        place = phrase.end if phrase else place + 1
    return found


def _phrase(line: Line, place: int, *, lenient: bool) -> Phrase | None:
    if not line.free(place) or _goes_on_from_number(line, place) or _is_label_in_list(line, place):
        return None
    lenient = lenient and (line.parts_before(place) or line.as_written(place - 1) == "i")
    # «onsdag i uke 36» begins as a day does, so a day is tried first and does not take it.
    return day_phrase(line, place) or period_phrase(line, place, lenient=lenient)


def _goes_on_from_number(line: Line, place: int) -> bool:
    """Whether this is the rest of a number with stops in it: the last «1.1» of an address on the net."""
    if place < 2 or not line.near(place) or line.tokens[place].kind is not Kind.NUMBER:
        return False
    sign = line.tokens[place - 1]
    number_before = line.tokens[place - 2].kind is Kind.NUMBER and sign.gap is Gap.NONE
    return number_before and sign.kind in {Kind.DOT, Kind.SLASH, Kind.COLON}


def _is_label_in_list(line: Line, place: int) -> bool:
    """Whether the number belongs to the word before it: «rom 5, 8. september»."""
    if line.number(place) is None or not line.near_kind(place + 1, Kind.COMMA) or line.kind(place - 1) is not Kind.WORD:
        return False
    return line.as_written(place - 1) not in FILLERS


def _without_deadlines(line: Line, phrases: list[Phrase]) -> tuple[list[Phrase], list[str]]:
    """The phrases that are not deadlines; the deadlines are taken, and given back as written."""
    kept: list[Phrase] = []
    deadlines: list[str] = []
    for phrase in phrases:
        start = _deadline_word(line, phrase.start)
        if start is None:
            kept.append(phrase)
            continue
        deadlines.append(line.slice(start, phrase.end))
        line.claim(start, phrase.end, "deadline")
        for place in [place for place in line.clocks if start <= place < phrase.end]:
            del line.clocks[place]
    return kept, deadlines


def _deadline_word(line: Line, end: int) -> int | None:
    found: int | None = None
    place = end - 1
    while place >= max(end - _LOOK_BACK, 0) and line.kind(place) in {Kind.WORD, Kind.COLON}:
        written = line.as_written(place)
        if written in DEADLINE or written.endswith((DEADLINE_ENDING, DEADLINE_ENDING + "en")):
            found = place
        place -= 1
    return found


def _chosen(phrases: list[Phrase]) -> Phrase:
    """The first that gives days, else the first."""
    days = [phrase for phrase in phrases if isinstance(phrase, DayPhrase) or phrase.period is Period.WEEKDAY]
    return (days or phrases)[0]


def _resolved(line: Line, chosen: Phrase, year: int, remarks: list[Remark]) -> Resolved:
    apart = [clock for clock in line.clocks.values() if not chosen.start <= clock.start < chosen.end]
    attached = len(apart) < len(line.clocks)
    only = apart[0] if len(apart) == 1 and not attached else None
    if apart and only is None:
        remarks.append(Remark("several_times", _as_written(line, apart)))
    if isinstance(chosen, DayPhrase):
        return resolve_days(chosen, year, only)
    resolved = resolve_period(chosen, year)
    if only is not None and chosen.period is Period.WEEKDAY:
        resolved.spans = [_at(span, only) for span in resolved.spans]
    elif only is not None:
        remarks.append(Remark("time_without_day", _as_written(line, [only])))
    return resolved


def _as_written(line: Line, clocks: list[Clock]) -> tuple[str, ...]:
    return tuple(line.slice(clock.start, clock.end) for clock in clocks)


def _at(span: Span, clock: Clock) -> Span:
    if clock.starts is None or (clock.ends is not None and clock.ends <= clock.starts):
        return span
    return replace(span, precision=Precision.EXACT, starts=clock.starts, ends=clock.ends)


def _more_dates(line: Line, phrases: list[Phrase], chosen: Phrase, resolved: Resolved, year: int) -> list[Remark]:
    """The dates that were not used, save a month or week that all the days used lie in."""
    others = [phrase for phrase in phrases if phrase is not chosen and not _covers(phrase, resolved, year)]
    written = tuple(line.slice(phrase.start, phrase.end) for phrase in others)
    return [Remark("more_dates", written)] if written else []


def _covers(phrase: Phrase, resolved: Resolved, year: int) -> bool:
    if isinstance(phrase, DayPhrase) or not resolved.spans:
        return False
    wide = resolve_period(phrase, resolved.years[0] if resolved.years else year).spans
    return bool(wide) and all(any(_within(span, whole) for whole in wide) for span in resolved.spans)


def _within(span: Span, whole: Span) -> bool:
    if span.first_on is None or span.last_on is None or whole.first_on is None or whole.last_on is None:
        return False
    return whole.first_on <= span.first_on and span.last_on <= whole.last_on
