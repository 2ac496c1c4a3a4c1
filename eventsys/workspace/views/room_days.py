"""Who has which room: all rooms over a day or a week, as a picture and as a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from flask import render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.bookings.labels import name_booked, name_time, name_title, tell_shared
from eventsys.events.bookings.queries import list_bookings, list_shared_days, list_stays
from eventsys.events.bookings.rules import Booked, Stay
from eventsys.extensions import db
from eventsys.venues.models import Room, Venue
from eventsys.venues.queries import list_rooms, list_venues
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.places.picture import Line, Span, View, draw, make_line
from eventsys.workspace.views.frame import account, blueprint, today

DAY = timedelta(days=1)


class Bar(NamedTuple):
    """One booking: where it stands in the picture, and in words. `kind` is own, draft or other."""

    span: Span
    kind: str
    what: str
    when: str
    who: str
    url: str


class Row(NamedTuple):
    """One room with its bookings in the days of the page."""

    room: Room
    bars: list[Bar]


@blueprint.get("/rooms", endpoint="rooms")
@access(Access.READER)
def index() -> str:
    session, typed = db.session(), Typed(request.args)
    reader = Reader(typed)
    on = reader.day("on") or today()
    view = View(typed["view"]) if typed.get("view") in set(View) else View.WEEK
    venues = list_venues(session, account().organiser.id)
    chosen = next((venue for venue in venues if venue.slug == typed.get("venue")), None)
    rooms = list_rooms(session, account().organiser.id, venue_id=chosen.id if chosen else None)
    booked = find_booked(session, rooms, on, view)
    line = make_line(view, on, [local_times(one) for one in booked])
    return render_template(
        "workspace/rooms.html",
        venue_options=[("", _("All places")), *((venue.slug, venue.name) for venue in venues)],
        typed={
            "on": typed["on"] if "on" in reader.errors else write_day(on),
            "view": view.value,
            "venue": chosen.slug if chosen else "",
        },
        errors=reader.errors,
        line=line,
        title=name_days(line),
        places=group([chosen] if chosen else venues, rooms, booked, line),
        notes=list_notes(session, line),
        day=name_day,
        links=list_links(line, view, chosen.slug if chosen else None),
    )


def find_booked(session: Session, rooms: Sequence[Room], on: date, view: View) -> list[Booked]:
    line = make_line(view, on, [])
    from_at, until = (
        dates.to_utc(datetime.combine(day, time.min), zone()) for day in (line.first_on, line.last_on + DAY)
    )
    return list_bookings(
        session, organiser_id=account().organiser.id, room_ids=[room.id for room in rooms], from_at=from_at, until=until
    )


def group(
    venues: Sequence[Venue], rooms: Sequence[Room], booked: Sequence[Booked], line: Line
) -> list[tuple[Venue, list[Row], list[dict[str, Any]]]]:
    """The places that have rooms or visitors, each with its rooms and who is there without one."""
    bars: dict[int, list[Bar]] = defaultdict(list)
    for one in booked:
        bars[one.room_id].append(describe(one, line))
    stays = list_visitors(db.session(), [venue.id for venue in venues], line)
    rows: dict[int, list[Row]] = defaultdict(list)
    for room in rooms:
        rows[room.venue_id].append(Row(room, bars[room.id]))
    return [(venue, rows[venue.id], stays[venue.id]) for venue in venues if venue.id in rows or venue.id in stays]


def describe(booked: Booked, line: Line) -> Bar:
    is_own = booked.organiser_id == account().organiser.id
    kind = ("draft" if booked.is_draft else "own") if is_own else "other"
    return Bar(
        span=draw(line, *local_times(booked)),
        kind=kind,
        what=name_booked(booked, language()),
        when=name_time(booked, language()),
        who=booked.organiser,
        url=address_of(booked.event_slug, is_own=is_own),
    )


def list_visitors(session: Session, venue_ids: Sequence[int], line: Line) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    own_id, (first_on, last_on) = account().organiser.id, (line.first_on, line.last_on)
    for stay in list_stays(session, organiser_id=own_id, venue_ids=venue_ids, first_on=first_on, last_on=last_on):
        found[stay.venue_id].append(describe_stay(stay))
    return found


def describe_stay(stay: Stay) -> dict[str, Any]:
    is_own = stay.organiser_id == account().organiser.id
    return {
        "what": name_title(stay.event_title, language()),
        "days": dates.format_days(stay.first_on, stay.last_on, language()),
        "who": stay.organiser,
        "url": address_of(stay.event_slug, is_own=is_own),
    }


def list_notes(session: Session, line: Line) -> list[str]:
    shared = list_shared_days(session, account().organiser.id, from_on=line.first_on, to_on=line.last_on)
    return [tell_shared(one, language()) for one in shared]


def address_of(slug: str, *, is_own: bool) -> str:
    """One's own page of an event, of another's the public one; empty where it is not public yet."""
    if not slug:
        return ""
    return url_for(".event", slug=slug) if is_own else url_for("site.event", slug=slug)


def list_links(line: Line, view: View, venue: str | None) -> dict[str, str]:
    """The same page for the days before and after, for today, and from a week into each of its days."""
    step = timedelta(days=line.days)
    days = {"before": line.first_on - step, "after": line.last_on + DAY, "today": today()}
    links = {name: url_for(".rooms", on=day, view=view.value, venue=venue) for name, day in days.items()}
    return links | {str(day): url_for(".rooms", on=day, view="day", venue=venue) for _x, day in line.list_days()}


def local_times(booked: Booked) -> tuple[datetime, datetime]:
    return dates.to_local(booked.starts_at, zone()), dates.to_local(booked.ends_at, zone())


def zone() -> str:
    return account().organiser.timezone


def name_days(line: Line) -> str:
    if line.days == 1:
        return dates.format_day(line.first_on, language(), weekday=True)
    return dates.format_days(line.first_on, line.last_on, language())


def name_day(day: date) -> str:
    """«ma. 1.», for the head of a column."""
    number = str(day.day) if language() == "en" else f"{day.day}."
    return f"{dates.SHORT_WEEKDAYS[language()][day.weekday()]} {number}"
