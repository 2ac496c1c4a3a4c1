"""The form of one question: a new one of a kind, or one that is asked already."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.events.materials.labels import name_size
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.filetypes import MEDIA_TYPES
from eventsys.registrations.labels import SIDES
from eventsys.registrations.questions import actions, queries
from eventsys.registrations.questions.labels import KINDS, name_option
from eventsys.registrations.questions.rules import (
    WITH_OPTIONS,
    AskedQuestion,
    CannotBeChanged,
    ChoiceIsTaken,
    QuestionFacts,
)
from eventsys.registrations.rules import QuestionKind
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.queries import list_audiences
from eventsys.workspace.question_form import (
    MORE_OPTIONS,
    MOST_OPTIONS,
    SIZES,
    count_options,
    keys_of,
    list_deciding,
    read_question,
    type_question,
)
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, tabs, today
from eventsys.workspace.views.questions import back, fields_of, note, own_question, read_kind
from eventsys.workspace.views.told import tell_too_small


@blueprint.get("/events/<slug>/questions/new", endpoint="new_question")
@access(Access.ORGANISER)
def new(slug: str) -> str:
    kind = read_kind(request.args.get("kind", QuestionKind.SHORT_TEXT.value))
    return show_form(own_event(db.session(), slug), kind, Typed(), {})


@blueprint.post("/events/<slug>/questions", endpoint="create_question")
@access(Access.ORGANISER)
def create(slug: str) -> Response | str | tuple[str, int]:
    session = db.session()
    event, reader = own_event(session, slug), Reader(Typed(request.form))
    kind = read_kind(reader.typed.get("kind", ""))
    if "more" in reader.typed:
        return show_form(event, kind, with_more(reader.typed), {})
    facts = read(session, event, reader, kind, None)
    if facts is None:
        return show_form(event, kind, reader.typed, reader.errors), 422
    with transaction() as writing:
        event = own_event(writing, slug)
        made = actions.add_question(writing, event, facts, account_id=account().id, now=clock.now())
        after = fields_of(writing, event, made.public_id)
        note(writing, LogVerb.ADDED, event, str(made.public_id), None, after)
    flash(_("The question is saved."), "success")
    return back(slug)


@blueprint.get("/events/<slug>/questions/<uuid:public_id>/edit", endpoint="edit_question")
@access(Access.ORGANISER)
def edit(slug: str, public_id: uuid.UUID) -> str:
    session = db.session()
    event = own_event(session, slug)
    own_question(session, event, public_id)
    asked = next(one for one in list_all(session, event) if one.public_id == public_id)
    return show_form(event, asked.kind, type_question(asked), {}, public_id)


@blueprint.post("/events/<slug>/questions/<uuid:public_id>", endpoint="update_question")
@access(Access.ORGANISER)
def update(slug: str, public_id: uuid.UUID) -> Response | str | tuple[str, int]:
    session = db.session()
    event, reader = own_event(session, slug), Reader(Typed(request.form))
    kind = own_question(session, event, public_id).kind
    if "more" in reader.typed:
        return show_form(event, kind, with_more(reader.typed), {}, public_id)
    facts = read(session, event, reader, kind, public_id)
    if facts is not None:
        errors = save(slug, public_id, facts, reader.typed)
        if not errors:
            flash(_("The question is saved."), "success")
            return back(slug)
        reader.errors |= errors
    return show_form(own_event(db.session(), slug), kind, reader.typed, reader.errors, public_id), 422


def save(slug: str, public_id: uuid.UUID, facts: QuestionFacts, typed: Typed) -> dict[str, str]:
    """What only a look into the database could find wrong, by field."""
    try:
        with transaction() as session:
            event = own_event(session, slug)
            question, before = own_question(session, event, public_id), fields_of(session, event, public_id)
            actions.change_question(session, question, facts, account_id=account().id, now=clock.now())
            after = fields_of(session, event, public_id)
            note(session, LogVerb.CHANGED, event, str(public_id), before, after)
    except CannotBeChanged:
        return {
            "sensitive": _(
                "Somebody has answered and was told who sees it and when it is deleted. Ask a new question instead."
            )
        }
    except ChoiceIsTaken as error:
        row = next((row for row in range(count_options(typed)) if typed.get(f"key-{row}") == error.option), 0)
        return {f"limit-{row}": tell_too_small(error)}
    return {}


def read(
    session: Session, event: Event, reader: Reader, kind: QuestionKind, public_id: uuid.UUID | None
) -> QuestionFacts | None:
    deciding = list(list_deciding(list_all(session, event), public_id))
    cohorts = [cohort.id for cohort in list_audiences(session, account().organiser.id).cohorts]
    days = account().organiser.sensitive_days
    return read_question(reader, kind, deciding=deciding, cohort_ids=cohorts, sensitive_days=days)


def list_all(session: Session, event: Event) -> list[AskedQuestion]:
    return queries.list_questions(session, event.id, on=today())


def with_more(typed: Typed) -> Typed:
    """The same form with more lines for options."""
    typed["rows"] = str(min(count_options(typed) + MORE_OPTIONS, MOST_OPTIONS))
    return typed


def show_form(
    event: Event, kind: QuestionKind, typed: Typed, errors: dict[str, str], public_id: uuid.UUID | None = None
) -> str:
    session = db.session()
    questions = list_all(session, event)
    asked = next((one for one in questions if one.public_id == public_id), None)
    return render_template(
        "workspace/question_form.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "questions"),
        typed=typed,
        errors=errors,
        public_id=public_id,
        kind=kind.value,
        kind_name=KINDS[kind],
        answered=queries.count_answers(session, event.id).get(asked.id, 0) if asked else 0,
        rows=count_options(typed) if kind in WITH_OPTIONS else 0,
        sensitive_days=account().organiser.sensitive_days,
        most_rows=MOST_OPTIONS,
        action=url_for(".update_question", slug=event.slug, public_id=public_id)
        if public_id
        else url_for(".create_question", slug=event.slug),
        **list_choices(session, list(list_deciding(questions, public_id))),
    )


def list_choices(session: Session, deciding: list[AskedQuestion]) -> dict[str, Any]:
    """What there is to choose from in the form."""
    cohorts = list_audiences(session, account().organiser.id).cohorts
    return {
        "sides": [(side.value, str(label)) for side, label in SIDES.items()],
        "cohorts": [(cohort.id, texts.read(cohort.name, language()).value) for cohort in cohorts],
        "conditions": [
            (f"{question.public_id}:{key}", name_choice(question, key))
            for question in deciding
            for key in keys_of(question)
        ],
        "file_types": [(name, name) for name in MEDIA_TYPES],
        "sizes": [(size, name_size(size)) for size in SIZES],
    }


def name_choice(question: AskedQuestion, key: str) -> str:
    """«Overnatting: Ja»."""
    return f"{texts.read(question.label, language()).value}: {name_option(question, key)}"
