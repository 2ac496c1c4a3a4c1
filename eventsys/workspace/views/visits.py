"""Visits that are asked for: taken, times offered, declined; and one that is agreed moved or called off."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.extensions import AnyRow, db, transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions.links import position_token
from eventsys.visits import actions, emails, labels, queries
from eventsys.visits.actions import Taker
from eventsys.visits.models import Visit
from eventsys.visits.rules import (
    LONGEST_WORDS,
    MOST_TIMES,
    HasChanged,
    NotTheirs,
    TimeFacts,
    TimeHasPassed,
    TimeIsTaken,
    VisitState,
    list_wrong,
)
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.views.frame import account, blueprint, today
from eventsys.workspace.views.organisations import Answer, address_of

VIEWS = ("asked", "mine", "all")


def taker() -> Taker:
    return Taker(account().id, account().organiser.id)


def find(session: Session, public_id: uuid.UUID) -> AnyRow:
    """One that one's organiser may read, or 404."""
    return queries.find_of_organiser(session, account().organiser.id, public_id, on=today()) or abort(404)


@blueprint.get("/visits", endpoint="visits")
@access(Access.ORGANISER)
def show_all() -> str:
    rows = queries.list_of_organiser(db.session(), account().organiser.id, on=today())
    view = request.args.get("view", VIEWS[0])
    kept = [row for row in rows if is_in(row, view)]
    counts = {name: sum(is_in(row, name) for row in rows) for name in VIEWS}
    names = {"asked": _("Asked for"), "mine": _("Mine"), "all": _("All")}
    return render_template(
        "workspace/visits.html",
        visits=[{**labels.describe(row), "organisation": row.Organisation.label} for row in kept],
        views=[(url_for(".visits", view=name), f"{names[name]} ({counts[name]})", name == view) for name in VIEWS],
        view=view,
        has_any=bool(rows),
    )


def is_in(row: AnyRow, view: str) -> bool:
    if view == "mine":
        return bool(row.Visit.account_id == account().id)
    return view == "all" or (row.Visit.state is VisitState.ASKED and row.Visit.account_id is None)


@blueprint.get("/visits/<uuid:public_id>", endpoint="visit")
@access(Access.ORGANISER)
def show(public_id: uuid.UUID) -> str:
    return show_one(public_id, Typed(), {})[0]


def show_one(public_id: uuid.UUID, typed: Typed, errors: dict[str, str], status: int = 200) -> tuple[str, int]:
    session = db.session()
    row = find(session, public_id)
    visit: Visit = row.Visit
    times = queries.list_times(session, visit.id)
    makes = queries.find_kind(session, account().organiser.id) is visit.kind
    is_free = visit.account_id is None or visit.organiser_id == account().organiser.id
    page = render_template(
        "workspace/visit.html",
        visit=labels.describe(row),
        organisation=row.Organisation.label,
        organisation_url=address_of(row.Organisation),
        position=row.Position,
        event=row.Event,
        times=labels.describe_times(times),
        changes=labels.describe_changes(queries.list_changes(session, visit.id), account().organiser.timezone),
        typed=typed or type_times([TimeFacts(one.starts_local, one.ends_local) for one in times] or list_run(row)),
        errors=errors,
        places=range(1, MOST_TIMES + 1),
        may_answer=makes and is_free and visit.state in (VisitState.ASKED, VisitState.OFFERED),
        is_mine=visit.account_id == account().id,
        is_agreed=labels.find_state(row) is VisitState.ACCEPTED and visit.organiser_id == account().organiser.id,
    )
    return page, status


def list_run(row: AnyRow) -> list[TimeFacts]:
    """When it is, for the form that moves it."""
    run = row.Run
    has_clock = run is not None and run.starts_local is not None and run.ends_local is not None
    return [TimeFacts(run.starts_local, run.ends_local)] if has_clock else []


def type_times(times: Sequence[TimeFacts]) -> Typed:
    typed = Typed()
    for place, one in enumerate(times, 1):
        typed[f"on-{place}"] = f"{one.starts_local:%d.%m.%Y}"
        typed[f"from-{place}"] = f"{one.starts_local:%H.%M}"
        typed[f"to-{place}"] = f"{one.ends_local:%H.%M}"
    return typed


def read_times(reader: Reader, *, most: int = MOST_TIMES) -> list[TimeFacts]:
    """The lines that say something; what is wrong with one stands beside its field."""
    found: dict[int, TimeFacts] = {}
    for place in range(1, most + 1):
        if any(reader.typed.get(f"{name}-{place}", "").strip() for name in ("on", "from", "to")):
            time = read_time(reader, place)
            if time is not None:
                found[place] = time
    now_local = dates.to_local(clock.now(), account().organiser.timezone)
    places = list(found)
    for wrong in list_wrong(list(found.values()), now_local):
        reader.errors.setdefault(f"on-{places[wrong]}", _("This time has passed, or stands there twice."))
    if not found and not reader.errors:
        reader.errors["on-1"] = _("Write at least one time.")
    return list(found.values())


