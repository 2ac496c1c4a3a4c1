"""What members of cohorts have promised: the list, new ones, changes, and one that holds no more."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.events.labels import TYPES
from eventsys.events.models import Series
from eventsys.events.rules import EventType
from eventsys.events.series.queries import list_series
from eventsys.extensions import db, transaction
from eventsys.obligations import actions, queries
from eventsys.obligations.actions import HasChanged, ObligationFacts
from eventsys.obligations.gatherings import Duty, read_duties
from eventsys.obligations.labels import tell_obligation
from eventsys.obligations.models import Obligation
from eventsys.obligations.rules import SIDES_ASKED
from eventsys.programmes.grants.queries import list_own
from eventsys.programmes.models import Cohort, Programme
from eventsys.registrations.labels import SIDES
from eventsys.registrations.rules import Side
from eventsys.web import LANGUAGES, Access, access, language
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.registers.labels import name_day
from eventsys.workspace.views.frame import account, blueprint, log, read_id

Answer = Response | tuple[str, int]
MOST_TIMES = 99


def name(of: Any) -> str:
    return texts.read(of, language()).value


@blueprint.get("/obligations", endpoint="obligations")
@access(Access.READER)
def index() -> str:
    session = db.session()
    programmes = {row.id: row for row in queries.list_programmes(session, account().organiser.id)}
    duties = read_duties(session, queries.list_obligations(session, programme_ids=list(programmes)))
    cohorts, series = queries.list_cohorts_of(session, programmes), queries.name_series(session, duties)
    return render_template(
        "workspace/obligations/index.html",
        programmes=[
            {
                "slug": row.slug,
                "name": name(row.name),
                "may_edit": may_edit(row),
                "obligations": [
                    describe(duty, cohorts, series) for duty in duties if duty.row.programme_id == programme_id
                ],
            }
            for programme_id, row in programmes.items()
        ],
        may_add=account().may(Access.ORGANISER) and any(may_edit(row) for row in programmes.values()),
    )


def may_edit(programme: Programme) -> bool:
    return programme.organiser_id == account().organiser.id and account().may(Access.ORGANISER)


def describe(duty: Duty, cohorts: dict[int, Cohort], series: dict[int, Series]) -> dict[str, Any]:
    row = duty.row
    found = series.get(row.series_id or 0)
    return {
        "public_id": row.public_id,
        "name": texts.read(row.name, language()),
        "cohort": name(cohorts[row.cohort_id].name),
        "what": tell_obligation(row, [str(SIDES[side]) for side in duty.sides], name(found.name) if found else ""),
        "period": _("%(first)s to %(last)s", first=name_day(row.first_on), last=name_day(row.last_on)),
    }


# --- the form -------------------------------------------------------------------------------------------------------


@blueprint.get("/obligations/new", endpoint="new_obligation")
@access(Access.ORGANISER)
def new() -> str:
    typed = Typed({"required": "1", "form": str(uuid.uuid4()), "cohort": request.args.get("cohort", "")})
    return show_form(None, typed, {})


@blueprint.post("/obligations", endpoint="create_obligation")
@access(Access.ORGANISER)
def create() -> Answer:
    reader = Reader(Typed(request.form))
    entry = read_entry(db.session(), reader)
    if entry is None:
        return show_form(None, reader.typed, reader.errors), 422
    facts, sides = entry
    form = read_id(reader.typed.get("form", ""))
    with transaction() as session:
        there = form is not None and queries.find(session, form) is not None
        row = actions.create(
            session, organiser_id=account().organiser.id, facts=facts, sides=sides, public_id=form,
            account_id=account().id, now=clock.now(),
        )  # fmt: skip
        if not there:
            after = fields_of(session, row, sides)
            log(session, LogVerb.ADDED, "obligation", str(row.public_id), name(row.name), after=after)
    flash(_("What was promised is saved."), "success")
    return redirect(url_for(".obligations"), 303)


@blueprint.get("/obligations/<uuid:public_id>/edit", endpoint="edit_obligation")
@access(Access.ORGANISER)
def edit(public_id: uuid.UUID) -> str:
    duty = own(db.session(), public_id)
    return show_form(duty, type_entry(db.session(), duty), {})


@blueprint.post("/obligations/<uuid:public_id>", endpoint="update_obligation")
@access(Access.ORGANISER)
def update(public_id: uuid.UUID) -> Answer:
    reader = Reader(Typed(request.form))
    duty = own(db.session(), public_id)
    entry = read_entry(db.session(), reader)
    if entry is None:
        return show_form(duty, reader.typed, reader.errors), 422
    facts, sides = entry
    edition = reader.typed.get("edition", "")
    try:
        with transaction() as session:
            before_duty = own(session, public_id)
            before = fields_of(session, before_duty.row, before_duty.sides)
            actions.change(
                session, before_duty.row, facts, sides=sides, edition=int(edition) if edition.isdecimal() else 0
            )
            after = fields_of(session, before_duty.row, sides)
            log(session, LogVerb.CHANGED, "obligation", str(public_id), name(facts.name), before=before, after=after)
    except HasChanged:
        reader.errors["edition"] = _(
            "Somebody else changed this while you wrote. Look at what it says now in another window, and save once more."
        )
        db.session.rollback()
        duty = own(db.session(), public_id)
        reader.typed["edition"] = str(duty.row.edition)
        return show_form(duty, reader.typed, reader.errors), 409
    flash(_("The changes are saved."), "success")
    return redirect(url_for(".obligations"), 303)


@blueprint.get("/obligations/<uuid:public_id>/removal", endpoint="confirm_remove_obligation")
@access(Access.ORGANISER)
def confirm_remove(public_id: uuid.UUID) -> str:
    duty = own(db.session(), public_id)
    return render_template(
        "workspace/obligations/removal.html", row=duty.row, name=texts.read(duty.row.name, language())
    )


@blueprint.post("/obligations/<uuid:public_id>/removal", endpoint="remove_obligation")
@access(Access.ORGANISER)
def remove(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        row = queries.find(session, public_id)
        if row is None or row.organiser_id != account().organiser.id:
            abort(404)
        if actions.remove(session, row, now=clock.now()):
            log(session, LogVerb.REMOVED, "obligation", str(public_id), name(row.name))
    flash(_("Nobody has promised it any more."), "success")
    return redirect(url_for(".obligations"), 303)


def own(session: Session, public_id: uuid.UUID) -> Duty:
    row = queries.find(session, public_id)
    if row is None or row.removed_at is not None or row.organiser_id != account().organiser.id:
        abort(404)
    return read_duties(session, [row])[0]


def fields_of(session: Session, row: Obligation, sides: Sequence[Side]) -> dict[str, Any]:
    """The obligation as the log keeps it."""
    series = session.get_one(Series, row.series_id).name if row.series_id is not None else None
    return {
        "name": row.name, "cohort": session.get_one(Cohort, row.cohort_id).name, "series": series, "type": row.event_type,
        "times": row.required, "first_on": row.first_on, "last_on": row.last_on, "sides": [side.value for side in sides],
    }  # fmt: skip


def own_cohorts(session: Session) -> list[Cohort]:
    programmes = {row.id: row for row in list_own(session, account().organiser.id)}
    return list(queries.list_cohorts_of(session, programmes).values())


def read_entry(session: Session, reader: Reader) -> tuple[ObligationFacts, list[Side]] | None:
    typed = reader.typed
    names = {code: reader.text(f"name_{code}", most=200) for code in LANGUAGES}
    if not (names["nb"] or names["nn"]):
        reader.errors["name_nb"] = _("Write what it is called, in bokmål or nynorsk.")
    cohort = next((row for row in own_cohorts(session) if row.slug == typed.get("cohort")), None)
    if cohort is None:
        reader.errors["cohort"] = _("Choose the cohort that promises it.")
    kind, _colon, value = typed.get("what", "").partition(":")
    series = next(
        (one.series for one in list_series(session, account().organiser.id) if one.series.slug == value), None
    )
    type_ = EventType(value) if kind == "type" and value in set(EventType) else None
    if kind != "series":
        series = None
    if series is None and type_ is None:
        reader.errors["what"] = _("Choose a series or a kind of event.")
    required = reader.number("required", most=MOST_TIMES)
    if required is None and "required" not in reader.errors:
        reader.errors["required"] = _("Write how many times.")
    first_on = reader.day("first_on", required=_("Write the first day, such as 01.09.2008."))
    last_on = reader.day("last_on", required=_("Write the last day, such as 31.12.2009."))
    if first_on and last_on and last_on < first_on:
        reader.errors["last_on"] = _("The last day cannot be before the first.")
    sides = [side for side in SIDES_ASKED if side.value in typed.getlist("side")]
    if reader.errors or cohort is None or required is None or first_on is None or last_on is None:
        return None
    kept = {code: text for code, text in names.items() if text}
    series_id = series.id if series else None
    return ObligationFacts(cohort.id, series_id, type_, kept, required, first_on, last_on), sides


def type_entry(session: Session, duty: Duty) -> Typed:
    row = duty.row
    series = session.get_one(Series, row.series_id) if row.series_id is not None else None
    typed = Typed({f"name_{code}": row.name.get(code, "") for code in LANGUAGES})
    typed.update(
        {
            "cohort": session.get_one(Cohort, row.cohort_id).slug,
            "what": f"series:{series.slug}" if series else f"type:{row.event_type}",
            "required": str(row.required),
            "first_on": write_day(row.first_on),
            "last_on": write_day(row.last_on),
            "edition": str(row.edition),
        }
    )
    typed.setlist("side", [side.value for side in duty.sides])
    return typed


def show_form(duty: Duty | None, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    series = [
        (f"series:{one.series.slug}", name(one.series.name)) for one in list_series(session, account().organiser.id)
    ]
    kinds = [(f"type:{kind.value}", str(label)) for kind, label in TYPES.items()]
    return render_template(
        "workspace/obligations/form.html",
        row=duty.row if duty else None,
        title=name(duty.row.name) if duty else _("A new promise"),
        typed=typed,
        errors=errors,
        language_options=list(LANGUAGES.items()),
        cohort_options=[("", ""), *((row.slug, name(row.name)) for row in own_cohorts(session))],
        series_options=series,
        kind_options=kinds,
        side_options=[(side.value, str(SIDES[side])) for side in SIDES_ASKED],
    )
