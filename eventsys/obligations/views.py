"""What a contact sees of what the organisation promised, and where it asks to be excused."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events.models import Event
from eventsys.extensions import AnyRow, db, transaction
from eventsys.obligations import actions, excuses, queries
from eventsys.obligations.actions import IsDecided
from eventsys.obligations.gatherings import Gathering
from eventsys.obligations.labels import (
    COLOURS,
    EXCUSES,
    name_days,
    name_gathering,
    name_obligation,
    tell_cell,
    tell_kept,
    tell_state,
)
from eventsys.obligations.queries import Promise
from eventsys.obligations.rules import Cell, ExcuseState, Standing
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions.queries import find_contact
from eventsys.web import Access, access

blueprint = Blueprint("obligations", __name__)
MOST_WORDS = 500
MAY_ASK = (Standing.COMING, Standing.MISSED, Standing.PARTLY)


@blueprint.app_context_processor
def provide() -> dict[str, Any]:
    """For the contact's page, which is made by a package that knows nothing of promises."""
    return {"list_promised": list_promised, "list_excuses_of": list_excuses_of}


def read_promises(session: Session, organisation: Organisation) -> list[Promise]:
    obligations = queries.list_obligations_of(session, organisation.id)
    promises = queries.list_cells(session, obligations, only=organisation.id, on=clock.today())
    return [promise for promise in promises if organisation.id in promise.rows]


def list_promised(organisation: Organisation) -> list[dict[str, Any]]:
    """Each promise, how it is kept, and its gatherings that have been told of."""
    session = db.session()
    waiting = {one.event_id for one in excuses.list_of_organisation(session, organisation.id)
               if one.state is ExcuseState.ASKED}  # fmt: skip
    return [describe(promise, organisation.id, waiting) for promise in read_promises(session, organisation)]


def describe(promise: Promise, organisation_id: int, waiting: set[int]) -> dict[str, Any]:
    kept, last = promise.kept[organisation_id], promise.last_chances(organisation_id)
    state, colour = tell_state(kept)
    lines = [
        describe_gathering(one, cell, is_last=place in last, is_asked=one.event_id in waiting)
        for place, (one, cell) in enumerate(zip(promise.gatherings, promise.rows[organisation_id], strict=True))
        if cell is not None and not one.is_draft
    ]
    return {
        "name": name_obligation(promise.duty.row),
        "kept": tell_kept(kept),
        "state": state,
        "colour": colour,
        "coming": [one for one in lines if one["is_coming"]],
        "past": [one for one in lines if not one["is_coming"]],
    }


def describe_gathering(one: Gathering, cell: Cell, *, is_last: bool, is_asked: bool) -> dict[str, Any]:
    is_coming = cell.standing is Standing.COMING
    return {
        "slug": one.slug,
        "title": name_gathering(one),
        "days": name_days(one),
        "told": tell_cell(cell),
        "colour": COLOURS[cell.standing] or "neutral",
        "is_coming": is_coming,
        "is_last": is_last,
        "sides": [side.value for side in cell.lacking],
        "needs_more": cell.needs_more
        and any(time.first_on is None or time.first_on > clock.today() for time in one.times),
        "may_ask": cell.standing in MAY_ASK and not is_asked,
    }


def list_excuses_of(organisation: Organisation) -> list[dict[str, Any]]:
    """What was asked for and answered, without what was withdrawn."""
    session = db.session()
    rows = [
        row for row in excuses.list_of_organisation(session, organisation.id) if row.state is not ExcuseState.WITHDRAWN
    ]
    titles = excuses.name_events(session, [row.event_id for row in rows])
    return [
        {
            "public_id": row.public_id,
            "title": titles[row.event_id],
            "state": str(EXCUSES[row.state]),
            "is_asked": row.state is ExcuseState.ASKED,
            "words": row.words,
            "why": row.why,
        }
        for row in rows
    ]


# --- asking to be excused -------------------------------------------------------------------------------------------


def demand_contact(session: Session, number: str, token: str) -> AnyRow:
    return find_contact(session, number, token, on=clock.today()) or abort(404)


def list_askable(session: Session, organisation: Organisation) -> dict[str, Gathering]:
    """What may be asked to be excused from, by slug: gatherings of its promises that have been told of and that it did not
    come to, or may not."""
    asked = {
        one.event_id
        for one in excuses.list_of_organisation(session, organisation.id)
        if one.state in (ExcuseState.ASKED, ExcuseState.GRANTED)
    }
    return {
        one.slug: one
        for promise in read_promises(session, organisation)
        for one, cell in zip(promise.gatherings, promise.rows[organisation.id], strict=True)
        if cell is not None and cell.standing in MAY_ASK and not one.is_draft and one.event_id not in asked
    }


@blueprint.get("/organisations/<number>/contacts/<token>/excuses/new")
@access(Access.TOKEN)
def new_excuse(number: str, token: str) -> str:
    return show_form(number, token, request.args.get("event", ""), "", {})


def show_form(number: str, token: str, slug: str, words: str, errors: dict[str, str]) -> str:
    row = demand_contact(db.session(), number, token)
    gatherings = list_askable(db.session(), row.Organisation)
    return render_template(
        "obligations/excuse.html",
        organisation=row.Organisation,
        token=token,
        slug=slug,
        options=[(key, f"{name_gathering(one).value}, {name_days(one)}") for key, one in gatherings.items()],
        words=words,
        errors=errors,
    )


@blueprint.post("/organisations/<number>/contacts/<token>/excuses")
@access(Access.TOKEN)
def ask_excuse(number: str, token: str) -> Response | tuple[str, int]:
    words = request.form.get("words", "").replace("\r\n", "\n").replace("\0", "").strip()
    slug = request.form.get("event", "")
    errors: dict[str, str] = {}
    with transaction() as session:
        row = demand_contact(session, number, token)
        gathering = list_askable(session, row.Organisation).get(slug)
        if gathering is None:
            errors["event"] = _("Choose which gathering.")
        if not words:
            errors["words"] = _("Write why you cannot come.")
        elif len(words) > MOST_WORDS:
            errors["words"] = _("At most %(most)s characters; this is %(length)s.", most=MOST_WORDS, length=len(words))
        if gathering is not None and not errors:
            event = session.get_one(Event, gathering.event_id)
            actions.ask_excuse(
                session, event, row.Organisation.id, words=words, position_id=row.Position.id, now=clock.now()
            )
    if errors:
        return show_form(number, token, slug, words, errors), 422
    flash(_("You have asked to be excused. The answer comes here."), "success")
    return redirect(url_for("registrations.contact_page", number=number, token=token), 303)


@blueprint.post("/organisations/<number>/contacts/<token>/excuses/<uuid:public_id>/withdrawal")
@access(Access.TOKEN)
def withdraw_excuse(number: str, token: str, public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            row = demand_contact(session, number, token)
            found = excuses.find_of(session, public_id, organisation_ids=[row.Organisation.id]) or abort(404)
            actions.withdraw_excuse(session, found, now=clock.now())
    except IsDecided:
        flash(_("It was answered already."), "info")
    else:
        flash(_("You do not ask to be excused any more."), "success")
    return redirect(url_for("registrations.contact_page", number=number, token=token), 303)
