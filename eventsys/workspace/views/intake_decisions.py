"""Deciding in an intake: who is on its shortlist, what is left, a batch looked at before it is decided; and taken back."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.extensions import db, transaction
from eventsys.programmes.actions import CohortIsFull
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.intake import actions, queries
from eventsys.programmes.intake.labels import (
    LETTER_KINDS,
    LETTER_STATES,
    OUTCOME_KINDS,
    OUTCOMES,
    STATE_KINDS,
    STATES,
)
from eventsys.programmes.intake.lists import Listed, list_applications, list_decisions, list_waiting_for
from eventsys.programmes.intake.rules import (
    DECIDABLE,
    IntakeRefused,
    IsDisqualified,
    LacksCohort,
    LacksGrounds,
    LetterIsSent,
    LetterState,
    NoRoom,
    Outcome,
    Ruling,
    StateHasChanged,
)
from eventsys.programmes.models import Call, Cohort, Intake
from eventsys.web import LANGUAGES, Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.intake.forms import read_rulings
from eventsys.workspace.views.frame import account, blueprint, name_moment
from eventsys.workspace.views.intake_frame import (
    assessed_call,
    deciding_call,
    name_intake,
    name_mean,
    open_application,
    own_intake,
    show_frame,
)


@blueprint.get("/calls/<slug>/intakes/<int:number>", endpoint="intake")
@access(Access.ORGANISER)
def show(slug: str, number: int) -> str:
    session = db.session()
    call, _assessor = assessed_call(session, slug)
    return show_page(call, own_intake(session, call, number), Typed(), {})


def show_page(call: Call, intake: Intake, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    assessor = queries.find_assessor(session, call_id=call.id, account_id=account().id)
    shows_all = request.values.get("show") == "all"
    rows = list_candidates(session, call, intake, shows_all=shows_all or bool(typed))
    languages = queries.find_languages(session, call, [row.id for row in rows])
    later = find_later(session, call, intake)
    cohort = session.get(Cohort, intake.cohort_id) if intake.cohort_id else None
    admitted = queries.count_admitted(session, intake.id)
    return render_template(
        "workspace/intake/intake.html",
        **show_frame(session, call, assessor, f"intake{intake.ordinal}"),
        intake=intake,
        intake_name=name_intake(intake),
        admitted=admitted,
        left=max(intake.ceiling - admitted, 0),
        cohort=texts.read(cohort.name, language()) if cohort else None,
        later=name_intake(later) if later else "",
        starts=dates.format_day(intake.starts_on, language()) if intake.starts_on else "",
        rows=[describe(row, languages) for row in rows],
        shows_all=shows_all,
        outcomes=[(one.value, str(OUTCOMES[one])) for one in Outcome if later or one is not Outcome.WAITING],
        typed=typed,
        errors=errors,
    )


def describe(row: Listed, languages: dict[int, str]) -> dict[str, Any]:
    return {
        "public_id": row.public_id,
        "label": row.label,
        "was": row.state.value,
        "state": STATES[row.state],
        "kind": STATE_KINDS[row.state],
        "mine": row.mine,
        "mean": name_mean(row.mean),
        "language": LANGUAGES[languages[row.id]],
        "code": languages[row.id],
    }


def list_candidates(session: Session, call: Call, intake: Intake, *, shows_all: bool) -> list[Listed]:
    """Those on the intake's shortlist and those who wait for it; or all who can be decided on. The most points first."""
    waiting = list_waiting_for(session, intake.id, account().id)
    every = list_applications(session, call_id=call.id, account_id=account().id)
    found = [
        row
        for row in every
        if row.state in DECIDABLE and (shows_all or row.id in waiting or is_shortlisted(row, intake))
    ]
    return sorted(found, key=lambda row: -1 if row.mean is None else row.mean, reverse=True)


