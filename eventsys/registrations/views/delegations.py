"""The registrar's page: every seat of a delegation, names for those that have none, and more seats."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.events.labels import name_run, name_times
from eventsys.extensions import AnyRow, db, transaction
from eventsys.organisations.positions.queries import list_contacts
from eventsys.registrations import actions, labels, links, seat_lines
from eventsys.registrations.attendance.labels import name_person
from eventsys.registrations.models import Delegation, Registration
from eventsys.registrations.own import queries as own
from eventsys.registrations.own.actions import tell_taken
from eventsys.registrations.own.forms import read_person, read_seats
from eventsys.registrations.own.labels import REFUSED, tell_refusal
from eventsys.registrations.own.rules import NOTHING, Typed
from eventsys.registrations.rules import (
    HOLDS_A_PLACE,
    LEAVABLE,
    Actor,
    AddressIsTaken,
    NotEnoughPlaces,
    State,
    WhenFull,
)
from eventsys.registrations.seat_lines import SeatLine
from eventsys.registrations.signup import sheet as sheets
from eventsys.registrations.signup.labels import list_ways, tell_short
from eventsys.registrations.views.frame import blueprint, next_nonce, nonce, visitor
from eventsys.registrations.views.own_page import is_ahead, list_positions
from eventsys.tokens import public_id_of
from eventsys.web import Access, access, language

Page = Response | tuple[str, int]
TOKEN_LENGTH = 60
NEW_LINES = 3


def find_delegation(token: str) -> AnyRow:
    """The delegation that the link opens, the registrar's or a contact's. 404 for a link that never was or whose holder is
    contact no more, 410 for one that was replaced."""
    public_id = public_id_of(token) or abort(404)
    row = own.find_delegation(db.session(), public_id)
    if row is None or not (links.check_delegation(token, row.Delegation) or is_contacts(token, row.Delegation)):
        abort(404)
    return row


def is_contacts(token: str, delegation: Delegation) -> bool:
    """Whether the link is one of those on the page of the organisation's contacts of today."""
    contacts = list_contacts(db.session(), delegation.organisation_id, on=clock.today())
    return links.check_contact(token, delegation, contacts)


@blueprint.get("/delegations/<token>")
@access(Access.TOKEN)
def delegation(token: str) -> tuple[str, int]:
    return show_delegation(token, find_delegation(token))


def show_delegation(
    token: str,
    row: AnyRow,
    typed: Typed = NOTHING,
    lines: Sequence[SeatLine] = (),
    status: int = 200,
    *,
    ways: Sequence[tuple[str, str, str]] = (),
) -> tuple[str, int]:
    """The page, with what was typed into the form that was refused; `ways` are what to do when places are too few."""
    seats = own.list_seats(db.session(), row.Delegation.id)
    event, days = row.Event, own.list_dates(db.session(), row.Event.id)
    positions = list_positions([seat.Registration for seat in seats], days)
    described = [describe_seat(row, seat, positions) for seat in seats]
    unnamed = {seat.Registration.public_id for seat in list_unnamed(seats)}
    page = render_template(
        "registrations/delegation.html",
        token=token,
        delegation=row.Delegation,
        event=event,
        organiser=row.Organiser,
        organisation=row.organisation,
        title=texts.read(event.title, language()),
        names_by=dates.format_day(event.names_by, language()) if event.names_by else "",
        counts=tell_counts([seat.Registration for seat in seats]),
        seats=described,
        unnamed=[seat for seat in described if seat["id"] in unnamed],
        waits=any(seat.Registration.state is State.WAITING for seat in seats),
        may_add=any(is_ahead(seat.Run) for seat in seats),
        sides=[(str(value), label) for value, label in list_parts(event)],
        lines=lines or seat_lines.add_blank([], how_many=NEW_LINES),
        way=next(iter(ways), None),
        nonce=nonce(),
        is_registrars=links.is_registrars(token, row.Delegation),
        typed=typed,
        errors=list(typed.errors),
    )
    return page, status


def list_parts(event: Any) -> list[tuple[str, str]]:
    """The sides, or the unions where the event asks for those."""
    return sheets.list_union_choices(event) if event.asks_union else sheets.list_sides()


def list_unnamed(seats: Sequence[AnyRow]) -> list[AnyRow]:
    return [seat for seat in seats if not seat.Registration.name and seat.Registration.state in LEAVABLE]


def describe_seat(row: AnyRow, seat: AnyRow, positions: dict[int, list[tuple[int, str]]]) -> dict[str, Any]:
    registration = seat.Registration
    return {
        "id": registration.public_id,
        "name": name_person(registration.name, row.organisation, registration.side),
        "has_name": bool(registration.name),
        "side": labels.SIDES[registration.side] if registration.side else "",
        "when": name_run(seat.Run),
        "times": name_times(seat.Run),
        "state": labels.STATES[registration.state],
        "state_kind": labels.STATE_KINDS[registration.state],
        "positions": positions.get(registration.id, []),
        "email": registration.email,
        "is_registrars": registration.email_key == row.Delegation.email_key,
        "ended": registration.state not in (*LEAVABLE, *HOLDS_A_PLACE),
    }


