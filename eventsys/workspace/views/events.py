"""Events: the list, one event, a new one, changes, publishing and cancelling."""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.events import actions
from eventsys.events.labels import STATUSES, TYPES, name_clauses, name_run
from eventsys.events.models import Event
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventStatus, EventType, RunStatus
from eventsys.extensions import db, transaction
from eventsys.registrations.attendance.labels import tell_attendance
from eventsys.registrations.attendance.queries import count_attendance
from eventsys.registrations.queries import count_places, count_states
from eventsys.registrations.rules import State
from eventsys.web import Access, access, language
from eventsys.workspace import actions as workspace
from eventsys.workspace import audience, queries
from eventsys.workspace.forms import MOST_RUNS, EventEntry, Reader, Typed, count_rows, read_event, read_runs
from eventsys.workspace.views.event_form import show_form, type_event
from eventsys.workspace.views.frame import (
    STATUS_KINDS,
    account,
    blueprint,
    describe_event,
    name_event,
    own_event,
    tabs,
    today,
)
from eventsys.workspace.views.told import count_told, describe_run, name_day, tell_addresses


@blueprint.get("/events", endpoint="events")
@access(Access.ORGANISER)
def index() -> str:
    session, organiser_id = db.session(), account().organiser.id
    asked = request.args.get("status", "")
    status = EventStatus(asked) if asked in set(EventStatus) else None
    events = queries.list_events(session, organiser_id, status=status)
    places = count_places(session, [run.id for event in events for run in event.runs])
    counts = queries.count_events(session, organiser_id)
    filters = [("", _("All"), sum(counts.values()))] + [
        (value.value, str(STATUSES[value]), counts.get(value, 0)) for value in EventStatus
    ]
    return render_template(
        "workspace/events.html",
        events=[describe_event(event, places) for event in events],
        filters=filters,
        status=status.value if status else "",
    )


@blueprint.get("/events/new", endpoint="new_event")
@access(Access.ORGANISER)
def new() -> str:
    return show_form(Typed({"rows": "1", "type": EventType.MEETING.value}), {}, None)


@blueprint.post("/events", endpoint="create_event")
@access(Access.ORGANISER)
def create() -> Response | str | tuple[str, int]:
    typed = Typed(request.form)
    if "more" in typed:
        typed["rows"] = str(min(count_rows(typed) + 1, MOST_RUNS))
        return show_form(typed, {}, None)
    reader = Reader(typed)
    entry = read_event(reader)
    runs = read_runs(reader)
    if entry is None or reader.errors:
        return show_form(typed, reader.errors, None), 422
    with transaction() as session:
        facts, clauses = aim(session, entry, None)
        event = workspace.create_event(
            session,
            organiser=account().organiser,
            facts=facts,
            clauses=clauses,
            runs=runs,
            base_url=current_app.config["BASE_URL"],
            account_id=account().id,
            now=clock.now(),
        )
    flash(_("The draft is saved. Nobody else sees it until you publish it."), "success")
    return redirect(url_for(".event", slug=event.slug), 303)


@blueprint.get("/events/<slug>", endpoint="event")
@access(Access.ORGANISER)
def show(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    places = count_places(session, [run.id for run in event.runs])
    states = count_states(session, organiser_id=event.organiser_id, event_id=event.id)
    return render_template(
        "workspace/event.html",
        event=event,
        title=name_event(event),
        description=texts.read(event.description, language()),
        status=STATUSES[event.status],
        kind=STATUS_KINDS[event.status],
        type=TYPES[event.type],
        audience=name_clauses(event.clauses),
        runs=[describe_run(run, places[run.id]) for run in event.runs],
        attendance=tell_begun(session, event),
        requested=sum(count for (_run, state), count in states.items() if state is State.REQUESTED),
        opens=name_day(event.opens_on),
        closes=name_day(event.closes_on),
        missing=[code for code in ("nb", "nn") if code not in event.title],
        tabs=tabs(event, "event"),
    )


def tell_begun(session: Session, event: Event) -> dict[uuid.UUID, str]:
    """How attendance stands at the runs that have begun and somebody has a place at, by their public names."""
    begun = [run for run in event.runs if run.first_on and run.first_on <= today() and run.status is RunStatus.PLANNED]
    standing = count_attendance(session, [run.id for run in begun]) if begun else {}
    return {run.uid: tell_attendance(standing[run.id]) for run in begun if standing[run.id].expected}


@blueprint.get("/events/<slug>/edit", endpoint="edit_event")
@access(Access.ORGANISER)
def edit(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    return show_form(type_event(event, queries.list_audiences(session)), {}, event)


@blueprint.post("/events/<slug>", endpoint="update_event")
@access(Access.ORGANISER)
def update(slug: str) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    entry = read_event(reader)
    if entry is None or reader.errors:
        return show_form(reader.typed, reader.errors, own_event(db.session(), slug)), 422
    with transaction() as session:
        event = own_event(session, slug)
        facts, clauses = aim(session, entry, event)
        changed = actions.edit(
            session,
            event,
            facts=facts,
            clauses=clauses,
            base_url=current_app.config["BASE_URL"],
            account_id=account().id,
            now=clock.now(),
        )
    flash(_("The changes are saved.") if changed else _("Nothing was changed."), "success" if changed else "info")
    return redirect(url_for(".event", slug=slug), 303)


@blueprint.post("/events/<slug>/publication", endpoint="publish_event")
@access(Access.ORGANISER)
def publish(slug: str) -> Response:
    with transaction() as session:
        published = actions.publish(session, own_event(session, slug), account_id=account().id, now=clock.now())
    if published:
        flash(_("The event is published. It is on the front page and in every calendar that it concerns."), "success")
    return redirect(url_for(".event", slug=slug), 303)


@blueprint.get("/events/<slug>/cancellation", endpoint="confirm_cancel_event")
@access(Access.ORGANISER)
def confirm_cancel(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    return render_template(
        "workspace/confirm.html",
        event=event,
        event_title=name_event(event),
        title=_("Cancel the event?"),
        text=tell_addresses(count_told(session, event, event.runs)),
        facts=[name_run(run) for run in event.runs if run.status is RunStatus.PLANNED],
        warning=_("This cannot be undone. The event stays in calendars, marked as cancelled."),
        button=_("Yes, cancel the event"),
        action=url_for(".cancel_event", slug=slug),
        back=url_for(".event", slug=slug),
    )


@blueprint.post("/events/<slug>/cancellation", endpoint="cancel_event")
@access(Access.ORGANISER)
def cancel(slug: str) -> Response:
    base_url = current_app.config["BASE_URL"]
    with transaction() as session:
        event = own_event(session, slug)
        done = actions.cancel(session, event, base_url=base_url, account_id=account().id, now=clock.now())
    if done:
        flash(_("The event is cancelled. Those who were signed up are told by mail."), "success")
    return redirect(url_for(".event", slug=slug), 303)


def aim(session: Session, entry: EventEntry, event: Event | None) -> tuple[EventFacts, list[ClauseFacts]]:
    """The facts with programme and question that follow from whom the event is for, and its clauses."""
    audiences = queries.list_audiences(session)
    clauses = audience.make_clauses(entry.meant, entry.role, audiences)
    if event is not None:
        clauses += audience.list_unlisted(event.clauses, audiences)
    asks_union = any(clause.kind is ClauseKind.REPRESENTATIVES for clause in clauses)
    programme_id = audience.find_programme(clauses, audiences)
    return replace(entry.facts, programme_id=programme_id, asks_union=asks_union), clauses
