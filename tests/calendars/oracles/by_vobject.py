"""What `vobject` reads. It is the one that takes the rules of a VTIMEZONE for what they say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import vobject  # type: ignore[import-untyped]

from tests.calendars.oracles import Entry, Party, Point, Reading


def read(data: bytes) -> Reading:
    calendar = vobject.readOne(data.decode())
    return Reading(
        prodid=calendar.prodid.value,
        version=calendar.version.value,
        method=_text(calendar, "method"),
        name=_text(calendar, "name"),
        zones=tuple(_tzid(zone) for zone in calendar.contents.get("vtimezone", [])),
        entries=tuple(_entry(event) for event in calendar.contents.get("vevent", [])),
    )


def _tzid(zone: Any) -> str:
    return str(zone.contents["tzid"][0].value)


def misreads(entry: Entry) -> frozenset[str]:
    """`vobject` 0.9.9 does not know that a circumflex in a parameter is written twice (RFC 6868)."""
    parties = {"organiser": (entry.organiser,) if entry.organiser else (), "attendees": entry.attendees}
    return frozenset(name for name, who in parties.items() if any("^" in one.name for one in who))


def _entry(event: Any) -> Entry:
    return Entry(
        uid=event.uid.value,
        start=_point(event.dtstart.value),
        end=_point(event.dtend.value),
        summary=event.summary.value,
        description=event.description.value,
        location=_text(event, "location"),
        status=_text(event, "status"),
        transp=event.transp.value,
        sequence=int(event.sequence.value),
        categories=tuple(event.categories.value) if "categories" in event.contents else (),
        url=event.url.value,
        dtstamp=event.dtstamp.value.astimezone(UTC),
        last_modified=event.last_modified.value.astimezone(UTC),
        organiser=_party(event.organizer) if "organizer" in event.contents else None,
        attendees=tuple(_party(line) for line in event.contents.get("attendee", [])),
    )


def _text(component: Any, name: str) -> str:
    lines = component.contents.get(name, [])
    return str(lines[0].value) if lines else ""


def _point(value: date) -> Point:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _party(line: Any) -> Party:
    asked = {"TRUE": True, "FALSE": False}.get(_parameter(line, "RSVP"))
    return Party(_parameter(line, "CN"), line.value, _parameter(line, "PARTSTAT"), asked)


def _parameter(line: Any, name: str) -> str:
    return str(line.params.get(name, [""])[0])
