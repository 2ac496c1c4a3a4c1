"""One application: what was sent, its files, what its assessors think, and what happens to it before a decision."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.accounts.rules import LogVerb
from eventsys.events.materials.answers import send_stored
from eventsys.extensions import db, transaction
from eventsys.merging import Field
from eventsys.organisations.models import Organisation
from eventsys.programmes.applications.actions import ask_to_supplement
from eventsys.programmes.applications.rules import ApplicationState, CannotBeDone
from eventsys.programmes.applications.shown import describe
from eventsys.programmes.intake import actions, queries
from eventsys.programmes.intake.labels import LETTER_KINDS, LETTER_STATES, OUTCOME_KINDS, OUTCOMES, STATE_KINDS, STATES
from eventsys.programmes.intake.rules import CaseNumberIsTaken, LetterState, mean, suggest_case_number
from eventsys.programmes.models import Application, Criterion, Intake
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.intake.forms import read_assessment, read_case_number, type_assessment
from eventsys.workspace.intake.history import list_story
from eventsys.workspace.intake.reading import find_sent_file, read_sent, was_read
from eventsys.workspace.views.editing import again, close_form, open_form, settle
from eventsys.workspace.views.frame import account, blueprint, log, name_moment, today
from eventsys.workspace.views.intake_frame import Assessed, file_url, name_intake, open_application, show_frame

LONGEST_WORDS = 1000
Found = tuple[Assessed, Application, Organisation]


@blueprint.get("/calls/<slug>/applications/<uuid:public_id>", endpoint="application")
@access(Access.ORGANISER)
def show(slug: str, public_id: uuid.UUID) -> str:
    return show_page(open_application(db.session(), slug, public_id), Typed(), {})


def show_page(found: Found, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    (call, assessor), application, organisation = found
    public_id = application.public_id
    criteria, scales = queries.list_criteria(session, call.id), queries.list_scales(session, call.id)
    own = queries.find_assessment(session, application.id, account().id)
    saved = type_assessment(own[0].notes, own[1], scales) if own else Typed({"notes": ""})
    edition, form = own[0].edition if own else 1, name_form(application)
    is_assessing = "notes" in typed
    if is_assessing:
        editing = again(form, typed)
    else:
        opened = open_form(form, saved, edition, fields_of(criteria))
        editing, saved = opened.editing, opened.typed
    sent = read_sent(session, application)
    others = describe_others(session, application) if own else []
    return render_template(
        "workspace/intake/application.html",
        **show_frame(session, call, assessor, "applications"),
        application=application,
        organisation=organisation,
        state=STATES[application.state],
        kind=STATE_KINDS[application.state],
        sent=sent,
        sent_at=name_moment(sent.at),
        sections=describe(sent.facts, language(), timezone=account().organiser.timezone),
        file_url=file_url(call.slug, public_id),
        criteria=criteria,
        read_text=lambda text: texts.read(text, language()).value,
        own=own,
        total=sum(own[1].values()) if own else None,
        others=others,
        mean=mean([sum(own[1].values()), *(one["total"] for one in others)]) if own else None,
        typed=typed if is_assessing else saved,
        also=typed,
        errors=errors,
        editing=editing,
        suggested=suggest_case_number(call.case_number, queries.list_case_numbers(session, call.organiser_id)),
        decision=describe_decision(session, application),
        story=list_story(session, application, timezone=account().organiser.timezone),
        is_unread=not was_read_today(session, application),
        by=f"{today() + timedelta(days=14):%d.%m.%Y}",
        may_supplement=application.state in (ApplicationState.SENT, ApplicationState.SUPPLEMENT),
        supplement_by=dates.format_day(application.supplement_by, language()) if application.supplement_by else "",
    )


def name_form(application: Application) -> str:
    """Of the account's own: nobody else has the same form open."""
    return f"assessment.new-{application.public_id}-{account().id}"


def fields_of(criteria: list[Criterion]) -> dict[str, Field]:
    points = {f"points-{one.public_id}": Field(texts.read(one.name, language()).value) for one in criteria}
    return {"notes": Field(_("Notes"), is_long=True), **points}


def describe_others(session: Session, application: Application) -> list[dict[str, Any]]:
    """What the others think, and the mean of all; for whom has saved their own."""
    rows = queries.list_others(session, application.id, account().id)
    return [
        {"name": name, "notes": assessment.notes, "points": points, "total": sum(points.values())}
        for assessment, name, points in rows
    ]


def describe_decision(session: Session, application: Application) -> dict[str, Any] | None:
    decision = queries.find_decision(session, application.id)
    if decision is None:
        return None
    letter = queries.find_letter(session, decision.id)
    return {
        "outcome": OUTCOMES[decision.outcome],
        "kind": OUTCOME_KINDS[decision.outcome],
        "intake": name_intake(session.get_one(Intake, decision.intake_id)),
        "at": name_moment(decision.decided_at),
        "grounds": texts.read(decision.grounds, language()) if decision.grounds else None,
        "letter": letter,
        "letter_state": LETTER_STATES[letter.state] if letter else "",
        "letter_kind": LETTER_KINDS[letter.state] if letter else "",
        "may_reverse": letter is None or letter.state is not LetterState.SENT,
    }


# --- reading is noted -----------------------------------------------------------------------------------------------


def was_read_today(session: Session, application: Application) -> bool:
    since = clock.now() - timedelta(hours=24)
    return was_read(session, application.public_id, account_id=account().id, since=since)


def note_reading(session: Session, application: Application, label: str) -> None:
    """Once a day for each reader and application."""
    if not was_read_today(session, application):
        log(session, LogVerb.READ, "application", str(application.public_id), label)


