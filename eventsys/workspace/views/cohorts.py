"""Cohorts: made and changed, who is in one on a day, and how each stands."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.programmes import actions as programmes
from eventsys.programmes.actions import CohortIsFull
from eventsys.programmes.cohorts import actions, queries
from eventsys.programmes.grants.queries import lock_own
from eventsys.programmes.labels import STATUS_COLORS, STATUSES
from eventsys.programmes.models import Cohort, CohortMembership, Programme
from eventsys.programmes.queries import count_taken
from eventsys.programmes.rules import CohortFacts
from eventsys.web import LANGUAGES, Access, access
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.memberships.forms import BY_HAND, read_cohort, read_status, type_cohort
from eventsys.workspace.registers.labels import name_day
from eventsys.workspace.views.frame import account, blueprint, log, today
from eventsys.workspace.views.organisation import name
from eventsys.workspace.views.organisations import Answer, address_of, days, describe_member
from eventsys.workspace.views.organisations import find as find_organisation
from eventsys.workspace.views.programme_parties import crumbs
from eventsys.workspace.views.programmes import keep_own, may_edit, own_programme

# --- the cohort itself ----------------------------------------------------------------------------------------------


@blueprint.get("/programmes/<slug>/cohorts/new", endpoint="new_cohort")
@access(Access.ORGANISER)
def new(slug: str) -> str:
    session = db.session()
    programme = own_programme(session, slug)
    rows = queries.list_cohorts(session, [programme.id], on=today())
    typed = Typed({"ordinal": str(max((row.Cohort.ordinal for row in rows), default=0) + 1)})
    return show_form(programme, None, typed, {})


@blueprint.post("/programmes/<slug>/cohorts", endpoint="create_cohort")
@access(Access.ORGANISER)
def create(slug: str) -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_cohort(reader)
    made = ""
    try:
        with transaction() as session:
            programme = lock_own(session, slug, organiser_id=account().organiser.id) or abort(404)
            if facts is not None:
                made = save_new(session, programme, facts)
    except actions.OrdinalIsTaken:
        reader.errors["ordinal"] = tell_taken_ordinal()
    if reader.errors:
        return show_form(own_programme(db.session(), slug), None, reader.typed, reader.errors), 422
    flash(_("The cohort is made. Put those who are in it into it."), "success")
    return redirect(url_for(".cohort", cohort=made), 303)


def save_new(session: Session, programme: Programme, facts: CohortFacts) -> str:
    """The address of the new one. Raises `OrdinalIsTaken`."""
    actions.check_ordinal(session, programme.id, facts.ordinal)
    row = programmes.add_cohort(
        session, programme_id=programme.id, ordinal=facts.ordinal, name=dict(facts.name), ceiling=facts.ceiling,
        slug=programmes.free_slug(session, Cohort.slug, facts.name, fallback="cohort"),
    )  # fmt: skip
    log(session, LogVerb.ADDED, "cohort", row.slug, name(row.name), after=fields_of(row))
    return row.slug


def tell_taken_ordinal() -> str:
    return _("Another cohort of the programme has this number.")


def find(session: Session, slug: str) -> tuple[Cohort, Programme]:
    """A cohort that one may read, or 404."""
    row = queries.find_cohort(session, slug, organiser_id=account().organiser.id) or abort(404)
    return row.Cohort, row.Programme


def find_own(session: Session, slug: str) -> tuple[Cohort, Programme]:
    return keep_own(*find(session, slug))


@blueprint.get("/cohorts/<cohort>/edit", endpoint="edit_cohort")
@access(Access.ORGANISER)
def edit(cohort: str) -> str:
    row, programme = find_own(db.session(), cohort)
    return show_form(programme, row, type_cohort(CohortFacts(row.ordinal, row.name, row.ceiling)), {})


@blueprint.post("/cohorts/<cohort>", endpoint="update_cohort")
@access(Access.ORGANISER)
def update(cohort: str) -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_cohort(reader)
    try:
        with transaction() as session:
            row, _programme = find_own(session, cohort)
            if facts is not None:
                before = fields_of(row)
                actions.change_cohort(session, row, facts, on=today())
                log(session, LogVerb.CHANGED, "cohort", cohort, name(row.name), before=before, after=fields_of(row))
    except actions.OrdinalIsTaken:
        reader.errors["ordinal"] = tell_taken_ordinal()
    except actions.CeilingTooLow as error:
        reader.errors["ceiling"] = _("%(taken)d have a place in it already.", taken=error.taken)
    if reader.errors:
        row, programme = find_own(db.session(), cohort)
        return show_form(programme, row, reader.typed, reader.errors), 422
    flash(_("The changes are saved."), "success")
    return redirect(url_for(".cohort", cohort=cohort), 303)


def fields_of(row: Cohort) -> dict[str, Any]:
    """The cohort as the log keeps it."""
    return {"name": row.name, "ordinal": row.ordinal, "ceiling": row.ceiling}


def show_form(programme: Programme, row: Cohort | None, typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/cohort_form.html",
        crumbs=crumbs(programme),
        programme=programme,
        cohort=row,
        title=name(row.name) if row else _("New cohort"),
        typed=typed,
        errors=errors,
        language_options=list(LANGUAGES.items()),
    )


# --- who is in it ---------------------------------------------------------------------------------------------------


@blueprint.get("/cohorts/<cohort>", endpoint="cohort")
@access(Access.READER)
def show(cohort: str) -> str:
    """Who has a place on a day; today's who leave and who come too."""
    session = db.session()
    row, programme = find(session, cohort)
    reader = Reader(Typed({"on": request.args.get("on", "").replace("\0", "")}))
    day = reader.day("on") or today()
    members = queries.list_cohort_members(session, row.id, on=day)
    return render_template(
        "workspace/cohort.html",
        cohort=row,
        programme=programme,
        crumbs=crumbs(programme),
        title=name(row.name),
        may_edit=may_edit(programme),
        day=name_day(day),
        is_today=day == today(),
        typed_on=reader.typed.get("on", ""),
        errors=reader.errors,
        taken=count_taken(session, row.id, on=today()),
        members=[describe(*one) for one in members],
        coming=[describe(*one) for one in queries.list_coming_members(session, row.id, on=day)],
        former=[describe(*one) for one in queries.list_former_members(session, row.id, on=day)],
    )


