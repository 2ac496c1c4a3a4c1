"""When, where and who, as a mail says it in its reader's language. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from eventsys import dates, texts
from eventsys.events.rules import Precision
from eventsys.registrations.rules import Side

NO_DEADLINE = {"nb": "fristen kommer", "nn": "fristen kjem", "en": "deadline to come"}
AND = {"nb": "og", "nn": "og", "en": "and"}
SIDES = {
    Side.POLITICIAN: {"nb": "politikere", "nn": "politikarar", "en": "politicians"},
    Side.ADMINISTRATION: {"nb": "administrasjonen", "nn": "administrasjonen", "en": "the administration"},
    Side.EMPLOYEE_REPRESENTATIVE: {"nb": "tillitsvalgte", "nn": "tillitsvalde", "en": "employee representatives"},
    Side.OTHER: {"nb": "andre", "nn": "andre", "en": "others"},
}
SO_FAR = {
    "nb": "{name} ({met} av {needed} så langt)",
    "nn": "{name} ({met} av {needed} så langt)",
    "en": "{name} ({met} of {needed} so far)",
}
NOBODY = {"nb": "er ingen påmeldt", "nn": "er ingen påmelde", "en": "nobody is signed up"}
IS_MISSING = {"nb": "mangler {sides}", "nn": "manglar {sides}", "en": "{sides} are missing"}
NO_PLACE = {"nb": "stedet kommer", "nn": "staden kjem", "en": "place to come"}


@dataclass(frozen=True, slots=True)
class Span:
    """When a run is, as exactly as it is known; local."""

    precision: Precision
    first_on: date | None
    last_on: date | None
    starts_local: datetime | None = None
    ends_local: datetime | None = None


UNKNOWN = Span(Precision.UNKNOWN, None, None)


def say_short_date(span: Span, language: str) -> str:
    """«1.–2. september»: for a subject."""
    return dates.format_span(span.precision, span.first_on, span.last_on, language, year=False)


def say_when(span: Span, language: str) -> str:
    """«mandag 1. september 2008, kl. 10.00–15.30», or with both days where it lasts longer, or the days alone."""
    if span.starts_local is None or span.ends_local is None:
        return _say_days(span, language)
    start = dates.format_moment(span.starts_local, language)
    if span.starts_local.date() == span.ends_local.date():
        return f"{start}–{span.ends_local:%H:%M}" if language == "en" else f"{start}–{span.ends_local:%H.%M}"
    return f"{start} – {dates.format_moment(span.ends_local, language)}"


def _say_days(span: Span, language: str) -> str:
    days = dates.format_span(span.precision, span.first_on, span.last_on, language)
    if span.precision is not Precision.DAYS or span.first_on is None or span.last_on is None:
        return days
    if span.first_on == span.last_on:
        return dates.format_day(span.first_on, language, weekday=True)
    return f"{dates.format_weekdays(span.first_on, span.last_on, language)} {days}"


def say_place(name: str | None, address: str | None, language: str) -> str:
    return ", ".join(part for part in (name, address) if part) or NO_PLACE[language]


def say_deadline(closes_on: date | None, language: str) -> str:
    """«fredag 22. august 2008»: the last day to sign up."""
    return dates.format_day(closes_on, language, weekday=True) if closes_on else NO_DEADLINE[language]


def say_sides(sides: Sequence[Side], language: str) -> str:
    """«politikere og tillitsvalgte»."""
    names = [SIDES[side][language] for side in sides]
    return f" {AND[language]} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def say_promises(promises: Sequence[tuple[Mapping[str, str], int, int]], language: str) -> str:
    """«Læringsseminarene (1 av 3 så langt)», one after the other: names by language, how often met, how often needed."""
    return "; ".join(
        SO_FAR[language].format(name=texts.read(name, language).value, met=met, needed=needed)
        for name, met, needed in promises
    )


def say_at_risk(lacking: Sequence[Side], anybody: bool, language: str) -> str:
    """«ingen er påmeldt», «tillitsvalgte mangler»."""
    if not anybody or not lacking:
        return NOBODY[language]
    return IS_MISSING[language].format(sides=say_sides(lacking, language))


def say_all(people: Sequence[str]) -> str:
    return "; ".join(people)


def say_before(facts: Mapping[str, Any], language: str) -> str:
    """When and where a run was, from the `from` of its history row; empty if the row does not tell."""
    before = facts.get("from")
    if not before:
        return ""
    span = Span(
        precision=Precision(before["precision"]),
        first_on=date.fromisoformat(before["first_on"]) if before["first_on"] else None,
        last_on=date.fromisoformat(before["last_on"]) if before["last_on"] else None,
        starts_local=datetime.fromisoformat(before["starts_local"]) if before["starts_local"] else None,
        ends_local=datetime.fromisoformat(before["ends_local"]) if before["ends_local"] else None,
    )
    return f"{say_when(span, language)}; {say_place(before.get('venue'), None, language)}"
