"""What an organiser chooses about a copy, before anything is made: what follows, and on which days each run begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys import dates
from eventsys.events.copying.rules import USUAL, YEAR, Follow, days_between, keeps_weekdays, move, suggest_day
from eventsys.events.rules import DATED, RunFacts, Translated
from eventsys.workspace.forms import LANGUAGES, Reader, Typed, read_titles, write_day

FOLLOWS = {
    Follow.TEXTS: _l("The description"),
    Follow.AUDIENCE: _l("Whom it is for"),
    Follow.PLACES: _l("Places and rooms"),
    Follow.PROGRAMME: _l("The programme with its speakers"),
    Follow.QUESTIONS: _l("Questions in the form"),
    Follow.RULES: _l("Mail rules of its own"),
    Follow.LIMITS: _l("Number of places and quotas"),
    Follow.DEADLINES: _l("Deadlines, moved as the days are"),
    Follow.CONTACTS: _l("Who answers for it"),
    Follow.MATERIALS: _l("Papers, not shown until you publish them"),
}
NO_DAYS, A_YEAR, FROM_DAY = "none", "year", "start"
FURTHEST = 20 * 366


class CopyRow(NamedTuple):
    """A run that can be made over again, as the page asks about it; `name` ends the names of its fields."""

    name: str
    facts: RunFacts
    is_on: bool = True


@dataclass(frozen=True)
class CopyEntry:
    """What was chosen: `begins` has a row of each run that is made, with its first day where that is known."""

    title: Translated
    ordinal: int | None
    series: str
    follows: frozenset[Follow]
    begins: Mapping[str, date | None]


@dataclass(frozen=True)
class SeriesEntry:
    """What was chosen about a whole series; as `CopyEntry`, of all its events at once."""

    name: Translated
    follows: frozenset[Follow]
    begins: Mapping[str, date | None]


def type_choices(typed: Typed, rows: Sequence[CopyRow]) -> None:
    """What is chosen at first: what usually follows, every run that is on, a year later."""
    typed.setlist("follow", [one.value for one in Follow if one in USUAL])
    typed.setlist("keep", [row.name for row in rows if row.is_on])
    typed["shift"] = A_YEAR
    type_days(typed, rows, 7 * YEAR)


def type_days(typed: Typed, rows: Sequence[CopyRow], days: int | None) -> None:
    for row in rows:
        day = None if days is None else suggest_day(row.facts, days)
        typed[f"first_on-{row.name}"] = write_day(day)


def count_days(reader: Reader, rows: Sequence[CopyRow]) -> None:
    """Writes each run's day anew as the form says that all move: a year, or so that the first begins on a day."""
    shift = reader.typed.get("shift", A_YEAR)
    if shift == NO_DAYS:
        type_days(reader.typed, rows, None)
    elif shift == FROM_DAY:
        begins = reader.day("begins_on", required=_("Write the day on which the first begins."))
        first = min((row.facts.first_on for row in rows if row.facts.first_on and _is_kept(reader, row)), default=None)
        days = days_between(first, begins)
        if begins is not None:
            type_days(reader.typed, rows, days)
    else:
        type_days(reader.typed, rows, 7 * YEAR)


def _is_kept(reader: Reader, row: CopyRow) -> bool:
    return row.name in reader.typed.getlist("keep")


def read_follows(typed: Typed) -> frozenset[Follow]:
    return frozenset(Follow(value) for value in typed.getlist("follow") if value in set(Follow))


def read_begins(reader: Reader, rows: Sequence[CopyRow]) -> dict[str, date | None]:
    """The first day of each run that is made, by its row."""
    found = {}
    for row in rows:
        if not _is_kept(reader, row):
            continue
        name = f"first_on-{row.name}"
        day = reader.day(name)
        if day is not None and not _is_near(row.facts, day):
            reader.errors[name] = _("Write a day that exists, such as 01.09.2008.")
        found[row.name] = day
    return found


def _is_near(facts: RunFacts, day: date) -> bool:
    return 1900 < day.year < 9000 and (facts.first_on is None or abs((day - facts.first_on).days) < FURTHEST)


def read_copy(reader: Reader, rows: Sequence[CopyRow]) -> CopyEntry:
    return CopyEntry(
        title=read_titles(reader),
        ordinal=reader.number("ordinal", most=999),
        series=reader.typed.get("series", ""),
        follows=read_follows(reader.typed),
        begins=read_begins(reader, rows),
    )


def read_series_copy(reader: Reader, rows: Sequence[CopyRow]) -> SeriesEntry:
    names = {code: reader.text(f"name_{code}", most=200) for code in LANGUAGES}
    if not any(names[code] for code in ("nb", "nn")):
        reader.errors["name_nb"] = _("Give the series a name, in bokmål or nynorsk.")
    name = {code: text for code, text in names.items() if text}
    return SeriesEntry(name, read_follows(reader.typed), read_begins(reader, rows))


def tell_day(row: CopyRow, typed: Typed, language: str) -> tuple[str, bool]:
    """When the run would be, in words, and whether it would be on the same weekdays; nothing for what is no day."""
    try:
        day = dates.read_day(typed.get(f"first_on-{row.name}", ""))
        facts = move(row.facts, day)
    except (ValueError, OverflowError):
        return "", True
    if facts.first_on is None or facts.last_on is None:
        return dates.format_span(facts.precision, None, None, language), True
    words = dates.format_span(facts.precision, facts.first_on, facts.last_on, language)
    if facts.precision not in DATED:
        return words, True
    same = keeps_weekdays(days_between(row.facts.first_on, facts.first_on))
    return f"{dates.format_weekdays(facts.first_on, facts.last_on, language)} {words}", same


def with_follows(facts: RunFacts, follows: frozenset[Follow]) -> RunFacts:
    """The run without what does not follow: its place and room, how many it takes."""
    if Follow.PLACES not in follows:
        facts = replace(facts, venue_id=None, room_id=None, layout=None)
    return facts if Follow.LIMITS in follows else replace(facts, capacity=None)
