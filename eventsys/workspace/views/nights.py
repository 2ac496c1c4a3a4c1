"""Nights that those who come to a run can have at a hotel, and how many rooms the organiser has there."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.accounts.rules import LogVerb
from eventsys.events.labels import name_run
from eventsys.events.models import Event, Run
from eventsys.events.rules import DATED, RunStatus
from eventsys.extensions import db, transaction
from eventsys.registrations.limits import actions
from eventsys.registrations.rules import TooSmall
from eventsys.venues.models import Venue
from eventsys.venues.queries import find_venue, list_venues
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.limits import queries
from eventsys.workspace.limits.forms import list_nights, read_rooms
from eventsys.workspace.views.frame import account, blueprint, log, name_event, own_event, run_of, tabs
from eventsys.workspace.views.told import tell_too_small


@blueprint.get("/events/<slug>/nights", endpoint="nights")
@access(Access.READER)
def index(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    rows = queries.list_nights(session, event.id)
    planned = [run for run in event.runs if run.status is RunStatus.PLANNED]
    return render_template(
        "workspace/nights.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "registration_terms"),
        runs=[describe(run, [row for row in rows if row.run_id == run.id]) for run in planned],
    )


def describe(run: Run, rows: list[queries.NightRow]) -> dict[str, Any]:
    return {
        "uid": run.uid,
        "name": name_run(run),
        "dated": run.precision in DATED,
        "hotel": ", ".join(dict.fromkeys(row.hotel for row in rows)),
        "nights": [(name_night(row.on), row.taken, row.rooms) for row in rows],
    }


def name_night(on: date) -> str:
    """«Natt fra mandag 1. september»: nights are known by the day on which they begin."""
    return _("Night from %(day)s", day=dates.format_day(on, language(), weekday=True, year=False))


@blueprint.get("/events/<slug>/runs/<uuid:uid>/nights", endpoint="edit_nights")
@access(Access.ORGANISER)
def edit(slug: str, uid: uuid.UUID) -> str:
    session = db.session()
    event = own_event(session, slug)
    run = run_of(event, uid)
    return show_form(event, run, type_nights(session, event, run), {})


def type_nights(session: Session, event: Event, run: Run) -> Typed:
    """The form as if somebody had typed what there is; the hotel is the run's own place to begin with."""
    rows = [row for row in queries.list_nights(session, event.id) if row.run_id == run.id]
    slugs = {venue.id: venue.slug for venue in list_venues(session, account().organiser.id)}
    venue_id = rows[0].venue_id if rows else run.venue_id
    typed = Typed({"venue": slugs.get(venue_id or 0, "")})
    typed.setlist("nights", [str(row.on) for row in rows])
    if venue_id is not None:
        blocks = queries.list_blocks(session, event.organiser_id, venue_id, list_nights(run.first_on, run.last_on))
        typed.update({f"rooms-{on}": str(rooms) for on, rooms in blocks.items()})
    return typed


@blueprint.post("/events/<slug>/runs/<uuid:uid>/nights", endpoint="update_nights")
@access(Access.ORGANISER)
def update(slug: str, uid: uuid.UUID) -> Response | tuple[str, int]:
    session, reader = db.session(), Reader(Typed(request.form))
    event = own_event(session, slug)
    run = run_of(event, uid)
    possible = list_nights(run.first_on, run.last_on)
    wanted = [on for on in possible if str(on) in reader.typed.getlist("nights")]
    rooms = read_rooms(reader, wanted)
    if wanted and not reader.typed.get("venue"):
        reader.errors["venue"] = _("Choose the hotel.")
    if not reader.errors:
        reader.errors |= save(slug, uid, reader.typed.get("venue", ""), rooms)
    if reader.errors:
        event = own_event(db.session(), slug)
        return show_form(event, run_of(event, uid), reader.typed, reader.errors), 422
    flash(_("The nights are saved."), "success")
    return redirect(url_for(".nights", slug=slug), 303)


def save(slug: str, uid: uuid.UUID, venue_slug: str, rooms: dict[date, int | None]) -> dict[str, str]:
    """Writes the nights and their rooms, all or nothing; what only the rows could find wrong, by field."""
    at, now = "nights", clock.now()
    try:
        with transaction() as session:
            event = own_event(session, slug)
            run, organiser_id = run_of(event, uid), account().organiser.id
            venue = find_venue(session, venue_slug, organiser_id=organiser_id)
            if venue is None and rooms:
                return {"venue": _("Choose the hotel.")}
            venue_id = venue.id if venue else 0
            actions.set_run_nights(
                session, run, venue_id=venue_id, nights=list(rooms), account_id=account().id, now=now
            )
            was = queries.list_blocks(session, organiser_id, venue_id, list(rooms))
            for on, many in rooms.items():
                at = f"rooms-{on}"
                actions.set_room_block(
                    session, organiser_id=organiser_id, venue_id=venue_id, on=on, rooms=many, now=now
                )
            if venue is not None:
                becomes = {on: many for on, many in rooms.items() if many is not None}
                log_rooms(session, venue, was, becomes)
    except TooSmall as error:
        return {at: tell_too_small(error)}
    return {}


def log_rooms(session: Session, venue: Venue, was: dict[date, int], becomes: dict[date, int]) -> None:
    """The rooms are the organiser's at the hotel, for all its events: the log tells them of the place."""
    before, after = (
        {"rooms": [{"whose": on, "rooms": many} for on, many in sorted(nights.items())]} for nights in (was, becomes)
    )
    if before != after:
        log(session, LogVerb.CHANGED, "venue", venue.slug, venue.name, before, after)


def show_form(event: Event, run: Run, typed: Typed, errors: dict[str, str]) -> str:
    venues = list_venues(db.session(), account().organiser.id)
    return render_template(
        "workspace/nights_form.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "registration_terms"),
        run=run,
        run_name=name_run(run),
        typed=typed,
        errors=errors,
        venues=[("", _("Not known yet"))] + [(venue.slug, venue.name) for venue in venues],
        nights=[(on, name_night(on)) for on in list_nights(run.first_on, run.last_on)],
    )
