"""What the list says: what is about to be done to how many, why somebody is left out, what is wrong with a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.events.rules import RunStatus
from eventsys.registrations.attendance.labels import name_person as label_person
from eventsys.registrations.labels import SIDES
from eventsys.registrations.rules import Side
from eventsys.workspace.people_list.rules import Act, Order, Why
from eventsys.workspace.registers.rows import Wrong

WHYS = {
    Why.HERE_ALREADY: _l("is at those dates already"),
    Why.SAME_SIDE: _l("represents that already"),
    Why.SAME_PRIORITY: _l("has that priority already"),
    Why.NOT_ASKING: _l("has not asked to come, or has an answer"),
    Why.ENDED: _l("is cancelled or declined"),
    Why.BEEN: _l("cannot be changed so in this state"),
    Why.NOT_CANCELLED: _l("is not cancelled"),
    Why.NOT_WAITING: _l("does not wait"),
    Why.NO_PLACE: _l("has no place"),
    Why.MARKED: _l("is marked so already"),
    Why.NOT_MARKED: _l("is not marked"),
    Why.NO_ADDRESS: _l("has no address any more"),
    Why.FULL: _l("there is no free place for them"),
    Why.OPTION_FULL: _l("a session, a night or a choice of theirs is full there"),
    Why.TWICE: _l("has a registration there already"),
    Why.CLOSED: _l("those dates take nobody any more"),
}
FIRST, USUAL = 1, 0
"""The priorities that many can be given at once."""

WRONGS: Mapping[str, Callable[[str], str]] = {
    "no_name": lambda _words: _("The name is missing."),
    "long_name": lambda _words: _("The name is too long."),
    "no_email": lambda _words: _("The e-mail address is missing."),
    "bad_email": lambda words: _("“%(words)s” is no e-mail address.", words=words),
    "no_organisation": lambda _words: _("The organisation is missing."),
    "unknown_organisation": lambda words: _(
        "We know no organisation called “%(words)s” that people come from.", words=words
    ),
    "which_organisation": lambda words: _("Write which one is meant: %(words)s.", words=words),
    "no_part": lambda _words: _("It is missing whom they represent."),
    "unknown_part": lambda words: _("“%(words)s” is nothing one can represent here.", words=words),
    "no_run": lambda _words: _("The dates are missing."),
    "unknown_run": lambda words: _("The event has no dates called “%(words)s”.", words=words),
    "there_already": lambda _words: _("Is signed up for these dates already."),
    "twice": lambda words: _("Stands on line %(words)s already.", words=words),
}


def tell_wrong(wrong: Wrong) -> str:
    return WRONGS[wrong.code](wrong.words)


def list_acts(event: Event) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be done with those who are chosen, in groups: the key of each and its words."""
    moves = [
        (f"{Act.MOVE}:{run.uid}", _("Move to %(dates)s", dates=name_run(run, year=False)))
        for run in event.runs
        if run.status is RunStatus.PLANNED
    ]
    sides = [(f"{Act.SIDE}:{side}", str(name)) for side, name in SIDES.items()]
    return [
        (_("Mail"), [(Act.MESSAGE.value, _("Write to them"))]),
        (
            _("Who came"),
            [
                (Act.ATTENDED.value, _("Mark as come")),
                (Act.ABSENT.value, _("Mark as not come")),
                (Act.UNMARK.value, _("Take the mark away")),
            ],
        ),
        (_("Dates"), moves if len(moves) > 1 else []),
        (_("Represents"), [] if event.asks_union else sides),
        (
            _("Waiting list"),
            [
                (f"{Act.PRIORITY}:{FIRST}", _("Put before the others who wait")),
                (f"{Act.PRIORITY}:{USUAL}", _("Put back in the usual order")),
            ],
        ),
        (
            _("Place"),
            [
                (Act.ACCEPT.value, _("Let them come")),
                (Act.DECLINE.value, _("Say no")),
                (Act.CANCEL.value, _("Cancel the registration")),
                (Act.RESTORE.value, _("Take the cancellation back")),
            ],
        ),
    ]


