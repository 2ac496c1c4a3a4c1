"""Reads about venues and rooms: the shared register, and what an organiser keeps to itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, selectinload

from eventsys.organisations.rules import name_key
from eventsys.venues.models import Room, Venue


def list_venues(session: Session, organiser_id: int | None) -> list[Venue]:
    """The shared venues and the organiser's own, by name."""
    return list(session.scalars(sa.select(Venue).where(_seen_by(organiser_id)).order_by(Venue.name_key)))


def find_venue(session: Session, slug: str, *, organiser_id: int | None) -> Venue | None:
    return session.scalar(sa.select(Venue).where(Venue.slug == slug, _seen_by(organiser_id)))


def lock_venue(session: Session, slug: str, *, organiser_id: int | None) -> Venue | None:
    """As `find_venue`, in the edition that it has now and keeps until the transaction ends."""
    statement = sa.select(Venue).where(Venue.slug == slug, _seen_by(organiser_id)).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def list_by_name(session: Session, names: Sequence[str]) -> dict[str, Venue]:
    """The shared venues of these names, by `rules.name_key`; a name that is not in the register is not a key."""
    keys = {name_key(name) for name in names}
    return {row.name_key: row for row in session.scalars(sa.select(Venue).where(Venue.name_key.in_(keys)))}


def list_rooms(session: Session, organiser_id: int | None, *, venue_id: int | None = None) -> list[Room]:
    """The rooms of the venues that the organiser sees, or of one of them, with venue and layouts, by venue and in its
    own order."""
    statement = _rooms(organiser_id).order_by(Venue.name_key, Room.position, Room.id)
    return list(session.scalars(statement if venue_id is None else statement.where(Room.venue_id == venue_id)))


def find_room(session: Session, public_id: uuid.UUID, *, organiser_id: int | None) -> Room | None:
    """A room of a venue that the organiser sees, with venue and layouts."""
    return session.scalar(_rooms(organiser_id).where(Room.public_id == public_id))


def count_rooms(session: Session, organiser_id: int | None) -> dict[int, int]:
    """How many rooms each venue has; one without rooms is not a key."""
    counts = sa.select(Room.venue_id, sa.func.count()).join(Room.venue).where(_seen_by(organiser_id))
    return dict(session.execute(counts.group_by(Room.venue_id)).all())


def _rooms(organiser_id: int | None) -> sa.Select[Room]:
    statement = sa.select(Room).join(Room.venue)
    return statement.options(contains_eager(Room.venue), selectinload(Room.layouts)).where(_seen_by(organiser_id))


def _seen_by(organiser_id: int | None) -> sa.ColumnElement[bool]:
    return sa.or_(Venue.organiser_id.is_(None), Venue.organiser_id == organiser_id)
