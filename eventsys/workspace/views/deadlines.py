"""What contracts with places ask for by a day: the list, new ones, done, taken away."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.events.bookings.deadlines import actions
from eventsys.events.bookings.deadlines.labels import KINDS
from eventsys.events.bookings.deadlines.queries import Listed, find_deadline, list_deadlines
from eventsys.events.bookings.deadlines.rules import DeadlineFacts
from eventsys.events.models import ContractDeadline, Event
from eventsys.events.queries import find_own_event
from eventsys.extensions import db, transaction
from eventsys.venues.models import Venue
from eventsys.venues.queries import find_venue, list_venues
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.places.forms import read_deadline
from eventsys.workspace.places.queries import list_own_events
from eventsys.workspace.views.frame import account, blueprint, log, name_event
from eventsys.workspace.views.place_parts import describe_deadline

Answer = Response | tuple[str, int]


@blueprint.get("/deadlines", endpoint="deadlines")
@access(Access.READER)
def index() -> str:
    rows = list_deadlines(db.session(), account().organiser.id)
    return render_template("workspace/deadlines.html", deadlines=[describe_deadline(row) for row in rows])


@blueprint.get("/deadlines/new", endpoint="new_deadline")
@access(Access.ORGANISER)
def new() -> str:
    """`?venue=` and `?event=` say by slug what it is about."""
    typed = Typed({name: request.args[name] for name in ("venue", "event") if name in request.args})
    typed["remind_days"] = "7"
    return show_form(None, typed, {})


@blueprint.post("/deadlines", endpoint="create_deadline")
@access(Access.ORGANISER)
def create() -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_deadline(reader)
    with transaction() as session:
        venue, event = find_place(session, reader), find_event(session, reader)
        if facts is None or venue is None or reader.errors:
            return show_form(None, reader.typed, reader.errors), 422
        deadline = actions.add(
            session, organiser_id=account().organiser.id, venue_id=venue.id, event_id=event.id if event else None,
            facts=facts, account_id=account().id, now=clock.now(),
        )  # fmt: skip
        note(session, LogVerb.ADDED, deadline, venue.name, after=describe(facts, venue, event))
    flash(_("The deadline is saved."), "success")
    return redirect(url_for(".deadlines"), 303)


@blueprint.get("/deadlines/<uuid:public_id>/edit", endpoint="edit_deadline")
@access(Access.ORGANISER)
def edit(public_id: uuid.UUID) -> str:
    row = find(db.session(), public_id)
    return show_form(row, type_deadline(row), {})


@blueprint.post("/deadlines/<uuid:public_id>", endpoint="update_deadline")
@access(Access.ORGANISER)
def update(public_id: uuid.UUID) -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_deadline(reader)
    with transaction() as session:
        row = find(session, public_id)
        venue, event = find_place(session, reader), find_event(session, reader)
        if facts is None or venue is None or reader.errors:
            return show_form(row, reader.typed, reader.errors), 422
        before = dict(type_deadline(row))
        event_id = event.id if event else None
        actions.edit(session, row.deadline, venue_id=venue.id, event_id=event_id, facts=facts)
        note(session, LogVerb.CHANGED, row.deadline, venue.name, before=before, after=describe(facts, venue, event))
    flash(_("The deadline is saved."), "success")
    return redirect(url_for(".deadlines"), 303)


@blueprint.post("/deadlines/<uuid:public_id>/done", endpoint="do_deadline")
@access(Access.ORGANISER)
def do(public_id: uuid.UUID) -> Response:
    """Marks it as done; with `undo` as not done after all."""
    is_done = "undo" not in request.form
    with transaction() as session:
        row = find(session, public_id)
        if actions.set_done(session, row.deadline, is_done=is_done, now=clock.now()):
            note(
                session, LogVerb.CHANGED, row.deadline, row.venue, before={"done": not is_done}, after={"done": is_done}
            )
    flash(_("Marked as done.") if is_done else _("Marked as not done."), "success")
    return redirect(url_for(".deadlines"), 303)


@blueprint.get("/deadlines/<uuid:public_id>/removal", endpoint="confirm_remove_deadline")
@access(Access.ORGANISER)
def confirm_remove(public_id: uuid.UUID) -> str:
    row = find(db.session(), public_id)
    described = describe_deadline(row)
    return render_template(
        "workspace/place_confirm.html",
        crumbs=[(url_for(".venues"), _("Places")), (url_for(".deadlines"), _("Deadlines"))],
        title=_("Take away the deadline?"),
        text=f"{described['kind']}, {row.venue}, {described['day']}.",
        button=_("Yes, take it away"),
        action=url_for(".remove_deadline", public_id=public_id),
        back=url_for(".deadlines"),
    )


@blueprint.post("/deadlines/<uuid:public_id>/removal", endpoint="remove_deadline")
@access(Access.ORGANISER)
def remove(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        row = find(session, public_id)
        note(session, LogVerb.REMOVED, row.deadline, row.venue, before=dict(type_deadline(row)))
        actions.remove(session, row.deadline)
    flash(_("The deadline is taken away."), "success")
    return redirect(url_for(".deadlines"), 303)


def find(session: Session, public_id: uuid.UUID) -> Listed:
    return find_deadline(session, public_id, organiser_id=account().organiser.id) or abort(404)


def find_place(session: Session, reader: Reader) -> Venue | None:
    venue = find_venue(session, reader.typed.get("venue", ""), organiser_id=account().organiser.id)
    if venue is None:
        reader.errors["venue"] = _("Choose the place.")
    return venue


def find_event(session: Session, reader: Reader) -> Event | None:
    slug = reader.typed.get("event", "")
    event = find_own_event(session, slug, organiser_id=account().organiser.id) if slug else None
    if slug and event is None:
        reader.errors["event"] = _("Choose one of your events, or none.")
    return event


def note(session: Session, verb: LogVerb, deadline: ContractDeadline, place: str, **facts: Any) -> None:
    log(session, verb, "deadline", str(deadline.public_id), f"{place}, {write_day(deadline.due_on)}", **facts)


def type_deadline(row: Listed) -> Typed:
    """The form as if somebody had typed the deadline as it is."""
    return Typed(
        {
            "venue": row.venue_slug,
            "event": row.event_slug,
            "kind": row.deadline.kind.value,
            "due_on": write_day(row.deadline.due_on),
            "remind_days": str(row.deadline.remind_days),
            "words": row.deadline.words,
        }
    )


def describe(facts: DeadlineFacts, venue: Venue, event: Event | None) -> dict[str, str]:
    """The deadline as the log keeps it: as it would be typed."""
    return {
        "venue": venue.slug,
        "event": event.slug if event else "",
        "kind": facts.kind.value,
        "due_on": write_day(facts.due_on),
        "remind_days": str(facts.remind_days),
        "words": facts.words,
    }


def show_form(row: Listed | None, typed: Typed, errors: dict[str, str]) -> str:
    session, organiser_id = db.session(), account().organiser.id
    venues = [(venue.slug, venue.name) for venue in list_venues(session, organiser_id)]
    events = [(event.slug, name_event(event).value) for event in list_own_events(session, organiser_id)]
    return render_template(
        "workspace/deadline_form.html",
        row=row,
        typed=typed,
        errors=errors,
        venues=[("", _("Choose")), *venues],
        events=[("", _("None in particular")), *events],
        kinds=[(kind.value, label) for kind, label in KINDS.items()],
    )
