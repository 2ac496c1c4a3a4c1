"""One seat of a delegation, as its registrar sees it: everything but what the person alone fills in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.extensions import AnyRow, db
from eventsys.registrations import actions, labels, links
from eventsys.registrations.attendance.labels import name_person
from eventsys.registrations.models import Registration
from eventsys.registrations.own import queries as own
from eventsys.registrations.own.forms import read_person
from eventsys.registrations.own.labels import describe_history, describe_requests
from eventsys.registrations.own.rules import NOTHING, Typed
from eventsys.registrations.rules import LEAVABLE, Actor, Change, Side
from eventsys.registrations.views import acts
from eventsys.registrations.views.acts import Desk, Page
from eventsys.registrations.views.delegations import find_delegation
from eventsys.registrations.views.frame import blueprint
from eventsys.registrations.views.own_page import (
    describe_place,
    describe_waiting,
    list_allowed,
    list_asked,
    list_other_dates,
    list_possible,
    list_urls,
    name_deadlines,
    name_moment,
)
from eventsys.web import Access, access


def find_seat(token: str, public_id: uuid.UUID) -> Any:
    """The delegation's row and the seat's, of the delegation that the link opens; 404 for anybody else's seat."""
    row = find_delegation(token)
    return row, own.find_seat(db.session(), row.Delegation.id, public_id) or abort(404)


@blueprint.get("/delegations/<token>/seats/<uuid:public_id>")
@access(Access.TOKEN)
def seat(token: str, public_id: uuid.UUID) -> tuple[str, int]:
    return show_seat(token, public_id)


def show_seat(token: str, public_id: uuid.UUID, typed: Typed = NOTHING, status: int = 200) -> tuple[str, int]:
    delegation, row = find_seat(token, public_id)
    registration = row.Registration
    history = [one for one in own.list_history(db.session(), registration.id) if is_of(delegation, one)]
    requests = list_asked(registration, history)
    days = own.list_dates(db.session(), delegation.Event.id)
    may = list_possible(row, list_allowed(requests))
    page = render_template(
        "registrations/seat.html",
        **describe_place(row),
        name=name_person(registration.name, row.organisation, registration.side),
        token=token,
        mine=False,
        urls=list_urls("registrations.seat_", token=token, public_id=public_id),
        may=may if registration.name else {**may, "hand_over": "over", "readdress": "over"},
        may_name=not registration.name and registration.state in LEAVABLE,
        sides=[(side.value, label) for side, label in labels.SIDES.items()],
        own_url=find_own_url(delegation, registration) if links.is_registrars(token, delegation.Delegation) else "",
        deadlines=name_deadlines(row.Event),
        dates=list_other_dates(row, days),
        waiting=describe_waiting(row, days),
        offered_until=name_moment(registration.offered_until, row.Organiser.timezone),
        requests=describe_requests(list_of_registrar(requests, history), timezone=row.Run.timezone),
        history=describe_history(history, name_actors(delegation), timezone=row.Run.timezone),
        typed=typed,
        errors=list(typed.errors),
    )
    return page, status


def is_of(delegation: AnyRow, change: AnyRow) -> bool:
    """Whether it happened since this registrar signed the person up: what was before is the person's own."""
    return bool(change.RegistrationChange.at >= delegation.Delegation.created_at)


def list_of_registrar(requests: Sequence[AnyRow], history: Sequence[AnyRow]) -> list[AnyRow]:
    """What the registrar asked for: what the person wrote to the organiser is between those two."""
    changes = [row.RegistrationChange for row in history]
    asked_at = {one.at for one in changes if one.change is Change.ASKED and one.actor is Actor.REGISTRAR}
    return [row for row in requests if row.ChangeRequest.at in asked_at]


def name_actors(delegation: AnyRow) -> dict[Actor, str]:
    return labels.name_actors(_("by the participant"), _("by you"), delegation.Organiser.name)


def find_own_url(delegation: AnyRow, registration: Registration) -> str:
    """The person's own page, where its mail comes to the registrar anyway; nothing of what others fill in is shown."""
    if not registration.name or registration.email_key != delegation.Delegation.email_key:
        return ""
    if own.has_closed_receipts(db.session(), registration):
        return ""
    return url_for(".show", token=links.receipt_token(registration))


def stand_at(token: str, public_id: uuid.UUID) -> Desk:
    """The registrar's place at the desk."""

    def show_again(typed: Typed, status: int) -> tuple[str, int]:
        return show_seat(token, public_id, typed, status)

    _delegation, row = find_seat(token, public_id)
    back = url_for(".seat", token=token, public_id=public_id)
    return Desk(row.Registration, Actor.REGISTRAR, show_again, back, back)


@blueprint.post("/delegations/<token>/seats/<uuid:public_id>/name")
@access(Access.TOKEN)
def seat_name(token: str, public_id: uuid.UUID) -> Page:
    """Who is to have a seat that has no name, and whom they represent."""
    desk = stand_at(token, public_id)
    form, typed = read_person(request.form, "seat_", needs_address=False)
    typed.values["seat_side"] = request.form.get("seat_side", "")
    if typed.errors:
        return desk.show(typed, 422)
    name, email, side = form["name"].data, form["email"].data or "", read_side(typed.values["seat_side"])

    def act(tx: Session, registration: Registration) -> None:
        actions.name_seat(tx, registration, name=name, email=email, side=side, actor=desk.actor, now=clock.now())

    who = (name, email or desk.registration.email)
    return acts.carry_out(desk, act, _("The place has got a name."), "seat_name", typed, who=who)


def read_side(value: str) -> Side | None:
    return Side(value) if value in set(Side) else None


@blueprint.post("/delegations/<token>/seats/<uuid:public_id>/cancellation")
@access(Access.TOKEN)
def seat_cancel(token: str, public_id: uuid.UUID) -> Page:
    return acts.cancel(stand_at(token, public_id), _("The registration is cancelled."))


@blueprint.post("/delegations/<token>/seats/<uuid:public_id>/offer")
@access(Access.TOKEN)
def seat_take_offer(token: str, public_id: uuid.UUID) -> Page:
    return acts.take_offer(stand_at(token, public_id), _("The place is taken."))


@blueprint.post("/delegations/<token>/seats/<uuid:public_id>/run")
@access(Access.TOKEN)
def seat_move(token: str, public_id: uuid.UUID) -> Page:
    return acts.move(stand_at(token, public_id), _("Moved to the other date."))


@blueprint.post("/delegations/<token>/seats/<uuid:public_id>/hand-over")
@access(Access.TOKEN)
def seat_hand_over(token: str, public_id: uuid.UUID) -> Page:
    return acts.hand_over(stand_at(token, public_id), _("The place is handed over; both get a mail."))


@blueprint.post("/delegations/<token>/seats/<uuid:public_id>/email")
@access(Access.TOKEN)
def seat_readdress(token: str, public_id: uuid.UUID) -> Page:
    desk = stand_at(token, public_id)
    return acts.readdress(desk, lambda _registration: desk.back)


@blueprint.post("/delegations/<token>/seats/<uuid:public_id>/requests")
@access(Access.TOKEN)
def seat_ask(token: str, public_id: uuid.UUID) -> Page:
    return acts.ask(stand_at(token, public_id), _("The organiser has been asked. You get the answer by mail."))
