"""Reads about helpers."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, EventHelper, Run
from eventsys.events.rules import EventStatus

MOST_CHOICES = 200


def list_helped(session: Session, account_id: int, organiser_id: int) -> frozenset[str]:
    """The slugs of the organiser's events that this account helps with."""
    statement = (
        sa.select(Event.slug)
        .join(EventHelper, EventHelper.event_id == Event.id)
        .where(EventHelper.account_id == account_id, EventHelper.organiser_id == organiser_id)
    )
    return frozenset(session.scalars(statement))


def list_events_by_helper(session: Session, organiser_id: int) -> dict[int, list[Event]]:
    """The events that each account helps with, by account."""
    statement = (
        sa.select(EventHelper.account_id, Event)
        .join(Event, EventHelper.event_id == Event.id)
        .where(EventHelper.organiser_id == organiser_id)
        .order_by(Event.id)
    )
    found: dict[int, list[Event]] = {}
    for account_id, event in session.execute(statement):
        found.setdefault(account_id, []).append(event)
    return found


def list_choices(session: Session, organiser_id: int, on: date) -> list[Event]:
    """The organiser's events that somebody can be asked to help with: not cancelled, and not over on that day."""
    ahead = sa.or_(Run.last_on.is_(None), Run.last_on >= on)
    statement = (
        sa.select(Event)
        .where(
            Event.organiser_id == organiser_id,
            Event.status != EventStatus.CANCELLED,
            sa.exists().where(Run.event_id == Event.id, ahead),
        )
        .order_by(Event.id)
        .limit(MOST_CHOICES)
    )
    return list(session.scalars(statement))
