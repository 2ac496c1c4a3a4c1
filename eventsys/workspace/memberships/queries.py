"""Reads for the pages of networks that join them with events."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eventsys.events.models import Event, EventClause, Run
from eventsys.events.queries import is_public
from eventsys.events.rules import ClauseKind
from eventsys.programmes.models import Network

MOST_SHOWN = 50


def list_gatherings(session: Session, network: Network, organiser_id: int) -> list[Event]:
    """Events for the network alone, or for every network of the programme, the newest first: the organiser's own, and of
    others those that everybody sees."""
    alone = sa.and_(EventClause.kind == ClauseKind.NETWORK, EventClause.network_id == network.id)
    every = sa.and_(EventClause.kind == ClauseKind.ANY_NETWORK, EventClause.programme_id == network.programme_id)
    meant = sa.select(EventClause.event_id).where(sa.or_(alone, every))
    newest = sa.select(sa.func.max(Run.sort_at)).where(Run.event_id == Event.id).scalar_subquery()
    statement = (
        sa.select(Event)
        .where(Event.id.in_(meant), sa.or_(Event.organiser_id == organiser_id, is_public()))
        .options(joinedload(Event.runs))
        .order_by(newest.desc(), Event.id.desc())
        .limit(MOST_SHOWN)
    )
    return list(session.scalars(statement).unique())
