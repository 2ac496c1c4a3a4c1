"""The bytes of a room's calendar. Pure but for the rows that it is given."""

from __future__ import annotations

from collections.abc import Sequence

from eventsys import dates, texts
from eventsys.calendars.rooms.queries import Entry, RoomFeed
from eventsys.events import ics
from eventsys.events.rules import Precision, RunStatus
from eventsys.extensions import Translated

BUSY: Translated = {"nb": "Opptatt", "nn": "Oppteke", "en": "Taken"}
TELLS: Translated = {
    "nb": "Når rommet er opptatt. Egne arrangementer med navn, andres uten.",
    "nn": "Når rommet er oppteke. Eigne arrangement med namn, andre sine utan.",
    "en": "When the room is taken. Your own events by name, those of others without.",
}


def write_calendar(feed: RoomFeed, entries: Sequence[Entry], *, language: str, base_url: str) -> bytes:
    place = f"{feed.room.name}, {feed.room.venue.name}"
    head = ics.Head(
        name=place,
        description=texts.read(TELLS, language).value,
        url=f"{base_url}/manage/rooms",
        source="",
        revised_at=max((entry.revised_at for entry in entries), default=None),
    )
    return ics.calendar(head, [_vevent(feed, entry, place, language, base_url) for entry in entries])


def _vevent(feed: RoomFeed, entry: Entry, place: str, language: str, base_url: str) -> bytes:
    starts, ends = (dates.to_local(at, entry.timezone) for at in (entry.starts_at, entry.ends_at))
    page = f"/manage/events/{entry.event_slug}" if entry.event_slug else f"/manage/rooms?on={starts.date()}"
    facts = ics.CalendarFacts(
        uid=entry.public_id, sequence=0, status=RunStatus.PLANNED, precision=Precision.EXACT, first_on=starts.date(),
        last_on=ends.date(), starts_local=starts, ends_local=ends, timezone=entry.timezone, title=entry.title or BUSY,
        description={}, venue_name=place, venue_address=feed.room.venue.address, url=base_url + page,
        created_at=entry.revised_at, revised_at=entry.revised_at,
    )  # fmt: skip
    return ics.vevent(facts, language)
