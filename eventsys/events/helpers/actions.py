"""Decides which events somebody helps with."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import EventHelper


def set_helped(session: Session, account_id: int, organiser_id: int, event_ids: Collection[int]) -> None:
    """The account helps with these events of the organiser's from now on, and with no others of its."""
    session.execute(
        sa.delete(EventHelper).where(EventHelper.account_id == account_id, EventHelper.organiser_id == organiser_id)
    )
    for event_id in sorted(event_ids):
        session.add(EventHelper(account_id=account_id, event_id=event_id, organiser_id=organiser_id))
    session.flush()


def add_helped(session: Session, account_id: int, organiser_id: int, event_id: int) -> None:
    """The account helps with this event too."""
    session.merge(EventHelper(account_id=account_id, event_id=event_id, organiser_id=organiser_id))
    session.flush()
