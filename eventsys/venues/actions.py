"""Verbs of the register of venues. The caller owns the transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.rules import name_key
from eventsys.venues.models import Venue
from eventsys.venues.rules import NameIsTaken, slug_of


def add(session: Session, *, name: str, capacity: int | None = None, address: str = "", now: datetime) -> Venue:
    """A new venue that every organiser sees. Raises `NameIsTaken`."""
    return _add(session, name=name, capacity=capacity, address=address)


def find_or_add(session: Session, *, name: str) -> Venue:
    """The venue of this name, added to the shared register if it is not there."""
    found = session.scalar(sa.select(Venue).where(Venue.name_key == name_key(name)))
    return found or _add(session, name=name, capacity=None, address="")


def edit(session: Session, venue: Venue, *, name: str, address: str, capacity: int | None) -> None:
    """Corrects a venue; its slug stays as it is. Raises `NameIsTaken`."""
    if name_key(name) != venue.name_key:
        _refuse_taken(session, name)
    venue.name, venue.name_key = " ".join(name.split()), name_key(name)
    venue.address, venue.capacity = address.strip(), capacity
    session.flush()


def _add(session: Session, *, name: str, capacity: int | None, address: str) -> Venue:
    _refuse_taken(session, name)
    venue = Venue(
        name=" ".join(name.split()),
        name_key=name_key(name),
        slug=_free_slug(session, slug_of(name)),
        address=address.strip(),
        capacity=capacity,
    )
    session.add(venue)
    session.flush()
    return venue


def _refuse_taken(session: Session, name: str) -> None:
    if session.scalar(sa.select(Venue.id).where(Venue.name_key == name_key(name))):
        raise NameIsTaken(name)


def _free_slug(session: Session, slug: str) -> str:
    taken = set(session.scalars(sa.select(Venue.slug).where(Venue.slug.like(f"{slug}%"))))
    number = 1
    while (candidate := slug if number == 1 else f"{slug}-{number}") in taken:
        number += 1
    return candidate
