"""What only the person fills in: the event's questions, sessions and nights, on a page of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.extensions import AnyRow, db, transaction
from eventsys.programmes.queries import list_memberships
from eventsys.registrations import actions, links
from eventsys.registrations.limits.queries import Options, list_options
from eventsys.registrations.own.actions import close_receipts
from eventsys.registrations.own.labels import REFUSED, tell_deadline, tell_refusal
from eventsys.registrations.own.queries import list_chosen, list_requests
from eventsys.registrations.own.rules import NOTHING, Reach, decide_reach
from eventsys.registrations.questions.forms import field_name, read_answers, type_answers
from eventsys.registrations.questions.labels import mark_language, name_answer
from eventsys.registrations.questions.queries import list_answers, list_questions
from eventsys.registrations.questions.rules import AskedQuestion, ShownAnswer, is_for, is_shown
from eventsys.registrations.rules import (
    LEAVABLE,
    Actor,
    Asked,
    Decision,
    OptionIsFull,
    OptionKind,
    QuestionKind,
)
from eventsys.registrations.signup.labels import Offered, describe_nights, describe_sessions
from eventsys.registrations.views.frame import blueprint, find_by_token
from eventsys.web import Access, access, language


class Form(NamedTuple):
    """What can be filled in for a seat, and what is there already."""

    questions: Sequence[AskedQuestion]
    cohorts: Collection[int]
    answers: Sequence[ShownAnswer]
    options: Options
    session_ids: Collection[int]
    night_ids: Collection[int]

    @property
    def asks(self) -> bool:
        return bool(self.questions or self.options.sessions or self.options.nights)


def find_form(row: AnyRow, *, on: date) -> Form:
    """A few statements; none where the event asks for nothing and offers nothing."""
    tx, registration = db.session(), row.Registration
    questions = list_questions(tx, registration.event_id, on=on) if row.has_questions else []
    by_cohort = registration.organisation_id is not None and any(one.asks.cohorts for one in questions)
    cohorts = list_memberships(tx, registration.organisation_id or 0, on=on).cohorts if by_cohort else []
    answers = list_answers(tx, registration.id, include_sensitive=True) if questions else []
    options = list_options(tx, registration.run_id) if row.has_options else Options([], [])
    sessions, nights = list_chosen(tx, registration.id) if options.sessions or options.nights else (set(), set())
    ids = {cohort.id for cohort in cohorts}
    mine = [one for one in questions if is_for(one.asks, registration.side, ids)]
    return Form(mine, ids, answers, options, sessions, nights)


def describe_filled(form: Form) -> dict[str, Any]:
    """What one's own page says of it: the answers and choices in words, and how many questions still need an answer."""
    said = [(mark_language(texts.read(one.label, language())), name_answer(one)) for one in form.answers]
    return {
        "asks": form.asks,
        "sensitive": any(one.sensitive for one in form.questions),
        "lacking": len(list_lacking(form)),
        "said": [(label, value) for label, value in said if value],
        "sessions": [one for one in list_sessions(form) if one["mine"]],
        "nights": [one for one in list_nights(form) if one["mine"]],
    }


def list_lacking(form: Form) -> list[AskedQuestion]:
    """The questions that must be answered, are asked of this person, and are not."""
    chosen = {str(one.public_id): one.keys or (one.text or "",) for one in form.answers}
    answered = {one.public_id for one in form.answers}
    return [
        one
        for one in form.questions
        if one.required and one.public_id not in answered and is_shown(one.shown_if, chosen)
    ]


def find_reach(row: AnyRow) -> Reach:
    """Whether what was filled in can be changed today."""
    if row.Registration.state not in LEAVABLE:
        return Reach.OVER
    asked = [one.ChangeRequest for one in list_requests(db.session(), row.Registration.id)]
    allowed = any(one.asked is Asked.CHANGE and one.decision is Decision.ACCEPTED for one in asked)
    return decide_reach(row.Event.change_by, row.Run.first_on, today=clock.today(row.Run.timezone), allowed=allowed)


