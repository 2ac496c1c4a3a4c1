"""Quotas of an event, and places of its runs that are held for organisations."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.events.labels import name_run
from eventsys.events.models import Event, Run
from eventsys.events.rules import RunStatus
from eventsys.extensions import db, transaction
from eventsys.organisations.queries import find_by_label
from eventsys.registrations.labels import SIDES
from eventsys.registrations.limits import actions, holding
from eventsys.registrations.limits.terms import Part
from eventsys.registrations.rules import TooSmall
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.limits import queries
from eventsys.workspace.limits.forms import HoldEntry, list_parts, part_key, read_hold, read_quota
from eventsys.workspace.queries import list_audiences
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, tabs, today
from eventsys.workspace.views.told import tell_too_small


@blueprint.get("/events/<slug>/limits", endpoint="limits")
@access(Access.ORGANISER)
def index(slug: str) -> str:
    return show(own_event(db.session(), slug), Typed({"part": request.args.get("part", "")}), {})


@blueprint.post("/events/<slug>/limits/quotas", endpoint="set_quota")
@access(Access.ORGANISER)
def set_quota(slug: str) -> Response | tuple[str, int]:
    session, reader = db.session(), Reader(Typed(request.form))
    entry = read_quota(reader, parts(session))
    if entry is None:
        return show(own_event(session, slug), reader.typed, reader.errors), 422
    try:
        with transaction() as writing:
            event = own_event(writing, slug)
            actions.set_quota(
                writing, event, entry.part, free_seats=entry.free_seats, most_seats=entry.most_seats,
                account_id=account().id, now=clock.now(),
            )  # fmt: skip
    except TooSmall as error:
        return show(own_event(db.session(), slug), reader.typed, {"most_seats": tell_too_small(error)}), 422
    flash(_("The quota is saved."), "success")
    return back(slug)


@blueprint.post("/events/<slug>/limits/quotas/removal", endpoint="remove_quota")
@access(Access.ORGANISER)
def remove_quota(slug: str) -> Response:
    with transaction() as session:
        event = own_event(session, slug)
        part = next((part for part in parts(session) if part_key(part) == request.form.get("part")), None)
        if part is not None:
            actions.remove_quota(session, event, part, account_id=account().id, now=clock.now())
            flash(_("The quota is taken away."), "success")
    return back(slug)


@blueprint.post("/events/<slug>/limits/holds", endpoint="hold_places")
@access(Access.ORGANISER)
def hold(slug: str) -> Response | tuple[str, int]:
    session, reader = db.session(), Reader(Typed(request.form))
    event = own_event(session, slug)
    run = find_run(event, reader.typed.get("run", ""))
    if run is None:
        reader.errors["run"] = _("Choose the dates.")
    entry = read_hold(reader, today=today())
    found = find_organisations(session, reader, entry) if entry else []
    if run is None or entry is None or reader.errors:
        return show(event, reader.typed, reader.errors), 422
    try:
        hold_for(slug, str(run.uid), entry, found)
    except TooSmall:
        return show(own_event(db.session(), slug), reader.typed, {"places": tell_too_few(entry, found)}), 422
    flash(_("The places are held."), "success")
    return back(slug)


def hold_for(slug: str, uid: str, entry: HoldEntry, organisation_ids: list[int]) -> None:
    with transaction() as session:
        run = find_run(own_event(session, slug), uid)
        assert run is not None
        holding.hold_places(
            session, run, organisation_ids=organisation_ids, places=entry.places, held_until=entry.held_until,
            account_id=account().id, now=clock.now(),
        )  # fmt: skip


def tell_too_few(entry: HoldEntry, organisation_ids: list[int]) -> str:
    return _("There are not %(places)d places left.", places=entry.places * len(organisation_ids))


def find_organisations(session: Session, reader: Reader, entry: HoldEntry) -> list[int]:
    """The organisations that the lines name; a line that names none, or several, is an error."""
    found, unclear = [], []
    for name in entry.names:
        hits = find_by_label(session, name)
        if len(hits) == 1:
            found.append(hits[0].id)
        else:
            unclear.append(f"«{name}»" + (": " + ", ".join(hit.label for hit in hits) if hits else ""))
    if unclear:
        reader.errors["organisations"] = _("Which is meant? %(names)s", names="; ".join(unclear))
    return list(dict.fromkeys(found))


@blueprint.post("/events/<slug>/limits/holds/release", endpoint="release_places")
@access(Access.ORGANISER)
def release(slug: str) -> Response:
    with transaction() as session:
        run = find_run(own_event(session, slug), request.form.get("run", ""))
        if run is not None and release_asked(session, run):
            flash(_("The places are for all again."), "success")
    return back(slug)


def release_asked(session: Session, run: Run) -> bool:
    """Gives to all what the form names: an organisation's places, or those of people invited until a day."""
    text, by = request.form.get("organisation", ""), account().id
    if text.isascii() and text.isdigit() and len(text) < 10:
        return holding.release_places(session, run, organisation_id=int(text), account_id=by, now=clock.now())
    try:
        until = date.fromisoformat(request.form.get("people_until", ""))
    except ValueError:
        return False
    return holding.release_people(session, run, held_until=until, account_id=by, now=clock.now())


