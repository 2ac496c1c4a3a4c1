"""Saying who advises a network. The caller owns the transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eventsys.programmes.models import Network


def set_adviser(session: Session, network: Network, organiser_id: int | None) -> bool:
    """The network's events belong to this organiser from now on, or, for None, to whoever begins them; what is made
    already stays whose it is. False if it was so before."""
    session.refresh(network, with_for_update=True)
    if network.organiser_id == organiser_id:
        return False
    network.organiser_id = organiser_id
    session.flush()
    return True