def read_time(reader: Reader, place: int) -> TimeFacts | None:
    day = reader.day(f"on-{place}", required=_("Write the day, such as 01.09.2008."))
    starts = reader.clock(f"from-{place}", required=_("Write the time, such as 10.00."))
    ends = reader.clock(f"to-{place}", required=_("Write the time, such as 10.00."))
    if day is None or starts is None or ends is None:
        return None
    if ends <= starts:
        reader.errors[f"to-{place}"] = _("The end is not after the beginning.")
        return None
    return TimeFacts(datetime.combine(day, starts), datetime.combine(day, ends), account().organiser.timezone)


def contact_path(session: Session, row: AnyRow) -> str:
    """The contact's own page of the visit."""
    number = session.get_one(Organisation, row.Position.organisation_id).number
    return url_for("visits.visit", number=number, token=position_token(row.Position), public_id=row.Visit.public_id)


def to_visit(public_id: uuid.UUID) -> Response:
    return redirect(url_for(".visit", public_id=public_id), 303)


def tell_refused(refused: Exception) -> str:
    if isinstance(refused, TimeIsTaken):
        return _("Who comes has another visit at that time.")
    if isinstance(refused, TimeHasPassed):
        return _("That time has passed.")
    if isinstance(refused, NotTheirs):
        return _("Visits of this kind are made by others.")
    return _("The visit has changed meanwhile. Here is how it stands now.")


@blueprint.post("/visits/<uuid:public_id>/taking", endpoint="take_visit")
@access(Access.ORGANISER)
def take(public_id: uuid.UUID) -> Answer:
    try:
        with transaction() as session:
            actions.take(session, find(session, public_id).Visit, taker(), now=clock.now())
    except (HasChanged, NotTheirs) as refused:
        flash(tell_refused(refused), "warning")
    else:
        flash(_("The visit is yours. Offer some times."), "success")
    return to_visit(public_id)


@blueprint.post("/visits/<uuid:public_id>/times", endpoint="offer_times")
@access(Access.ORGANISER)
def offer(public_id: uuid.UUID) -> Answer:
    reader = Reader(Typed(request.form))
    times, words = read_times(reader), reader.prose("words", most=LONGEST_WORDS)
    if reader.errors:
        return show_one(public_id, reader.typed, reader.errors, 422)
    try:
        with transaction() as session:
            row = find(session, public_id)
            change = actions.offer(session, row.Visit, times, taker(), words=words, now=clock.now())
            if change is not None:
                offered = queries.list_times(session, row.Visit.id)
                path = contact_path(session, row)
                emails.send_offered(session, row.Visit, change, offered, path=path, now=clock.now())
    except (HasChanged, NotTheirs) as refused:
        flash(tell_refused(refused), "warning")
    else:
        flash(_("The times are offered. The contact gets a mail and chooses one."), "success")
    return to_visit(public_id)


@blueprint.post("/visits/<uuid:public_id>/no", endpoint="decline_visit")
@access(Access.ORGANISER)
def decline(public_id: uuid.UUID) -> Answer:
    words = Reader(Typed(request.form)).prose("why", most=LONGEST_WORDS)
    try:
        with transaction() as session:
            row = find(session, public_id)
            change = actions.decline(session, row.Visit, taker(), words=words, now=clock.now())
            if change is not None:
                emails.send_declined(session, row.Visit, change, path=contact_path(session, row), now=clock.now())
    except (HasChanged, NotTheirs) as refused:
        flash(tell_refused(refused), "warning")
    else:
        flash(_("The visit is declined. The contact gets a mail."), "success")
    return to_visit(public_id)


@blueprint.post("/visits/<uuid:public_id>/time", endpoint="move_visit")
@access(Access.ORGANISER)
def move(public_id: uuid.UUID) -> Answer:
    reader = Reader(Typed(request.form))
    times = read_times(reader, most=1)
    if reader.errors:
        return show_one(public_id, reader.typed, reader.errors, 422)
    base_url = current_app.config["BASE_URL"]
    try:
        with transaction() as session:
            visit = own(session, public_id)
            actions.move(session, visit, times[0], account_id=account().id, base_url=base_url, now=clock.now())
    except (HasChanged, TimeIsTaken, TimeHasPassed) as refused:
        return show_one(public_id, reader.typed, {"on-1": tell_refused(refused)}, 409)
    flash(_("The visit is moved. Both of you get a mail."), "success")
    return to_visit(public_id)


def own(session: Session, public_id: uuid.UUID) -> Visit:
    """One that somebody of one's own organiser makes; another's answers 404."""
    visit: Visit = find(session, public_id).Visit
    return visit if visit.organiser_id == account().organiser.id else abort(404)


@blueprint.post("/visits/<uuid:public_id>/cancellation", endpoint="call_off_visit")
@access(Access.ORGANISER)
def call_off(public_id: uuid.UUID) -> Answer:
    words = Reader(Typed(request.form)).prose("line", most=LONGEST_WORDS)
    values: dict[str, Any] = {"account_id": account().id, "base_url": current_app.config["BASE_URL"]}
    try:
        with transaction() as session:
            actions.cancel(session, own(session, public_id), words=words, now=clock.now(), **values)
    except HasChanged as refused:
        flash(tell_refused(refused), "warning")
    else:
        flash(_("The visit is called off. Both of you get a mail."), "success")
    return to_visit(public_id)