def find_run(event: Event, uid: str) -> Run | None:
    return next((run for run in event.runs if str(run.uid) == uid and run.status is RunStatus.PLANNED), None)


def parts(session: Session) -> list[Part]:
    return list_parts([cohort.id for cohort in list_audiences(session, account().organiser.id).cohorts])


def back(slug: str) -> Response:
    return redirect(url_for(".limits", slug=slug), 303)


def show(event: Event, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    audiences = list_audiences(session, event.organiser_id)
    cohorts = {row.id: texts.read(row.name, language()).value for row in audiences.cohorts}
    quotas = queries.list_quotas(session, event.id, on=today())
    names = {run.id: name_run(run) for run in event.runs}
    uids = {run.id: run.uid for run in event.runs}
    return render_template(
        "workspace/limits.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "registration_terms"),
        typed=fill_in(typed, quotas),
        errors=errors,
        quotas=[(part_key(row.part), name_part(row.part, cohorts), row) for row in quotas],
        part_options=[
            ("", _("Choose")),
            *((part_key(part), name_part(part, cohorts)) for part in list_parts(list(cohorts))),
        ],
        holds=[
            *(describe_hold(row, names, uids) for row in queries.list_holds(session, event.id)),
            *(describe_people(row, names, uids) for row in queries.list_people_held(session, event.id)),
        ],
        runs=[(run.uid, names[run.id]) for run in event.runs if run.status is RunStatus.PLANNED],
    )


def fill_in(typed: Typed, quotas: list[queries.QuotaRow]) -> Typed:
    """What a quota says now, where its «Change» was followed."""
    if "most_seats" in typed:
        return typed
    for row in quotas:
        if part_key(row.part) == typed.get("part"):
            typed["free_seats"] = "" if row.free_seats is None else str(row.free_seats)
            typed["most_seats"] = "" if row.most_seats is None else str(row.most_seats)
    return typed


def name_part(part: Part, cohorts: dict[int, str]) -> str:
    if part.side is not None:
        return str(SIDES[part.side])
    if part.cohort_id is None:
        return _("Each organisation")
    cohort = cohorts.get(part.cohort_id, "")
    if part.per_organisation:
        return _("Each organisation in %(cohort)s", cohort=cohort)
    return _("%(cohort)s together", cohort=cohort)


def describe_hold(row: queries.HoldRow, names: dict[int, str], uids: dict[int, Any]) -> dict[str, Any]:
    return {
        "run": names[row.run_id],
        "uid": uids[row.run_id],
        "organisation": row.organisation_id,
        "label": row.label,
        "places": row.places,
        "had": row.had,
        "until": dates.format_day(row.held_until, language()),
    }


def describe_people(row: queries.PeopleHeld, names: dict[int, str], uids: dict[int, Any]) -> dict[str, Any]:
    """Counted: whom a union's representatives are is not told on a page of places."""
    return {
        "run": names[row.run_id],
        "uid": uids[row.run_id],
        "people_until": row.held_until.isoformat(),
        "label": _("People who are invited by name"),
        "places": row.places,
        "had": row.had,
        "until": dates.format_day(row.held_until, language()),
    }
