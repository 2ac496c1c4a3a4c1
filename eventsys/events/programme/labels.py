"""What pages call the parts of a programme: its tables by room and time, its list by time, what has changed in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys import dates, texts
from eventsys.events.models import EventSession, Run, Speaker
from eventsys.events.programme.rules import Cell, Part, Table, lay_out
from eventsys.events.rules import SessionKind
from eventsys.organisations.rules import name_key
from eventsys.venues.models import Room
from eventsys.web import language

KINDS = {
    SessionKind.SESSION: _l("Session"),
    SessionKind.BREAK: _l("Break"),
    SessionKind.MEAL: _l("Meal"),
}
CALLED = {
    SessionKind.BREAK: {"nb": "Pause", "nn": "Pause", "en": "Break"},
    SessionKind.MEAL: {"nb": "Lunsj", "nn": "Lunsj", "en": "Lunch"},
}
"""What a break or a meal without a title is called."""
FIELDS = {
    "title": _l("Title"),
    "kind": _l("Kind"),
    "starts_local": _l("Begins"),
    "ends_local": _l("Ends"),
    "room": _l("Room"),
    "place": _l("Place"),
    "speakers": _l("Speakers"),
    "description": _l("Description"),
    "chosen": _l("Signed up for"),
    "capacity": _l("How many it takes"),
}

Describe = Callable[[EventSession], dict[str, Any]]


def name_hours(starts: datetime | None, ends: datetime | None) -> str:
    """«kl. 10.00–11.30», in English «10:00–11:30»; empty where it is not known."""
    if starts is None or ends is None:
        return ""
    code = language()
    end = dates.format_clock(ends, "en" if code == "en" else "nb").removeprefix("kl. ")
    return f"{dates.format_clock(starts, code)}–{end}"


def name_time(one: EventSession) -> str:
    """«mandag 1. september, kl. 13.00–14.30»."""
    if one.starts_local is None:
        return ""
    day = dates.format_day(one.starts_local.date(), language(), weekday=True, year=False)
    return f"{day}, {name_hours(one.starts_local, one.ends_local)}"


def name_place(one: EventSession, *, venue_id: int | None = None) -> str:
    """The room, with its venue where that is not the run's own, or what was written of where it is."""
    return name_room(one.room, venue_id=venue_id) if one.room is not None else one.place


def name_room(room: Room, *, venue_id: int | None = None) -> str:
    return room.name if room.venue_id == venue_id else f"{room.name}, {room.venue.name}"


def describe(one: EventSession, run: Run) -> dict[str, Any]:
    """One session with all that its public page says of it."""
    description = texts.read(one.description, language())
    return {
        "public_id": one.public_id,
        "title": texts.read(one.title, language()),
        "kind": one.kind.value,
        "hours": name_hours(one.starts_local, one.ends_local),
        "where": name_place(one, venue_id=run.venue_id),
        "speakers": [describe_speaker(speaker) for speaker in one.speakers],
        "description": description,
        "html": texts.to_html(description.value),
        "chosen": one.chosen,
    }


def describe_speaker(speaker: Speaker) -> dict[str, Any]:
    """What everybody reads of a speaker."""
    about = texts.read(speaker.about, language())
    return {
        "name": speaker.name,
        "affiliation": speaker.affiliation,
        "about": about,
        "html": texts.to_html(about.value),
    }


def list_days(sessions: Sequence[EventSession], tell: Describe) -> list[dict[str, Any]]:
    """The sessions by day and by time: those that begin and end together stand together; what has no time comes last."""
    timed = [one for one in sessions if one.starts_local is not None]
    days = []
    for day, of_day in groupby(timed, key=lambda one: one.starts_local.date() if one.starts_local else None):
        slots = [
            {"hours": name_hours(*key), "sessions": [tell(one) for one in found]}
            for key, found in groupby(of_day, key=lambda one: (one.starts_local, one.ends_local))
        ]
        days.append({"day": name_day(day), "slots": slots})
    timeless = [tell(one) for one in sessions if one.starts_local is None]
    return [*days, {"day": "", "slots": [{"hours": "", "sessions": timeless}]}] if timeless else days


def name_day(day: date | None) -> str:
    """«Mandag 1. september»."""
    name = dates.format_day(day, language(), weekday=True, year=False) if day else ""
    return name[:1].upper() + name[1:]


