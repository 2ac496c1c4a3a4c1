"""What one's own pages call what happened, who did it, and why something cannot be done and what to do then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys import dates
from eventsys.events.labels import join_words, name_run
from eventsys.extensions import AnyRow
from eventsys.registrations.labels import CHANGES, STATES
from eventsys.registrations.rules import (
    Actor,
    AddressIsTaken,
    AlreadyNamed,
    Asked,
    CannotBeCancelled,
    Change,
    Decision,
    NotForThisOrganisation,
    OptionIsFull,
    QuotaIsFull,
    RegistrationIsClosed,
    RunIsFull,
    SessionsOverlap,
    TooLate,
    WrongState,
)
from eventsys.web import language

ASKED = {
    Asked.CANCEL: _l("to cancel the registration"),
    Asked.CHANGE: _l("to change what was filled in"),
    Asked.MOVE: _l("to come on another date"),
    Asked.HAND_OVER: _l("to hand the place over"),
}
REFUSALS: dict[type[Exception], Any] = {
    TooLate: _l("The last day for this has passed. Ask the organiser instead: there is a field for it below."),
    CannotBeCancelled: _l("This registration cannot be cancelled now. Write to the organiser."),
    WrongState: _l("This cannot be done with the registration as it is now. Write to the organiser."),
    AlreadyNamed: _l("The place has got a name already. Hand it over instead, if somebody else is to come."),
    AddressIsTaken: _l("This address cannot be used for this registration. Write to the organiser."),
    RunIsFull: _l("That date is full. Nothing was changed; choose another date, or write to the organiser."),
    QuotaIsFull: _l(
        "All the places that your group may have on that date are taken. Nothing was changed; write to the organiser."
    ),
    RegistrationIsClosed: _l("That date takes no registrations now. Nothing was changed; write to the organiser."),
    NotForThisOrganisation: _l("That date is not for your municipality. Nothing was changed; write to the organiser."),
    OptionIsFull: _l("Something you chose is full now. Choose something else; the rest is kept."),
    SessionsOverlap: _l("Two of the sessions you chose are at the same time. Choose one of them."),
}
REFUSED = tuple(REFUSALS)
"""What the verbs of registrations raise when something cannot be done: caught together, told by `tell_refusal`."""


def tell_refusal(refusal: Exception, *, may_ask: bool = True) -> str:
    """Why it cannot be done, and what to do then."""
    if isinstance(refusal, TooLate) and not may_ask:
        return _("It is too late for that. Write to the organiser.")
    return str(REFUSALS[type(refusal)])


def tell_deadline(by: date | None) -> str:
    """«Frist: 25. august 2008»; empty where there is none."""
    return _("Last day: %(day)s", day=dates.format_day(by, language())) if by else ""


def describe_history(rows: Sequence[AnyRow], names: Mapping[Actor, str], *, timezone: str) -> list[dict[str, str]]:
    """Each change: when, what, by whom (`names` are words such as «av deg»), from which state to which, and why.

    Of those who had the place before the present one no reasons are shown, and no names.
    """
    last = max((at for at, row in enumerate(rows) if row.RegistrationChange.change is Change.HANDED_OVER), default=-1)
    return [
        _describe(row, names, timezone=timezone, is_before=at < last, is_own=at != last) for at, row in enumerate(rows)
    ]


def _describe(
    row: AnyRow, names: Mapping[Actor, str], *, timezone: str, is_before: bool, is_own: bool
) -> dict[str, str]:
    change = row.RegistrationChange
    who = names[change.actor]
    if change.actor is Actor.PARTICIPANT and (is_before or not is_own):
        who = _("by the one who had the place before")
    return {
        "when": dates.format_moment(dates.to_local(change.at, timezone), language()),
        "what": str(CHANGES[change.change]),
        "who": who,
        "states": _tell_states(change),
        "from_run": name_run(row.from_run) if row.from_run else "",
        "why": "" if is_before or not change.why else change.why,
        "dropped": _tell_dropped(change.facts.get("dropped", ())),
    }


def _tell_dropped(names: Sequence[str]) -> str:
    """What a seat lost by a move or a promotion, because it was full or is not there on that date."""
    kinds = {"session": _("a session"), "night": _("a night"), "question": _("an answer")}
    lost = list(dict.fromkeys(kinds[name.partition(":")[0]] for name in names))
    return _("There was no room any more for: %(what)s.", what=join_words(lost)) if lost else ""


def _tell_states(change: Any) -> str:
    if change.from_state is None or change.from_state is change.to_state:
        return ""
    return f"{STATES[change.from_state]} → {STATES[change.to_state]}"


def describe_requests(rows: Sequence[AnyRow], *, timezone: str) -> list[dict[str, Any]]:
    """What was asked of the organiser, newest first, and the answer where there is one."""
    return [
        {
            "asked": str(ASKED[row.ChangeRequest.asked]),
            "run": name_run(row.to_run) if row.to_run else "",
            "words": row.ChangeRequest.words,
            "when": dates.format_moment(dates.to_local(row.ChangeRequest.at, timezone), language()),
            "answer": _tell_answer(row.ChangeRequest.asked, row.ChangeRequest.decision),
            "is_open": row.ChangeRequest.decision is None,
        }
        for row in rows
    ]


def _tell_answer(asked: Asked, decision: Decision | None) -> str:
    if decision is None:
        return _("The organiser has not answered yet. You get the answer by mail.")
    if decision is Decision.DECLINED:
        return _("The organiser said no.")
    if asked in (Asked.CHANGE, Asked.HAND_OVER):
        return _("The organiser said yes: do it below.")
    return _("The organiser said yes, and it is done.")
