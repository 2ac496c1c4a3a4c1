"""What the address of a feed asks for: what it is of, the days, the language, and whether undecided days belong to it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote, urlencode

from eventsys.calendars.queries import LANGUAGES, Kind, Wanted, Window
from eventsys.events.rules import EventType

BACK = timedelta(days=90)
AHEAD_MONTHS = 18
NAMED = {
    Kind.COHORT: "cohorts",
    Kind.NETWORK: "networks",
    Kind.ORGANISER: "organisers",
    Kind.TYPE: "types",
    Kind.VENUE: "venues",
    Kind.ORGANISATION: "organisations",
}
"""What feeds can be narrowed by, and the part of the address that a feed of one such thing has."""
READ = ("lang", "from", "to", "tentative", *NAMED)


@dataclass(frozen=True)
class Asked:
    """A feed as its address asks for it. `language` is None where none is asked for."""

    wanted: tuple[Wanted, ...]
    window: Window
    language: str | None
    tentative: bool


def read(kind: Kind, key: str, query: Mapping[str, str], *, today: date) -> Asked:
    """Of one thing, narrowed by what the query names. One event's file has all its days, every other feed some months
    around today. Raises `ValueError` for days that are none, or in the wrong order."""
    narrowed = [Wanted(other, query[other]) for other in NAMED if query.get(other)]
    wanted = tuple(Wanted(one.kind, _read_key(one)) for one in (Wanted(kind, key), *narrowed))
    asked = query.get("lang")
    return Asked(
        wanted=wanted if len(wanted) == 1 or kind is not Kind.ALL else wanted[1:],
        window=_read_window(query, today, bounded=kind is not Kind.EVENT),
        language=asked if asked in LANGUAGES else None,
        tentative=query.get("tentative") != "no",
    )


def _read_key(one: Wanted) -> str:
    """Types are written as words of an address are: `learning-seminar`."""
    return one.key.replace("-", "_") if one.kind is Kind.TYPE else one.key


def is_type(wanted: Wanted) -> bool:
    return wanted.key in set(EventType)


def _read_window(query: Mapping[str, str], today: date, *, bounded: bool) -> Window:
    first, last = (_read_day(query.get(name)) for name in ("from", "to"))
    if bounded:
        first, last = first or today - BACK, last or _add_months(today, AHEAD_MONTHS)
    if first and last and last < first:
        raise ValueError("the last day is before the first")
    return Window(first, last, today)


def _read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def write_path(path: str, query: Mapping[str, str]) -> str:
    """A feed's address without anything that it does not read, so that stray parameters make no new bytes."""
    kept = {name: query[name] for name in READ if query.get(name)}
    return quote(path) + (f"?{urlencode(kept)}" if kept else "")


def find_path(wanted: Mapping[Kind, str], *, language: str = "", tentative: bool = True) -> str:
    """The address of the feed of all that belongs to everything wanted, `all.ics` for nothing."""
    query = {**{kind.value: key for kind, key in wanted.items()}, "lang": language}
    query["tentative"] = "" if tentative else "no"
    path = "/calendars/all.ics"
    if len(wanted) == 1:
        [(kind, key)] = wanted.items()
        path, query = f"/calendars/{NAMED[kind]}/{key}.ics", {**query, kind.value: ""}
    return write_path(path, query)
