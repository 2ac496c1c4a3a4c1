"""What `ical` reads, a strict parser of its own that refuses control characters and spans that end before they start."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from ical.types.cal_address import CalAddress

from tests.calendars.oracles import Entry, Party, Point, Reading


def read(data: bytes) -> Reading:
    calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    return Reading(
        prodid=calendar.prodid,
        version=calendar.version,
        method=calendar.method or "",
        name=calendar.name[0] if calendar.name else "",
        zones=tuple(zone.tz_id for zone in calendar.timezones),
        entries=tuple(_entry(event) for event in calendar.events),
    )


def misreads(entry: Entry) -> frozenset[str]:
    """`ical` 14.3.1 splits CATEGORIES at a comma that is escaped too."""
    return frozenset({"categories"} if any("," in name for name in entry.categories) else ())


def _entry(event: Event) -> Entry:
    assert event.last_modified is not None
    assert isinstance(event.dtstamp, datetime)
    return Entry(
        uid=event.uid,
        start=_point(event.start),
        end=_point(event.end),
        summary=event.summary or "",
        description=event.description or "",
        location=event.location or "",
        status=event.status.value if event.status else "",
        transp=event.transparency or "",
        sequence=event.sequence if event.sequence is not None else -1,
        categories=tuple(event.categories),
        url=str(event.url),
        dtstamp=event.dtstamp.astimezone(UTC),
        last_modified=event.last_modified.astimezone(UTC),
        organiser=_party(event.organizer) if event.organizer else None,
        attendees=tuple(_party(one) for one in event.attendees),
    )


def _point(value: date) -> Point:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _party(one: CalAddress) -> Party:
    return Party(one.common_name or "", str(one.uri), one.status or "", one.rsvp)
