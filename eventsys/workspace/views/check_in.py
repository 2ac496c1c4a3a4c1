"""The door: find somebody by name, ticket or code, mark who came, take it back, and let in who was not signed up."""

from __future__ import annotations

import secrets
import uuid
from datetime import date

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events.labels import name_run
from eventsys.events.models import Event, Run
from eventsys.events.rules import RunStatus
from eventsys.extensions import AnyRow, db, transaction
from eventsys.organisations.queries import Found, find_by_label
from eventsys.registrations import actions
from eventsys.registrations.attendance import actions as attendance
from eventsys.registrations.attendance.labels import name_person, tell_attendance
from eventsys.registrations.attendance.queries import count_attendance, find_by_ticket, find_seen, list_people
from eventsys.registrations.attendance.rules import EXPECTED, HasNoPlace
from eventsys.registrations.labels import SIDES, STATE_KINDS, STATES
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import NewRegistration, QuotaIsFull, RegistrationIsClosed, RunIsFull, State
from eventsys.tokens import LinkIsRevoked
from eventsys.web import Access, access
from eventsys.workspace.door.forms import WalkIn, read_walk_in
from eventsys.workspace.door.labels import How, Told, tell
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.views.frame import (
    account,
    blueprint,
    name_event,
    own_event,
    own_registration,
    read_id,
    tabs,
    today,
    words,
)

MOST_SHOWN = 50
CAMERA = "camera=(self), microphone=(), geolocation=()"
"""This page alone may ask for the camera."""


@blueprint.get("/events/<slug>/check-in", endpoint="check_in")
@access(Access.DOOR)
def index(slug: str) -> tuple[str, dict[str, str]]:
    session = db.session()
    event = own_event(session, slug)
    run = choose_run(event)
    people = list_people(session, run.id, states=() if words("q") else EXPECTED, search=words("q"))
    standing = count_attendance(session, [run.id])[run.id]
    page = render_template(
        "workspace/check_in.html",
        event=event,
        event_title=name_event(event),
        run=run,
        runs=[(one, name_run(one, year=False)) for one in list_runs(event)],
        q=words("q"),
        people=[describe_person(row) for row in people[:MOST_SHOWN]],
        found=len(people),
        standing=standing,
        sentence=tell_attendance(standing),
        told=read_told(session, event),
        seen=words("seen"),
        tabs=tabs(event, "check_in"),
    )
    return page, {"Permissions-Policy": CAMERA}


def list_runs(event: Event) -> list[Run]:
    """Those that are on; all of an event whose runs are all cancelled."""
    return [run for run in event.runs if run.status is RunStatus.PLANNED] or list(event.runs)


def choose_run(event: Event) -> Run:
    """The run that the address names, else the one of today, else the next, else the last."""
    runs = list_runs(event) or abort(404)
    named = words("run") or request.form.get("run", "")
    chosen = next((run for run in runs if str(run.uid) == named), None)
    return chosen or next((run for run in runs if (run.last_on or date.max) >= today()), runs[-1])


def describe_person(row: AnyRow) -> dict[str, object]:
    return {
        "public_id": row.public_id,
        "name": name_person(row.name, row.organisation, row.side),
        "is_named": bool(row.name),
        "organisation": row.organisation if row.name else "",
        "side": SIDES[row.side] if row.side and row.name else "",
        "state": row.state,
        "label": STATES[row.state],
        "kind": STATE_KINDS[row.state],
    }


def read_told(session: Session, event: Event) -> Told | None:
    """What the last act came to, from the address."""
    how = words("how")
    if how not in set(How):
        return None
    public_id = read_id(words("seen"))
    seen = find_seen(session, public_id, event_id=event.id) if public_id else None
    runs = {run.id: name_run(run) for run in event.runs}
    return tell(How(how), seen, account().organiser.timezone, runs[seen.registration.run_id] if seen else "")


@blueprint.post("/events/<slug>/check-in", endpoint="find_or_check_in")
@access(Access.DOOR)
def enter(slug: str) -> Response:
    """What a scanner or a person typed into the field: a ticket marks its owner as come, anything else is a search."""
    typed = request.form.get("q", "").replace("\0", "").strip()[:200]
    with transaction() as session:
        event = own_event(session, slug)
        run = choose_run(event)
        try:
            registration = find_by_ticket(session, typed, event_id=event.id)
        except LinkIsRevoked:
            return back(slug, run, how=How.REPLACED)
        if registration is None:
            return back(slug, run, q=typed) if typed and len(typed) < 40 else back(slug, run, how=How.UNKNOWN)
        public_id = registration.public_id
        if registration.run_id != run.id:
            return back(slug, run, how=How.OTHER_DATES, seen=public_id)
        try:
            changed = attendance.mark(
                session, registration, state=State.ATTENDED, account_id=account().id, now=clock.now()
            )
        except HasNoPlace:
            return back(slug, run, how=How.NO_PLACE, seen=public_id, q=registration.name)
    return back(slug, run, how=How.CAME if changed else How.AGAIN, seen=public_id)


