"""What organisers' pages say of sessions, rooms to choose and materials."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys.extensions import Translated
from eventsys.merging import Field
from eventsys.venues.models import Room
from eventsys.workspace.programme.forms import MOST_SPEAKERS


def list_missing(text: Translated) -> list[str]:
    """Which of the two forms of Norwegian a text lacks, by name."""
    return [name for code, name in (("nb", _("Bokmål")), ("nn", _("Nynorsk"))) if not text.get(code)]


def list_room_options(rooms: Sequence[Room], venue_id: int | None) -> list[tuple[str, str]]:
    """The rooms to choose, those of the run's own venue first; each with its venue and how many it takes."""
    ordered = sorted(rooms, key=lambda room: room.venue_id != venue_id)
    return [("", _("None of these"))] + [(str(room.public_id), _name_option(room, venue_id)) for room in ordered]


def _name_option(room: Room, venue_id: int | None) -> str:
    name = room.name if room.venue_id == venue_id else f"{room.venue.name}: {room.name}"
    if room.capacity is None:
        return name
    return ngettext("%(room)s (takes %(num)d)", "%(room)s (takes %(num)d)", room.capacity, room=name)


def list_fields(rooms: Sequence[tuple[str, str]], kinds: dict[str, str]) -> dict[str, Field]:
    """The fields of a session's form as a page calls them, for who saves it at the same time as another."""
    return {
        "kind": Field(_("Kind"), kinds),
        "title_nb": Field(_("Title in bokmål")),
        "title_nn": Field(_("Title in nynorsk")),
        "title_en": Field(_("Title in English")),
        "on": Field(_("Day")),
        "starts": Field(_("Begins at")),
        "ends": Field(_("Ends at")),
        "room": Field(_("Room"), dict(rooms)),
        "place": Field(_("or another place")),
        **{f"speaker-{number}": Field(_("Speaker %(number)d", number=number + 1)) for number in range(MOST_SPEAKERS)},
        "chosen": Field(_("It is signed up for"), {"1": _("yes")}),
        "capacity": Field(_("How many it takes")),
        "description_nb": Field(_("Description in bokmål"), is_long=True),
        "description_nn": Field(_("Description in nynorsk"), is_long=True),
        "description_en": Field(_("Description in English"), is_long=True),
    }
