"""Given for tests of bookings: two organisers, a venue with two rooms, and events that want them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events import actions
from eventsys.events.models import Event, EventSession, RoomBooking, Run
from eventsys.events.rules import Precision, RunFacts
from eventsys.extensions import db, transaction
from eventsys.organisers.actions import add as add_organiser
from eventsys.venues.actions import add, add_room
from eventsys.venues.rules import RoomFacts
from tests.events import given

DAY = date(2008, 11, 27)
Times = tuple[int | None, str, datetime, datetime]


@dataclass(frozen=True)
class Hotel:
    secretariat: int
    unio: int
    venue: int
    hall: int
    parlour: int


def hotel(session: Session) -> Hotel:
    """Oslo Plaza with a hall and a parlour."""
    secretariat = add_organiser(session, slug="sekretariatet", name="Sekretariatet", email="post@sekretariat.example")
    unio = add_organiser(session, slug="unio", name="Unio", email="post@unio.example")
    venue = add(session, name="Oslo Plaza", now=given.NOW)
    hall, parlour = (add_room(session, venue, RoomFacts(name)) for name in ("Storsalen", "Salongen"))
    return Hotel(secretariat.id, unio.id, venue.id, hall.id, parlour.id)


def exact(hotel: Hotel, room_id: int | None, begins: int, ends: int, *, on: date = DAY) -> RunFacts:
    """A run on one day, from one full hour to another."""
    return RunFacts(Precision.EXACT, on, on, time(begins), time(ends), venue_id=hotel.venue, room_id=room_id)


def arrange(hotel: Hotel, organiser_id: int, title: str, *runs: RunFacts, published: bool = True) -> Event:
    with transaction() as session:
        return given.event(session, organiser_id, *runs, title=title, published=published)


def move(run: Run, facts: RunFacts) -> None:
    with transaction() as session:
        run = session.get_one(Run, run.id)
        actions.change_run(session, run, facts=facts, base_url=given.BASE, now=given.NOW)


def add_session(session: Session, run: Run, title: str, begins: int, ends: int, room_id: int | None) -> EventSession:
    row = EventSession(
        organiser_id=run.organiser_id, event_id=run.event_id, run_id=run.id, title={"nb": title}, room_id=room_id,
        starts_local=datetime(DAY.year, DAY.month, DAY.day, begins),
        ends_local=datetime(DAY.year, DAY.month, DAY.day, ends),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def list_booked() -> list[tuple[int, int, int]]:
    """Every booking as (room, hour it begins, hour it ends) in UTC, in order of time."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(RoomBooking).order_by(RoomBooking.starts_at, RoomBooking.room_id))
    return [(row.room_id, row.starts_at.hour, row.ends_at.hour) for row in rows]


def utc(hour: int) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, tzinfo=UTC)
