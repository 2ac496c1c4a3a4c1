"""An organisation's page: what anybody may know of it, and behind a contact's own link all that it has with us."""

from __future__ import annotations

import uuid
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.events.labels import name_run
from eventsys.events.queries import concerns, list_public_events
from eventsys.extensions import AnyRow, db, transaction
from eventsys.mailing.addresses import email_key
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions import actions as positions
from eventsys.organisations.positions import emails
from eventsys.organisations.positions.links import position_token
from eventsys.organisations.positions.queries import find_contact as find_by_link
from eventsys.organisations.positions.queries import find_position, list_contacts
from eventsys.organisations.queries import find_organisation
from eventsys.organisations.rules import OrganisationKind, unit_address
from eventsys.programmes.applications.offered import list_ways
from eventsys.programmes.queries import list_memberships
from eventsys.registrations import actions
from eventsys.registrations.own.labels import REFUSED, tell_refusal
from eventsys.registrations.people import gatherings, queries
from eventsys.registrations.people.forms import PersonForm
from eventsys.registrations.people.links import contact_path
from eventsys.registrations.people.queries import LastPerson
from eventsys.registrations.rules import Actor, TooLate
from eventsys.registrations.views.frame import blueprint
from eventsys.tokens import Purpose
from eventsys.web import Access, access, language, language_was_chosen


@blueprint.get("/organisations/<number>")
@access(Access.PUBLIC)
def organisation(number: str) -> str:
    return show_public(organisation_of(number), PersonForm())[0]


@blueprint.get("/organisations/<kind>/<key>")
@access(Access.PUBLIC)
def organisation_by_kind(kind: str, key: str) -> Response:
    """From the address in the register to the one that everybody uses."""
    address = unit_address(OrganisationKind(kind), key) if kind in set(OrganisationKind) else ""
    return redirect(url_for(".organisation", number=organisation_of(address).address), 301)


def organisation_of(number: str) -> Organisation:
    return find_organisation(db.session(), number) or abort(404)


def show_public(found: Organisation, form: PersonForm, status: int = 200) -> tuple[str, int]:
    memberships = list_memberships(db.session(), found.id, on=clock.today(), told=True)
    page = render_template(
        "registrations/organisation.html",
        organisation=found,
        belongs_to=[
            *(texts.read(cohort.name, language()).value for cohort in memberships.cohorts),
            *(network.name for network in memberships.networks),
        ],
        form=form,
        errors=form.list_errors(),
    )
    return page, status


@blueprint.post("/organisations/<number>/contacts")
@access(Access.PUBLIC)
def ask_to_be_contact(number: str) -> Response | tuple[str, int]:
    """The same answer to everybody: who is a contact already gets the link by mail, the official mailbox is asked of
    others."""
    form = PersonForm(request.form)
    if not form.validate():
        return show_public(organisation_of(number), form, 422)
    with transaction() as tx:
        found = find_organisation(tx, number) or abort(404)
        position = positions.ask_to_be_contact(
            tx, found, name=form.name.data, email=form.email.data, language=language_was_chosen(), on=clock.today(),
            now=clock.now(),
        )  # fmt: skip
        if position is not None and position.confirmed_at is not None:
            emails.send_contact_link(tx, found, position, path=contact_path(found, position), now=clock.now())
        elif position is not None:
            token = positions.issue_confirmation(tx, position, real_now=clock.real_now())
            path = url_for(".confirm_contact", token=token)
            emails.send_question(tx, found, position, token, path=path, now=clock.now())
    return redirect(url_for(".contact_asked", number=number), 303)


@blueprint.get("/organisations/<number>/contacts/asked")
@access(Access.PUBLIC)
def contact_asked(number: str) -> str:
    return render_template("registrations/organisation_asked.html", organisation=organisation_of(number))


@blueprint.get("/contacts/<token>")
@access(Access.TOKEN)
def confirm_contact(token: str) -> str | tuple[str, int]:
    """What the official mailbox is asked: a page with two buttons, for programs that look into mail open links."""
    subject = queries.find_usable(db.session(), token, Purpose.CONTACT, real_now=clock.real_now())
    row = find_position(db.session(), uuid.UUID(subject)) if subject else None
    if row is None:
        return render_template("registrations/organisation_expired.html"), 410
    return render_template(
        "registrations/organisation_confirm.html", token=token, position=row.Position, organisation=row.Organisation
    )


@blueprint.post("/contacts/<token>")
@access(Access.TOKEN)
def answer_contact(token: str) -> str | tuple[str, int]:
    """The official mailbox says yes or no, once; a yes is mailed to the new contact."""
    says_yes = request.form.get("answer") == "yes"
    with transaction() as tx:
        position = positions.use_confirmation(tx, token, real_now=clock.real_now())
        if position is None:
            return render_template("registrations/organisation_expired.html"), 410
        found = tx.get_one(Organisation, position.organisation_id)
        if not says_yes and position.confirmed_at is None:
            positions.end(tx, position, on=clock.today())
        elif says_yes and positions.confirm(tx, position, now=clock.now()):
            emails.send_contact_link(tx, found, position, path=contact_path(found, position), now=clock.now())
    is_contact = position.confirmed_at is not None and position.to_on is None
    return render_template(
        "registrations/organisation_answered.html", position=position, organisation=found, is_contact=is_contact
    )


