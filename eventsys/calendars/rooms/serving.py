"""How a room's calendar is answered over HTTP. No cache but the client's own keeps it: its address is a secret."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import Response, current_app, request

from eventsys import clock, dates, tokens
from eventsys.calendars import answers
from eventsys.calendars.rooms.entries import write_calendar
from eventsys.calendars.rooms.queries import Entry, RoomFeed, find_feed, list_entries
from eventsys.events.ics import LANGUAGES
from eventsys.events.rules import TIMEZONE
from eventsys.extensions import db

BACK, AHEAD = timedelta(days=90), timedelta(days=550)
FORMAT = 1
"""Raised when the same facts give other bytes than before."""


def serve_room(token: str) -> Response:
    """404 for a token that never was, 410 for one whose calendar has a new address."""
    session, joined = db.session(), tokens.public_id_of(token)
    feed = find_feed(session, joined) if joined else None
    if joined is None or feed is None:
        return answers.plain("There is no such calendar.", 404)
    try:
        if not tokens.check(token, tokens.Purpose.ROOM_FEED, joined, feed.room.link_version):
            return answers.plain("There is no such calendar.", 404)
    except tokens.LinkIsRevoked:
        return answers.plain("This calendar has a new address.", 410)
    return _answer(feed)


def _answer(feed: RoomFeed) -> Response:
    first_at = dates.to_utc(datetime.combine(dates.to_local(clock.now(), TIMEZONE), time.min), TIMEZONE) - BACK
    entries = list_entries(db.session(), feed, from_at=first_at, until=first_at + BACK + AHEAD)
    asked = request.args.get("lang", "")
    language = asked if asked in LANGUAGES else feed.organiser.language
    base_url = current_app.config["BASE_URL"].rstrip("/")
    venue = feed.room.venue
    tag = answers.make_tag(FORMAT, language, base_url, feed.room.name, venue.name, venue.address, entries)

    def write() -> tuple[str, bytes]:
        return tag, write_calendar(feed, entries, language=language, base_url=base_url)

    return answers.answer(
        request,
        tag=tag,
        changed_at=_changed_at(first_at, entries),
        file_name="room.ics",
        kept=answers.PRIVATE,
        write=write,
    )


def _changed_at(first_at: datetime, entries: list[Entry]) -> datetime:
    """When the feed last changed, as far as a time can tell: a new day moves its window."""
    return max([first_at + BACK, *(entry.revised_at for entry in entries)])
