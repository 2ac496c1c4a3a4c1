"""Readers of calendars that are other people's work, each brought to one plain value. None of them knows our code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

# A wall-clock time at its zone is compared as the moment it is; a day is a day.
Point = datetime | date


class Party(NamedTuple):
    """An ORGANIZER or ATTENDEE: what it is called, its address, and what it has answered and is asked."""

    name: str
    address: str
    answer: str = ""
    is_asked: bool | None = None


class Entry(NamedTuple):
    """One VEVENT. What is not there is empty or None."""

    uid: str
    start: Point
    end: Point
    summary: str
    description: str
    location: str
    status: str
    transp: str
    sequence: int
    categories: tuple[str, ...]
    url: str
    dtstamp: datetime
    last_modified: datetime
    organiser: Party | None = None
    attendees: tuple[Party, ...] = ()


class Reading(NamedTuple):
    """A whole VCALENDAR."""

    prodid: str
    version: str
    method: str
    name: str
    zones: tuple[str, ...]
    entries: tuple[Entry, ...]


class Reader(NamedTuple):
    """A library. `misreads` names the fields of an entry that it gets wrong by a fault of its own, usually none."""

    read: Callable[[bytes], Reading]
    misreads: Callable[[Entry], frozenset[str]]


def assert_read(reader: Reader, data: bytes, expected: Reading) -> None:
    """That the library reads these bytes as that, each entry in its place."""
    found = reader.read(data)
    assert found._replace(entries=()) == expected._replace(entries=())
    for entry, wanted in zip(found.entries, expected.entries, strict=True):
        wrong: dict[str, Any] = dict.fromkeys(reader.misreads(wanted))
        assert entry._replace(**wrong) == wanted._replace(**wrong)
