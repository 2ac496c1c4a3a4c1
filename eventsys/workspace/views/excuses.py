"""Excuses asked for by contacts: who waits, and the organiser's answer with why."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.obligations import actions, excuses
from eventsys.obligations.actions import IsDecided
from eventsys.obligations.labels import EXCUSES
from eventsys.obligations.rules import ExcuseState
from eventsys.organisations.models import Organisation
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.views.frame import account, blueprint, log

Answer = Response | tuple[str, int]
MOST_WORDS = 500


@blueprint.get("/excuses", endpoint="excuses")
@access(Access.ORGANISER)
def list_excuses() -> str:
    return show_excuses({}, {})


def show_excuses(typed: dict[str, str], errors: dict[str, str]) -> str:
    rows = excuses.list_of_organiser(db.session(), account().organiser.id)
    described = [
        {
            "public_id": row.Excuse.public_id,
            "organisation": row.Organisation.label,
            "title": texts.read(row.Event.title, language()),
            "slug": row.Event.slug,
            "words": row.Excuse.words,
            "who": row.who or "",
            "asked_at": row.Excuse.asked_at,
            "why": row.Excuse.why,
            "state": str(EXCUSES[row.Excuse.state]),
            "is_granted": row.Excuse.state is ExcuseState.GRANTED,
            "is_asked": row.Excuse.state is ExcuseState.ASKED,
        }
        for row in rows
    ]
    return render_template(
        "workspace/obligations/excuses.html",
        asked=[one for one in described if one["is_asked"]],
        decided=[one for one in described if not one["is_asked"]],
        typed=typed,
        errors=errors,
    )


@blueprint.post("/excuses/<uuid:public_id>", endpoint="decide_excuse")
@access(Access.ORGANISER)
def decide(public_id: uuid.UUID) -> Answer:
    reader = Reader(Typed(request.form))
    field = f"why-{public_id}"
    why = reader.text(field, most=MOST_WORDS, required=_("Write why."))
    state = ExcuseState.GRANTED if reader.typed.get("decision") == "granted" else ExcuseState.REFUSED
    excuses.find_own(db.session(), public_id, organiser_id=account().organiser.id) or abort(404)
    if reader.errors:
        return show_excuses(dict(reader.typed.items()), reader.errors), 422
    try:
        with transaction() as session:
            row = excuses.find_own(session, public_id, organiser_id=account().organiser.id) or abort(404)
            actions.decide_excuse(session, row.Excuse, state=state, why=why, account_id=account().id, now=clock.now())
            note(session, LogVerb.CHANGED, public_id, row.Organisation, row.Event, {"state": state})
    except IsDecided:
        flash(_("It was decided already."), "info")
        return redirect(url_for(".excuses"), 303)
    flash(_("The answer stands on the municipality’s own page."), "success")
    return redirect(url_for(".excuses"), 303)


def note(
    session: Session,
    verb: LogVerb,
    public_id: uuid.UUID,
    organisation: Organisation,
    event: Event,
    after: dict[str, Any],
) -> None:
    """That somebody was excused or not; what was written about it stays with the excuse, and goes with it."""
    title = texts.read(event.title, language()).value
    log(session, verb, "excuse", str(public_id), f"{organisation.label}: {title}", after=after)
