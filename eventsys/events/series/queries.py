"""Reads about series: an organiser's own, and the events in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from eventsys.events.models import Event, Run, Series

MOST_LOOSE = 100


class SeriesLine(NamedTuple):
    """A series with how many events it has, and the highest number among them."""

    series: Series
    events: int
    ordinal: int | None


def list_series(session: Session, organiser_id: int) -> list[SeriesLine]:
    """The organiser's series, newest first, in one statement."""
    statement = (
        sa.select(Series, sa.func.count(Event.id), sa.func.max(Event.ordinal))
        .outerjoin(Event, Event.series_id == Series.id)
        .where(Series.organiser_id == organiser_id)
        .group_by(Series.id)
        .order_by(Series.id.desc())
    )
    return [SeriesLine(*row) for row in session.execute(statement)]


def find_series(session: Session, slug: str, *, organiser_id: int) -> Series | None:
    return session.scalar(sa.select(Series).filter_by(slug=slug, organiser_id=organiser_id))


def list_slugs_like(session: Session, slug: str) -> set[str]:
    near = sa.or_(Series.slug == slug, Series.slug.startswith(f"{slug}-", autoescape=True))
    return set(session.scalars(sa.select(Series.slug).where(near)))


def list_events(session: Session, organiser_id: int, *, series_id: int) -> list[Event]:
    """The events of a series with runs, venues, rooms and clauses, in the order of their numbers and days."""
    return _list(session, Event.organiser_id == organiser_id, Event.series_id == series_id)


def list_by_slug(session: Session, organiser_id: int, slugs: Sequence[str]) -> list[Event]:
    """These events of the organiser's, loaded as `list_events` does."""
    return _list(session, Event.organiser_id == organiser_id, Event.slug.in_(slugs))


def list_loose(session: Session, organiser_id: int) -> list[Event]:
    """The organiser's newest events that are in no series, loaded as `list_events` does."""
    newest = sa.select(Event.id).where(Event.organiser_id == organiser_id, Event.series_id.is_(None))
    return _list(session, Event.id.in_(newest.order_by(Event.id.desc()).limit(MOST_LOOSE)))


def _list(session: Session, *conditions: sa.ColumnElement[bool]) -> list[Event]:
    first = sa.select(sa.func.min(Run.sort_at)).where(Run.event_id == Event.id).scalar_subquery()
    statement = (
        sa.select(Event)
        .where(*conditions)
        .options(
            selectinload(Event.runs).options(joinedload(Run.venue), joinedload(Run.room)),
            selectinload(Event.clauses),
        )
        .order_by(sa.func.coalesce(Event.ordinal, 9999), first, Event.id)
    )
    return list(session.scalars(statement))
