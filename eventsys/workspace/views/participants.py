"""Who comes to an event: the list with its filters and columns, answers to those who ask, cancelling for somebody."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.extensions import AnyRow, db, transaction
from eventsys.registrations import actions
from eventsys.registrations.labels import STATES
from eventsys.registrations.models import Registration
from eventsys.registrations.queries import count_places, read_unions
from eventsys.registrations.rules import Actor, CannotBeCancelled, Places, State
from eventsys.registrations.totals.queries import count_clashes
from eventsys.web import Access, access, language
from eventsys.workspace.participants import group_people
from eventsys.workspace.people_list import columns, filters, queries
from eventsys.workspace.people_list.columns import Shown
from eventsys.workspace.people_list.filters import Filters
from eventsys.workspace.people_list.labels import list_acts, name_person
from eventsys.workspace.people_list.queries import Choices, Counts
from eventsys.workspace.people_list.rules import PAGE, Column
from eventsys.workspace.views.frame import (
    account,
    blueprint,
    name_event,
    own_event,
    own_registration,
    page_number,
    tabs,
    today,
)


@blueprint.get("/events/<slug>/participants", endpoint="participants")
@access(Access.READER)
def index(slug: str) -> str:
    session = db.session()
    return show_list(session, own_event(session, slug), None)


@blueprint.post("/events/<slug>/participants/unions", endpoint="read_unions")
@access(Access.ORGANISER)
def show_unions(slug: str) -> str:
    """The list with the union that each represents. Reading that leaves a row, so it takes a POST."""
    with transaction() as session:
        event = own_event(session, slug)
        unions = read_unions(session, event_id=event.id, account_id=account().id, now=clock.now())
    session = db.session()
    return show_list(session, own_event(session, slug), unions)


def show_list(session: Session, event: Event, unions: Mapping[int, str] | None) -> str:
    choices = queries.list_choices(session, event)
    chosen = filters.read(request.args, event, choices)
    counts = queries.count(session, event, chosen.wanted, on=today())
    page = min(page_number(), max(-(-counts.of_shown // PAGE), 1))
    rows = queries.list_page(session, event, chosen.wanted, on=today(), page=page)
    return render_template(
        "workspace/participants.html",
        event=event,
        event_title=name_event(event),
        groups=group_people(rows, queries.number_waiting(session, event)),
        **describe_columns(session, event, choices, rows, unions),
        **describe_filters(event, choices, chosen, counts),
        **describe_places(session, event),
        counts=counts,
        page=page,
        pages=max(-(-counts.of_shown // PAGE), 1),
        name_person=name_person,
        states=STATES,
        acts=list_acts(event),
        clashes=[(texts.read(one.title, language()).value, many) for one, many in count_clashes(session, event.id)],
        tabs=tabs(event, "participants"),
    )


def describe_columns(
    session: Session, event: Event, choices: Choices, rows: list[AnyRow], unions: Mapping[int, str] | None
) -> dict[str, Any]:
    """The columns that are shown and those that can be."""
    offered = columns.list_offered(event, choices.questions)
    keys = columns.choose(request.args.getlist("col"), offered)
    beside = columns.read_beside(session, keys, [row.id for row in rows])
    shown = columns.show(event, keys, offered, beside)
    if unions is not None:
        union = Shown("union", _("Represents"), lambda row: unions.get(row.id, ""))
        shown = [*(one for one in shown if one.key != Column.SIDE), union]
    return {"shown": shown, "offered": offered, "keys": keys, "shows_unions": unions is not None}


def describe_filters(event: Event, choices: Choices, chosen: Filters, counts: Counts) -> dict[str, Any]:
    named = [value for value in request.args.getlist("col") if value]
    more = any(name in chosen.kept for name in ("side", "organisation", "cohort", "answer", "unnamed", "mail"))
    return {
        "chosen": chosen.kept,
        "address": {**chosen.kept, **({"col": named} if named else {})},
        "options": filters.offer(event, choices, counts),
        "opened": more or bool(named),
    }


def describe_places(session: Session, event: Event) -> dict[str, Any]:
    names = {run.id: name_run(run, year=False) for run in event.runs}
    places = count_places(session, [run.id for run in event.runs])
    return {"summary": [(names[run.id], tell_places(places[run.id])) for run in event.runs]}


def tell_places(places: Places) -> str:
    text = ngettext("%(num)d has a place", "%(num)d have a place", places.taken)
    if places.capacity is not None:
        text = _("%(taken)d of %(capacity)d places taken", taken=places.taken, capacity=places.capacity)
    return _("%(places)s, %(waiting)d waiting", places=text, waiting=places.waiting) if places.waiting else text


@blueprint.post("/events/<slug>/participants/<uuid:public_id>/acceptance", endpoint="accept_participant")
@access(Access.ORGANISER)
def accept(slug: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        registration = find_own(session, slug, public_id)
        state = actions.accept(session, registration, account_id=account().id, now=clock.now())
        name = registration.name
    told = {
        State.CONFIRMED: _("%(name)s has a place and is told by mail.", name=name),
        State.WAITING: _("%(name)s is on the waiting list: there was no free place.", name=name),
    }
    flash(told.get(state, _("That was decided already.")), "success" if state is State.CONFIRMED else "info")
    return back_to_list(slug)


@blueprint.post("/events/<slug>/participants/<uuid:public_id>/refusal", endpoint="decline_participant")
@access(Access.ORGANISER)
def decline(slug: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        registration = find_own(session, slug, public_id)
        state = actions.decline(session, registration, account_id=account().id, now=clock.now())
        name = registration.name
    if state is State.DECLINED:
        flash(_("%(name)s is told by mail that there is no place.", name=name), "success")
    else:
        flash(_("That was decided already."), "info")
    return back_to_list(slug)


@blueprint.get("/events/<slug>/participants/<uuid:public_id>/cancellation", endpoint="confirm_cancel_participant")
@access(Access.ORGANISER)
def confirm_cancel(slug: str, public_id: uuid.UUID) -> str:
    session = db.session()
    event = own_event(session, slug)
    registration = find_own(session, slug, public_id)
    return render_template(
        "workspace/confirm.html",
        event=event,
        event_title=name_event(event),
        title=_("Cancel the registration of %(name)s?", name=registration.name or _("an unnamed seat")),
        text=_("%(email)s gets a mail about it. The place goes to the first who waits.", email=registration.email),
        facts=[name_run(run) for run in event.runs if run.id == registration.run_id],
        warning="",
        button=_("Yes, cancel the registration"),
        action=url_for(".cancel_participant", slug=slug, public_id=public_id),
        back=url_for(".participant", slug=slug, public_id=public_id),
    )


@blueprint.post("/events/<slug>/participants/<uuid:public_id>/cancellation", endpoint="cancel_participant")
@access(Access.ORGANISER)
def cancel(slug: str, public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            registration = find_own(session, slug, public_id)
            name = registration.name or _("an unnamed seat")
            actions.cancel(session, registration, actor=Actor.ORGANISER, account_id=account().id, now=clock.now())
    except CannotBeCancelled:
        flash(_("That registration was cancelled already."), "info")
    else:
        flash(_("The registration of %(name)s is cancelled.", name=name), "success")
    return redirect(url_for(".participants", slug=slug), 303)


def find_own(session: Session, slug: str, public_id: uuid.UUID) -> Registration:
    return own_registration(session, own_event(session, slug), public_id)


def back_to_list(slug: str) -> Response:
    """To the list as it was filtered."""
    kept: dict[str, Any] = {name: value for name in filters.NAMES if (value := request.args.get(name))}
    return redirect(url_for(".participants", slug=slug, **kept), 303)
