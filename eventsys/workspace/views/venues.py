"""The register of places: the list, one place with its rooms and deadlines, new ones and corrections."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.events.bookings.deadlines.queries import list_deadlines
from eventsys.extensions import db, transaction
from eventsys.merging import Field
from eventsys.registrations.rules import TooSmall
from eventsys.venues import actions
from eventsys.venues.labels import LAYOUTS
from eventsys.venues.models import Venue
from eventsys.venues.queries import count_rooms, find_venue, list_rooms, list_venues, lock_venue
from eventsys.venues.rules import NameIsTaken, VenueFacts, map_link, write_position
from eventsys.web import Access, access
from eventsys.workspace import queries
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.places.actions import VenueIsUsed, edit_venue, keep_venue_to
from eventsys.workspace.places.forms import read_venue
from eventsys.workspace.places.queries import find_last_editor
from eventsys.workspace.views.editing import Opened, again, close_form, open_form, settle
from eventsys.workspace.views.frame import account, blueprint, log
from eventsys.workspace.views.place_parts import describe_deadline, list_notes
from eventsys.workspace.views.told import tell_taken

Answer = Response | tuple[str, int]
PLAIN = ("name", "address", "access", "equipment", "notes", "contact_name", "contact_email", "contact_phone")


@blueprint.get("/venues", endpoint="venues")
@access(Access.READER)
def index() -> str:
    session, organiser_id = db.session(), account().organiser.id
    return render_template(
        "workspace/venues.html",
        venues=list_venues(session, organiser_id),
        used=queries.count_runs_by_venue(session, organiser_id),
        rooms=count_rooms(session, organiser_id),
    )


@blueprint.get("/venues/new", endpoint="new_venue")
@access(Access.ORGANISER)
def new() -> str:
    return show_form(None, open_form("venue.new", Typed(), 0, list_fields()), {})


@blueprint.post("/venues", endpoint="create_venue")
@access(Access.ORGANISER)
def create() -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_venue(reader)
    if not reader.errors:
        try:
            return save_new(facts, is_own="own" in reader.typed)
        except NameIsTaken:
            reader.errors["name"] = tell_taken_name()
    return show_form(None, Opened(reader.typed, again("venue.new", reader.typed)), reader.errors), 422


def save_new(facts: VenueFacts, *, is_own: bool) -> Response:
    with transaction() as session:
        owner = account().organiser.id if is_own else None
        venue = actions.add(session, name=facts.name, organiser_id=owner, now=clock.now())
        actions.edit(session, venue, facts)
        log(session, LogVerb.ADDED, "venue", venue.slug, venue.name, after=describe(venue))
        close_form(session, "venue.new")
        slug = venue.slug
    flash(_("The place is saved."), "success")
    return redirect(url_for(".venue", slug=slug), 303)


@blueprint.get("/venues/<slug>", endpoint="venue")
@access(Access.READER)
def show(slug: str) -> str:
    session, organiser_id = db.session(), account().organiser.id
    venue = find(session, slug)
    return render_template(
        "workspace/venue.html",
        venue=venue,
        map_link=map_link(position_of(venue), venue.address),
        rooms=list_rooms(session, organiser_id, venue_id=venue.id),
        layouts=LAYOUTS,
        deadlines=[describe_deadline(row) for row in list_deadlines(session, organiser_id, venue_id=venue.id)],
        notes=list_notes(session, venue_id=venue.id),
    )


@blueprint.get("/venues/<slug>/edit", endpoint="edit_venue")
@access(Access.ORGANISER)
def edit(slug: str) -> str:
    venue = find(db.session(), slug)
    return show_form(venue, open_form(name_form(venue), type_venue(venue), venue.edition, list_fields()), {})


@blueprint.post("/venues/<slug>", endpoint="update_venue")
@access(Access.ORGANISER)
def update(slug: str) -> Answer:
    reader = Reader(Typed(request.form))
    try:
        return save(slug, reader)
    except NameIsTaken:
        reader.errors["name"] = tell_taken_name()
    except TooSmall as error:
        reader.errors["capacity"] = tell_taken(error.taken)
    except VenueIsUsed:
        reader.errors["own"] = _("Another organiser has used this place, so it stays shared.")
    return refuse(slug, reader)


def save(slug: str, reader: Reader) -> Answer:
    """Joins what was typed with what another saved meanwhile, and saves it."""
    with transaction() as session:
        venue = lock_venue(session, slug, organiser_id=account().organiser.id) or abort(404)
        settled = settle(
            reader.typed, edition=venue.edition, theirs=type_venue(venue), fields=list_fields(),
            back=url_for(".edit_venue", slug=slug),
            find_editor=lambda: find_last_editor(session, account().organiser.id, slug),
        )  # fmt: skip
        if settled.conflict is not None:
            return settled.conflict
        reader.typed = settled.typed
        facts = read_venue(reader)
        if reader.errors:
            return refuse(slug, reader)
        change(session, venue, facts, is_own="own" in reader.typed)
    flash(_("The place is saved."), "success")
    return redirect(url_for(".venue", slug=slug), 303)


def change(session: Session, venue: Venue, facts: VenueFacts, *, is_own: bool) -> None:
    before = describe(venue)
    edit_venue(session, venue, facts, now=clock.now())
    keep_venue_to(session, venue, account().organiser.id if is_own else None)
    log(session, LogVerb.CHANGED, "venue", venue.slug, venue.name, before=before, after=describe(venue))
    close_form(session, name_form(venue))


def refuse(slug: str, reader: Reader) -> tuple[str, int]:
    venue = find(db.session(), slug)
    return show_form(venue, Opened(reader.typed, again(name_form(venue), reader.typed)), reader.errors), 422


def find(session: Session, slug: str) -> Venue:
    found = None if "\0" in slug else find_venue(session, slug, organiser_id=account().organiser.id)
    return found or abort(404)


def tell_taken_name() -> str:
    return _("There is a place of that name already.")


def name_form(venue: Venue) -> str:
    return f"venue.{venue.slug}"


def position_of(venue: Venue) -> tuple[float, float] | None:
    if venue.latitude is None or venue.longitude is None:
        return None
    return venue.latitude, venue.longitude


def type_venue(venue: Venue) -> Typed:
    """The form as if somebody had typed the place as it is."""
    typed = Typed({name: getattr(venue, name) for name in PLAIN})
    typed["capacity"] = str(venue.capacity or "")
    typed["position"] = write_position(position_of(venue))
    if venue.organiser_id is not None:
        typed["own"] = "1"
    return typed


def describe(venue: Venue) -> dict[str, Any]:
    """The place as the log keeps it."""
    return {
        **{name: getattr(venue, name) for name in PLAIN},
        "capacity": venue.capacity,
        "position": write_position(position_of(venue)),
        "own": venue.organiser_id is not None,
    }


def list_fields() -> dict[str, Field]:
    """What the page calls each field, for who saves it at the same time as another."""
    return {
        "name": Field(_("Name")),
        "address": Field(_("Address")),
        "capacity": Field(_("How many it takes at once")),
        "position": Field(_("Where it is on the map")),
        "access": Field(_("How to get in"), is_long=True),
        "equipment": Field(_("Equipment"), is_long=True),
        "notes": Field(_("Notes among organisers"), is_long=True),
        "contact_name": Field(_("Contact person")),
        "contact_email": Field(_("Their e-mail")),
        "contact_phone": Field(_("Their telephone")),
        "own": Field(_("Who sees it"), {"1": _("Only my organisation")}),
    }


def show_form(venue: Venue | None, opened: Opened, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/venue_form.html", venue=venue, typed=opened.typed, editing=opened.editing, errors=errors
    )
