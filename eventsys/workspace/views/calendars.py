"""The account's own calendars of everything that its organiser arranges, drafts too."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventsys.accounts.rules import LogVerb
from eventsys.calendars.own import pages
from eventsys.calendars.own.queries import Owner
from eventsys.calendars.rules import LinkKind
from eventsys.extensions import db, transaction
from eventsys.web import Access, access
from eventsys.workspace.views.frame import account, blueprint, log


def find_owner() -> Owner:
    return Owner(LinkKind.ORGANISER, account_id=account().id, organiser_id=account().organiser.id)


def show() -> Response:
    return redirect(url_for(".calendars"), 303)


@blueprint.get("/calendars")
@access(Access.MEMBER)
def calendars() -> str:
    return render_template("workspace/calendars.html", **pages.describe_all(db.session(), find_owner()))


@blueprint.post("/calendars", endpoint="add_calendar")
@access(Access.MEMBER)
def add() -> Response:
    with transaction() as session:
        link = pages.add(session, find_owner())
        if link is not None:
            log(session, LogVerb.ADDED, "calendar", str(link.public_id), link.name)
    return show()


@blueprint.post("/calendars/<uuid:public_id>/renewal", endpoint="renew_calendar")
@access(Access.MEMBER)
def renew(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        link = pages.renew(session, find_owner(), public_id)
        log(session, LogVerb.CHANGED, "calendar", str(public_id), link.name)
    return show()


@blueprint.post("/calendars/<uuid:public_id>/end", endpoint="end_calendar")
@access(Access.MEMBER)
def end(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        link = pages.end(session, find_owner(), public_id)
        log(session, LogVerb.REMOVED, "calendar", str(public_id), link.name)
    return show()
