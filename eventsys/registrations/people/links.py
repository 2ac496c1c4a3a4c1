"""The link of a contact to the page of the organisation, and what keeps one's own pages open in a browser."""

from __future__ import annotations

from flask import url_for

from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions.links import position_token

COOKIE = "own_pages"
"""Where the browser's session keeps what opens them."""


def contact_path(organisation: Organisation, position: Position) -> str:
    """The contact's own page, as a path."""
    return url_for("registrations.contact_page", number=organisation.address, token=position_token(position))


def sign_up_path(slug: str, token: str, *, again: bool = False) -> str:
    """The form that signs several up, for the organisation of the link; `again` with the same people as last time."""
    return url_for("registrations.new_delegation", slug=slug, link=token, people="last" if again else None)