@blueprint.get("/organisations/<number>/contacts/<token>")
@access(Access.TOKEN)
def contact_page(number: str, token: str) -> str:
    row, tx, day = find_contact(db.session(), number, token), db.session(), clock.today()
    found: Organisation = row.Organisation
    seats = queries.list_seats_of(tx, found.id)
    last = queries.list_last_people(tx, organisation_id=found.id)
    return render_template(
        "registrations/organisation_contact.html",
        token=token,
        organisation=found,
        position=row.Position,
        coming=gatherings.list_gatherings([seat for seat in seats if not is_over(seat, day)], found, row.Position),
        past=gatherings.list_gatherings([seat for seat in reversed(seats) if is_over(seat, day)], found, row.Position),
        missing=list_missing(tx, row, {seat.Event.id for seat in seats}, day),
        last=join_names(last),
        others=[one for one in list_contacts(tx, found.id, on=day) if one.id != row.Position.id],
        calls=list_ways(tx, found.id, email_key=email_key(row.Position.email or ""), now=clock.now()),
    )


def is_over(seat: AnyRow, day: date) -> bool:
    return seat.Run.last_on is not None and seat.Run.last_on < day


def join_names(people: list[LastPerson]) -> str:
    return ", ".join(dict.fromkeys(person.name for person in people))


def list_missing(tx: Session, row: AnyRow, signed_up: set[int], day: date) -> list[dict[str, object]]:
    """What is for the organisation and takes registrations, and nobody of it is signed up for."""
    events = list_public_events(tx, from_at=clock.now(), concern=concerns(row.Organisation.id, day))
    return [
        gatherings.describe_missing(event, day, token=position_token(row.Position))
        for event in events
        if event.id not in signed_up and gatherings.may_be_signed_up_for(event, day)
    ]


def find_contact(session: Session, number: str, token: str) -> AnyRow:
    """The position and organisation that a contact's link opens. 404 for none, 410 for one that has ended."""
    return find_by_link(session, number, token, on=clock.today()) or abort(404)


@blueprint.post("/organisations/<number>/contacts/<token>/end")
@access(Access.TOKEN)
def end_contact(number: str, token: str) -> Response:
    with transaction() as tx:
        row = find_contact(tx, number, token)
        positions.end(tx, row.Position, on=clock.today())
    flash(_("You are no longer contact for %(name)s.", name=row.Organisation.label), "success")
    return redirect(url_for(".organisation", number=number), 303)


@blueprint.get("/organisations/<number>/contacts/<token>/seats/<uuid:public_id>")
@access(Access.TOKEN)
def seat_of_organisation(number: str, token: str, public_id: uuid.UUID) -> str:
    row = find_contact(db.session(), number, token)
    return show_seat(token, row.Organisation, find_seat(db.session(), row.Organisation, public_id), PersonForm())[0]


def find_seat(session: Session, found: Organisation, public_id: uuid.UUID) -> AnyRow:
    return queries.find_seat_of(session, found.id, public_id) or abort(404)


def show_seat(token: str, found: Organisation, seat: AnyRow, form: PersonForm, status: int = 200) -> tuple[str, int]:
    by = seat.Event.hand_over_by
    page = render_template(
        "registrations/organisation_seat.html",
        token=token,
        organisation=found,
        seat=gatherings.describe_seat(seat, found, many_runs=False),
        title=texts.read(seat.Event.title, language()).value,
        when=name_run(seat.Run),
        deadline=dates.format_day(by, language()) if by else "",
        form=form,
        errors=form.list_errors(),
    )
    return page, status


def tell_refused_hand_over(refusal: Exception) -> str:
    if isinstance(refusal, TooLate):
        return _("The last day to hand places over has passed. Write to the organiser.")
    return tell_refusal(refusal)


@blueprint.post("/organisations/<number>/contacts/<token>/seats/<uuid:public_id>")
@access(Access.TOKEN)
def hand_over_of_organisation(number: str, token: str, public_id: uuid.UUID) -> Response | tuple[str, int]:
    """The contact gives the place of one to another of the same organisation; both are told by mail."""
    form = PersonForm(request.form)
    valid = form.validate()
    try:
        with transaction() as tx:
            row = find_contact(tx, number, token)
            seat = find_seat(tx, row.Organisation, public_id)
            if not valid:
                return show_seat(token, row.Organisation, seat, form, 422)
            actions.hand_over(
                tx, seat.Registration, name=form.name.data, email=form.email.data, actor=Actor.REGISTRAR,
                now=clock.now(),
            )  # fmt: skip
    except REFUSED as refusal:
        form.refuse("email", tell_refused_hand_over(refusal))
        row = find_contact(db.session(), number, token)
        return show_seat(token, row.Organisation, find_seat(db.session(), row.Organisation, public_id), form, 409)
    flash(_("The place now belongs to %(name)s. Both of them get a mail.", name=form.name.data), "success")
    return redirect(url_for(".contact_page", number=number, token=token), 303)
