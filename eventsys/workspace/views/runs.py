"""Runs of an event: one more, other days, another place, more or fewer places, cancelled."""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events import actions
from eventsys.events.labels import name_run, name_times
from eventsys.events.models import Event, Run
from eventsys.events.rules import RunFacts, RunStatus, resolve
from eventsys.extensions import db, transaction
from eventsys.registrations.rules import TooFewRooms, TooSmall
from eventsys.venues.queries import find_venue
from eventsys.web import Access, access
from eventsys.workspace import actions as workspace
from eventsys.workspace.forms import Reader, RunEntry, Typed, read_run, write_day
from eventsys.workspace.views.event_form import run_choices
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, run_of, tabs
from eventsys.workspace.views.told import count_told, tell_addresses, tell_rooms, tell_taken


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
    with transaction() as session:
        event = own_event(session, slug)
        facts = workspace.resolve_venue(session, entry, organiser=account().organiser)
        base_url = current_app.config["BASE_URL"]
        actions.add_run(session, event, facts=facts, base_url=base_url, account_id=account().id, now=clock.now())
    flash(_("The new dates are saved."), "success")
    return redirect(url_for(".event", slug=slug), 303)


@blueprint.get("/events/<slug>/runs/<uuid:uid>/edit", endpoint="edit_run")
@access(Access.ORGANISER)
def edit(slug: str, uid: uuid.UUID) -> str:
    event = own_event(db.session(), slug)
    run = run_of(event, uid)
    return show_form(event, run, type_run(run), {})


@blueprint.post("/events/<slug>/runs/<uuid:uid>", endpoint="update_run")
@access(Access.ORGANISER)
def update(slug: str, uid: uuid.UUID) -> Response | tuple[str, int] | str:
    """Saves what changed; where people are told of it, shows first what they will be told and how many they are."""
    session = db.session()
    event = own_event(session, slug)
    run, reader = run_of(event, uid), Reader(Typed(request.form))
    if run.status is RunStatus.CANCELLED:
        flash(_("These dates are cancelled and cannot be changed. Add new dates instead."), "warning")
        return redirect(url_for(".event", slug=slug), 303)
    entry = read_run(reader)
    if entry is None:
        return show_form(event, run, reader.typed, reader.errors), 422
    changes = list_changes(session, run, entry)
    told = count_told(session, event, [run]) if any(change[3] for change in changes) else 0
    if told and "confirmed" not in reader.typed:
        return show_preview(event, run, reader.typed, changes, told)
    try:
        save(slug, uid, entry)
    except TooFewRooms as error:
        wrong = {"first_on-0": tell_rooms(error.taken)}
        return show_form(own_event(db.session(), slug), run, reader.typed, wrong), 422
    except TooSmall as error:
        wrong = {"capacity-0": tell_taken(error.taken)}
        return show_form(own_event(db.session(), slug), run, reader.typed, wrong), 422
    flash(_("The changes are saved.") if changes else _("Nothing was changed."), "success" if changes else "info")
    return redirect(url_for(".event", slug=slug), 303)


def save(slug: str, uid: uuid.UUID, entry: RunEntry) -> None:
    with transaction() as session:
        run = run_of(own_event(session, slug), uid)
        facts = workspace.resolve_venue(session, entry, organiser=account().organiser)
        facts = replace(facts, timezone=run.timezone)
        base_url = current_app.config["BASE_URL"]
        workspace.change_run(session, run, facts=facts, base_url=base_url, account_id=account().id, now=clock.now())


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
        button=_("Yes, cancel these dates"),
        action=url_for(".cancel_run", slug=slug, uid=uid),
        back=url_for(".event", slug=slug),
    )


@blueprint.post("/events/<slug>/runs/<uuid:uid>/cancellation", endpoint="cancel_run")
@access(Access.ORGANISER)
def cancel(slug: str, uid: uuid.UUID) -> Response:
    base_url = current_app.config["BASE_URL"]
    with transaction() as session:
        run = run_of(own_event(session, slug), uid)
        done = actions.cancel_run(session, run, base_url=base_url, account_id=account().id, now=clock.now())
    if done:
        flash(_("The dates are cancelled. Those who were signed up for them are told by mail."), "success")
    return redirect(url_for(".event", slug=slug), 303)


def list_changes(session: Session, run: Run, entry: RunEntry) -> list[tuple[str, str, str, bool]]:
    """What the form changes, as (what, from, to, whether people are told of it)."""
    after = as_run(entry.facts, run)
    venue = entry.new_venue
    if not venue and entry.venue:
        known = find_venue(session, entry.venue, organiser_id=account().organiser.id)
        venue = known.name if known else ""
    nowhere = _("not known yet")
    pairs = [
        (_("Days"), name_run(run), name_run(after), True),
        (_("Times"), name_clock(run), name_clock(after), True),
        (_("Place"), run.venue.name if run.venue else nowhere, venue or nowhere, True),
        (_("Number of places"), name_limit(run.capacity), name_limit(entry.facts.capacity), False),
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]


def as_run(facts: RunFacts, run: Run) -> Run:
    """The run as it would be, in no session: for its names alone."""
    return Run(**resolve(replace(facts, timezone=run.timezone)))


def name_clock(run: Run) -> str:
    return name_times(run) or _("not said")


def name_limit(capacity: int | None) -> str:
    return str(capacity) if capacity else _("as many as the place takes")


def type_run(run: Run) -> Typed:
    """The form as if somebody had typed the run as it is."""
    return Typed(
        {
            "precision-0": run.precision.value,
            "first_on-0": write_day(run.first_on),
            "last_on-0": write_day(run.last_on),
            "starts-0": f"{run.starts_local:%H.%M}" if run.starts_local else "",
            "ends-0": f"{run.ends_local:%H.%M}" if run.ends_local else "",
            "venue-0": run.venue.slug if run.venue else "",
            "capacity-0": str(run.capacity or ""),
        }
    )


def show_form(event: Event, run: Run | None, typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/run_form.html",
        event=event,
        event_title=name_event(event),
        run=run,
        run_name=name_run(run) if run else "",
        typed=typed,
        errors=errors,
        tabs=tabs(event, "event"),
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
        hidden=[(name, value) for name, value in typed.items(multi=True) if name != "csrf_token"],
    )
