"""One's own calendars: of everything that is signed up under an address, for whoever has opened its pages."""

from __future__ import annotations

import uuid

from flask import abort, make_response, redirect, render_template, url_for
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.calendars.own import pages
from eventsys.calendars.own.queries import Owner
from eventsys.calendars.rules import LinkKind
from eventsys.calendars.views.frame import blueprint
from eventsys.extensions import db, transaction
from eventsys.registrations.people.actions import OPEN
from eventsys.registrations.people.links import COOKIE
from eventsys.registrations.people.queries import find_usable
from eventsys.web import Access, access


def find_owner(session: Session) -> Owner | None:
    opened = cookie.get(COOKIE)
    key = find_usable(session, opened, OPEN, real_now=clock.real_now()) if opened else None
    return Owner(LinkKind.PERSONAL, email_key=key) if key else None


def demand_owner(session: Session) -> Owner:
    return find_owner(session) or abort(redirect(url_for("registrations.me"), 303))


@blueprint.get("/me/calendars")
@access(Access.PUBLIC)
def own_calendars() -> Response:
    owner = demand_owner(db.session())
    answer = make_response(render_template("calendars/own.html", **pages.describe_all(db.session(), owner)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/me/calendars")
@access(Access.PUBLIC)
def add_own_calendar() -> Response:
    with transaction() as session:
        pages.add(session, demand_owner(session))
    return redirect(url_for(".own_calendars"), 303)


@blueprint.post("/me/calendars/<uuid:public_id>/renewal")
@access(Access.PUBLIC)
def renew_own_calendar(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        pages.renew(session, demand_owner(session), public_id)
    return redirect(url_for(".own_calendars"), 303)


@blueprint.post("/me/calendars/<uuid:public_id>/end")
@access(Access.PUBLIC)
def end_own_calendar(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        pages.end(session, demand_owner(session), public_id)
    return redirect(url_for(".own_calendars"), 303)
