"""What `icalendar` reads. Our events are written with it, so alone it would prove little."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import icalendar

from tests.calendars.oracles import Entry, Party, Point, Reading


def read(data: bytes) -> Reading:
    calendar: Any = icalendar.Calendar.from_ical(data)
    return Reading(
        prodid=str(calendar["PRODID"]),
        version=str(calendar["VERSION"]),
        method=str(calendar.get("METHOD", "")),
        name=_unescape(calendar.get("NAME", "")),
        zones=tuple(str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")),
        entries=tuple(_entry(event) for event in calendar.walk("VEVENT")),
    )


def _unescape(text: str) -> str:
    """The library (7.3.0) knows no type for NAME, which RFC 7986 says is a text, and leaves its escapes in."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def misreads(entry: Entry) -> frozenset[str]:
    """`icalendar` 7.3.0 takes a backslash before the end of a parameter without quotation marks for an escape."""
    return frozenset({"organiser"} if entry.organiser and entry.organiser.name.endswith("\\") else ())


def _entry(event: Any) -> Entry:
    return Entry(
        uid=str(event["UID"]),
        start=_point(event["DTSTART"].dt),
        end=_point(event["DTEND"].dt),
        summary=str(event["SUMMARY"]),
        description=str(event["DESCRIPTION"]),
        location=str(event.get("LOCATION", "")),
        status=str(event.get("STATUS", "")),
        transp=str(event["TRANSP"]),
        sequence=int(event["SEQUENCE"]),
        categories=tuple(str(name) for name in event.categories),
        url=str(event["URL"]),
        dtstamp=event["DTSTAMP"].dt.astimezone(UTC),
        last_modified=event["LAST-MODIFIED"].dt.astimezone(UTC),
        organiser=_party(event["ORGANIZER"]) if "ORGANIZER" in event else None,
        attendees=tuple(_party(value) for value in event.attendees),
    )


def _point(value: date) -> Point:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _party(value: Any) -> Party:
    asked = {"TRUE": True, "FALSE": False}.get(value.params.get("RSVP", ""))
    return Party(value.params.get("CN", ""), str(value), value.params.get("PARTSTAT", ""), asked)