def read_order(text: str, event: Event) -> Order | None:
    """What was chosen among `list_acts`; None for what means nothing at this event."""
    name, _colon, about = text.partition(":")
    if name not in set(Act):
        return None
    act = Act(name)
    if act is Act.MOVE:
        run = next((run for run in event.runs if str(run.uid) == about and run.status is RunStatus.PLANNED), None)
        return Order(act, run_id=run.id) if run else None
    if act is Act.SIDE:
        return Order(act, side=Side(about)) if about in set(Side) else None
    if act is Act.PRIORITY:
        return Order(act, priority=int(about)) if about in ("0", "1") else None
    return Order(act)


def write_order(order: Order, event: Event) -> str:
    """The key that `read_order` reads."""
    about: dict[Act, Any] = {
        Act.MOVE: next((run.uid for run in event.runs if run.id == order.run_id), ""),
        Act.SIDE: order.side,
        Act.PRIORITY: order.priority,
    }
    return f"{order.act}:{about[order.act]}" if order.act in about else order.act.value


def ask(order: Order, event: Event, how_many: int) -> str:
    """The heading of the preview: what is about to happen, to how many."""
    dates = next((name_run(run, year=False) for run in event.runs if run.id == order.run_id), "")
    side = str(SIDES[order.side]) if order.side else ""
    asked: dict[Act, Callable[[], str]] = {
        Act.MESSAGE: lambda: ngettext("Write to %(num)d person", "Write to %(num)d people", how_many),
        Act.MOVE: lambda: ngettext(
            "Move %(num)d person to %(dates)s?", "Move %(num)d people to %(dates)s?", how_many, dates=dates
        ),
        Act.SIDE: lambda: ngettext(
            "Does %(num)d person represent “%(side)s”?",
            "Do %(num)d people represent “%(side)s”?",
            how_many,
            side=side,
        ),
        Act.ACCEPT: lambda: ngettext("Let %(num)d person come?", "Let %(num)d people come?", how_many),
        Act.DECLINE: lambda: ngettext("Say no to %(num)d person?", "Say no to %(num)d people?", how_many),
        Act.CANCEL: lambda: ngettext("Cancel %(num)d registration?", "Cancel %(num)d registrations?", how_many),
        Act.RESTORE: lambda: ngettext("Take %(num)d cancellation back?", "Take %(num)d cancellations back?", how_many),
        Act.ATTENDED: lambda: ngettext("Mark %(num)d person as come?", "Mark %(num)d people as come?", how_many),
        Act.ABSENT: lambda: ngettext("Mark %(num)d person as not come?", "Mark %(num)d people as not come?", how_many),
        Act.UNMARK: lambda: ngettext(
            "Take the mark of %(num)d person away?", "Take the marks of %(num)d people away?", how_many
        ),
        Act.PRIORITY: lambda: ask_priority(order, how_many),
    }
    return asked[order.act]()


def ask_priority(order: Order, how_many: int) -> str:
    if order.priority:
        return ngettext(
            "Put %(num)d person before the others who wait?",
            "Put %(num)d people before the others who wait?",
            how_many,
        )
    return ngettext(
        "Put %(num)d person back in the usual order?", "Put %(num)d people back in the usual order?", how_many
    )


def tell_done(how_many: int) -> str:
    return ngettext("%(num)d registration is changed.", "%(num)d registrations are changed.", how_many)


TOLD = {
    Act.MOVE: _l("Each gets a mail with the new dates."),
    Act.ACCEPT: _l("Each gets a mail. Those for whom there is no free place come on the waiting list."),
    Act.DECLINE: _l("Each gets a mail that there is no place."),
    Act.CANCEL: _l("The places go to those who wait."),
    Act.RESTORE: _l("Each gets a mail. Those for whom there is no free place come on the waiting list."),
    Act.SIDE: _l("Nobody gets a mail about it."),
    Act.ATTENDED: _l("Nobody gets a mail about it."),
    Act.ABSENT: _l("Nobody gets a mail about it."),
    Act.UNMARK: _l("Nobody gets a mail about it."),
    Act.PRIORITY: _l("Nobody gets a mail about it."),
}
"""Who is told what by itself."""


def name_person(row: Any) -> str:
    """The name, or «not named (Bø, administration)» for a seat that nobody has been named for."""
    return label_person(row.name, row.organisation_label, row.side)