def tell_counts(seats: Sequence[Registration]) -> list[str]:
    """«3 har plass», «2 på venteliste», «1 mangler navn»; what is none is not said."""
    have = sum(seat.state in HOLDS_A_PLACE for seat in seats)
    wait = sum(seat.state is State.WAITING for seat in seats)
    ask = sum(seat.state is State.REQUESTED for seat in seats)
    unnamed = sum(not seat.name and seat.state in LEAVABLE for seat in seats)
    said = [
        ngettext("%(num)d has a place", "%(num)d have a place", have) if have else "",
        ngettext("%(num)d is on the waiting list", "%(num)d are on the waiting list", wait) if wait else "",
        ngettext("%(num)d waits for the organiser's answer", "%(num)d wait for the organiser's answer", ask) if ask else "",
        ngettext("%(num)d has no name yet", "%(num)d have no name yet", unnamed) if unnamed else "",
    ]  # fmt: skip
    return [one for one in said if one]


@blueprint.post("/delegations/<token>/names")
@access(Access.TOKEN)
def name_seats(token: str) -> Page:
    """Names for the seats that have none; the empty ones stay so. Each whose address is given gets a link of their own."""
    row = find_delegation(token)
    unnamed = list_unnamed(own.list_seats(db.session(), row.Delegation.id))
    wanted, typed = read_names([seat.Registration for seat in unnamed])
    if typed.errors:
        return show_delegation(token, row, typed, status=422)
    if not wanted:
        return redirect(url_for(".delegation", token=token), 303)
    runs = {seat.Registration.id: seat.Registration.run_id for seat in unnamed}
    name = email = field = ""
    registration_id = 0
    try:
        with transaction() as tx:
            for registration_id, (name, email, field) in wanted.items():  # noqa: B007 (which one was refused)
                actions.name_seat(
                    tx, tx.get_one(Registration, registration_id), name=name, email=email, actor=Actor.REGISTRAR,
                    now=clock.now(),
                )  # fmt: skip
    except REFUSED as refusal:
        if isinstance(refusal, AddressIsTaken):
            email = email or row.Delegation.email
            with transaction() as tx:
                tell_taken(tx, runs[registration_id], name=name, email=email, now=clock.now())
        refused = Typed(typed.values, ((field, tell_name_refusal(refusal)),))
        return show_delegation(token, find_delegation(token), refused, status=409)
    flash(ngettext("%(num)d place has got a name.", "%(num)d places have got names.", len(wanted)), "success")
    return redirect(url_for(".delegation", token=token), 303)


def read_names(unnamed: Sequence[Registration]) -> tuple[dict[int, tuple[str, str, str]], Typed]:
    """By seat the name, the address and the name's field; and what was typed with its errors."""
    wanted: dict[int, tuple[str, str, str]] = {}
    values: dict[str, str] = {}
    errors: list[tuple[str, str]] = []
    for seat in unnamed:
        prefix = f"{seat.public_id}-"
        form, typed = read_person(request.form, prefix, needs_address=False)
        values |= typed.values
        if not any(value.strip() for value in typed.values.values()):
            continue
        errors += typed.errors
        wanted[seat.id] = (form["name"].data or "", form["email"].data or "", f"{prefix}name")
    return wanted, Typed(values, tuple(errors))


def tell_name_refusal(refusal: Exception) -> str:
    if isinstance(refusal, AddressIsTaken):
        return _("This name and address cannot be used here. Write another, or write to the organiser.")
    return tell_refusal(refusal)


@blueprint.post("/delegations/<token>/seats")
@access(Access.TOKEN)
def add_seats(token: str) -> Page:
    """More seats of the same delegation, each through the queue like any other."""
    row = find_delegation(token)
    parts = {value for value, _label in list_parts(row.Event)}
    lines = seat_lines.read_lines(request.form)
    seats = seat_lines.check_lines(lines, parts, choose=_("Choose whom they represent"))
    errors = tuple(seat_lines.list_errors(seats))
    if not seats:
        errors = ((f"{lines[0].prefix if lines else 'seat-1-'}part", _("Say whom the place is for")),)
    if errors:
        return show_delegation(token, row, Typed({}, errors), lines, 422)
    when_full = WhenFull.TAKE if request.form.get("when_full") else None
    try:
        with transaction() as tx:
            actions.add_seats(
                tx, tx.merge(row.Delegation), read_seats(seats, asks_union=row.Event.asks_union),
                form_token=make_form_token(token), when_full=when_full, actor=Actor.REGISTRAR, now=clock.now(),
            )  # fmt: skip
    except NotEnoughPlaces as short:
        refused = Typed({}, (("when_full", tell_short(short)),))
        return show_delegation(token, find_delegation(token), refused, lines, 409, ways=list_ways(short, [], ""))
    except REFUSED as refusal:
        refused = Typed({}, ((f"{seats[0].prefix}name", tell_refusal(refusal)),))
        return show_delegation(token, find_delegation(token), refused, lines, 409)
    next_nonce()
    flash(_("They are signed up. What each of them got stands below."), "success")
    return redirect(url_for(".delegation", token=token), 303)


def make_form_token(token: str) -> str:
    """The same for two posts of one form from one browser session, and for nothing else."""
    text = f"{visitor()}:{token}:{request.form.get('nonce', '')}"
    return hashlib.sha256(text.encode()).hexdigest()[:TOKEN_LENGTH]
