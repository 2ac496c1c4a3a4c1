"""Sessions of an event's runs: those that people sign up for, each with its capacity, and the rest of the programme."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.events.labels import name_run
from eventsys.events.models import Event, EventSession, Run
from eventsys.events.rules import RunStatus
from eventsys.extensions import db, transaction
from eventsys.registrations.limits import actions
from eventsys.registrations.limits.terms import SessionFacts
from eventsys.registrations.questions.labels import mark_language
from eventsys.registrations.rules import TooSmall
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.limits import queries
from eventsys.workspace.limits.forms import read_session, type_session
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, run_of, tabs, today
from eventsys.workspace.views.told import tell_too_small


@blueprint.get("/events/<slug>/sessions", endpoint="event_sessions")
@access(Access.ORGANISER)
def index(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    rows = queries.list_sessions(session, event.id, on=today())
    planned = [run for run in event.runs if run.status is RunStatus.PLANNED]
    return render_template(
        "workspace/event_sessions.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "registration_terms"),
        runs=[
            {
                "uid": run.uid,
                "name": name_run(run),
                "sessions": [describe(row) for row in rows if row.session.run_id == run.id],
            }
            for run in planned
        ],
    )


def describe(row: queries.SessionRow) -> dict[str, Any]:
    one = row.session
    title = texts.read(one.title, language())
    return {
        "public_id": one.public_id,
        "title": mark_language(title),
        "plain": title.value,
        "when": name_time(one),
        "place": one.place,
        "chosen": one.chosen,
        "capacity": one.capacity,
        "taken": row.taken,
    }


def name_time(one: EventSession) -> str:
    if one.starts_local is None or one.ends_local is None:
        return ""
    day = dates.format_day(one.starts_local.date(), language(), weekday=True, year=False)
    ends = dates.format_clock(one.ends_local, language()).removeprefix("kl. ")
    return f"{day}, {dates.format_clock(one.starts_local, language())}–{ends}"


@blueprint.get("/events/<slug>/runs/<uuid:uid>/sessions/new", endpoint="new_event_session")
@access(Access.ORGANISER)
def new(slug: str, uid: uuid.UUID) -> str:
    event = own_event(db.session(), slug)
    run = run_of(event, uid)
    return show_form(event, run, None, Typed({"on": write_day(run.first_on), "chosen": "1"}), {})


@blueprint.post("/events/<slug>/runs/<uuid:uid>/sessions", endpoint="create_event_session")
@access(Access.ORGANISER)
def create(slug: str, uid: uuid.UUID) -> Response | tuple[str, int]:
    event, reader = own_event(db.session(), slug), Reader(Typed(request.form))
    run = run_of(event, uid)
    facts = read_in_run(reader, run)
    if facts is None:
        return show_form(event, run, None, reader.typed, reader.errors), 422
    with transaction() as session:
        run = run_of(own_event(session, slug), uid)
        actions.set_session(session, run, facts, account_id=account().id, now=clock.now())
    flash(_("The session is saved."), "success")
    return back(slug)


def read_in_run(reader: Reader, run: Run) -> SessionFacts | None:
    """The session, on one of the run's days."""
    facts = read_session(reader)
    if facts is None or facts.starts_local is None or run.first_on is None or run.last_on is None:
        return facts
    if not run.first_on <= facts.starts_local.date() <= run.last_on:
        reader.errors["on"] = _("The day must be one of these: %(days)s.", days=name_run(run))
        return None
    return facts


@blueprint.get("/events/<slug>/sessions/<uuid:public_id>/edit", endpoint="edit_event_session")
@access(Access.ORGANISER)
def edit(slug: str, public_id: uuid.UUID) -> str:
    session = db.session()
    event = own_event(session, slug)
    row = own_session(session, event, public_id)
    return show_form(event, run_with(event, row), row, type_session(facts_of(row)), {})


def facts_of(row: EventSession) -> SessionFacts:
    return SessionFacts(
        row.title, row.description, row.starts_local, row.ends_local, row.place, row.capacity, row.chosen
    )


@blueprint.post("/events/<slug>/sessions/<uuid:public_id>", endpoint="update_event_session")
@access(Access.ORGANISER)
def update(slug: str, public_id: uuid.UUID) -> Response | tuple[str, int]:
    session, reader = db.session(), Reader(Typed(request.form))
    event = own_event(session, slug)
    row = own_session(session, event, public_id)
    facts = read_in_run(reader, run_with(event, row))
    if facts is not None:
        try:
            save(slug, public_id, facts)
        except TooSmall as error:
            reader.errors["capacity"] = tell_too_small(error)
        else:
            flash(_("The session is saved."), "success")
            return back(slug)
    session = db.session()
    event = own_event(session, slug)
    row = own_session(session, event, public_id)
    return show_form(event, run_with(event, row), row, reader.typed, reader.errors), 422


def save(slug: str, public_id: uuid.UUID, facts: SessionFacts) -> None:
    with transaction() as session:
        event = own_event(session, slug)
        row = own_session(session, event, public_id)
        actions.set_session(session, run_with(event, row), facts, row=row, account_id=account().id, now=clock.now())


@blueprint.get("/events/<slug>/sessions/<uuid:public_id>/removal", endpoint="confirm_remove_event_session")
@access(Access.ORGANISER)
def confirm_remove(slug: str, public_id: uuid.UUID) -> str:
    session = db.session()
    event = own_event(session, slug)
    row = own_session(session, event, public_id)
    taken = {one.session.id: one.taken for one in queries.list_sessions(session, event.id, on=today())}[row.id]
    return render_template(
        "workspace/confirm.html",
        event=event,
        event_title=name_event(event),
        title=_("Take the session away?"),
        text=tell_chosen(taken),
        facts=[mark_language(texts.read(row.title, language())), name_time(row)],
        warning="",
        button=_("Yes, take it away"),
        action=url_for(".remove_event_session", slug=slug, public_id=public_id),
        back=url_for(".event_sessions", slug=slug),
    )


def tell_chosen(taken: int) -> str:
    if not taken:
        return _("Nobody has chosen it.")
    return ngettext(
        "%(num)d person has chosen it, so it cannot be taken away until that person has chosen another.",
        "%(num)d people have chosen it, so it cannot be taken away until they have chosen another.",
        taken,
    )


@blueprint.post("/events/<slug>/sessions/<uuid:public_id>/removal", endpoint="remove_event_session")
@access(Access.ORGANISER)
def remove(slug: str, public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            row = own_session(session, own_event(session, slug), public_id)
            actions.remove_session(session, row, account_id=account().id, now=clock.now())
    except TooSmall as error:
        flash(tell_chosen(error.taken), "warning")
        return back(slug)
    flash(_("The session is taken away."), "success")
    return back(slug)


def own_session(session: Session, event: Event, public_id: uuid.UUID) -> EventSession:
    return queries.find_session(session, event.id, public_id) or abort(404)


def run_with(event: Event, row: EventSession) -> Run:
    return next(run for run in event.runs if run.id == row.run_id)


def back(slug: str) -> Response:
    return redirect(url_for(".event_sessions", slug=slug), 303)


def show_form(event: Event, run: Run, row: EventSession | None, typed: Typed, errors: dict[str, str]) -> str:
    action = (
        url_for(".update_event_session", slug=event.slug, public_id=row.public_id)
        if row
        else url_for(".create_event_session", slug=event.slug, uid=run.uid)
    )
    return render_template(
        "workspace/event_session_form.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "registration_terms"),
        run_name=name_run(run),
        is_new=row is None,
        typed=typed,
        errors=errors,
        action=action,
    )
