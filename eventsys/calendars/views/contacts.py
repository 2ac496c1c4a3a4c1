"""A contact's calendars: of what the organisation's people are signed up for, behind the contact's own link."""

from __future__ import annotations

import uuid

from flask import abort, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.calendars.own import pages
from eventsys.calendars.own.queries import Owner
from eventsys.calendars.rules import LinkKind
from eventsys.calendars.views.frame import blueprint
from eventsys.extensions import AnyRow, db, transaction
from eventsys.organisations.positions.queries import find_contact
from eventsys.web import Access, access


def demand_contact(session: Session, number: str, token: str) -> AnyRow:
    return find_contact(session, number, token, on=clock.today()) or abort(404)


def find_owner(session: Session, number: str, token: str) -> Owner:
    row = demand_contact(session, number, token)
    return Owner(LinkKind.CONTACT, position_id=row.Position.id)


def show(number: str, token: str) -> Response:
    return redirect(url_for(".contact_calendars", number=number, token=token), 303)


@blueprint.get("/organisations/<number>/contacts/<token>/calendars")
@access(Access.TOKEN)
def contact_calendars(number: str, token: str) -> str:
    session = db.session()
    row = demand_contact(session, number, token)
    owner = Owner(LinkKind.CONTACT, position_id=row.Position.id)
    return render_template(
        "calendars/contact.html",
        organisation=row.Organisation,
        token=token,
        **pages.describe_all(session, owner),
    )


@blueprint.post("/organisations/<number>/contacts/<token>/calendars")
@access(Access.TOKEN)
def add_contact_calendar(number: str, token: str) -> Response:
    with transaction() as session:
        pages.add(session, find_owner(session, number, token))
    return show(number, token)


@blueprint.post("/organisations/<number>/contacts/<token>/calendars/<uuid:public_id>/renewal")
@access(Access.TOKEN)
def renew_contact_calendar(number: str, token: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        pages.renew(session, find_owner(session, number, token), public_id)
    return show(number, token)


@blueprint.post("/organisations/<number>/contacts/<token>/calendars/<uuid:public_id>/end")
@access(Access.TOKEN)
def end_contact_calendar(number: str, token: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        pages.end(session, find_owner(session, number, token), public_id)
    return show(number, token)
