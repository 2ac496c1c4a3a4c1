"""The secret link of a position: what makes it, and whether it still opens anything."""

from __future__ import annotations

from datetime import date

from eventsys.organisations.models import Position
from eventsys.organisations.rules import PositionRole
from eventsys.tokens import Purpose, capability, check


def position_token(position: Position) -> str:
    return capability(Purpose.POSITION, position.public_id, position.link_version)


def opens(token: str, position: Position, *, on: date) -> bool:
    """Whether the link lets its holder look after the organisation's seats on a day. Raises `LinkIsRevoked`."""
    is_link = check(token, Purpose.POSITION, position.public_id, position.link_version)
    is_link = is_link and position.role is PositionRole.CONTACT
    return is_link and position.confirmed_at is not None and (position.to_on is None or position.to_on > on)
