"""No more reminders, or no more invitations: a page, its button, and the one-click POST of mail programs (RFC 8058); and
the files that mails link to. GET changes nothing."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsys import clock, tokens
from eventsys.events.materials.answers import send_stored
from eventsys.extensions import csrf, db, transaction
from eventsys.registrations.queries import find_registration
from eventsys.tokens import Purpose
from eventsys.web import Access, access
from eventsys.workflows import suppressions
from eventsys.workflows.enclosures import find_file
from eventsys.workflows.queries import find_invitation, find_message
from eventsys.workflows.rules import INVITATIONS, REMINDERS

blueprint = Blueprint("workflows", __name__)


class Reader(NamedTuple):
    """An address as written and as compared, and what it can be without."""

    email: str
    email_key: str
    category: str


@blueprint.get("/unsubscribe/<token>")
@access(Access.TOKEN)
def unsubscribe(token: str) -> str:
    """What the address gets now, with the button to change it."""
    reader = _find_reader(token)
    return show(reader, token, suppressions.is_silent(db.session(), reader.email_key, reader.category))


@blueprint.post("/unsubscribe/<token>")
@access(Access.TOKEN)
def unsubscribed(token: str) -> Response | str:
    """No more of it to the address. Done again, it is done still."""
    reader = _find_reader(token)
    with transaction() as session:
        suppressions.silence(session, reader.email_key, reader.category, now=clock.now())
    if request.form.get("List-Unsubscribe") == "One-Click":
        return show(reader, token, is_silent=True)
    return redirect(url_for("workflows.unsubscribe", token=token), 303)


@blueprint.post("/unsubscribe/<token>/regret")
@access(Access.TOKEN)
def regret(token: str) -> Response:
    """Mail of that kind to the address again."""
    reader = _find_reader(token)
    with transaction() as session:
        suppressions.unsilence(session, reader.email_key, reader.category)
    return redirect(url_for("workflows.unsubscribe", token=token), 303)


@blueprint.get("/mail/files/<uuid:public_id>")
@access(Access.TOKEN)
def mail_file(public_id: uuid.UUID) -> Response:
    """A file of a mail that has a link to it; nobody can guess its address."""
    return send_stored(find_file(db.session(), public_id) or abort(404))


# Whoever holds the link may; a mail program that posts has no page, no cookie and no CSRF token.
for view in (unsubscribed, regret):
    csrf.exempt(view)


def show(reader: Reader, token: str, is_silent: bool) -> str:
    return render_template(
        "workflows/unsubscribe.html",
        address=reader.email,
        of_invitations=reader.category == INVITATIONS,
        is_silent=is_silent,
        token=token,
    )


def _find_reader(token: str) -> Reader:
    """The address of the registration or invitation that the link was mailed about, or of the mail itself where it was
    about neither; from an invitation's link nothing but invitations is stopped."""
    public_id = tokens.public_id_of(token)
    if public_id is None or not tokens.check(token, Purpose.UNSUBSCRIBE, public_id, 0):
        abort(404)
    session, category = db.session(), REMINDERS
    row = find_registration(session, public_id)
    owner: Any = row.Registration if row else find_message(session, public_id)
    if owner is None:
        owner, category = find_invitation(session, public_id), INVITATIONS
    if owner is None or not owner.email_key:
        abort(404)
    return Reader(owner.email, owner.email_key, category)
