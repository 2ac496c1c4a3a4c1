"""Runs of an event: one more, other days, another place, more or fewer places, cancelled."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events import actions
from eventsys.events.bookings.labels import tell_taken as tell_booked
from eventsys.events.bookings.rules import RoomIsTaken
from eventsys.events.labels import name_run, name_times
from eventsys.events.models import Event, Run
from eventsys.events.rules import RunFacts, RunStatus, resolve
from eventsys.extensions import db, transaction
from eventsys.merging import Field
from eventsys.registrations.actions import lock_event
from eventsys.registrations.rules import TooFewRooms, TooSmall
from eventsys.venues.labels import LAYOUTS
from eventsys.venues.queries import find_venue, list_rooms
from eventsys.venues.rules import Layout
from eventsys.web import Access, access, language
from eventsys.workspace import actions as workspace
from eventsys.workspace.actions import RoomIsElsewhere
from eventsys.workspace.editing.queries import find_last_editor
from eventsys.workspace.forms import Reader, RunEntry, Typed, read_run, write_day
from eventsys.workspace.views.editing import Settled, again, close_form, open_form, settle
from eventsys.workspace.views.event_form import run_choices, tell_elsewhere
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, run_of, tabs
from eventsys.workspace.views.publication import read_line
from eventsys.workspace.views.told import count_told, tell_addresses, tell_rooms, tell_taken

WRONG = (RoomIsTaken, RoomIsElsewhere, TooFewRooms, TooSmall)


@blueprint.get("/events/<slug>/runs/new", endpoint="new_run")
@access(Access.ORGANISER)
def new(slug: str) -> str:
    event = own_event(db.session(), slug)
    return show_form(event, None, type_run(event.runs[-1]) if event.runs else Typed(), {})


@blueprint.post("/events/<slug>/runs", endpoint="create_run")
@access(Access.ORGANISER)
def create(slug: str) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    entry = read_run(reader)
    if entry is None:
        return show_form(own_event(db.session(), slug), None, reader.typed, reader.errors), 422
    try:
        add(slug, entry)
    except WRONG as error:
        return show_form(own_event(db.session(), slug), None, reader.typed, tell_wrong(error)), 422
    flash(_("The new dates are saved."), "success")
    return redirect(url_for(".event", slug=slug), 303)


def add(slug: str, entry: RunEntry) -> None:
    with transaction() as session:
        event = own_event(session, slug)
        facts = workspace.resolve_venue(session, entry, organiser=account().organiser)
        base_url = current_app.config["BASE_URL"]
        actions.add_run(session, event, facts=facts, base_url=base_url, account_id=account().id, now=clock.now())


@blueprint.get("/events/<slug>/runs/<uuid:uid>/edit", endpoint="edit_run")
@access(Access.ORGANISER)
def edit(slug: str, uid: uuid.UUID) -> str:
    event = own_event(db.session(), slug)
    run = run_of(event, uid)
    opened = open_form(form_of(run), type_run(run), event.edition, list_fields())
    return show_form(event, run, opened.typed, {}, opened.editing)


@blueprint.post("/events/<slug>/runs/<uuid:uid>", endpoint="update_run")
@access(Access.ORGANISER)
def update(slug: str, uid: uuid.UUID) -> Response | tuple[str, int] | str:
    """Saves what changed; where people are told of it, shows first what they will be told and how many they are."""
    session = db.session()
    event = own_event(session, slug)
    run = run_of(event, uid)
    if run.status is RunStatus.CANCELLED:
        flash(_("These dates are cancelled and cannot be changed. Add new dates instead."), "warning")
        return redirect(url_for(".event", slug=slug), 303)
    settled = settle_run(session, event, run)
    if settled.conflict:
        return settled.conflict
    reader = Reader(settled.typed)
    entry = read_run(reader)
    if entry is None:
        return show_form(event, run, reader.typed, reader.errors), 422
    changes = list_changes(session, run, entry)
    told = count_told(session, event, [run]) if any(change[3] for change in changes) else 0
    if told and "confirmed" not in reader.typed:
        return show_preview(event, run, reader.typed, changes, told)
    try:
        conflict = save(slug, uid, entry, read_line(reader))
    except WRONG as error:
        return show_form(own_event(db.session(), slug), run, reader.typed, tell_wrong(error)), 422
    if conflict:
        return conflict
    flash(_("The changes are saved.") if changes else _("Nothing was changed."), "success" if changes else "info")
    return redirect(url_for(".event", slug=slug), 303)


def settle_run(session: Session, event: Event, run: Run) -> Settled:
    return settle(
        Typed(request.form),
        edition=event.edition,
        theirs=type_run(run),
        fields=list_fields(),
        back=url_for(".event", slug=event.slug),
        find_editor=lambda: find_last_editor(session, event.id),
    )


def save(slug: str, uid: uuid.UUID, entry: RunEntry, line: str) -> tuple[str, int] | None:
    """Saves, or gives the page of what another saved in the moment before."""
    with transaction() as session:
        lock_event(session, own_event(session, slug).id)
        event = own_event(session, slug)
        run = run_of(event, uid)
        settled = settle_run(session, event, run)
        if settled.conflict:
            return settled.conflict
        facts = workspace.resolve_venue(session, entry, organiser=account().organiser)
        facts = replace(facts, timezone=run.timezone)
        own: dict[str, Any] = {"base_url": current_app.config["BASE_URL"], "account_id": account().id}
        workspace.change_run(session, run, facts=facts, line=line, now=clock.now(), **own)
        close_form(session, form_of(run))
        return None


def tell_wrong(error: Exception) -> dict[str, str]:
    """What is wrong with the form, beside the field that it is about."""
    if isinstance(error, RoomIsTaken):
        return {"room-0": tell_booked(error.booking, language())}
    if isinstance(error, TooFewRooms):
        return {"first_on-0": tell_rooms(error.taken)}
    if isinstance(error, TooSmall):
        return {"capacity-0": tell_taken(error.taken)}
    return {"room-0": tell_elsewhere()}


@blueprint.get("/events/<slug>/runs/<uuid:uid>/cancellation", endpoint="confirm_cancel_run")
@access(Access.ORGANISER)
def confirm_cancel(slug: str, uid: uuid.UUID) -> str:
    session = db.session()
    event = own_event(session, slug)
    run = run_of(event, uid)
    return render_template(
        "workspace/confirm.html",
        event=event,
        event_title=name_event(event),
        title=_("Cancel these dates?"),
        text=tell_addresses(count_told(session, event, [run])),
        facts=[name_run(run)],
        warning=_("This cannot be undone. The dates stay in calendars, marked as cancelled."),
        asks_line=True,
        button=_("Yes, cancel these dates"),
        action=url_for(".cancel_run", slug=slug, uid=uid),
        back=url_for(".event", slug=slug),
    )


@blueprint.post("/events/<slug>/runs/<uuid:uid>/cancellation", endpoint="cancel_run")
@access(Access.ORGANISER)
def cancel(slug: str, uid: uuid.UUID) -> Response:
    base_url, line = current_app.config["BASE_URL"], read_line(Reader(Typed(request.form)))
    with transaction() as session:
        run = run_of(own_event(session, slug), uid)
        own: dict[str, Any] = {"account_id": account().id, "now": clock.now()}
        done = actions.cancel_run(session, run, base_url=base_url, line=line, **own)
    if done:
        flash(_("The dates are cancelled. Those who were signed up for them are told by mail."), "success")
    return redirect(url_for(".event", slug=slug), 303)


def list_changes(session: Session, run: Run, entry: RunEntry) -> list[tuple[str, str, str, bool]]:
    """What the form changes, as (what, from, to, whether people are told of it)."""
    after = as_run(entry.facts, run)
    venue, room = name_place(session, entry)
    nowhere, no_room = _("not known yet"), _("not said")
    pairs = [
        (_("Days"), name_run(run), name_run(after), True),
        (_("Times"), name_clock(run), name_clock(after), True),
        (_("Place"), run.venue.name if run.venue else nowhere, venue or nowhere, True),
        (_("Room"), run.room.name if run.room else no_room, room or no_room, True),
        (_("How the room stands"), name_layout(run.layout), name_layout(entry.facts.layout), False),
        (_("Number of places"), name_limit(run.capacity), name_limit(entry.facts.capacity), False),
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]


def name_place(session: Session, entry: RunEntry) -> tuple[str, str]:
    """The venue and the room that were chosen; a room says its venue."""
    organiser_id = account().organiser.id
    rooms = list_rooms(session, organiser_id) if entry.room else []
    room = next((one for one in rooms if str(one.public_id) == entry.room), None)
    if entry.new_venue or not entry.venue:
        return entry.new_venue or (room.venue.name if room else ""), room.name if room else ""
    known = find_venue(session, entry.venue, organiser_id=organiser_id)
    return known.name if known else "", room.name if room else ""


def name_layout(layout: Layout | None) -> str:
    return str(LAYOUTS[layout]) if layout else _("Not decided")


def as_run(facts: RunFacts, run: Run) -> Run:
    """The run as it would be, in no session: for its names alone."""
    return Run(**resolve(replace(facts, timezone=run.timezone)))


def name_clock(run: Run) -> str:
    return name_times(run) or _("not said")


def name_limit(capacity: int | None) -> str:
    return str(capacity) if capacity else _("as many as the place takes")


def type_run(run: Run) -> Typed:
    """The form as if somebody had typed the run as it is: the last day of one day is empty, so it moves with the first."""
    return Typed(
        {
            "precision-0": run.precision.value,
            "first_on-0": write_day(run.first_on),
            "last_on-0": write_day(run.last_on) if run.last_on != run.first_on else "",
            "starts-0": f"{run.starts_local:%H.%M}" if run.starts_local else "",
            "ends-0": f"{run.ends_local:%H.%M}" if run.ends_local else "",
            "venue-0": run.venue.slug if run.venue else "",
            "room-0": str(run.room.public_id) if run.room else "",
            "layout-0": run.layout.value if run.layout else "",
            "capacity-0": str(run.capacity or ""),
        }
    )


def form_of(run: Run) -> str:
    """What the form of a run is called where drafts are kept."""
    return f"run.{run.uid}"


def list_fields() -> dict[str, Field]:
    """Every field of the form by its name, as pages call it."""
    choices = run_choices(db.session())
    return {
        "precision-0": Field(_("How exactly is it known?"), dict(choices["precisions"])),
        "first_on-0": Field(_("First day")),
        "last_on-0": Field(_("Last day")),
        "starts-0": Field(_("Begins at")),
        "ends-0": Field(_("Ends at")),
        "venue-0": Field(_("Place"), dict(choices["venues"])),
        "new_venue-0": Field(_("or a new place")),
        "room-0": Field(_("Room"), dict(choices["rooms"])),
        "layout-0": Field(_("How the room stands"), dict(choices["layouts"])),
        "capacity-0": Field(_("Number of places")),
    }


def show_form(
    event: Event, run: Run | None, typed: Typed, errors: dict[str, str], editing: dict[str, Any] | None = None
) -> str:
    return render_template(
        "workspace/run_form.html",
        event=event,
        event_title=name_event(event),
        run=run,
        run_name=name_run(run) if run else "",
        typed=typed,
        errors=errors,
        tabs=tabs(event, "event"),
        editing=editing or again(form_of(run) if run else f"run.new-{event.slug}", typed),
        **run_choices(db.session()),
    )


def show_preview(event: Event, run: Run, typed: Typed, changes: list[tuple[str, str, str, bool]], told: int) -> str:
    return render_template(
        "workspace/run_preview.html",
        event=event,
        event_title=name_event(event),
        run=run,
        changes=[change[:3] for change in changes],
        told=tell_addresses(told),
        line=typed.get("line", ""),
        hidden=[(name, value) for name, value in typed.items(multi=True) if name not in ("csrf_token", "line")],
    )
