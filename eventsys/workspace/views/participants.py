"""Who comes to an event: the list, answers to those who ask, cancelling for somebody, the file for a spreadsheet."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Response as Page
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.extensions import AnyRow, db, transaction
from eventsys.registrations import actions
from eventsys.registrations.labels import SIDES, STATE_KINDS, STATES
from eventsys.registrations.models import Registration
from eventsys.registrations.queries import (
    count_places,
    count_states,
    find_own_registration,
    list_registrations,
    read_unions,
)
from eventsys.registrations.rules import LEAVABLE, Actor, CannotBeCancelled, Places, State
from eventsys.web import Access, access
from eventsys.workspace.participants import ORDER, group_people, number_waiting, write_csv
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, tabs, words


@blueprint.get("/events/<slug>/participants", endpoint="participants")
@access(Access.ORGANISER)
def index(slug: str) -> str:
    session = db.session()
    return show_list(session, own_event(session, slug), {})


@blueprint.post("/events/<slug>/participants/unions", endpoint="read_unions")
@access(Access.ORGANISER)
def show_unions(slug: str) -> str:
    """The list with the union that each represents. Reading that leaves a row, so it takes a POST."""
    with transaction() as session:
        event = own_event(session, slug)
        unions = read_unions(session, event_id=event.id, account_id=account().id, now=clock.now())
    session = db.session()
    return show_list(session, own_event(session, slug), unions, shows_unions=True)


def show_list(session: Session, event: Event, unions: Mapping[int, str], *, shows_unions: bool = False) -> str:
    run = next((run for run in event.runs if str(run.uid) == words("run")), None)
    states = [State(words("state"))] if words("state") in set(State) else []
    everybody = list_registrations(session, organiser_id=event.organiser_id, event_id=event.id)
    rows = everybody
    if run or states or words("q"):
        rows = list_registrations(
            session,
            organiser_id=event.organiser_id,
            event_id=event.id,
            run_id=run.id if run else None,
            states=states,
            search=words("q"),
        )
    names = {one.id: name_run(one, year=False) for one in event.runs}
    places = count_places(session, [one.id for one in event.runs])
    return render_template(
        "workspace/participants.html",
        event=event,
        event_title=name_event(event),
        groups=group_people(rows, number_waiting(everybody)),
        shown=len(rows),
        total=len(everybody),
        summary=[(names[one.id], tell_places(places[one.id])) for one in event.runs],
        run_names=names,
        run_options=[("", _("All dates"))] + [(str(one.uid), names[one.id]) for one in event.runs],
        state_options=list_state_options(session, event),
        chosen={"run": str(run.uid) if run else "", "state": states[0].value if states else "", "q": words("q")},
        states=STATES,
        kinds=STATE_KINDS,
        sides=SIDES,
        leavable=LEAVABLE,
        unions=unions,
        shows_unions=shows_unions,
        tabs=tabs(event, "participants"),
    )


def list_state_options(session: Session, event: Event) -> list[tuple[str, str]]:
    counts: dict[State, int] = {}
    for (_run, state), count in count_states(session, organiser_id=event.organiser_id, event_id=event.id).items():
        counts[state] = counts.get(state, 0) + count
    return [("", _("All"))] + [
        (state.value, f"{STATES[state]} ({counts[state]})") for state in ORDER if counts.get(state)
    ]


def tell_places(places: Places) -> str:
    text = ngettext("%(num)d has a place", "%(num)d have a place", places.taken)
    if places.capacity is not None:
        text = _("%(taken)d of %(capacity)d places taken", taken=places.taken, capacity=places.capacity)
    return _("%(places)s, %(waiting)d waiting", places=text, waiting=places.waiting) if places.waiting else text


@blueprint.get("/events/<slug>/participants.csv", endpoint="export_participants")
@access(Access.ORGANISER)
def export(slug: str) -> Page:
    """Everybody as a file for a spreadsheet. It has no unions: those are read on the page, which remembers who did."""
    session = db.session()
    event = own_event(session, slug)
    rows = list_registrations(session, organiser_id=event.organiser_id, event_id=event.id)
    names = {run.id: name_run(run) for run in event.runs}
    header = (
        _("Name"), _("E-mail"), _("Organisation"), _("Number"), _("Represents"), _("Dates"), _("State"), _("Signed up"),
    )  # fmt: skip
    body = write_csv(header, (cells_of(row, names[row.run_id]) for row in rows))
    disposition = f'attachment; filename="{event.slug}.csv"'
    return Page(body, mimetype="text/csv", headers={"Content-Disposition": disposition})


def cells_of(row: AnyRow, run_name: str) -> tuple[object, ...]:
    return (
        row.name,
        row.email,
        row.organisation_label,
        row.organisation_number,
        str(SIDES[row.side]) if row.side else "",
        run_name,
        str(STATES[row.state]),
        dates.to_local(row.created_at, account().organiser.timezone),
    )


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
        title=_("Cancel the registration of %(name)s?", name=registration.name),
        text=_("%(email)s gets a mail about it. The place goes to the first who waits.", email=registration.email),
        facts=[name_run(run) for run in event.runs if run.id == registration.run_id],
        warning="",
        button=_("Yes, cancel the registration"),
        action=url_for(".cancel_participant", slug=slug, public_id=public_id),
        back=url_for(".participants", slug=slug),
    )


@blueprint.post("/events/<slug>/participants/<uuid:public_id>/cancellation", endpoint="cancel_participant")
@access(Access.ORGANISER)
def cancel(slug: str, public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            registration = find_own(session, slug, public_id)
            name = registration.name
            actions.cancel(session, registration, actor=Actor.ORGANISER, account_id=account().id, now=clock.now())
    except CannotBeCancelled:
        flash(_("That registration was cancelled already."), "info")
    else:
        flash(_("The registration of %(name)s is cancelled.", name=name), "success")
    return redirect(url_for(".participants", slug=slug), 303)


def find_own(session: Session, slug: str, public_id: uuid.UUID) -> Registration:
    """A registration at this event of the organiser's own, or 404."""
    event = own_event(session, slug)
    found = find_own_registration(session, public_id, organiser_id=event.organiser_id)
    return found if found is not None and found.event_id == event.id else abort(404)


def back_to_list(slug: str) -> Response:
    """To the list as it was filtered."""
    chosen: dict[str, Any] = {name: value for name in ("run", "state", "q") if (value := request.args.get(name))}
    return redirect(url_for(".participants", slug=slug, **chosen), 303)
