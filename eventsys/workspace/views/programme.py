"""The programme of an event's runs as tables of rooms and times, and telling participants that it has changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.events.labels import name_run
from eventsys.events.models import Event, EventChange, EventSession, Run
from eventsys.events.programme import queries
from eventsys.events.programme.actions import tell_programme
from eventsys.events.programme.labels import describe_change, draw_tables, name_hours, name_place
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.extensions import db, transaction
from eventsys.registrations.limits.queries import count_limits
from eventsys.registrations.limits.rules import Dimension, Kind, Limit
from eventsys.venues.models import Room
from eventsys.venues.queries import list_rooms
from eventsys.web import Access, access, language
from eventsys.workflows.rulebook import list_effective, whose_turn
from eventsys.workflows.rules import Trigger
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.programme.labels import list_missing
from eventsys.workspace.queries import count_addresses
from eventsys.workspace.views.frame import account, blueprint, name_event, name_moment, own_event, run_of, tabs
from eventsys.workspace.views.told import tell_addresses

MOST_EMPTY_ROOMS = 4
"""A hotel with more rooms shows those that are used."""

Limits = Mapping[Dimension, Limit]


@blueprint.get("/events/<slug>/programme", endpoint="programme")
@access(Access.READER)
def index(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    rows = queries.list_programme(session, event.id)
    limits = count_limits(session, event.id, on=date.min, kinds=(Kind.SESSION,)) if rows else {}
    untold = queries.list_untold(session, event.id) if event.status is EventStatus.PUBLISHED else {}
    rooms = list_rooms(session, account().organiser.id)
    runs = [run for run in event.runs if run.status is RunStatus.PLANNED]
    return render_template(
        "workspace/programme.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "programme"),
        has_sessions=bool(rows),
        runs=[
            describe_run(run, [one for one in rows if one.run_id == run.id], limits, rooms, untold.get(run.id, []))
            for run in runs
        ],
    )


def describe_run(
    run: Run, sessions: Sequence[EventSession], limits: Limits, rooms: Sequence[Room], untold: Sequence[EventChange]
) -> dict[str, Any]:
    def tell(one: EventSession) -> dict[str, Any]:
        return describe(one, run, limits.get(Dimension(Kind.SESSION, one.id)))

    here = [room for room in rooms if room.venue_id == run.venue_id]
    shown = here if len(here) <= MOST_EMPTY_ROOMS else [room for room in here if room.id == run.room_id]
    return {
        "uid": run.uid,
        "name": name_run(run),
        "venue": run.venue.name if run.venue else "",
        "days": draw_tables(sessions, run, tell, rooms=shown),
        "timeless": [tell(one) for one in sessions if one.starts_local is None],
        "room_keys": {room.id: room.public_id for room in rooms}
        | {one.room.id: one.room.public_id for one in sessions if one.room},
        "untold": len(untold),
    }


def describe(one: EventSession, run: Run, limit: Limit | None) -> dict[str, Any]:
    return {
        "public_id": one.public_id,
        "title": texts.read(one.title, language()),
        "kind": one.kind.value,
        "hours": name_hours(one.starts_local, one.ends_local),
        "where": name_place(one, venue_id=run.venue_id),
        "speakers": ", ".join(speaker.name for speaker in one.speakers),
        "chosen": one.chosen,
        "taken": limit.taken if limit else 0,
        "capacity": limit.capacity if limit else None,
        "missing": list_missing(one.title),
    }


@blueprint.get("/events/<slug>/runs/<uuid:uid>/programme", endpoint="confirm_tell_programme")
@access(Access.ORGANISER)
def confirm_tell(slug: str, uid: uuid.UUID) -> str:
    event = own_event(db.session(), slug)
    return show_telling(event, run_of(event, uid), Typed(), {})


@blueprint.post("/events/<slug>/runs/<uuid:uid>/programme", endpoint="tell_programme")
@access(Access.ORGANISER)
def tell(slug: str, uid: uuid.UUID) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    line = reader.prose("line", most=1_000)
    if reader.errors:
        event = own_event(db.session(), slug)
        return show_telling(event, run_of(event, uid), reader.typed, reader.errors), 422
    with transaction() as session:
        event = own_event(session, slug)
        told = tell_programme(session, run_of(event, uid), line=line, account_id=account().id, now=clock.now())
    if told is None:
        flash(_("There is nothing new to tell of."), "info")
    else:
        flash(_("Those who are signed up are told of the changes."), "success")
    return redirect(url_for(".programme", slug=slug), 303)


def show_telling(event: Event, run: Run, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    changes = queries.list_untold(session, event.id).get(run.id, []) if event.status is EventStatus.PUBLISHED else []
    told = count_addresses(session, [run.id])
    return render_template(
        "workspace/programme_tell.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "programme"),
        run=run,
        run_name=name_run(run),
        changes=[{**describe_change(one.facts), "at": name_moment(one.at)} for one in changes],
        told=tell_addresses(told),
        can_tell=bool(told and changes),
        has_rule=has_rule(session, event, Trigger.PROGRAMME_CHANGED),
        typed=typed,
        errors=errors,
    )


def has_rule(session: Session, event: Event, trigger: Trigger) -> bool:
    """Whether a mail rule of the event, its type or its organiser is on for this."""
    rules = list_effective(session, organiser_id=event.organiser_id, event_ids=[event.id])
    return bool(whose_turn(rules, event.id, trigger))
