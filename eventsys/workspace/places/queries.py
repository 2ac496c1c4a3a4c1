"""Reads for the pages of places: who else uses one, and who changed it last."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import ContractDeadline, Event, Run
from eventsys.events.rules import EventStatus
from eventsys.registrations.models import RoomBlock, RunNight
from eventsys.venues.models import Venue
from eventsys.workspace.editing.queries import find_last_in_log

MOST_EVENTS = 200


def is_used_by_others(session: Session, venue: Venue, organiser_id: int) -> bool:
    """Whether another organiser has ever had something at the venue."""
    uses = (
        sa.exists().where(table.venue_id == venue.id, table.organiser_id != organiser_id)
        for table in (Run, RunNight, RoomBlock, ContractDeadline)
    )
    return bool(session.scalar(sa.select(sa.or_(*uses))))


def find_last_editor(session: Session, organiser_id: int, slug: str) -> str:
    """The name of the organiser's own person who changed the venue last; empty where that was somebody else."""
    return find_last_in_log(session, organiser_id, "venue", slug)


def list_own_events(session: Session, organiser_id: int) -> list[Event]:
    """The organiser's events that are not cancelled, newest first: what a deadline may be about."""
    statement = (
        sa.select(Event)
        .where(Event.organiser_id == organiser_id, Event.status != EventStatus.CANCELLED)
        .order_by(Event.created_at.desc(), Event.id.desc())
        .limit(MOST_EVENTS)
    )
    return list(session.scalars(statement))