def find_later(session: Session, call: Call, intake: Intake) -> Intake | None:
    """The next intake, which those wait for who are not admitted now."""
    later = [one for one in queries.list_intakes(session, call.id) if one.ordinal > intake.ordinal]
    return later[0] if later else None


def is_shortlisted(row: Listed, intake: Intake) -> bool:
    """One that waits stands on the list of the intake that it waits for alone."""
    return row.shortlisted == intake.ordinal and row.state is not ApplicationState.WAITING


# --- a batch --------------------------------------------------------------------------------------------------------


def read_batch(
    session: Session, call: Call, intake: Intake, reader: Reader
) -> tuple[dict[int, Ruling], dict[int, str]]:
    """What was chosen, and the names of those it was chosen for."""
    rows = list_applications(session, call_id=call.id, account_id=account().id)
    languages = queries.find_languages(session, call, [row.id for row in rows])
    later = find_later(session, call, intake)
    known = {str(row.public_id): (row.id, row.label) for row in rows}
    rulings = read_rulings(reader, known, languages, later.id if later else None)
    return rulings, {row.id: row.label for row in rows}


@blueprint.post("/calls/<slug>/intakes/<int:number>/preview", endpoint="preview_decisions")
@access(Access.ORGANISER)
def preview(slug: str, number: int) -> str | tuple[str, int]:
    """What the batch comes to, before anything is decided."""
    reader, session = Reader(Typed(request.form)), db.session()
    call = deciding_call(session, slug)
    intake = own_intake(session, call, number)
    rulings, names = read_batch(session, call, intake, reader)
    if "back" in reader.typed:
        return show_page(call, intake, reader.typed, {})
    counts = Counter(ruling.outcome for ruling in rulings.values())
    left = max(intake.ceiling - queries.count_admitted(session, intake.id), 0)
    if not rulings:
        reader.errors["outcomes"] = _("Choose an outcome for one or more.")
    if counts[Outcome.ADMITTED] > left:
        reader.errors["outcomes"] = tell_no_room(left)
    if reader.errors:
        return show_page(call, intake, reader.typed, reader.errors), 422
    assessor = queries.find_assessor(session, call_id=call.id, account_id=account().id)
    return render_template(
        "workspace/intake/decision_preview.html",
        **show_frame(session, call, assessor, f"intake{intake.ordinal}"),
        intake=intake,
        intake_name=name_intake(intake),
        groups=[
            (OUTCOMES[one], OUTCOME_KINDS[one], [names[key] for key in rulings if rulings[key].outcome is one])
            for one in Outcome
            if counts[one]
        ],
        many=len(rulings),
        left=left - counts[Outcome.ADMITTED],
        later=name_intake(later) if (later := find_later(session, call, intake)) else "",
        hidden=[(name, value) for name, value in reader.typed.items(multi=True) if value and name != "csrf_token"],
    )


@blueprint.post("/calls/<slug>/intakes/<int:number>/decisions", endpoint="decide")
@access(Access.ORGANISER)
def decide(slug: str, number: int) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    names: dict[int, str] = {}
    try:
        with transaction() as session:
            call = deciding_call(session, slug)
            intake = own_intake(session, call, number)
            rulings, names = read_batch(session, call, intake, reader)
            if rulings and not reader.errors:
                actions.decide(session, intake, rulings, account_id=account().id, now=clock.now())
    except (IntakeRefused, CohortIsFull) as error:
        reader.errors["outcomes"] = tell_refused(error, names)
    if reader.errors:
        session = db.session()
        call = deciding_call(session, slug)
        return show_page(call, own_intake(session, call, number), reader.typed, reader.errors), 409
    flash(
        ngettext("%(num)d application is decided on.", "%(num)d applications are decided on.", len(rulings)), "success"
    )
    return redirect(url_for(".decisions", slug=slug), 303)


def tell_no_room(left: int) -> str:
    return ngettext(
        "There is room for %(num)d more. Nothing was decided.", "There is room for %(num)d more. Nothing was decided.",
        left,
    )  # fmt: skip


