"""What pages call sides, states and changes of a registration, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventsys.registrations.rules import Change, Places, Side, State

SIDES = {
    Side.POLITICIAN: _l("Political leadership"),
    Side.ADMINISTRATION: _l("Administrative leadership"),
    Side.EMPLOYEE_REPRESENTATIVE: _l("Employees (elected representative)"),
    Side.OTHER: _l("Other"),
}
STATES = {
    State.REQUESTED: _l("Has asked to come"),
    State.OFFERED: _l("Has been offered a place"),
    State.WAITING: _l("On the waiting list"),
    State.CONFIRMED: _l("Has a place"),
    State.DECLINED: _l("Declined"),
    State.CANCELLED: _l("Cancelled (by a person)"),
    State.ATTENDED: _l("Attended"),
    State.ABSENT: _l("Did not attend"),
}
STATE_KINDS = {
    State.REQUESTED: "info",
    State.OFFERED: "info",
    State.WAITING: "warning",
    State.CONFIRMED: "success",
    State.DECLINED: "neutral",
    State.CANCELLED: "neutral",
    State.ATTENDED: "success",
    State.ABSENT: "neutral",
}
CHANGES = {
    Change.REGISTERED: _l("Signed up"),
    Change.REPEATED: _l("Signed up again; the link was sent once more"),
    Change.PROMOTED: _l("Got a place from the waiting list"),
    Change.ACCEPTED: _l("The organiser said yes"),
    Change.DECLINED: _l("The organiser said no"),
    Change.CANCELLED: _l("Cancelled the registration"),
    Change.READDRESSED: _l("The e-mail address was mended"),
}
FEW = 10


def name_places(places: Places) -> str:
    """What is left, in words: «3 plasser igjen», «Fullt: du kommer på venteliste»; empty where nothing limits."""
    if places.left is None:
        return ""
    if places.left == 0 or places.waiting:
        return _("Full; you come on the waiting list")
    return ngettext("%(num)d place left", "%(num)d places left", places.left)


def is_few(places: Places) -> bool:
    return places.left is not None and (places.left <= FEW or places.waiting > 0)