def back(slug: str, run: Run, **more: object) -> Response:
    """To the page at the door, which says what came of it."""
    return redirect(url_for(".check_in", slug=slug, run=run.uid, **more), 303)  # type: ignore[arg-type]


HOW = {State.ATTENDED: How.CAME, State.ABSENT: How.ABSENT, State.CONFIRMED: How.UNDONE}


@blueprint.post("/events/<slug>/check-in/<uuid:public_id>", endpoint="mark_participant")
@access(Access.DOOR)
def mark(slug: str, public_id: uuid.UUID) -> Response:
    """Marks one person as the button says; the same button twice changes nothing."""
    wanted = request.form.get("state", State.ATTENDED.value)
    state = State(wanted) if wanted in set(HOW) else abort(400)
    try:
        with transaction() as session:
            registration, run = find_own(session, slug, public_id)
            if request.form.get("let_in") == "1":
                changed = attendance.let_in(session, registration, account_id=account().id, now=clock.now())
            else:
                changed = attendance.mark(session, registration, state=state, account_id=account().id, now=clock.now())
    except HasNoPlace:
        return back(slug, run, how=How.NO_PLACE, seen=public_id)
    except (RunIsFull, QuotaIsFull):
        return back(slug, run, how=How.FULL, seen=public_id)
    how = HOW[state] if changed or state is not State.ATTENDED else How.AGAIN
    return back(slug, run, how=how, seen=public_id)


def find_own(session: Session, slug: str, public_id: uuid.UUID) -> tuple[Registration, Run]:
    """A registration at this event of the organiser's own with its run, or 404."""
    event = own_event(session, slug)
    registration = own_registration(session, event, public_id)
    return registration, next(run for run in event.runs if run.id == registration.run_id)


@blueprint.get("/events/<slug>/check-in/new", endpoint="new_walk_in")
@access(Access.DOOR)
def new(slug: str) -> str:
    event = own_event(db.session(), slug)
    return show_form(event, choose_run(event), Typed({"name": words("q"), "form_token": secrets.token_urlsafe(18)}), {})


@blueprint.post("/events/<slug>/check-in/new", endpoint="create_walk_in")
@access(Access.DOOR)
def create(slug: str) -> Response | tuple[str, int]:
    """Somebody who was not signed up: signed up and marked as come at once. The same form twice is one person."""
    event = own_event(db.session(), slug)
    run = choose_run(event)
    reader = Reader(Typed(request.form))
    entry = read_walk_in(reader)
    found = find_by_label(db.session(), entry.organisation) if entry.organisation else []
    if entry.organisation and len(found) != 1:
        reader.errors["organisation"] = (
            _("Choose which one you mean") if found else _("We know no municipality by that name")
        )
    if reader.errors:
        return show_form(event, run, reader.typed, reader.errors, found), 422
    try:
        with transaction() as session:
            made = actions.add_by_organiser(
                session,
                as_registration(entry, run, found[0]),
                account_id=account().id,
                silent=True,
                state=State.ATTENDED,
                now=clock.now(),
            )
            public_id = made.registration.public_id
    except RegistrationIsClosed:
        return show_form(event, run, reader.typed, {"name": _("These dates do not take place.")}), 409
    except (RunIsFull, QuotaIsFull):
        errors = {"name": _("It is full. Raise the number of places of these dates first.")}
        return show_form(event, run, reader.typed, errors), 409
    return back(slug, run, how=How.CAME, seen=public_id)


def as_registration(entry: WalkIn, run: Run, organisation: Found) -> NewRegistration:
    return NewRegistration(
        run_id=run.id,
        name=entry.name,
        email=entry.email,
        organisation_id=organisation.id,
        form_token=f"door-{account().id}-{entry.form_token or secrets.token_urlsafe(18)}"[:64],
        side=entry.side,
    )


def show_form(event: Event, run: Run, typed: Typed, errors: dict[str, str], found: list[Found] | None = None) -> str:
    return render_template(
        "workspace/walk_in.html",
        event=event,
        event_title=name_event(event),
        run=run,
        run_name=name_run(run),
        typed=typed,
        errors=errors,
        choices=[(row.label, row.label) for row in found or ()],
        sides=[("", _("Not said"))] + [(side.value, str(label)) for side, label in SIDES.items()],
        tabs=tabs(event, "check_in"),
    )
