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
from eventsys.events.bookings.labels import tell_taken
from eventsys.events.bookings.rules import RoomIsTaken
from eventsys.events.contacts.queries import list_contacts
from eventsys.events.labels import STAGES, TYPES, name_clauses
from eventsys.events.models import Event
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventType, RunStatus, Stage
from eventsys.events.series.queries import list_series
from eventsys.events.starting.rules import BEGINNINGS
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import lock_event
from eventsys.registrations.attendance.labels import tell_attendance
from eventsys.registrations.attendance.queries import count_attendance
from eventsys.registrations.queries import count_places, count_states
from eventsys.registrations.rules import State
from eventsys.web import Access, access, language
from eventsys.workspace import actions as workspace
from eventsys.workspace import audience, queries
from eventsys.workspace.actions import RoomIsElsewhere
from eventsys.workspace.editing.queries import find_last_editor
from eventsys.workspace.forms import (
    CLOSED,
    MOST_RUNS,
    EventEntry,
    Reader,
    RunEntry,
    Typed,
    count_rows,
    read_event,
    read_runs,
)
from eventsys.workspace.views.copying import find_series_id
from eventsys.workspace.views.editing import Settled, close_form, open_form, settle
from eventsys.workspace.views.event_form import NEW, form_of, list_fields, show_form, tell_elsewhere, type_event
from eventsys.workspace.views.frame import (
    STAGE_KINDS,
    account,
    blueprint,
    describe_event,
    name_event,
    opens,
    own_event,
    stage_of,
    tabs,
    today,
)
from eventsys.workspace.views.told import describe_run, name_day


@blueprint.get("/events", endpoint="events")
@access(Access.HELPER)
def index() -> str:
    session, organiser_id = db.session(), account().organiser.id
    asked = request.args.get("status", "")
    stage = Stage(asked) if asked in set(Stage) else None
    events = queries.list_events(session, organiser_id, stage=stage, on=today(), slugs=account().events)
    places = count_places(session, [run.id for event in events for run in event.runs])
    counts = queries.count_events(session, organiser_id, on=today(), slugs=account().events)
    filters = [("", _("All"), sum(counts.values()))] + [
        (value.value, str(STAGES[value]), counts.get(value, 0)) for value in Stage
    ]
    return render_template(
        "workspace/events.html",
        events=[describe_event(event, places) for event in events],
        filters=filters,
        series_url=url_for(".list_series") if opens("list_series") else "",
        status=stage.value if stage else "",
    )


@blueprint.get("/events/new/form", endpoint="new_event_form")
@access(Access.ORGANISER)
def new() -> str:
    """The form of a new event, filled in as far as its kind says."""
    asked = request.args.get("type", "")
    typed = type_beginning(EventType(asked) if asked in set(EventType) else EventType.MEETING)
    fields = list_fields(queries.list_audiences(db.session(), account().organiser.id))
    opened = open_form(NEW, typed, 0, fields)
    return show_form(opened.typed, {}, None, opened.editing)


def type_beginning(kind: EventType) -> Typed:
    begins = BEGINNINGS[kind]
    return Typed(
        {
            "rows": "1",
            "type": kind.value,
            "role": begins.role.value if begins.role else "",
            "by_invitation": CLOSED if begins.is_closed else "1" if begins.by_invitation else "",
            "precision-0": begins.precision.value,
            **{f"title_{code}": text for code, text in begins.title.items()},
        }
    )


@blueprint.post("/events", endpoint="create_event")
@access(Access.ORGANISER)
def create() -> Response | str | tuple[str, int]:
    typed = Typed(request.form)
    if "more" in typed or "show" in typed:
        typed["rows"] = str(min(count_rows(typed) + ("more" in typed), MOST_RUNS))
        return show_form(typed, {}, None)
    reader = Reader(typed)
    entry = read_event(reader)
    runs = read_runs(reader)
    if entry is None or reader.errors:
        return show_form(typed, reader.errors, None), 422
    try:
        event = save_new(entry, runs)
    except RoomIsTaken as error:
        return show_form(typed, {"room-0": tell_taken(error.booking, language())}, None), 422
    except RoomIsElsewhere:
        return show_form(typed, {"room-0": tell_elsewhere()}, None), 422
    flash(_("The draft is saved. Nobody else sees it until you publish it."), "success")
    return redirect(url_for(".event", slug=event.slug), 303)


