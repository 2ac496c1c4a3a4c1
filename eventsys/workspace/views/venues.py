"""The shared register of places: list, new, corrections."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.registrations.rules import TooSmall
from eventsys.venues import actions
from eventsys.venues.models import Venue
from eventsys.venues.queries import find_venue, list_venues
from eventsys.venues.rules import NameIsTaken
from eventsys.web import Access, access
from eventsys.workspace import actions as workspace
from eventsys.workspace import queries
from eventsys.workspace.forms import Reader, Typed, read_venue
from eventsys.workspace.views.frame import account, blueprint
from eventsys.workspace.views.told import tell_taken


@blueprint.get("/venues", endpoint="venues")
@access(Access.ORGANISER)
def index() -> str:
    session, organiser_id = db.session(), account().organiser.id
    return render_template(
        "workspace/venues.html",
        venues=list_venues(session, organiser_id),
        used=queries.count_runs_by_venue(session, organiser_id),
    )


@blueprint.get("/venues/new", endpoint="new_venue")
@access(Access.ORGANISER)
def new() -> str:
    return show_form(None, Typed(), {})


@blueprint.post("/venues", endpoint="create_venue")
@access(Access.ORGANISER)
def create() -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    entry = read_venue(reader)
    if reader.errors:
        return show_form(None, reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            actions.add(session, name=entry.name, capacity=entry.capacity, address=entry.address, now=clock.now())
    except NameIsTaken:
        return show_form(None, reader.typed, {"name": tell_taken_name()}), 422
    flash(_("The place is saved."), "success")
    return redirect(url_for(".venues"), 303)


@blueprint.get("/venues/<slug>", endpoint="venue")
@access(Access.ORGANISER)
def edit(slug: str) -> str:
    venue = find(db.session(), slug)
    typed = Typed({"name": venue.name, "address": venue.address, "capacity": str(venue.capacity or "")})
    return show_form(venue, typed, {})


@blueprint.post("/venues/<slug>", endpoint="update_venue")
@access(Access.ORGANISER)
def update(slug: str) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    entry = read_venue(reader)
    if reader.errors:
        return show_form(find(db.session(), slug), reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            workspace.edit_venue(session, find(session, slug), entry=entry, now=clock.now())
    except NameIsTaken:
        return show_form(find(db.session(), slug), reader.typed, {"name": tell_taken_name()}), 422
    except TooSmall as error:
        return show_form(find(db.session(), slug), reader.typed, {"capacity": tell_taken(error.taken)}), 422
    flash(_("The place is saved."), "success")
    return redirect(url_for(".venues"), 303)


def find(session: Session, slug: str) -> Venue:
    found = None if "\0" in slug else find_venue(session, slug, organiser_id=account().organiser.id)
    return found or abort(404)


def tell_taken_name() -> str:
    return _("There is a place of that name already.")


def show_form(venue: Venue | None, typed: Typed, errors: dict[str, str]) -> str:
    return render_template("workspace/venue_form.html", venue=venue, typed=typed, errors=errors)
