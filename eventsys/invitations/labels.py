"""What pages call an invitation's states, and what the page of one tells: its event, its places, what became of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventsys import dates
from eventsys.events.labels import name_run, name_times
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.invitations.queries import InvitationFacts, Opened
from eventsys.invitations.rules import InvitationAct, InvitationState, Shown
from eventsys.registrations.labels import is_late, is_open
from eventsys.web import language

STATES = {
    InvitationState.PLANNED: _l("Not sent yet"),
    InvitationState.ASKED: _l("No answer"),
    InvitationState.ACCEPTED: _l("Yes"),
    InvitationState.DECLINED: _l("No"),
    InvitationState.PASSED_ON: _l("Passed on"),
    InvitationState.WITHDRAWN: _l("Taken back"),
}
STATE_KINDS = {
    InvitationState.PLANNED: "neutral",
    InvitationState.ASKED: "warning",
    InvitationState.ACCEPTED: "success",
    InvitationState.DECLINED: "neutral",
    InvitationState.PASSED_ON: "info",
    InvitationState.WITHDRAWN: "neutral",
}
ACTS = {
    InvitationAct.PLANNED: _l("Drawn up"),
    InvitationAct.ASKED: _l("Invited"),
    InvitationAct.NUDGED: _l("Reminded"),
    InvitationAct.OPENED: _l("Opened the invitation"),
    InvitationAct.ACCEPTED: _l("Said yes"),
    InvitationAct.DECLINED: _l("Said no"),
    InvitationAct.PASSED_ON: _l("Passed it on to a colleague"),
    InvitationAct.WITHDRAWN: _l("The invitation was taken back"),
}
SHOWN = {
    Shown.NO_ANSWER: _l("No answer"),
    Shown.NOT_OPENED: _l("Have not opened it"),
    Shown.UNREACHABLE: _l("Could not be reached"),
    Shown.ACCEPTED: _l("Said yes"),
    Shown.DECLINED: _l("Said no"),
    Shown.PASSED_ON: _l("Passed on"),
    Shown.WITHDRAWN: _l("Taken back"),
}


def tell_dates(event: Event) -> list[dict[str, Any]]:
    """The days, times and place of every run that goes."""
    return [
        {"name": name_run(run), "times": name_times(run), "venue": run.venue}
        for run in event.runs
        if run.status is RunStatus.PLANNED
    ]


def tell_held(facts: InvitationFacts) -> str:
    """«2 plasser holdes av til Bø (Telemark) til og med 25. august 2008.»; empty where none are."""
    if facts.held_until is None:
        return ""
    day = dates.format_day(facts.held_until, language())
    if not facts.organisation:
        return _("A place is held for you until the end of %(day)s.", day=day)
    return ngettext(
        "%(num)d place is held for %(organisation)s until the end of %(day)s.",
        "%(num)d places are held for %(organisation)s until the end of %(day)s.",
        facts.places,
        organisation=facts.organisation,
        day=day,
    )


def can_sign_up(event: Event, today: date) -> bool:
    """Whether a run takes sign-ups, if only from who asks."""
    return any(is_open(event, run, today) or is_late(event, run, today) for run in event.runs)


def tell_shut(event: Event, today: date) -> str:
    """Why nobody can sign up today; empty where they can."""
    if event.status is EventStatus.CANCELLED:
        return _("This event is cancelled.")
    if can_sign_up(event, today):
        return ""
    if event.opens_on and today < event.opens_on:
        return _("Sign-up opens on %(day)s. The link in your invitation works then.", day=dates.format_day(event.opens_on, language()))  # fmt: skip  # noqa: E501
    return _("Registration is closed")


def tell_answer(opened: Opened) -> str:
    """What became of the invitation, to who holds its link; empty while there is no answer."""
    invitation = opened.invitation
    told = {
        InvitationState.ACCEPTED: _("You have said yes."),
        InvitationState.DECLINED: _("You have said no. If that changes, you can still sign up."),
        InvitationState.PASSED_ON: _("You have passed this invitation on to %(name)s.", name=opened.passed_to)
        if opened.passed_to
        else _("You have passed this invitation on."),
        InvitationState.WITHDRAWN: _("The organiser has taken this invitation back."),
    }
    return told.get(invitation.state, "")
