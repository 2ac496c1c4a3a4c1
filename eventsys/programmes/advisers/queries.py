"""Reads about networks and who advises them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.programmes.models import Network, Programme


def list_of_own(session: Session, organiser_id: int) -> dict[int, list[Network]]:
    """The networks of the organiser's own programmes, by programme, in order of their names."""
    statement = (
        sa.select(Network)
        .join(Programme, Programme.id == Network.programme_id)
        .where(Programme.organiser_id == organiser_id)
        .order_by(Network.name, Network.id)
    )
    found: dict[int, list[Network]] = {}
    for network in session.scalars(statement):
        found.setdefault(network.programme_id, []).append(network)
    return found
