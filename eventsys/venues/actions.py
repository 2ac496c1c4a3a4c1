"""Verbs of the register of venues and of their rooms. The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.rules import name_key
from eventsys.venues.models import Room, RoomLayout, Venue
from eventsys.venues.rules import NameIsTaken, RoomFacts, VenueFacts, slug_of

OF_ONE = "\x1f"
"""Between name and owner in the key of a venue that one organiser keeps to itself: others never meet the name."""
LONGEST_KEY = 180


def add(
    session: Session,
    *,
    name: str,
    capacity: int | None = None,
    address: str = "",
    organiser_id: int | None = None,
    now: datetime,
) -> Venue:
    """A new venue that every organiser sees, or only `organiser_id`. Raises `NameIsTaken`."""
    return _add(session, name=name, capacity=capacity, address=address, organiser_id=organiser_id)


def find_or_add(session: Session, *, name: str, organiser_id: int | None = None) -> Venue:
    """The venue of this name, the organiser's own before the shared one; added to the shared register if there is none."""
    keys = [_key(name, owner) for owner in (organiser_id, None)]
    found = {row.name_key: row for row in session.scalars(sa.select(Venue).where(Venue.name_key.in_(keys)))}
    known = found.get(keys[0]) or found.get(keys[1])
    return known or _add(session, name=name, capacity=None, address="", organiser_id=None)


def edit(session: Session, venue: Venue, facts: VenueFacts) -> None:
    """Makes the venue what is said; its slug stays as it is. Raises `NameIsTaken`."""
    key = _key(facts.name, venue.organiser_id)
    if key != venue.name_key:
        _refuse_taken(session, key)
    venue.name, venue.name_key = " ".join(facts.name.split()), key
    venue.address, venue.capacity = facts.address.strip(), facts.capacity
    venue.latitude, venue.longitude = facts.position or (None, None)
    for name in ("access", "equipment", "notes", "contact_name", "contact_email", "contact_phone"):
        setattr(venue, name, getattr(facts, name))
    venue.edition += 1
    session.flush()


def keep_to(session: Session, venue: Venue, organiser_id: int | None) -> None:
    """Keeps the venue to one organiser, or shares it with all (None). Raises `NameIsTaken`."""
    if venue.organiser_id == organiser_id:
        return
    key = _key(venue.name, organiser_id)
    _refuse_taken(session, key)
    venue.organiser_id, venue.name_key = organiser_id, key
    session.flush()


def add_room(session: Session, venue: Venue, facts: RoomFacts) -> Room:
    """A new room, the last of the venue. Raises `NameIsTaken`."""
    _refuse_taken_room(session, venue.id, facts.name)
    last = sa.select(sa.func.coalesce(sa.func.max(Room.position), -1)).where(Room.venue_id == venue.id)
    room = Room(venue_id=venue.id, position=(session.scalar(last) or 0) + 1)
    room.layouts = []
    _describe(room, facts)
    session.add(room)
    session.flush()
    return room


def edit_room(session: Session, room: Room, facts: RoomFacts) -> None:
    """Makes the room, whose layouts are loaded, what is said. Raises `NameIsTaken`."""
    if name_key(facts.name) != room.name_key:
        _refuse_taken_room(session, room.venue_id, facts.name)
    _describe(room, facts)
    session.flush()


def move_room(session: Session, rooms: Sequence[Room], room: Room, *, by: int) -> None:
    """Puts the room `by` places further down (up if negative) among all `rooms` of its venue."""
    order = [one for one in rooms if one.id != room.id]
    order.insert(max(0, [one.id for one in rooms].index(room.id) + by), room)
    for position, one in enumerate(order):
        one.position = position
    session.flush()


def remove_room(session: Session, room: Room) -> None:
    """Takes away a room that nothing uses; the database refuses it otherwise."""
    session.delete(room)
    session.flush()


def renew_feed(session: Session, room: Room) -> None:
    """The addresses of the room's feed that were given out open nothing from now on."""
    room.link_version += 1
    session.flush()


def _describe(room: Room, facts: RoomFacts) -> None:
    room.name, room.name_key = " ".join(facts.name.split()), name_key(facts.name)
    room.capacity, room.floor = facts.capacity, facts.floor
    room.equipment, room.access = facts.equipment, facts.access
    kept = {row.layout: row for row in room.layouts if row.layout in facts.layouts}
    for layout, capacity in facts.layouts.items():
        kept.setdefault(layout, RoomLayout(layout=layout)).capacity = capacity
    room.layouts = list(kept.values())


def _add(session: Session, *, name: str, capacity: int | None, address: str, organiser_id: int | None) -> Venue:
    key = _key(name, organiser_id)
    _refuse_taken(session, key)
    venue = Venue(
        name=" ".join(name.split()),
        name_key=key,
        slug=_free_slug(session, slug_of(name)),
        address=address.strip(),
        capacity=capacity,
        organiser_id=organiser_id,
    )
    session.add(venue)
    session.flush()
    return venue


def _key(name: str, organiser_id: int | None) -> str:
    key = name_key(name)
    return key if organiser_id is None else f"{key[:LONGEST_KEY]}{OF_ONE}{organiser_id}"


def _refuse_taken(session: Session, key: str) -> None:
    if session.scalar(sa.select(Venue.id).where(Venue.name_key == key)):
        raise NameIsTaken(key)


def _refuse_taken_room(session: Session, venue_id: int, name: str) -> None:
    if session.scalar(sa.select(Room.id).where(Room.venue_id == venue_id, Room.name_key == name_key(name))):
        raise NameIsTaken(name)


def _free_slug(session: Session, slug: str) -> str:
    taken = set(session.scalars(sa.select(Venue.slug).where(Venue.slug.like(f"{slug}%"))))
    number = 1
    while (candidate := slug if number == 1 else f"{slug}-{number}") in taken:
        number += 1
    return candidate
