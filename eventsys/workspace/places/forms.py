"""What organisers type about places, rooms and deadlines, turned into values or errors beside the field."""

from __future__ import annotations

from flask_babel import gettext as _

from eventsys.events.bookings.deadlines.rules import MOST_REMIND_DAYS, DeadlineFacts
from eventsys.events.rules import DeadlineKind
from eventsys.venues.rules import Layout, Position, RoomFacts, VenueFacts, read_position
from eventsys.workspace.forms import MOST_PEOPLE, Reader

LONG = 5_000


def read_venue(reader: Reader) -> VenueFacts:
    return VenueFacts(
        name=reader.text("name", most=200, required=_("Give the place a name.")),
        address=reader.text("address", most=300),
        capacity=reader.number("capacity", most=MOST_PEOPLE),
        position=_read_position(reader),
        access=reader.prose("access", most=LONG),
        equipment=reader.prose("equipment", most=LONG),
        notes=reader.prose("notes", most=LONG),
        contact_name=reader.text("contact_name", most=200),
        contact_email=reader.email("contact_email"),
        contact_phone=reader.text("contact_phone", most=40),
    )


def read_room(reader: Reader) -> RoomFacts:
    layouts = {layout: reader.number(f"layout_{layout.value}", most=MOST_PEOPLE) for layout in Layout}
    return RoomFacts(
        name=reader.text("name", most=200, required=_("Give the room a name.")),
        capacity=reader.number("capacity", most=MOST_PEOPLE),
        floor=reader.text("floor", most=60),
        equipment=reader.prose("equipment", most=LONG),
        access=reader.prose("access", most=LONG),
        layouts={layout: capacity for layout, capacity in layouts.items() if capacity is not None},
    )


def read_deadline(reader: Reader) -> DeadlineFacts | None:
    """The deadline that was typed, without its place and event; None if something is wrong with it."""
    kind = reader.typed.get("kind", "")
    if kind not in set(DeadlineKind):
        reader.errors["kind"] = _("Choose what the place must be told.")
    due_on = reader.day("due_on", required=_("Write the last day to tell them."))
    remind_days = _read_days(reader)
    words = reader.text("words", most=500)
    if reader.errors or due_on is None:
        return None
    return DeadlineFacts(DeadlineKind(kind), due_on, remind_days, words)


def _read_days(reader: Reader) -> int:
    text = reader.typed.get("remind_days", "").strip() or "0"
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= MOST_REMIND_DAYS):
        reader.errors["remind_days"] = _("Write a whole number from 0 to %(most)s.", most=MOST_REMIND_DAYS)
        return 0
    return int(text)


def _read_position(reader: Reader) -> Position | None:
    try:
        return read_position(reader.text("position", most=300))
    except ValueError:
        reader.errors["position"] = _("Write two numbers, such as 59.9127, 10.7461, or paste a map’s address.")
        return None
