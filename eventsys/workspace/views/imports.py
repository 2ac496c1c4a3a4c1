"""People whom an organiser adds: one by hand, or many pasted from a spreadsheet, checked line by line first."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.registrations.forms import NONCE
from eventsys.registrations.queries import count_places
from eventsys.registrations.rules import State
from eventsys.web import Access, access
from eventsys.workspace.lines import tidy
from eventsys.workspace.people_list import actions, pasted
from eventsys.workspace.people_list.actions import By, LineIsRefused
from eventsys.workspace.people_list.checks import list_dated, list_parts, read_register
from eventsys.workspace.people_list.labels import WHYS, tell_wrong
from eventsys.workspace.people_list.pasted import Checked, Pasted
from eventsys.workspace.registers.rows import Line
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event

FIELD_OF = {
    "no_name": "name", "long_name": "name", "no_email": "email", "bad_email": "email", "no_organisation": "organisation",
    "unknown_organisation": "organisation", "which_organisation": "organisation", "no_part": "part",
    "unknown_part": "part", "no_run": "run", "unknown_run": "run", "there_already": "email", "twice": "email",
}  # fmt: skip
"""Beside which field of the form for one person a problem is said."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent: the lines as text, the dates that lines without any mean, the page's nonce, whether to mail."""

    text: str
    run: str
    nonce: str
    tells: bool


def read_sent() -> Sent:
    nonce = request.form.get("nonce", "")
    return Sent(
        text=request.form.get("text", "").replace("\0", ""),
        run=request.form.get("run", ""),
        nonce=nonce if NONCE.match(nonce) else secrets.token_urlsafe(18),
        tells="tell" in request.form,
    )


# --- one by hand ----------------------------------------------------------------------------------------------------


@blueprint.get("/events/<slug>/additions/new", endpoint="new_participant")
@access(Access.ORGANISER)
def new(slug: str) -> str:
    session = db.session()
    sent = Sent("", "", secrets.token_urlsafe(18), tells=True)
    return show_one(session, own_event(session, slug), sent, {}, [])


@blueprint.post("/events/<slug>/additions/one", endpoint="add_participant")
@access(Access.ORGANISER)
def create(slug: str) -> Response | tuple[str, int]:
    """One person, by the same check and the same action as a pasted line."""
    session = db.session()
    event = own_event(session, slug)
    sent = read_sent()
    line = Line(1, {name: tidy(request.form.get(name, "")) for name in pasted.FIELDS if name != "run"})
    if was_done(session, sent, [line]):
        return tell_done_already(slug)
    (checked,) = check(session, event, [line], sent)
    errors = [(FIELD_OF[wrong.code], tell_wrong(wrong)) for wrong in checked.wrong]
    if not errors:
        try:
            return add(slug, sent, [line])
        except LineIsRefused as refusal:
            errors = [("run", _("They cannot be added: %(why)s.", why=WHYS[refusal.why]))]
    return show_one(db.session(), own_event(db.session(), slug), sent, dict(line.cells), errors), 422


def show_one(
    session: Session, event: Event, sent: Sent, typed: dict[str, str], errors: Sequence[tuple[str, str]]
) -> str:
    return render_template(
        "workspace/participant_new.html",
        event=event,
        event_title=name_event(event),
        typed=typed,
        sent=sent,
        errors=errors,
        error=dict(reversed(list(errors))),
        runs=list_runs(session, event),
        parts=[("", _("Choose")), *list_parts(session, event)],
    )


def list_runs(session: Session, event: Event) -> list[tuple[str, str]]:
    """The dates one can be put into, with how many places are left."""
    runs = list_dated(event)
    places = count_places(session, [run.id for run in runs])
    found = []
    for run in runs:
        left = places[run.id].left
        note = "" if left is None else ngettext("%(num)d place left", "%(num)d places left", left)
        found.append((str(run.uid), f"{name_run(run)} ({note})" if note else name_run(run)))
    return found


# --- pasted ---------------------------------------------------------------------------------------------------------


@blueprint.get("/events/<slug>/additions", endpoint="paste_participants")
@access(Access.ORGANISER)
def paste(slug: str) -> str:
    session = db.session()
    return show_form(session, own_event(session, slug), Sent("", "", "", tells=False), "")


@blueprint.post("/events/<slug>/additions/check", endpoint="check_participants")
@access(Access.ORGANISER)
def look(slug: str) -> str | tuple[str, int]:
    """What each line was understood as and what is wrong with it; nothing is saved."""
    session = db.session()
    event = own_event(session, slug)
    sent = read_sent()
    found = pasted.read(sent.text)
    error = why_unreadable(sent, found)
    if error or "change" in request.form:
        return show_form(session, event, sent, error), 422 if error else 200
    return show_check(session, event, sent, found, check(session, event, found.lines, sent))


