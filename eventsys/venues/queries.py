"""Reads about venues: the shared register, and what an organiser has marked as its own."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.rules import name_key
from eventsys.venues.models import Venue


def list_venues(session: Session, organiser_id: int | None) -> list[Venue]:
    """The shared venues and the organiser's own, by name."""
    return list(session.scalars(sa.select(Venue).where(_seen_by(organiser_id)).order_by(Venue.name_key)))


def find_venue(session: Session, slug: str, *, organiser_id: int | None) -> Venue | None:
    return session.scalar(sa.select(Venue).where(Venue.slug == slug, _seen_by(organiser_id)))


def list_by_name(session: Session, names: Sequence[str]) -> dict[str, Venue]:
    """The venues of these names, by `rules.name_key`; a name that is not in the register is not a key."""
    keys = {name_key(name) for name in names}
    return {row.name_key: row for row in session.scalars(sa.select(Venue).where(Venue.name_key.in_(keys)))}


def _seen_by(organiser_id: int | None) -> sa.ColumnElement[bool]:
    return sa.or_(Venue.organiser_id.is_(None), Venue.organiser_id == organiser_id)
