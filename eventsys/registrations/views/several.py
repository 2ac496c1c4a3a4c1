"""The addresses of the form for several colleagues."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from eventsys.extensions import db
from eventsys.registrations.signup import several
from eventsys.registrations.signup.queries import list_choices
from eventsys.registrations.signup.several_page import load_sheet
from eventsys.registrations.views.frame import blueprint, find_event
from eventsys.registrations.views.signup import public_entrance
from eventsys.web import Access, access


@blueprint.get("/events/<slug>/delegations/new")
@access(Access.PUBLIC)
def new_delegation(slug: str) -> Response:
    entrance = public_entrance(slug)
    sheet = load_sheet(entrance)
    if sheet.event.asks_union:
        return several.lead_to_own(entrance)
    asked = {name: request.args.get(name, "") for name in ("run", "organisation", "link")}
    return several.open_form(
        sheet, **asked, last=request.args.get("people") == "last", sides=request.args.getlist("side")
    )


@blueprint.get("/events/<slug>/delegations")
@access(Access.PUBLIC)
def reopen_delegation(slug: str) -> Response:
    """Who loads the address again that a form was sent to, or changes the language there, gets the form."""
    find_event(slug)
    return redirect(url_for(".new_delegation", slug=slug, lang=request.args.get("lang")), 303)


@blueprint.post("/events/<slug>/delegations")
@access(Access.PUBLIC)
def create_delegation(slug: str) -> Response:
    choices = list_choices(db.session(), slug) or abort(404)
    if choices[0].asks_union:
        return several.lead_to_own(public_entrance(slug))
    return several.send(public_entrance(slug), choices)