def list_rooms_of_days(sessions: Sequence[EventSession], run: Run, tell: Describe) -> list[dict[str, Any]]:
    """The sessions by day and then by where they are, in the rooms' order; what is nowhere in particular first."""
    days = []
    for day, of_day in groupby(
        [one for one in sessions if one.starts_local], key=lambda one: one.starts_local and one.starts_local.date()
    ):
        found = list(of_day)
        keys: list[Hashable | None] = [None, *order_columns(found)]
        rooms = [
            {
                "name": name_column(key, found, run) or _("Everybody together"),
                "sessions": [tell(one) for one in found if column_of(one) == key],
            }
            for key in keys
        ]
        days.append({"day": name_day(day), "rooms": [room for room in rooms if room["sessions"]]})
    return days


def draw_tables(
    sessions: Sequence[EventSession], run: Run, tell: Describe, *, rooms: Sequence[Room] = ()
) -> list[dict[str, Any]]:
    """A table by room and time for each day; `rooms` are columns even where nothing is in them."""
    timed = {one.id: one for one in sessions if one.starts_local is not None and one.ends_local is not None}
    parts = [
        Part(one.id, column_of(one), one.starts_local, one.ends_local)
        for one in timed.values()
        if one.starts_local is not None and one.ends_local is not None
    ]
    names: dict[Hashable, str] = {("room", room.id): name_room(room, venue_id=run.venue_id) for room in rooms}
    always = list(names)
    keys = order_columns(list(timed.values()), rooms)
    names |= {key: name_column(key, list(timed.values()), run) for key in keys if key not in names}
    return [_draw(table, timed, names, tell) for table in lay_out(parts, keys, always=always)]


def _draw(
    table: Table, sessions: Mapping[int, EventSession], names: Mapping[Any, str], tell: Describe
) -> dict[str, Any]:
    def cell(one: Cell) -> dict[str, Any]:
        room = one.column[1] if isinstance(one.column, tuple) and one.column[0] == "room" else None
        found = sessions[one.part.key] if one.part is not None and isinstance(one.part.key, int) else None
        return {
            "session": tell(found) if found is not None else None,
            "rows": one.rows,
            "columns": one.columns,
            "column": names.get(one.column, "") or _("No room"),
            "room_id": room,
            "place": names.get(one.column, "") if room is None and one.column is not None else "",
        }

    return {
        "day": name_day(table.day),
        "on": table.day,
        "columns": [{"name": names.get(one.key, "") or _("No room"), "lanes": one.lanes} for one in table.columns],
        "rows": [
            {"hours": name_hours(row.starts, row.ends), "starts": row.starts, "ends": row.ends,
             "cells": [cell(one) for one in row.cells]}
            for row in table.rows
        ],
    }  # fmt: skip


def column_of(one: EventSession) -> Hashable | None:
    """Where a session is, as a column: a room, a place that was written, or none."""
    if one.room_id is not None:
        return ("room", one.room_id)
    return ("place", name_key(one.place)) if one.place else None


def order_columns(sessions: Sequence[EventSession], rooms: Sequence[Room] = ()) -> list[Hashable]:
    """Rooms in their venues' order, then written places as they come."""
    known = {room.id: room for room in rooms} | {one.room.id: one.room for one in sessions if one.room is not None}
    ordered = sorted(known.values(), key=lambda room: (room.venue_id, room.position, room.id))
    places = [column_of(one) for one in sessions if one.room_id is None and one.place]
    return [*(("room", room.id) for room in ordered), *dict.fromkeys(key for key in places if key is not None)]


def name_column(key: Hashable | None, sessions: Sequence[EventSession], run: Run) -> str:
    if key is None:
        return ""
    return next((name_place(one, venue_id=run.venue_id) for one in sessions if column_of(one) == key), "")


def describe_change(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a row of history says of a session: its name, whether it is new or gone, and each field from and to."""
    before, after = facts.get("from"), facts.get("to")
    names = [] if before is None or after is None else [name for name in FIELDS if name in before or name in after]
    return {
        "title": texts.read(facts.get("title"), language()),
        "what": _("New") if before is None else _("Taken away") if after is None else _("Changed"),
        "when": _tell_when(after if before is None else before) if before is None or after is None else "",
        "fields": [
            (str(FIELDS[name]), _tell(name, (before or {}).get(name)), _tell(name, (after or {}).get(name)))
            for name in names
        ],
    }


def _tell_when(facts: Mapping[str, Any] | None) -> str:
    return _tell("starts_local", (facts or {}).get("starts_local"))


def _tell(name: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in ("starts_local", "ends_local"):
        moment = datetime.fromisoformat(value)
        return f"{name_day(moment.date())}, {dates.format_clock(moment, language())}"
    if name == "kind":
        return str(KINDS[SessionKind(value)])
    if isinstance(value, Mapping):
        return texts.read(value, language()).value or "–"
    return ", ".join(value) if isinstance(value, list) else str(value)
