"""What the pages of registrations share: the blueprint, and finding what a link opens or nothing."""

from __future__ import annotations

from flask import Blueprint, abort

from eventsys.extensions import AnyRow, db
from eventsys.registrations import links, queries
from eventsys.registrations.own.queries import has_closed_receipts
from eventsys.registrations.signup.visit import find_event, link_token, next_nonce, nonce, visitor
from eventsys.tokens import LinkIsRevoked, public_id_of

__all__ = ["blueprint", "find_by_token", "find_event", "link_token", "next_nonce", "nonce", "visitor"]

blueprint = Blueprint("registrations", __name__)


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
