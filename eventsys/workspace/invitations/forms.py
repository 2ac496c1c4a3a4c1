"""A round of invitations as it is typed: whom, when, and what is held for them; nothing here reads the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from eventsys.workspace.forms import Reader

NOW, LATER = "now", "later"
OF_EVENT = "event"
"""The choice of those whom the event is for."""
MOST_PLACES = 500


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """What was typed. `whom` is a saved audience's public id or `OF_EVENT`; `at_local` None is at once."""

    whom: str
    follows: bool
    places: int | None
    held_until: date | None
    at_local: datetime | None


def read_round(reader: Reader, *, now_local: datetime, may_hold: bool) -> RoundEntry | None:
    """None where something is wrong, which then stands beside its field."""
    typed = reader.typed
    whom = typed.get("whom", "")
    if not whom:
        reader.errors["whom"] = _("Choose whom to invite.")
    at_local = _read_moment(reader, now_local)
    places = reader.number("places", most=MOST_PLACES) if may_hold else None
    until = reader.day("held_until") if may_hold else None
    if places and not until and "held_until" not in reader.errors:
        reader.errors["held_until"] = _("Write until when they are held.")
    if until and not places and "places" not in reader.errors:
        reader.errors["places"] = _("Write how many are held for each.")
    if until and until < now_local.date():
        reader.errors["held_until"] = _("That day has passed.")
    if reader.errors:
        return None
    return RoundEntry(whom, typed.get("follows") == "1", places, until, at_local)


def _read_moment(reader: Reader, now_local: datetime) -> datetime | None:
    """When it goes by the organiser's clock; None for at once."""
    if reader.typed.get("when", NOW) != LATER:
        return None
    day = reader.day("on", required=_("Write the day, such as 01.09.2008."))
    clock = reader.clock("at", required=_("Write the time, such as 10.00."))
    if day is None or clock is None:
        return None
    moment = datetime.combine(day, clock)
    if moment <= now_local:
        reader.errors["on"] = _("That moment has passed. Write a later one, or send it now.")
    return moment
