"""Who writes an application: colleagues are asked, and leave; and what each has changed."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.programmes.applications import actions, labels, queries
from eventsys.programmes.applications.rules import CannotBeDone, TooMany
from eventsys.programmes.applications.shown import tell_second
from eventsys.programmes.calls.forms import Sent, read_contact
from eventsys.programmes.views.application_frame import Page, describe_frame, open_own
from eventsys.programmes.views.frame import blueprint
from eventsys.web import Access, access, language


@blueprint.get("/applications/<token>/colleagues")
@access(Access.TOKEN)
def colleagues(token: str) -> Page:
    return show_colleagues(token)


def show_colleagues(token: str, sent: Sent | None = None, status: int = 200) -> Page:
    session, sent = db.session(), sent or Sent()
    own = open_own(session, token)
    page = render_template(
        "programmes/application_colleagues.html",
        **describe_frame(token, own),
        people=queries.list_members(session, own.application.id),
        changes=[describe_change(row, own) for row in queries.list_changes(session, own.application.id)],
        typed=sent.values,
        errors=sent.errors,
    )
    return page, status


def describe_change(row: Any, own: queries.Own) -> dict[str, str]:
    change = row.CaseChange
    return {
        "at": tell_second(change.at, own.call.timezone, language()),
        "who": row.name or _("The organiser"),
        "what": labels.tell_change(change.act, change.facts),
    }


@blueprint.post("/applications/<token>/colleagues")
@access(Access.TOKEN)
def invite_colleague(token: str) -> Page:
    """A colleague gets a link of their own by mail."""
    sent, now = read_contact(request.form), clock.now()
    if sent.errors:
        return show_colleagues(token, sent, 422)
    try:
        with transaction() as session:
            own = open_own(session, token)
            actions.invite(
                session, own.application, own.member, name=sent.values["name"], email=sent.values["email"], now=now
            )
    except TooMany:
        raise TooManyRequests from None
    flash(_("%(name)s writes with you from now on, by a link in a mail.", name=sent.values["name"]), "success")
    return redirect(url_for(".colleagues", token=token), 303)


@blueprint.post("/applications/<token>/colleagues/<uuid:public_id>/end")
@access(Access.TOKEN)
def end_colleague(token: str, public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            own = open_own(session, token)
            other = queries.find_member(session, own.application.id, public_id) or abort(404)
            actions.end_member(session, own.application, other, by=own.member, now=clock.now())
        flash(_("%(name)s writes no more. Their link opens nothing.", name=other.name), "success")
    except CannotBeDone:
        flash(_("Somebody has to write it: ask a colleague first."), "warning")
    return redirect(url_for(".colleagues", token=token), 303)