@blueprint.post("/calls/<slug>/applications/<uuid:public_id>/reading", endpoint="note_application_read")
@access(Access.ORGANISER)
def note_read(slug: str, public_id: uuid.UUID) -> Response:
    """The page says itself that it is open, so that a GET changes nothing."""
    with transaction() as session:
        _assessed, application, organisation = open_application(session, slug, public_id)
        note_reading(session, application, organisation.label)
    return redirect(url_for(".application", slug=slug, public_id=public_id), 303)


@blueprint.get("/calls/<slug>/applications/<uuid:public_id>/files/<uuid:file>", endpoint="application_file")
@access(Access.ORGANISER)
def show_file(slug: str, public_id: uuid.UUID, file: uuid.UUID) -> Response:
    session = db.session()
    _assessed, application, _organisation = open_application(session, slug, public_id)
    return send_stored(find_sent_file(session, application, file) or abort(404))


# --- what assessors do ----------------------------------------------------------------------------------------------


@blueprint.post("/calls/<slug>/applications/<uuid:public_id>/assessment", endpoint="save_assessment")
@access(Access.ORGANISER)
def assess(slug: str, public_id: uuid.UUID) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    back = url_for(".application", slug=slug, public_id=public_id)
    with transaction() as session:
        (call, _assessor), application, organisation = open_application(session, slug, public_id, for_update=True)
        criteria, scales = queries.list_criteria(session, call.id), queries.list_scales(session, call.id)
        own = queries.find_assessment(session, application.id, account().id)
        settled = settle(
            reader.typed, edition=own[0].edition if own else 1,
            theirs=type_assessment(own[0].notes, own[1], scales) if own else Typed({"notes": ""}),
            fields=fields_of(criteria), back=back, find_editor=lambda: account().name,
        )  # fmt: skip
        if settled.conflict is not None:
            return settled.conflict
        reader.typed = settled.typed
        entry = read_assessment(reader, scales)
        if not reader.errors:
            actions.save_assessment(
                session, call, application, account_id=account().id, notes=entry.notes, points=entry.points,
                now=clock.now(),
            )  # fmt: skip
            close_form(session, name_form(application))
            note_reading(session, application, organisation.label)
    if reader.errors:
        return show_page(open_application(db.session(), slug, public_id), reader.typed, reader.errors), 422
    flash(_("Your assessment is saved."), "success")
    return redirect(f"{back}#assessment", 303)


@blueprint.post("/calls/<slug>/applications/<uuid:public_id>/supplement", endpoint="ask_to_supplement")
@access(Access.ORGANISER)
def ask(slug: str, public_id: uuid.UUID) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    words = reader.prose("words", most=LONGEST_WORDS)
    by = reader.day("by", required=_("Write the last day on which it may come, such as 01.09.2008."))
    if not words and "words" not in reader.errors:
        reader.errors["words"] = _("Write what you want to know.")
    if by is not None and by <= today():
        reader.errors["by"] = _("Write a day that has not begun yet.")
    if reader.errors or by is None:
        return show_page(open_application(db.session(), slug, public_id), reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            _found, application, _organisation = open_application(session, slug, public_id)
            ask_to_supplement(session, application, words=words, by=by, account_id=account().id, now=clock.now())
    except CannotBeDone:
        flash(_("It has been decided on or withdrawn meanwhile. Nobody was asked."), "warning")
        return redirect(url_for(".application", slug=slug, public_id=public_id), 303)
    flash(_("They are asked by mail, and have until the end of that day."), "success")
    return redirect(url_for(".application", slug=slug, public_id=public_id), 303)


@blueprint.post("/calls/<slug>/applications/<uuid:public_id>/case-number", endpoint="set_case_number")
@access(Access.ORGANISER)
def number(slug: str, public_id: uuid.UUID) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    wanted = read_case_number(reader)
    try:
        if not reader.errors:
            with transaction() as session:
                _found, application, organisation = open_application(session, slug, public_id, for_update=True)
                before = {"case_number": application.case_number}
                actions.set_case_number(session, application, wanted)
                key = str(application.public_id)
                after = {"case_number": wanted}
                log(session, LogVerb.CHANGED, "application", key, organisation.label, before, after)
    except CaseNumberIsTaken:
        reader.errors["case_number"] = _("Another case of yours has that number.")
    if reader.errors:
        return show_page(open_application(db.session(), slug, public_id), reader.typed, reader.errors), 422
    flash(_("The case number is saved."), "success")
    return redirect(url_for(".application", slug=slug, public_id=public_id), 303)


@blueprint.get("/calls/<slug>/applications/<uuid:public_id>/disqualification", endpoint="confirm_disqualify_oneself")
@access(Access.ORGANISER)
def confirm_disqualify(slug: str, public_id: uuid.UUID) -> str:
    session = db.session()
    (call, assessor), _application, organisation = open_application(session, slug, public_id)
    return render_template(
        "workspace/intake/disqualify.html", **show_frame(session, call, assessor, "applications"),
        organisation=organisation, public_id=public_id,
    )  # fmt: skip


@blueprint.post("/calls/<slug>/applications/<uuid:public_id>/disqualification", endpoint="disqualify_oneself")
@access(Access.ORGANISER)
def disqualify(slug: str, public_id: uuid.UUID) -> Response:
    """From the next page on they see nothing of it. An owner alone can change that."""
    why = Reader(Typed(request.form)).text("why", most=300)[:300]
    with transaction() as session:
        (call, _assessor), application, organisation = open_application(session, slug, public_id)
        mine = {"account_id": account().id, "by_account_id": account().id}
        actions.disqualify(session, call, application, why=why, now=clock.now(), **mine)
        close_form(session, name_form(application))
    flash(_("You are disqualified for %(name)s and see nothing of it from now on.", name=organisation.label), "success")
    return redirect(url_for(".applications", slug=slug), 303)
