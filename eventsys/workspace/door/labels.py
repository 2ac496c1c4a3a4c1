"""What the page at the door says when somebody has come, or why they could not be marked."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _

from eventsys import dates
from eventsys.registrations.attendance.labels import name_person
from eventsys.registrations.attendance.queries import Seen
from eventsys.web import language


class How(enum.StrEnum):
    """What came of an act at the door; stands in the address, so that going back or loading again does nothing."""

    CAME = "came"
    AGAIN = "again"
    ABSENT = "absent"
    UNDONE = "undone"
    OTHER_DATES = "other-dates"
    NO_PLACE = "no-place"
    FULL = "full"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


class Told(NamedTuple):
    """A message with its colour; `may_undo` where the mark can be taken away at once."""

    text: str
    kind: str
    may_undo: bool = False


def tell(how: How, seen: Seen | None, timezone: str, run_name: str) -> Told | None:
    """What to say; nothing where the address speaks of nobody. `run_name` is of the dates that the person has."""
    if how is How.REPLACED:
        return Told(_("That ticket has been replaced: the place was given to somebody else."), "danger")
    if how is How.UNKNOWN:
        return Told(_("Nobody was found. Look for the name."), "warning")
    if seen is None:
        return None
    registration = seen.registration
    who = name_person(registration.name, seen.organisation, registration.side)
    if registration.name and seen.organisation:
        who = _("%(name)s, %(organisation)s", name=who, organisation=seen.organisation)
    return _tell_of(how, who, name_clock(seen.came_at, timezone), run_name)


def _tell_of(how: How, who: str, at: str, run_name: str) -> Told | None:
    if how in (How.CAME, How.AGAIN) and not at:
        return None  # the mark was taken away since
    return {
        How.CAME: Told(_("%(who)s has come.", who=who), "success", may_undo=True),
        How.AGAIN: Told(_("%(who)s was here already: %(at)s.", who=who, at=at), "info", may_undo=True),
        How.ABSENT: Told(_("%(who)s did not come.", who=who), "info", may_undo=True),
        How.UNDONE: Told(_("%(who)s is not marked any more.", who=who), "info"),
        How.OTHER_DATES: Told(_("%(who)s has other dates: %(dates)s.", who=who, dates=run_name), "warning"),
        How.NO_PLACE: Told(_("%(who)s has no place.", who=who), "warning"),
        How.FULL: Told(_("%(who)s has no place, and it is full. Raise the number of places first.", who=who), "danger"),
    }.get(how)


def name_clock(at: datetime | None, timezone: str) -> str:
    return dates.format_short_moment(dates.to_local(at, timezone), language()) if at else ""
