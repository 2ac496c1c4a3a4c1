"""What pages call sides, states and changes of a registration, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventsys import dates
from eventsys.events.labels import name_run, name_times
from eventsys.events.models import Event, Run
from eventsys.events.rules import DATED, RunStatus
from eventsys.registrations.rules import Actor, Change, Places, Side, State, Window, decide_open, decide_window
from eventsys.web import language

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
    Change.OFFERED: _l("Was offered a place"),
    Change.LAPSED: _l("The offer ran out"),
    Change.MOVED: _l("Moved to another date"),
    Change.CHANGED: _l("Changed what was chosen or answered"),
    Change.NAMED: _l("The place got a name"),
    Change.HANDED_OVER: _l("The place was handed over"),
    Change.RESTORED: _l("The organiser took the cancellation back"),
    Change.PRIORITISED: _l("The organiser changed the place in the list"),
    Change.ATTENDED: _l("Came"),
    Change.ABSENT: _l("Did not come"),
    Change.UNMARKED: _l("The organiser took back who came"),
    Change.ASKED: _l("Asked the organiser"),
    Change.ANSWERED: _l("The organiser answered"),
}
SIDE_WORDS = {
    Side.POLITICIAN: "politiker, politikar, politisk, politisk ledelse, politisk leiing, ordfører, ordførar, varaordfører,"
    " varaordførar, folkevalgt, folkevald, politician, political, political leadership, mayor",
    Side.ADMINISTRATION: "administrasjon, administrasjonen, administrativ, administrativ ledelse, administrativ leiing,"
    " rådmann, rådmannen, leder, leiar, administration, administrative, administrative leadership, manager",
    Side.EMPLOYEE_REPRESENTATIVE: "tillitsvalgt, tillitsvald, hovedtillitsvalgt, hovudtillitsvald, ansatt, ansatte, tilsett,"
    " tilsette, ansattes representant, employee, employees, employee representative, elected representative",
    Side.OTHER: "annen, anna, annan, annet, andre, other",
}
"""The words by which people write the sides in lists of their own, in every language."""
FEW = 10


def list_part_words(parts: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What people may write for each of the sides or unions of a form (value, label), casefolded, to its value."""
    named = {value for value, _label in parts}
    sides = {
        word: side.value for side, words in SIDE_WORDS.items() if side.value in named for word in words.split(", ")
    }
    return {**sides, **{str(label).casefold(): value for value, label in parts}}


def name_actors(participant: str, registrar: str, organiser: str) -> dict[Actor, str]:
    """Who did it, in a history: the words for the two who may be its reader, and the organiser's name."""
    return {
        Actor.PARTICIPANT: participant,
        Actor.REGISTRAR: registrar,
        Actor.ORGANISER: _("by %(name)s", name=organiser),
        Actor.SYSTEM: _("automatically"),
    }


def name_places(places: Places) -> str:
    """What is left, in words: «3 plasser igjen», «Fullt: du kommer på venteliste»; empty where nothing limits."""
    if places.left is None:
        return ""
    if places.left == 0:
        return _("Full; you come on the waiting list")
    if places.waiting:
        return _("Few places, and others wait; you may come on the waiting list")
    return ngettext("%(num)d place left", "%(num)d places left", places.left)


def is_few(places: Places) -> bool:
    return places.left is not None and (places.left <= FEW or places.waiting > 0)


def is_open(event: Event, run: Run, today: date) -> bool:
    """Whether the run takes registrations on that local day."""
    window = decide_window(event.opens_on, event.closes_on, run.first_on, today=today)
    return decide_open(event.status, run.status, run.precision, window)


def is_late(event: Event, run: Run, today: date) -> bool:
    """Whether only the last day to register has passed: until the run begins a person may ask its organiser."""
    window = decide_window(event.opens_on, None, run.first_on, today=today)
    return not is_open(event, run, today) and decide_open(event.status, run.status, run.precision, window)


def describe_run(event: Event, run: Run, places: Places, today: date) -> dict[str, Any]:
    """One of the dates to choose from, as the event's page and the form show it."""
    window = decide_window(event.opens_on, event.closes_on, run.first_on, today=today)
    opened = is_open(event, run, today)
    cancelled = run.status is RunStatus.CANCELLED
    days = (run.first_on, run.last_on) if run.precision in DATED and run.first_on and run.last_on else None
    return {
        "uid": run.uid,
        "name": name_run(run),
        "weekdays": dates.format_weekdays(*days, language()) if days else "",
        "times": name_times(run),
        "venue": run.venue,
        "places": places,
        "note": name_note(places, cancelled=cancelled, opened=opened, window=window),
        "few": cancelled or is_few(places),
        "cancelled": cancelled,
        "open": opened,
        "late": is_late(event, run, today),
    }


def name_note(places: Places, *, cancelled: bool, opened: bool, window: Window) -> str:
    if cancelled:
        return _("Cancelled")
    if opened:
        return name_places(places)
    return _("Registration is closed") if window is Window.CLOSED else ""
