"""Who is at a form: a browser session and the forms that it has open, the day, the event that an address names."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, session

from eventsys.events.models import Event
from eventsys.events.queries import find_public_event
from eventsys.extensions import db
from eventsys.registrations import links


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


def link_token(registration: Any) -> str:
    """Where who has just typed a form goes: one's own page, without what only the address's owner may know."""
    return links.receipt_token(registration)
