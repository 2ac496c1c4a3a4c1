"""A call written and changed: its texts, its deadline, its intakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.programmes.calls import actions, queries
from eventsys.programmes.calls.rules import (
    CallFacts,
    CannotBeChanged,
    ChangedMeanwhile,
    IntakeIsUsed,
)
from eventsys.programmes.grants.queries import list_own
from eventsys.programmes.models import Call, Cohort, Programme
from eventsys.web import Access, access, language
from eventsys.workspace.calls import forms
from eventsys.workspace.calls.filling import type_call
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.views.call_frame import describe_call, may_change, own_call
from eventsys.workspace.views.frame import account, blueprint, log

Answer = Response | str | tuple[str, int]


@blueprint.get("/calls/new", endpoint="new_call")
@access(Access.ORGANISER)
def new() -> str:
    return show_form(forms.add_intake(Typed({"closes_at": "15.00"})), {})


@blueprint.post("/calls", endpoint="create_call")
@access(Access.ORGANISER)
def create() -> Answer:
    typed = Typed(request.form)
    if (changed := press(typed)) is not None:
        return show_form(changed, {})
    reader = Reader(typed)
    programme = find_programme(db.session(), typed.get("programme", ""))
    if programme is None:
        reader.errors["programme"] = _("Choose the programme that it is for.")
    facts = read(reader, programme)
    if facts is None or programme is None:
        return show_form(typed, reader.errors), 422
    with transaction() as session:
        programme = session.get_one(Programme, programme.id)
        call = actions.create_call(session, programme, facts, clauses=forms.EVERYBODY, now=clock.now())
        log(session, LogVerb.ADDED, "call", call.slug, name(call), after=facts_of(call))
        slug = call.slug
    flash(_("The draft is saved. Write the letter next."), "success")
    return redirect(url_for(".call_letter", slug=slug), 303)


@blueprint.get("/calls/<slug>/edit", endpoint="edit_call")
@access(Access.ORGANISER)
def edit(slug: str) -> str:
    session = db.session()
    call = own_call(session, slug)
    return show_form(type_call(call, queries.list_intakes(session, call.id)), {}, call)


@blueprint.post("/calls/<slug>", endpoint="update_call")
@access(Access.ORGANISER)
def update(slug: str) -> Answer:
    typed, call = Typed(request.form), own_call(db.session(), slug)
    if (changed := press(typed)) is not None:
        return show_form(changed, {}, call)
    reader = Reader(typed)
    facts = read(reader, db.session().get_one(Programme, call.programme_id), call)
    if facts is None:
        return show_form(typed, reader.errors, call), 422
    edition = typed.get("edition", "")
    try:
        with transaction() as session:
            call = own_call(session, slug)
            before = facts_of(call)
            opened_at = int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 9 else 0
            if actions.change_call(session, call, facts, edition=opened_at):
                log(session, LogVerb.CHANGED, "call", slug, name(call), before, facts_of(call))
    except (CannotBeChanged, ChangedMeanwhile, IntakeIsUsed) as refusal:
        typed["edition"] = str(own_call(db.session(), slug).edition)
        return show_form(typed, tell_refusal(refusal), call), 409
    flash(_("Saved."), "success")
    return redirect(url_for(".call", slug=slug), 303)


def press(typed: Typed) -> Typed | None:
    """The form after one of its own buttons: an intake more, or one less; None for the one that saves."""
    what = typed.get("do", "save")
    if what == "more":
        return forms.add_intake(typed)
    if what.startswith("remove-") and what[7:].isdigit() and len(what) < 10:
        return forms.take_intake(typed, int(what[7:]))
    return None


def read(reader: Reader, programme: Programme | None, call: Call | None = None) -> CallFacts | None:
    cohorts = {one.slug: one.id for one in cohorts_of(programme)} if programme else {}
    timezone = call.timezone if call else account().organiser.timezone
    was = call.closes_local if call else None
    return forms.read_call(reader, cohorts, timezone=timezone, now=clock.now(), was=was)


def tell_refusal(refusal: Exception) -> dict[str, str]:
    if isinstance(refusal, CannotBeChanged):
        return {"title_nb": _("The call has ended, so it cannot be changed.")}
    if isinstance(refusal, IntakeIsUsed):
        return {"intakes": _("Somebody is decided on in the intake that you took away. It has to stay.")}
    return {
        "title_nb": _("Somebody else has changed it meanwhile. What you typed stands here: save again and it counts.")
    }


def show_form(typed: Typed, errors: dict[str, str], call: Call | None = None) -> str:
    session = db.session()
    programmes = list_own(session, account().organiser.id)
    offered = [one for one in programmes if call is None or one.id == call.programme_id]
    return render_template(
        "workspace/calls/call_form.html",
        **(describe_call(call, "edit_call") if call else {"call": None}),
        typed=typed,
        errors=errors,
        programmes=[(one.slug, texts.read(one.name, language()).value) for one in programmes],
        cohorts=[("", _("No cohort"))] + [
            (cohort.slug, texts.read(cohort.name, language()).value) for one in offered for cohort in cohorts_of(one)
        ],
        deadline_words=forms.tell_typed_deadline(typed),
        rows=range(forms.count_intakes(typed)),
        may_change=call is None or may_change(call),
    )  # fmt: skip


def cohorts_of(programme: Programme) -> Sequence[Cohort]:
    return queries.list_cohorts_of(db.session(), programme.id)


def find_programme(session: Session, slug: str) -> Programme | None:
    """The one of that name among the organiser's own; the only one where nothing is chosen."""
    own = list_own(session, account().organiser.id)
    if not slug and len(own) == 1:
        return own[0]
    return next((one for one in own if one.slug == slug), None)


def name(call: Call) -> str:
    return texts.read(call.title, "nb").value


def facts_of(call: Call) -> dict[str, Any]:
    """What the log tells of a call; its edition says that more than these changed."""
    return {
        "title": call.title,
        "closes_local": call.closes_local,
        "case_number": call.case_number,
        "edition": call.edition,
    }
