"""No more reminders: a page, its button, and the one-click POST of mail programs (RFC 8058). GET changes nothing."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsys import clock, tokens
from eventsys.extensions import csrf, db, transaction
from eventsys.registrations.queries import find_registration
from eventsys.tokens import Purpose
from eventsys.web import Access, access
from eventsys.workflows import suppressions
from eventsys.workflows.queries import find_message

blueprint = Blueprint("workflows", __name__)


@blueprint.get("/unsubscribe/<token>")
@access(Access.TOKEN)
def unsubscribe(token: str) -> str:
    """What the address gets now, with the button to change it."""
    address, key = _find_address(token)
    is_silent = suppressions.is_silent(db.session(), key)
    return render_template("workflows/unsubscribe.html", address=address, is_silent=is_silent, token=token)


@blueprint.post("/unsubscribe/<token>")
@access(Access.TOKEN)
def unsubscribed(token: str) -> Response | str:
    """No more reminders to the address. Done again, it is done still."""
    address, key = _find_address(token)
    with transaction() as session:
        suppressions.silence(session, key, now=clock.now())
    if request.form.get("List-Unsubscribe") == "One-Click":
        return render_template("workflows/unsubscribe.html", address=address, is_silent=True, token=token)
    return redirect(url_for("workflows.unsubscribe", token=token), 303)


@blueprint.post("/unsubscribe/<token>/regret")
@access(Access.TOKEN)
def regret(token: str) -> Response:
    """Reminders to the address again."""
    _address, key = _find_address(token)
    with transaction() as session:
        suppressions.unsilence(session, key)
    return redirect(url_for("workflows.unsubscribe", token=token), 303)


# Whoever holds the link may; a mail program that posts has no page, no cookie and no CSRF token.
for view in (unsubscribed, regret):
    csrf.exempt(view)


def _find_address(token: str) -> tuple[str, str]:
    """The address of the registration that the link was mailed about, or of the mail itself where it was about none; as
    written and as compared."""
    public_id = tokens.public_id_of(token)
    if public_id is None or not tokens.check(token, Purpose.UNSUBSCRIBE, public_id, 0):
        abort(404)
    row = find_registration(db.session(), public_id)
    owner = row.Registration if row else find_message(db.session(), public_id)
    if owner is None or not owner.email_key:
        abort(404)
    return owner.email, owner.email_key
