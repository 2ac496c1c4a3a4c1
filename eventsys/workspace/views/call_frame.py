"""What the pages of one call share: finding the organiser's own or nothing, the places of a call, who may do what there."""

from __future__ import annotations

from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.extensions import db
from eventsys.programmes.calls import labels
from eventsys.programmes.calls.queries import find_call
from eventsys.programmes.calls.rules import CallState, Stage, find_stage
from eventsys.programmes.intake.queries import find_assessor
from eventsys.programmes.models import Call
from eventsys.workspace.views.frame import account, opens


def own_call(session: Session, slug: str) -> Call:
    """The organiser's own call; another's answers 404."""
    return find_call(session, slug, organiser_id=account().organiser.id) or abort(404)


def stage_of(call: Call) -> Stage:
    return find_stage(call.state, call.closes_at, clock.now())


def may_change(call: Call) -> bool:
    return call.state in (CallState.DRAFT, CallState.OPEN)


def call_tabs(call: Call, here: str) -> list[tuple[str, str, bool]]:
    """The places of one call."""
    names = {
        "call": _("Overview"),
        "call_letter": _("Letter"),
        "call_audience": _("Who gets it"),
        "call_sending": _("Sending"),
        "call_nudges": _("Reminders"),
        "edit_call": _("Change"),
    }
    assesses = find_assessor(db.session(), call_id=call.id, account_id=account().id)
    names |= {"applications": _("Applications")} if assesses else {"assessors": _("Assessors")}
    return [(url_for(f".{name}", slug=call.slug), label, name == here) for name, label in names.items() if opens(name)]


def describe_call(call: Call, here: str) -> dict[str, Any]:
    """What every page of a call begins with."""
    stage = stage_of(call)
    return {
        "call": call,
        "title": labels.name_call(call),
        "tabs": call_tabs(call, here),
        "stage": labels.STAGES[stage],
        "stage_kind": labels.STAGE_KINDS[stage],
        "deadline": labels.tell_deadline(call),
        "is_draft": call.state is CallState.DRAFT,
        "is_live": call.state is CallState.OPEN,
    }
