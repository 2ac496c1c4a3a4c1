"""A round of invitations as it is typed: whom, when, and what is held for them; nothing here reads the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from eventsys.workspace.forms import Reader

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
    at_local = reader.moment(now_local)
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