def tell_refused(error: Exception, names: dict[int, str]) -> str:
    """Why a batch was refused, whole."""
    if isinstance(error, NoRoom):
        return tell_no_room(error.left)
    if isinstance(error, StateHasChanged):
        who = ", ".join(names.get(one, "?") for one in error.application_ids)
        return _("Somebody decided on or changed these meanwhile: %(names)s. Nothing was decided.", names=who)
    if isinstance(error, LacksGrounds):
        who = ", ".join(names.get(one, "?") for one in error.application_ids)
        return _("Write in their language why these are declined: %(names)s. Nothing was decided.", names=who)
    if isinstance(error, LacksCohort):
        return _("The intake does not say which cohort it is for. Say so on the call first. Nothing was decided.")
    if isinstance(error, CohortIsFull):
        return _("The cohort takes no more than %(most)d. Nothing was decided.", most=error.cohort.ceiling or 0)
    if isinstance(error, IsDisqualified):
        return _("You are disqualified for one or more of them. Nothing was decided.")
    return _("This cannot be decided. Open the page anew. Nothing was decided.")


# --- what has been decided ------------------------------------------------------------------------------------------


@blueprint.get("/calls/<slug>/decisions", endpoint="decisions")
@access(Access.ORGANISER)
def index(slug: str) -> str:
    session = db.session()
    call, assessor = assessed_call(session, slug)
    rows = list_decisions(session, call_id=call.id, account_id=account().id)
    counts = Counter(row.outcome for row in rows)
    intakes = {one.ordinal: name_intake(one) for one in queries.list_intakes(session, call.id)}
    return render_template(
        "workspace/intake/decisions.html",
        **show_frame(session, call, assessor, "decisions"),
        counts=[(OUTCOMES[one], counts[one]) for one in Outcome],
        first=min(intakes, default=0),
        rows=[
            {
                "public_id": row.public_id, "label": row.label, "outcome": OUTCOMES[row.outcome],
                "kind": OUTCOME_KINDS[row.outcome], "intake": intakes[row.intake], "at": name_moment(row.decided_at),
                "by": row.by, "case_number": row.case_number,
                "letter": LETTER_STATES[row.letter] if row.letter else "",
                "letter_kind": LETTER_KINDS[row.letter] if row.letter else "",
                "may_reverse": row.letter is not LetterState.SENT,
            }
            for row in rows
        ],
    )  # fmt: skip


@blueprint.get("/calls/<slug>/applications/<uuid:public_id>/reversal", endpoint="confirm_reverse_decision")
@access(Access.ORGANISER)
def confirm_reversal(slug: str, public_id: uuid.UUID) -> str | Response:
    session = db.session()
    (call, assessor), application, organisation = open_application(session, slug, public_id)
    decision = queries.find_decision(session, application.id)
    if decision is None:
        flash(_("There is no decision to take back."), "info")
        return redirect(url_for(".application", slug=slug, public_id=public_id), 303)
    return render_template(
        "workspace/intake/reversal.html", **show_frame(session, call, assessor, "decisions"),
        organisation=organisation, public_id=public_id, outcome=OUTCOMES[decision.outcome],
        is_admitted=decision.outcome is Outcome.ADMITTED,
    )  # fmt: skip


@blueprint.post("/calls/<slug>/applications/<uuid:public_id>/reversal", endpoint="reverse_decision")
@access(Access.ORGANISER)
def reverse(slug: str, public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            deciding_call(session, slug)
            _found, application, _organisation = open_application(session, slug, public_id)
            actions.reverse(session, application, account_id=account().id, now=clock.now())
        flash(_("The decision is taken back. The application is as it was."), "success")
    except LetterIsSent:
        flash(_("The letter has been sent, so the decision stands."), "warning")
    except StateHasChanged:
        flash(_("There is no decision to take back."), "info")
    return redirect(url_for(".application", slug=slug, public_id=public_id), 303)