def describe(row: CohortMembership, organisation: Organisation) -> dict[str, Any]:
    return {
        **describe_member(organisation, row.from_on, row.to_on),
        **tell_status(row),
    }


def tell_status(row: CohortMembership) -> dict[str, Any]:
    return {"status": STATUSES[row.status], "color": STATUS_COLORS[row.status], "reason": row.reason}


@blueprint.get("/cohorts/<cohort>/members/<kind>/<key>", endpoint="cohort_member")
@access(Access.READER)
def show_member(cohort: str, kind: str, key: str) -> str:
    return show_rows(cohort, kind, key, None, {})


def show_rows(cohort: str, kind: str, key: str, typed: Typed | None, errors: dict[str, str]) -> str:
    """All that one organisation was in the cohort, and how it is to stand; without `typed` as it stands."""
    session = db.session()
    row, programme = find(session, cohort)
    organisation, rows = find_rows(session, row, kind, key)
    usual = {"status": rows[0].status.value, "reason": rows[0].reason, "on": write_day(today())}
    return render_template(
        "workspace/cohort_member.html",
        cohort=row,
        crumbs=[*crumbs(programme), (url_for(".cohort", cohort=row.slug), name(row.name))],
        title=organisation.label,
        organisation_url=address_of(organisation),
        kind=kind,
        key=key,
        rows=[{"days": days(one.from_on, one.to_on), **tell_status(one)} for one in rows],
        may_edit=may_edit(programme),
        statuses=[(one.value, str(STATUSES[one])) for one in BY_HAND],
        typed=typed if typed is not None else Typed(usual),
        errors=errors,
    )


def find_rows(session: Session, cohort: Cohort, kind: str, key: str) -> tuple[Organisation, list[CohortMembership]]:
    organisation = find_organisation(session, kind, key)
    return organisation, queries.list_rows_of(session, cohort.id, organisation.id) or abort(404)


@blueprint.post("/cohorts/<cohort>/members/<kind>/<key>", endpoint="set_member_status")
@access(Access.ORGANISER)
def set_status(cohort: str, kind: str, key: str) -> Answer:
    """How it stands from a day on, or until one; the verb writes the log."""
    reader = Reader(Typed(request.form))
    entry = read_status(reader)
    try:
        with transaction() as session:
            row, _programme = find_own(session, cohort)
            organisation, rows = find_rows(session, row, kind, key)
            label = organisation.label
            if entry is not None:
                actions.set_status(
                    session, rows[0], status=entry.status, reason=entry.reason, on=entry.on, account_id=account().id,
                    now=clock.now(),
                )  # fmt: skip
    except actions.BadDay as error:
        reader.errors["on"] = _("That is before %(day)s, when this began.", day=name_day(error.began))
    except CohortIsFull:
        reader.errors["status"] = tell_full(row.ceiling)
    if reader.errors:
        return show_rows(cohort, kind, key, reader.typed, reader.errors), 422
    flash(_("It is noted how %(name)s stands.", name=label), "success")
    return redirect(url_for(".cohort", cohort=cohort), 303)


def tell_full(ceiling: int | None) -> str:
    return _("The cohort is full: it takes %(ceiling)d. Raise the ceiling first, or end a place.", ceiling=ceiling or 0)
