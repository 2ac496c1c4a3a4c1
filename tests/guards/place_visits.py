"""A room that all organisers share and a deadline that is one's own, and the addresses of both."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.calendars.rooms.links import feed_token
from eventsys.events.bookings.deadlines import actions as deadlines
from eventsys.events.bookings.deadlines.rules import DeadlineFacts
from eventsys.events.models import ContractDeadline
from eventsys.events.rules import DeadlineKind
from eventsys.extensions import db
from eventsys.venues import actions as venues
from eventsys.venues.models import Room, Venue
from eventsys.venues.rules import RoomFacts
from tests.world import NOW

OF_ROOMS = (
    "edit_room", "update_room", "move_room", "renew_room_feed", "confirm_remove_room", "remove_room",
)  # fmt: skip
OF_VENUES = ("venue", "edit_venue", "update_venue", "new_room", "create_room")
OF_DEADLINES = (
    "edit_deadline", "update_deadline", "do_deadline", "confirm_remove_deadline", "remove_deadline",
)  # fmt: skip
SHARED_PLACES = {f"workspace.{name}" for name in (*OF_VENUES, *OF_ROOMS)}
"""The register of places is every organiser's."""


def add_venue(session: Session) -> None:
    """One hotel with a room."""
    hotel = venues.add(session, name="Hotellet", capacity=50, now=NOW)
    venues.add_room(session, hotel, RoomFacts("Salen", 40))


def add_place_things(session: Session, organiser_id: int, event_id: int, marker: str) -> None:
    venue = session.scalars(sa.select(Venue).where(Venue.slug == "hotellet")).one()
    facts = DeadlineFacts(DeadlineKind.BEDS, date(2008, 9, 15), 7, f"{marker}-kladd")
    deadlines.add(
        session, organiser_id=organiser_id, venue_id=venue.id, event_id=event_id, facts=facts, account_id=None, now=NOW
    )


def place_values(organiser_id: int) -> dict[str, dict[str, Any]]:
    """The arguments of the addresses about them, by endpoint."""
    room = db.session.scalars(sa.select(Room)).one()
    own = ContractDeadline.organiser_id == organiser_id
    deadline = db.session.scalars(sa.select(ContractDeadline.public_id).where(own)).one()
    return {
        **{f"workspace.{name}": {"slug": "hotellet"} for name in OF_VENUES},
        **{f"workspace.{name}": {"slug": "hotellet", "public_id": room.public_id} for name in OF_ROOMS},
        **{f"workspace.{name}": {"public_id": deadline} for name in OF_DEADLINES},
        "calendars.room": {"token": feed_token(room, organiser_id)},
    }
