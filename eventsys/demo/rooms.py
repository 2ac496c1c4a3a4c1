"""The rooms of the demo's hotels, who has them, and what the contracts ask for by a day. Made up but for hotel names."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.demo.programme import SET_UP_AT
from eventsys.demo.sessions import HALL
from eventsys.events.bookings.actions import follow_run
from eventsys.events.bookings.deadlines import actions as deadlines
from eventsys.events.bookings.deadlines.rules import DeadlineFacts
from eventsys.events.models import Event, EventSession, Run
from eventsys.events.rules import DeadlineKind
from eventsys.venues import actions as venues
from eventsys.venues.models import Room, Venue
from eventsys.venues.rules import Layout, Position, RoomFacts, VenueFacts

OTHER_HALL = "Fjordsalen"
"""Where the second of two runs meets: on the day that they share, the first has the hall."""
PLACES: dict[str, tuple[str, Position, str]] = {
    "Radisson SAS Plaza Oslo": (
        "Sonja Henies plass 3, 0185 Oslo",
        (59.9122, 10.7546),
        "Trinnfritt fra plassen, heis til alle etasjer.",
    ),
    "Oslo Plaza": ("Sonja Henies plass 3, 0185 Oslo", (59.9122, 10.7546), "Teleslynge i Storsalen."),
    "Thon Hotel Oslo Airport": (
        "Balder allé 2, 2060 Gardermoen",
        (60.1731, 11.0961),
        "Gratis parkering for dem som kjører.",
    ),
}
ROOMS: dict[str, tuple[RoomFacts, ...]] = {
    "Radisson SAS Plaza Oslo": (
        RoomFacts(HALL, 220, "2. etasje", "Prosjektor og to trådløse mikrofoner", "Teleslynge",
                  {Layout.THEATRE: 220, Layout.CLASSROOM: 120}),
        RoomFacts(OTHER_HALL, 160, "3. etasje", "Prosjektor", "", {Layout.THEATRE: 160, Layout.GROUPS: 96}),
        RoomFacts("Bjørvika", 70, "3. etasje", layouts={Layout.THEATRE: 70, Layout.U_SHAPE: 28}),
        RoomFacts("Vaterland", 60, "3. etasje", layouts={Layout.THEATRE: 60}),
        RoomFacts("Akerselva", 60, "3. etasje", layouts={Layout.THEATRE: 60}),
        RoomFacts("Styrerommet", 14, "4. etasje", layouts={Layout.BOARDROOM: 14}),
    ),
    "Oslo Plaza": (
        RoomFacts("Storsalen", 500, "1. etasje", "Scene, lyd og lys", "Teleslynge",
                  {Layout.THEATRE: 500, Layout.BANQUET: 320}),
        RoomFacts("Salongen", 120, "1. etasje", layouts={Layout.THEATRE: 120, Layout.U_SHAPE: 40}),
    ),
}  # fmt: skip
DEADLINES = (
    DeadlineFacts(DeadlineKind.BEDS, date(2008, 8, 22), 7, "Rom som ikke er gitt tilbake da, må betales."),
    DeadlineFacts(DeadlineKind.MEALS, date(2008, 8, 28), 3, "Antall til lunsj og middag, og hvem som ikke tåler hva."),
)


def open_rooms(session: Session, event: Event) -> None:
    """Every hotel with what is known of it; the event's sessions get their rooms and its hotel its deadlines."""
    for venue in session.scalars(sa.select(Venue).where(Venue.name.in_(PLACES)).order_by(Venue.id)):
        address, position, access = PLACES[venue.name]
        facts = VenueFacts(venue.name, address, venue.capacity, position, access)
        venues.edit(session, venue, facts)
        for room in ROOMS.get(venue.name, ()):
            venues.add_room(session, venue, room)
    runs = session.scalars(sa.select(Run).where(Run.event_id == event.id).order_by(Run.sort_at)).all()
    for run, hall in zip(runs, (HALL, OTHER_HALL), strict=True):
        _give_rooms(session, run, hall)
    _write_down(session, event, runs[0])


def _give_rooms(session: Session, run: Run, hall: str) -> None:
    rooms = {room.name: room for room in session.scalars(sa.select(Room).where(Room.venue_id == run.venue_id))}
    for row in session.scalars(sa.select(EventSession).where(EventSession.run_id == run.id)):
        room = rooms.get(hall if row.place == HALL else row.place)
        if room is not None:
            row.room_id, row.place = room.id, ""
    follow_run(session, run, account_id=None, now=SET_UP_AT)


def _write_down(session: Session, event: Event, run: Run) -> None:
    if run.venue_id is None:
        return
    for facts in DEADLINES:
        deadlines.add(
            session, organiser_id=event.organiser_id, venue_id=run.venue_id, event_id=event.id, facts=facts,
            account_id=None, now=SET_UP_AT,
        )  # fmt: skip
