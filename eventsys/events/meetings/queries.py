"""Reads of meetings: a group's, with how far agenda and minutes have come, and what stands on one meeting's agenda."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from eventsys.events.models import Event, EventClause, MeetingItem, MeetingMinutes, Run, Series
from eventsys.events.rules import MinutesState


class Meeting(NamedTuple):
    """A meeting with its runs and their venues, how many items there are, and how far its minutes have come."""

    event: Event
    items: int
    minutes: MinutesState | None


def list_meetings(session: Session, group_id: int, *conditions: sa.ColumnElement[bool]) -> list[Meeting]:
    """What is for the group, in order of time, in one statement."""
    return [Meeting(*row) for row in session.execute(_meetings(group_id).where(*conditions)).unique()]


def find_meeting(session: Session, group_id: int, slug: str, *conditions: sa.ColumnElement[bool]) -> Meeting | None:
    if "\0" in slug:
        return None
    found = list_meetings(session, group_id, Event.slug == slug, *conditions)
    return found[0] if found else None


def _meetings(group_id: int) -> sa.Select[*tuple[Any, ...]]:
    items = sa.select(sa.func.count()).where(MeetingItem.event_id == Event.id).correlate(Event).scalar_subquery()
    meant = sa.exists().where(EventClause.event_id == Event.id, EventClause.group_id == group_id).correlate(Event)
    return (
        sa.select(Event, items, MeetingMinutes.state)
        .join(Event.runs)
        .outerjoin(MeetingMinutes, MeetingMinutes.event_id == Event.id)
        .options(contains_eager(Event.runs).options(joinedload(Run.venue), joinedload(Run.room)))
        .where(meant)
        .order_by(Run.sort_at, Run.id)
    )


def find_group_series(session: Session, group_id: int) -> Series | None:
    """The series that the group's meetings stand in: the newest of its own."""
    statement = sa.select(Series).where(Series.group_id == group_id).order_by(Series.id.desc()).limit(1)
    return session.scalars(statement).first()


def find_highest_ordinal(session: Session, series_id: int) -> int:
    return session.scalar(sa.select(sa.func.max(Event.ordinal)).where(Event.series_id == series_id)) or 0


def list_items(session: Session, event_id: int) -> list[MeetingItem]:
    """The agenda, in order."""
    statement = sa.select(MeetingItem).where(MeetingItem.event_id == event_id)
    return list(session.scalars(statement.order_by(MeetingItem.position, MeetingItem.id)))


def find_item(session: Session, event_id: int, public_id: uuid.UUID) -> MeetingItem | None:
    return session.scalar(
        sa.select(MeetingItem).where(MeetingItem.event_id == event_id, MeetingItem.public_id == public_id)
    )


def find_minutes(session: Session, event_id: int) -> MeetingMinutes | None:
    return session.get(MeetingMinutes, event_id, populate_existing=True)


def list_group_ids(session: Session, event_id: int) -> list[int]:
    """The groups that the event is for."""
    statement = sa.select(EventClause.group_id).where(
        EventClause.event_id == event_id, EventClause.group_id.is_not(None)
    )
    return [group_id for group_id in session.scalars(statement) if group_id is not None]