@blueprint.get("/registrations/<token>/details")
@access(Access.TOKEN)
def details(token: str) -> tuple[str, int]:
    row = find_by_token(token)
    form = find_form(row, on=clock.today(row.Organiser.timezone))
    typed = type_answers(form.answers)
    typed.setlist("sessions", [str(one) for one in form.session_ids])
    typed.setlist("nights", [str(one) for one in form.night_ids])
    return show_details(token, row, form, typed, {})


def show_details(
    token: str, row: AnyRow, form: Form, typed: MultiDict[str, str], errors: dict[str, str], status: int = 200
) -> tuple[str, int]:
    kept = {one.public_id: one.text for one in form.answers if one.kind is QuestionKind.FILE}
    page = render_template(
        "registrations/details.html",
        token=token,
        registration=row.Registration,
        event=row.Event,
        organiser=row.Organiser,
        title=texts.read(row.Event.title, language()),
        reach=find_reach(row),
        deadline=tell_deadline(row.Event.change_by),
        form=form,
        sessions=list_sessions(form),
        nights=list_nights(form),
        files=kept,
        has_files=any(one.kind is QuestionKind.FILE for one in form.questions),
        typed=typed,
        errors=errors,
        filled=describe_filled(form),
        nothing=NOTHING,
    )
    return page, status


def list_sessions(form: Form) -> list[dict[str, Any]]:
    said = zip(form.options.sessions, describe_sessions(form.options), strict=True)
    return [describe_option(one.session.id, words, form.session_ids) for one, words in said]


def list_nights(form: Form) -> list[dict[str, Any]]:
    said = zip(form.options.nights, describe_nights(form.options), strict=True)
    return [describe_option(one.night.id, words, form.night_ids) for one, words in said]


def describe_option(id_: int, said: Offered, mine: Collection[int]) -> dict[str, Any]:
    """One that can be chosen, as the page shows it: a full one can be kept by who has it, and chosen by nobody."""
    return {"id": id_, "said": said, "mine": id_ in mine, "is_full": said.is_full and id_ not in mine}


@blueprint.post("/registrations/<token>/details")
@access(Access.TOKEN)
def change_details(token: str) -> Response | tuple[str, int]:
    """Keeps what was filled in. What is wrong, or full meanwhile, is said beside its field; nothing typed is lost."""
    row = find_by_token(token)
    form = find_form(row, on=clock.today(row.Organiser.timezone))
    files = [one.public_id for one in form.answers if one.kind is QuestionKind.FILE]
    given, errors = read_answers(
        form.questions, request.form, request.files, side=row.Registration.side, cohort_ids=form.cohorts,
        changing=True, kept_files=files,
    )  # fmt: skip
    if errors:
        return show_details(token, row, form, request.form, errors, 422)
    try:
        with transaction() as tx:
            registration = tx.merge(row.Registration)
            changed = actions.change_details(
                tx,
                registration,
                session_ids=read_ids("sessions", [one.session.id for one in form.options.sessions]),
                night_ids=read_ids("nights", [one.night.id for one in form.options.nights]),
                answers=given,
                actor=Actor.PARTICIPANT,
                now=clock.now(),
            )
            if changed and links.was_mailed(token, registration):
                close_receipts(tx, registration)
    except REFUSED as refusal:
        row = find_by_token(token)
        form = find_form(row, on=clock.today(row.Organiser.timezone))
        return show_details(token, row, form, request.form, place_refusal(form, refusal), 409)
    flash(_("Kept. Thank you!"), "success")
    return redirect(url_for(".show", token=token), 303)


def read_ids(name: str, ids: Sequence[int]) -> list[int]:
    """Those chosen among what there is; anything else that a browser sends is nothing."""
    known = {str(one): one for one in ids}
    return [known[value] for value in dict.fromkeys(request.form.getlist(name)) if value in known]


def place_refusal(form: Form, refusal: Exception) -> dict[str, str]:
    """The refusal as an error at the field that it is about."""
    field = "sessions"
    if isinstance(refusal, OptionIsFull):
        asked = next((one for one in form.questions if one.id == refusal.label_id), None)
        if refusal.kind is OptionKind.NIGHT:
            field = "nights"
        elif refusal.kind is OptionKind.CHOICE and asked is not None:
            field = field_name("", asked.public_id)
    return {field: tell_refusal(refusal)}