def save_new(entry: EventEntry, runs: list[RunEntry]) -> Event:
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
        close_form(session, NEW)
        return event


@blueprint.get("/events/<slug>", endpoint="event")
@access(Access.READER)
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
        status=STAGES[stage_of(event)],
        kind=STAGE_KINDS[stage_of(event)],
        type=TYPES[event.type],
        audience=name_clauses(event.clauses),
        runs=[describe_run(run, places[run.id]) for run in event.runs],
        attendance=tell_begun(session, event),
        requested=sum(count for (_run, state), count in states.items() if state is State.REQUESTED),
        opens=name_day(event.opens_on),
        closes=name_day(event.closes_on),
        missing=[code for code in ("nb", "nn") if code not in event.title],
        may_copy=opens("new_copy"),
        contacts=list_contacts(session, event.id),
        series=find_series_name(session, event),
        tabs=tabs(event, "event"),
    )


def find_series_name(session: Session, event: Event) -> tuple[str, str] | None:
    """The address and the name of the event's series."""
    lines = list_series(session, event.organiser_id) if event.series_id and opens("series") else []
    found = next((line.series for line in lines if line.series.id == event.series_id), None)
    return (url_for(".series", slug=found.slug), texts.read(found.name, language()).value) if found else None


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
    audiences = queries.list_audiences(session, event.organiser_id)
    opened = open_form(form_of(event), type_event(event, audiences), event.edition, list_fields(audiences))
    return show_form(opened.typed, {}, event, opened.editing)


@blueprint.post("/events/<slug>", endpoint="update_event")
@access(Access.ORGANISER)
def update(slug: str) -> Response | str | tuple[str, int]:
    if "show" in request.form:
        return show_form(Typed(request.form), {}, own_event(db.session(), slug))
    with transaction() as session:
        lock_event(session, own_event(session, slug).id)
        event = own_event(session, slug)
        settled = settle_event(session, event)
        if settled.conflict:
            return settled.conflict
        reader = Reader(settled.typed)
        entry = read_event(reader)
        if entry is None or reader.errors:
            return show_form(reader.typed, reader.errors, event), 422
        changed = save_changes(session, event, entry)
    flash(_("The changes are saved.") if changed else _("Nothing was changed."), "success" if changed else "info")
    return redirect(url_for(".event", slug=slug), 303)


def settle_event(session: Session, event: Event) -> Settled:
    audiences = queries.list_audiences(session, event.organiser_id)
    return settle(
        Typed(request.form),
        edition=event.edition,
        theirs=type_event(event, audiences),
        fields=list_fields(audiences),
        back=url_for(".event", slug=event.slug),
        find_editor=lambda: find_last_editor(session, event.id),
    )


def save_changes(session: Session, event: Event, entry: EventEntry) -> bool:
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
    close_form(session, form_of(event))
    return changed


def aim(session: Session, entry: EventEntry, event: Event | None) -> tuple[EventFacts, list[ClauseFacts]]:
    """The facts with programme and question that follow from whom the event is for, and its clauses."""
    audiences = queries.list_audiences(session, account().organiser.id)
    clauses = audience.make_clauses(entry.meant, entry.role, audiences)
    if event is not None:
        clauses += audience.list_unlisted(event.clauses, audiences)
    asks_union = any(clause.kind is ClauseKind.REPRESENTATIVES for clause in clauses)
    programme_id = audience.find_programme(clauses, audiences)
    series_id = find_series_id(session, entry.series)
    return replace(entry.facts, programme_id=programme_id, asks_union=asks_union, series_id=series_id), clauses
