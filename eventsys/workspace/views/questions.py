"""The event's own questions: the form as participants meet it, questions added, changed, moved, taken away."""

from __future__ import annotations

import io
import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.registrations.models import Question
from eventsys.registrations.questions import actions, queries
from eventsys.registrations.questions.labels import KINDS, mark_language, name_condition, name_for_whom
from eventsys.registrations.questions.rules import AskedQuestion, QuestionIsNeeded
from eventsys.registrations.rules import QuestionKind
from eventsys.web import Access, access, language
from eventsys.workspace.views.frame import account, blueprint, log, name_event, own_event, tabs, today


@blueprint.get("/events/<slug>/questions", endpoint="questions")
@access(Access.ORGANISER)
def index(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    questions = queries.list_questions(session, event.id, on=today())
    answered = queries.count_answers(session, event.id)
    return render_template(
        "workspace/questions.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "questions"),
        questions=questions,
        rows=[describe(question, questions, answered.get(question.id, 0)) for question in questions],
        kinds=[(kind.value, label) for kind, label in KINDS.items()],
        shipped_missing=queries.list_missing_shipped(session, event.id),
    )


def describe(question: AskedQuestion, questions: list[AskedQuestion], answered: int) -> dict[str, Any]:
    """One row of the list."""
    asked = {str(one.public_id): one for one in questions}
    remarks = [name_condition(question, asked), name_for_whom(question), tell_limits(question)]
    return {
        "public_id": question.public_id,
        "label": mark_language(texts.read(question.label, language())),
        "plain": texts.read(question.label, language()).value,
        "kind": KINDS[question.kind],
        "required": question.required,
        "sensitive": question.sensitive,
        "missing": not all(question.label.get(code) for code in ("nb", "nn")),
        "remarks": [remark for remark in remarks if remark],
        "answered": answered,
    }


def tell_limits(question: AskedQuestion) -> str:
    """«Buss: 12 av 50 · Tog: 3 av 20»; empty where nothing is limited."""
    limited = [option for option in question.options if option.limit is not None and option.left is not None]
    named = [
        (texts.read(option.label, language()).value, (option.limit or 0) - (option.left or 0), option.limit)
        for option in limited
    ]
    return " · ".join(
        _("%(option)s: %(taken)d of %(limit)d", option=label, taken=taken, limit=limit) for label, taken, limit in named
    )


@blueprint.post("/events/<slug>/questions/shipped", endpoint="add_shipped_questions")
@access(Access.ORGANISER)
def add_shipped(slug: str) -> Response:
    with transaction() as session:
        event = own_event(session, slug)
        before = list_labels(session, event)
        added = actions.add_shipped_questions(session, event, account_id=account().id, now=clock.now())
        note(session, LogVerb.CHANGED, event, "", {"order": before}, {"order": list_labels(session, event)})
    flash(_("The questions are added.") if added else _("They are there already."), "success" if added else "info")
    return back(slug)


@blueprint.post("/events/<slug>/questions/<uuid:public_id>/position", endpoint="move_question")
@access(Access.ORGANISER)
def move(slug: str, public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            event = own_event(session, slug)
            question, before = own_question(session, event, public_id), list_labels(session, event)
            actions.move_question(session, question, up=request.form.get("to") == "up")
            note(session, LogVerb.CHANGED, event, "", {"order": before}, {"order": list_labels(session, event)})
    except QuestionIsNeeded as error:
        label = texts.read(error.label, language()).value
        flash(_("It cannot pass “%(question)s”: one decides whether the other is asked.", question=label), "warning")
    return back(slug)


@blueprint.get("/events/<slug>/questions/<uuid:public_id>/removal", endpoint="confirm_remove_question")
@access(Access.ORGANISER)
def confirm_remove(slug: str, public_id: uuid.UUID) -> str:
    session = db.session()
    event = own_event(session, slug)
    question = own_question(session, event, public_id)
    answered = queries.count_answers(session, event.id).get(question.id, 0)
    label = next(one.label for one in queries.list_questions(session, event.id, on=today()) if one.id == question.id)
    return render_template(
        "workspace/confirm.html",
        event=event,
        event_title=name_event(event),
        title=_("Take the question away?"),
        text=tell_answered(answered),
        facts=[mark_language(texts.read(label, language()))],
        warning="",
        button=_("Yes, take it away"),
        action=url_for(".remove_question", slug=slug, public_id=public_id),
        back=url_for(".questions", slug=slug),
    )


def tell_answered(answered: int) -> str:
    if not answered:
        return _("Nobody has answered it.")
    return ngettext(
        "%(num)d has answered it. The answer stays readable; nobody else is asked.",
        "%(num)d have answered it. The answers stay readable; nobody else is asked.",
        answered,
    )


@blueprint.post("/events/<slug>/questions/<uuid:public_id>/removal", endpoint="remove_question")
@access(Access.ORGANISER)
def remove(slug: str, public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            event = own_event(session, slug)
            question = own_question(session, event, public_id)
            note(session, LogVerb.REMOVED, event, str(public_id), fields_of(session, event, public_id), None)
            actions.remove_question(session, question, now=clock.now())
    except QuestionIsNeeded as error:
        label = texts.read(error.label, language()).value
        flash(_("Change “%(question)s” first: this question decides whether it is asked.", question=label), "warning")
        return back(slug)
    flash(_("The question is taken away."), "success")
    return back(slug)


@blueprint.get("/events/<slug>/participants/<uuid:public_id>/answers/<uuid:question>/file", endpoint="answer_file")
@access(Access.ORGANISER)
def show_file(slug: str, public_id: uuid.UUID, question: uuid.UUID) -> Response:
    """The file is never shown in the browser, only saved: what is in it is somebody else's."""
    session = db.session()
    event = own_event(session, slug)
    file = queries.find_file(session, event_id=event.id, registration=public_id, question=question) or abort(404)
    answer = send_file(io.BytesIO(file.content), file.media_type, as_attachment=True, download_name=file.name)
    answer.headers["Cache-Control"] = "no-store"  # Flask's own for files is for static ones: a year, for everybody
    return answer


def own_question(session: Session, event: Event, public_id: uuid.UUID) -> Question:
    return queries.find_question(session, event.id, public_id) or abort(404)


def list_labels(session: Session, event: Event) -> list[str]:
    """What is asked, in order."""
    session.flush()
    return [texts.read(one.label, "nb").value for one in queries.list_questions(session, event.id, on=today())]


def fields_of(session: Session, event: Event, public_id: uuid.UUID) -> dict[str, Any]:
    """The question as the log keeps it."""
    session.flush()
    found = queries.list_questions(session, event.id, on=today())
    asked = next(one for one in found if one.public_id == public_id)
    options = [texts.read(option.label, "nb").value for option in asked.options]
    return {"title": asked.label, "required": asked.required, "sensitive": asked.sensitive, "options": options}


def note(
    session: Session, verb: LogVerb, event: Event, key: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    """In the log under the event: which question, or the order of them all."""
    log(session, verb, "question", f"{event.slug}/{key}" if key else event.slug, name_event(event).value, before, after)


def back(slug: str) -> Response:
    return redirect(url_for(".questions", slug=slug), 303)


def read_kind(text: str) -> QuestionKind:
    return QuestionKind(text) if text in set(QuestionKind) else abort(404)
