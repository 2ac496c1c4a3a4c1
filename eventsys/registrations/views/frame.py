"""What the pages of registrations share: the blueprint, links, and finding what a link opens or nothing."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from flask import Blueprint, abort, session

from eventsys import clock, dates
from eventsys.events.models import Event
from eventsys.events.queries import find_public_event
from eventsys.extensions import AnyRow, db
from eventsys.registrations import links, queries
from eventsys.registrations.own.queries import has_closed_receipts
from eventsys.tokens import LinkIsRevoked, public_id_of

blueprint = Blueprint("registrations", __name__)


def find_event(slug: str) -> Event:
    return find_public_event(db.session(), slug) or abort(404)


def visitor() -> str:
    """A name for this browser session, known to nobody else: ties a form to who opened it."""
    if "visitor" not in session:
        session["visitor"] = secrets.token_urlsafe(18)
    return str(session["visitor"])


def nonce() -> str:
    """What the forms of this browser session carry until one is sent: two tabs with one form are one form."""
    if "nonce" not in session:
        session["nonce"] = secrets.token_urlsafe(18)
    return str(session["nonce"])


def next_nonce() -> str:
    """After a form was sent the next one is another."""
    session.pop("nonce", None)
    return nonce()


def today(timezone: str = "Europe/Oslo") -> date:
    return dates.to_local(clock.now(), timezone).date()


def link_token(registration: Any) -> str:
    """Where who has just typed a form goes: one's own page, without what only the address's owner may know."""
    return links.receipt_token(registration)


def find_by_token(token: str) -> AnyRow:
    """The registration that the link opens. 404 for a link that never was, 410 for one that was replaced, and for the page
    of who typed the form once the person has filled something in by the mailed link."""
    public_id = public_id_of(token) or abort(404)
    row = queries.find_registration(db.session(), public_id)
    if row is None or not links.check_registration(token, row.Registration):
        abort(404)
    is_receipt = not links.was_mailed(token, row.Registration)
    if is_receipt and row.was_changed and has_closed_receipts(db.session(), row.Registration):
        raise LinkIsRevoked
    return row
