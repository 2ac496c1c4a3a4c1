"""Signing oneself up: the form, what it refuses and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import db
from eventsys.mailing.addresses import email_key
from eventsys.organisations.queries import Found
from eventsys.organisations.rules import name_key
from eventsys.registrations.forms import RegistrationForm
from eventsys.registrations.limits.queries import list_options
from eventsys.registrations.models import Registration
from eventsys.registrations.questions.forms import read_answers
from eventsys.registrations.questions.queries import list_questions
from eventsys.registrations.rules import (
    NewRegistration,
    NotForThisOrganisation,
    OptionIsFull,
    RegistrationIsClosed,
    SessionsOverlap,
)
from eventsys.registrations.signup import sheet as sheets
from eventsys.registrations.signup.entrance import Entrance
from eventsys.registrations.signup.queries import Choice
from eventsys.registrations.signup.sheet import Sheet
from eventsys.registrations.signup.visit import link_token, next_nonce, nonce, visitor
from eventsys.web import language_was_chosen


def open_form(
    sheet: Sheet, *, run: str = "", organisation: str = "", name: str = "", email: str = ""
) -> tuple[str, int]:
    """The form as it is before anything is typed, with what is known already."""
    form = RegistrationForm(asks_union=sheet.event.asks_union)
    form.run.data, form.organisation.data = run, organisation
    form.name.data, form.email.data = name, email
    form.nonce.data = nonce()
    return show_form(sheet, form)


def send(entrance: Entrance, choices: Sequence[Choice]) -> Response | tuple[str, int]:
    """One registration. A refusal shows the form again with all that was typed, and says what is wrong beside it."""
    form = RegistrationForm(request.form, asks_union=choices[0].asks_union)
    valid = form.validate()
    run_id = sheets.choose_run(choices, form)
    found = sheets.find_organisations(form)
    organisation = sheets.choose_organisation(found, form)
    more, errors = read_more(choices[0], run_id, form, organisation)
    if not valid or errors or run_id is None or organisation is None:
        return show_form(sheets.load_sheet(entrance), form, organisations=found, errors=errors, status=422)
    asked = read_form(form, run_id, organisation, second_run_id=sheets.choose_second(choices, form, run_id), **more)
    try:
        made = entrance.register(asked)
    except sheets.REFUSALS as refusal:
        return show_refusal(entrance, form, organisation, refusal)
    if not made.own:
        return redirect(url_for("registrations.received", slug=entrance.slug), 303)
    if not is_same(made.registration, form):
        return show_other_person(entrance, form, made.registration)
    next_nonce()
    return redirect(url_for("registrations.show", token=link_token(made.registration)), 303)


def read_more(
    event: Choice, run_id: int | None, form: RegistrationForm, organisation: Found | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Sessions, nights and answers, and what is wrong with the answers; nothing is read where the event asks nothing."""
    more: dict[str, Any] = {}
    errors: dict[str, str] = {}
    if event.has_options and run_id is not None:
        options = list_options(db.session(), run_id)
        more |= sheets.keep_offered(options, sheets.typed_in("sessions"), sheets.typed_in("nights"))
    if event.has_questions:
        questions = list_questions(db.session(), event.event_id, on=clock.today())
        answers, errors = read_answers(
            questions,
            request.form,
            request.files,
            side=sheets.read_side(form.side.data or ""),
            cohort_ids=sheets.list_cohort_ids(questions, organisation),
        )
        more["answers"] = tuple(answers)
    return more, errors


def read_form(form: RegistrationForm, run_id: int, organisation: Found, **more: Any) -> NewRegistration:
    return NewRegistration(
        run_id=run_id,
        name=form.name.data,
        email=form.email.data,
        organisation_id=organisation.id,
        form_token=form.form_token(visitor(), request.path),
        side=None if form.asks_union else sheets.read_side(form.side.data),
        union_id=int(form.union.data) if form.asks_union else None,
        language=language_was_chosen(),
        asks=form.asks.data,
        **more,
    )


def is_same(registration: Registration, form: RegistrationForm) -> bool:
    """Whether the form that made the registration was sent again as it was, and not filled in for somebody else."""
    made = (registration.email_key, name_key(registration.name))
    return made == (email_key(form.email.data), name_key(form.name.data))


def show_other_person(entrance: Entrance, form: RegistrationForm, made: Registration) -> tuple[str, int]:
    """The form was used already, for somebody else: what is typed now is kept, and sent once more makes another one."""
    form.nonce.data = next_nonce()
    already = (made.name, url_for("registrations.show", token=link_token(made)))
    return show_form(sheets.load_sheet(entrance), form, already=already, status=409)


def show_refusal(
    entrance: Entrance, form: RegistrationForm, organisation: Found, refusal: Exception
) -> tuple[str, int]:
    """The form again, with what has become full or closed since it was opened."""
    sheet = sheets.load_sheet(entrance)
    if isinstance(refusal, NotForThisOrganisation):
        return show_form(sheet, form, refused=organisation, status=409)
    if isinstance(refusal, OptionIsFull | SessionsOverlap):
        return show_form(sheet, form, errors=dict([sheets.tell_option(refusal, sheet.questions)]), status=409)
    if isinstance(refusal, RegistrationIsClosed):
        form.refuse("run", sheets.tell_closed(refusal, entrance))
    return show_form(sheet, form, status=409)


def show_form(
    sheet: Sheet,
    form: RegistrationForm,
    *,
    organisations: list[Found] | None = None,
    refused: Found | None = None,
    errors: Mapping[str, str] | None = None,
    already: tuple[str, str] | None = None,
    status: int = 200,
) -> tuple[str, int]:
    """The form with what was typed; `organisations` are those it must choose among, `refused` the one not invited."""
    more = dict(errors or {})
    page = render_template(
        "registrations/new.html",
        **sheets.show_sheet(sheet, form),
        **sheets.tell_eligibility(sheet, form.organisation_meant, refused=refused),
        organisation_choices=[(row.label, row.label) for row in organisations or []],
        already=already,
        typed=request.form,
        more_errors=more,
        errors=[*form.list_errors(), *more.items()],
    )
    return page, status
