"""Reads the entries of a calendar file (RFC 5545), each repetition by itself, as what an event could be made of.

Nothing here decides whether it is made; no length is guessed, and times are as the clock shows them at the organiser's.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]

from eventsys.events.rules import Precision, RunFacts

MOST_BYTES = 400_000
MOST_ENTRIES = 200
MOST_OF_ONE = 60
"""How many repetitions of one entry are read: one without an end has as many."""
AHEAD = timedelta(days=732)
OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
"""Parts of a rule by which one that is daily by its name repeats every second."""


class NoCalendar(ValueError):
    """What was given is no calendar, or has more in it than is read at once."""


@dataclass(frozen=True)
class CalendarEntry:
    """One entry as it stands. `fault` says why no event can be made of it: `no_start`, `too_often`, `cancelled`,
    `unreadable`; empty for a good one."""

    number: int
    title: str
    description: str
    place: str
    run: RunFacts | None
    is_repeated: bool
    fault: str = ""


def read_calendar(content: bytes, *, timezone: str) -> list[CalendarEntry]:
    """The entries in the order of time, those with a fault last. Raises `NoCalendar`."""
    if len(content) > MOST_BYTES:
        raise NoCalendar
    try:
        calendars = icalendar.Calendar.from_ical(content, multiple=True)
    except (ValueError, IndexError, KeyError) as error:
        raise NoCalendar from error
    groups = [group for calendar in calendars for group in _groups(calendar)]
    if not groups or len(groups) > MOST_ENTRIES:
        raise NoCalendar
    found = [entry for group in groups for entry in _read_group(group, ZoneInfo(timezone))]
    found.sort(key=lambda entry: (entry.run is None, _when(entry), entry.title))
    return [_numbered(entry, number) for number, entry in enumerate(found[:MOST_ENTRIES], 1)]


def _numbered(entry: CalendarEntry, number: int) -> CalendarEntry:
    return CalendarEntry(number, entry.title, entry.description, entry.place, entry.run, entry.is_repeated, entry.fault)


def _when(entry: CalendarEntry) -> tuple[date, time]:
    if entry.run is None or entry.run.first_on is None:
        return date.max, time.min
    return entry.run.first_on, entry.run.starts or time.min


def _groups(calendar: Any) -> list[icalendar.Calendar]:
    """A calendar for each UID: an entry with its repetitions that were moved, so that a bad one spoils no other."""
    zones = calendar.walk("VTIMEZONE")
    by_uid: dict[str, list[Any]] = {}
    for place, event in enumerate(calendar.walk("VEVENT")):
        by_uid.setdefault(str(event.get("UID") or f"without-{place}"), []).append(event)
    found = []
    for events in by_uid.values():
        one = icalendar.Calendar()
        for component in [*zones, *events]:
            one.add_component(component)
        found.append(one)
    return found


def _read_group(calendar: icalendar.Calendar, zone: ZoneInfo) -> Iterator[CalendarEntry]:
    first = calendar.walk("VEVENT")[0]
    try:
        fault = _fault_of(calendar.walk("VEVENT"))
        if fault:
            yield _faulty(first, fault)
            return
        is_repeated = any(event.get("RRULE") or event.get("RDATE") for event in calendar.walk("VEVENT"))
        for event in _occurrences(calendar):
            yield _read_entry(event, zone, is_repeated=is_repeated)
    except Exception:  # a file may hold anything, and one entry that cannot be read is shown as such
        yield _faulty(first, "unreadable")


def _fault_of(events: Sequence[Any]) -> str:
    if any(event.get("DTSTART") is None for event in events):
        return "no_start"
    rules = [rule for event in events for rule in _as_list(event.get("RRULE"))]
    if any(str(name).upper() in OFTEN for rule in rules for name in _as_list(rule.get("FREQ"))):
        return "too_often"
    if any(len(_as_list(rule.get(name))) > 1 for rule in rules for name in TIMES):
        return "too_often"
    return "cancelled" if all(_is_cancelled(event) for event in events) else ""


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _is_cancelled(event: Any) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _occurrences(calendar: icalendar.Calendar) -> Iterator[Any]:
    """Each time it takes place, as the library of repetitions counts them; those that were called off are left out."""
    events: list[Any] = list(calendar.walk("VEVENT"))
    starts = [_as_date(event.start) for event in events]
    first = min(starts)
    found = recurring_ical_events.of(calendar).between(first, min(max(starts), first + AHEAD) + AHEAD)
    found.sort(key=lambda event: _as_date(event.start))
    return itertools.islice((event for event in found if not _is_cancelled(event)), MOST_OF_ONE)


def _as_date(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _read_entry(event: Any, zone: ZoneInfo, *, is_repeated: bool) -> CalendarEntry:
    title, description, place = (_text(event, name) for name in ("SUMMARY", "DESCRIPTION", "LOCATION"))
    return CalendarEntry(0, title[:200], description[:20_000], place[:200], _run(event, zone), is_repeated)


def _faulty(event: Any, fault: str) -> CalendarEntry:
    return CalendarEntry(0, _text(event, "SUMMARY")[:200], "", "", None, False, fault)


def _text(event: Any, name: str) -> str:
    """What stands there, without characters that are none; of several the first."""
    value = next(iter(_as_list(event.get(name))), "")
    text = "".join(char for char in str(value) if char.isprintable() or char == "\n").strip()
    return text if name == "DESCRIPTION" else " ".join(text.split())


def _run(event: Any, zone: ZoneInfo) -> RunFacts:
    """When it is: days where it is of whole days or has no end, else times at the organiser's."""
    start = event.start
    end = event.end if event.get("DTEND") is not None or event.get("DURATION") is not None else None
    if not isinstance(start, datetime):
        last = end - timedelta(days=1) if end is not None and end > start else start
        return RunFacts(Precision.DAYS, first_on=start, last_on=_as_date(last), timezone=zone.key)
    begins = _local(start, zone)
    if not isinstance(end, datetime) or _local(end, zone) <= begins:
        return RunFacts(Precision.DAYS, first_on=begins.date(), last_on=begins.date(), timezone=zone.key)
    ends = _local(end, zone)
    return RunFacts(Precision.EXACT, begins.date(), ends.date(), begins.time(), ends.time(), timezone=zone.key)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Where a time is of no zone it is of the reader's; whole minutes, as forms have them."""
    local = moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo is not None else moment
    return local.replace(second=0, microsecond=0)