@blueprint.post("/events/<slug>/additions", endpoint="add_participants")
@access(Access.ORGANISER)
def save(slug: str) -> Response | tuple[str, int]:
    """Signs up every line or none, in one transaction; a page that is sent twice does it once."""
    session = db.session()
    event = own_event(session, slug)
    sent = read_sent()
    found = pasted.read(sent.text)
    error = why_unreadable(sent, found)
    if error:
        return show_form(session, event, sent, error), 422
    if was_done(session, sent, found.lines):
        return tell_done_already(slug)
    checked = check(session, event, found.lines, sent)
    if not any(line.wrong for line in checked):
        try:
            return add(slug, sent, found.lines)
        except LineIsRefused as refusal:
            about = {"number": refusal.number, "name": refusal.name, "why": WHYS[refusal.why]}
            flash(_("Nobody was added. Line %(number)d, %(name)s: %(why)s.", **about), "warning")
    session = db.session()
    return show_check(session, own_event(session, slug), sent, found, checked), 422


def why_unreadable(sent: Sent, found: Pasted) -> str:
    if len(sent.text) > pasted.MOST_CHARACTERS or len(found.lines) > pasted.MOST_LINES:
        return _("At most %(lines)s lines at a time.", lines=pasted.MOST_LINES)
    return "" if found.lines else _("Paste some lines first.")


def check(session: Session, event: Event, lines: Sequence[Line], sent: Sent) -> list[Checked]:
    """Each line with what is wrong with it. The only dates of an event need not be said."""
    runs = list_dated(event)
    meant = next((run.id for run in runs if str(run.uid) == sent.run), runs[0].id if len(runs) == 1 else None)
    return pasted.check(lines, read_register(session, event, lines, run_id=meant))


def was_done(session: Session, sent: Sent, lines: Sequence[Line]) -> bool:
    return actions.was_added(session, [actions.token_of(sent.nonce, line.number) for line in lines])


def tell_done_already(slug: str) -> Response:
    flash(_("They were added already."), "info")
    return redirect(url_for(".participants", slug=slug), 303)


def add(slug: str, sent: Sent, lines: Sequence[Line]) -> Response:
    """Everybody, checked once more inside the transaction that signs them up. Raises `LineIsRefused`."""
    by = By(account().id, clock.now(), silent=not sent.tells)
    with transaction() as session:
        event = own_event(session, slug)
        counts = actions.add_all(session, event, check(session, event, lines, sent), sent.nonce, by)
    total, waiting = sum(counts.values()), counts.get(State.WAITING, 0)
    told = ngettext("%(num)d person is added.", "%(num)d people are added.", total)
    if waiting:
        told += " " + ngettext("%(num)d of them waits.", "%(num)d of them wait.", waiting)
    flash(f"{told} {tell_mail(total, sent)}", "success")
    return redirect(url_for(".participants", slug=slug), 303)


def tell_mail(total: int, sent: Sent) -> str:
    if not sent.tells:
        return _("No mail was sent about it.")
    return ngettext("The confirmation goes to %(num)d person.", "The confirmation goes to %(num)d people.", total)


def show_form(session: Session, event: Event, sent: Sent, error: str) -> str:
    return render_template(
        "workspace/participants_paste.html",
        event=event,
        event_title=name_event(event),
        sent=sent,
        error=error,
        runs=list_runs(session, event),
    )


def show_check(session: Session, event: Event, sent: Sent, found: Pasted, checked: Sequence[Checked]) -> str:
    names = {run.id: name_run(run, year=False) for run in event.runs}
    words = dict(list_parts(session, event))
    return render_template(
        "workspace/participants_check.html",
        event=event,
        event_title=name_event(event),
        sent=sent,
        unread=list(found.unread),
        lines=[describe(line, found.lines[place], names, words) for place, line in enumerate(checked)],
        wrong=sum(bool(line.wrong) for line in checked),
        room=list_room(session, event, checked) if not any(line.wrong for line in checked) else [],
    )


def describe(line: Checked, typed: Line, names: dict[int, str], words: dict[str, str]) -> dict[str, Any]:
    """A line as the page shows it: what was understood, else what was written."""
    cells = typed.cells
    return {
        "number": line.number,
        "name": line.name,
        "email": line.email or cells.get("email", ""),
        "organisation": line.organisation.label if line.organisation else cells.get("organisation", ""),
        "part": words.get(line.part, cells.get("part", "")),
        "run": names.get(line.run_id, cells.get("run", "")) if line.run_id is not None else cells.get("run", ""),
        "wrong": [tell_wrong(one) for one in line.wrong],
    }


def list_room(session: Session, event: Event, checked: Sequence[Checked]) -> list[str]:
    """Where more are added than there is room for: how many of them will wait."""
    told = []
    places = count_places(session, [run.id for run in event.runs])
    for run in event.runs:
        coming = sum(line.run_id == run.id for line in checked)
        left = places[run.id].left
        if coming and left is not None and coming > left:
            told.append(
                _("%(dates)s: %(coming)d come and %(left)d places are left. The rest wait.",
                  dates=name_run(run, year=False), coming=coming, left=left)
            )  # fmt: skip
    return told
