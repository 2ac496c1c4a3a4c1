"""Sessions of an event's runs: those that people sign up for with how many have, and the form of one."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.events.bookings.actions import RoomIsTaken
from eventsys.events.bookings.labels import tell_taken
from eventsys.events.labels import name_run
from eventsys.events.models import Event, EventSession, Run
from eventsys.events.programme.labels import name_place, name_time
from eventsys.events.programme.queries import find_session, list_speakers
from eventsys.events.programme.rules import join_speaker
from eventsys.events.rules import RunStatus, SessionKind
from eventsys.extensions import db, transaction
from eventsys.registrations.actions.locking import lock_event
from eventsys.registrations.limits import actions
from eventsys.registrations.questions.labels import mark_language
from eventsys.registrations.rules import TooSmall
from eventsys.web import Access, access, language
from eventsys.workspace.editing.queries import find_last_editor
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.limits import queries
from eventsys.workspace.programme.forms import SessionEntry
from eventsys.workspace.views import editing
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, run_of, tabs, today, words
from eventsys.workspace.views.session_form import SessionForm, type_row
from eventsys.workspace.views.told import tell_too_small

SUGGESTED = 8


@blueprint.get("/events/<slug>/sessions", endpoint="event_sessions")
@access(Access.READER)
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
                "sessions": [describe(row, run) for row in rows if row.session.run_id == run.id],
            }
            for run in planned
        ],
    )


def describe(row: queries.SessionRow, run: Run) -> dict[str, Any]:
    one = row.session
    title = texts.read(one.title, language())
    return {
        "public_id": one.public_id,
        "title": mark_language(title),
        "plain": title.value,
        "when": name_time(one),
        "place": name_place(one, venue_id=run.venue_id),
        "chosen": one.chosen,
        "capacity": row.capacity,
        "taken": row.taken,
    }


@blueprint.get("/events/<slug>/runs/<uuid:uid>/sessions/new", endpoint="new_event_session")
@access(Access.ORGANISER)
def new(slug: str, uid: uuid.UUID) -> str:
    """What the address says of day, time and room is filled in: a free cell of the table leads here so."""
    event = own_event(db.session(), slug)
    run = run_of(event, uid)
    typed = Typed({"kind": SessionKind.SESSION.value, "on": write_day(run.first_on)})
    typed.update({name: words(name) for name in ("on", "starts", "ends", "room", "place") if words(name)})
    desk = SessionForm(event, run, None)
    return desk.show(*editing.open_form(desk.form, typed, 0, desk.fields()), {})


@blueprint.post("/events/<slug>/runs/<uuid:uid>/sessions", endpoint="create_event_session")
@access(Access.ORGANISER)
def create(slug: str, uid: uuid.UUID) -> Response | str | tuple[str, int]:
    event = own_event(db.session(), slug)
    desk = SessionForm(event, run_of(event, uid), None)
    reader = Reader(Typed(request.form))
    if "more" in reader.typed:
        return desk.show_again(reader)
    entry = desk.read(reader)
    if entry is None:
        return desk.show_again(reader), 422
    try:
        with transaction() as session:
            event = own_event(session, slug)
            made = set_session(session, run_of(event, uid), entry, None)
            editing.close_form(session, desk.form)
    except RoomIsTaken as taken:
        reader.errors["room"] = tell_taken(taken.booking, language())
        return SessionForm(own_event(db.session(), slug), desk.run, None).show_again(reader), 422
    flash(_("The session is saved."), "success")
    return back(slug, made.public_id)


def set_session(session: Session, run: Run, entry: SessionEntry, row: EventSession | None) -> EventSession:
    return actions.set_session(
        session, run, entry.facts, row=row, speakers=entry.speakers, account_id=account().id, now=clock.now()
    )


@blueprint.get("/events/<slug>/sessions/<uuid:public_id>/edit", endpoint="edit_event_session")
@access(Access.ORGANISER)
def edit(slug: str, public_id: uuid.UUID) -> str:
    session = db.session()
    event = own_event(session, slug)
    row = own_session(session, event, public_id)
    desk = SessionForm(event, run_with(event, row), row)
    return desk.show(*editing.open_form(desk.form, type_row(row), row.edition, desk.fields()), {})


@blueprint.post("/events/<slug>/sessions/<uuid:public_id>", endpoint="update_event_session")
@access(Access.ORGANISER)
def update(slug: str, public_id: uuid.UUID) -> Response | str | tuple[str, int]:
    reader = Reader(Typed(request.form))
    if "more" not in reader.typed:
        try:
            conflict = save(slug, public_id, reader)
        except RoomIsTaken as taken:
            reader.errors["room"] = tell_taken(taken.booking, language())
        except TooSmall as error:
            is_chosen = "chosen" in reader.typed
            reader.errors["capacity" if is_chosen else "chosen"] = (
                tell_too_small(error) if is_chosen else tell_chosen(error.taken)
            )
        else:
            if conflict is not None:
                return conflict
            if not reader.errors:
                flash(_("The session is saved."), "success")
                return back(slug, public_id)
    session = db.session()
    event = own_event(session, slug)
    row = own_session(session, event, public_id)
    page = SessionForm(event, run_with(event, row), row).show_again(reader)
    return (page, 422) if reader.errors else page


def save(slug: str, public_id: uuid.UUID, reader: Reader) -> tuple[str, int] | None:
    """Saves what was typed, joined with what another has saved meanwhile, unless it is wrong; a page where both changed
    the same."""
    with transaction() as session:
        event = own_event(session, slug)
        run = run_with(event, own_session(session, event, public_id))
        lock_event(session, event.id)
        row = own_session(session, event, public_id)
        desk = SessionForm(event, run, row)
        settled = editing.settle(
            reader.typed, edition=row.edition, theirs=type_row(row), fields=desk.fields(),
            back=url_for(".edit_event_session", slug=slug, public_id=public_id),
            find_editor=lambda: find_last_editor(session, event.id),
        )  # fmt: skip
        reader.typed = settled.typed
        if settled.conflict is not None:
            return settled.conflict
        entry = desk.read(reader)
        if entry is not None:
            set_session(session, desk.run, entry, row)
            editing.close_form(session, desk.form)
    return None


@blueprint.get("/events/<slug>/speakers/suggestions", endpoint="suggest_speakers")
@access(Access.READER)
def suggest(slug: str) -> str:
    """A fragment: the organiser's speakers that fit, for the fields of the form."""
    session = db.session()
    own_event(session, slug)
    found = list_speakers(session, account().organiser.id, words=words("q"))[:SUGGESTED] if words("q") else []
    names = [join_speaker(row.speaker.name, row.speaker.affiliation) for row in found]
    return render_template("workspace/speaker_suggestions.html", suggestions=names)


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
        text=tell_chosen(taken) if row.chosen else _("Its materials stay with the event."),
        facts=[mark_language(texts.read(row.title, language())), name_time(row)],
        warning="",
        button=_("Yes, take it away"),
        action=url_for(".remove_event_session", slug=slug, public_id=public_id),
        back=url_for(".programme", slug=slug),
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
    return find_session(session, event.id, public_id) or abort(404)


def run_with(event: Event, row: EventSession) -> Run:
    return next(run for run in event.runs if run.id == row.run_id)


def back(slug: str, public_id: uuid.UUID | None = None) -> Response:
    """To the table, where the session is the next thing that the keyboard comes to."""
    return redirect(url_for(".programme", slug=slug, _anchor=f"session-{public_id}" if public_id else None), 303)
