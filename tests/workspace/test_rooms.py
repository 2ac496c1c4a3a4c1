"""Rooms of a place: written down, corrected, ordered, taken away; and who has which, hour by hour."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import LogEntry
from eventsys.events import actions as events
from eventsys.events.models import Run
from eventsys.events.rules import RunFacts
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import register
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from eventsys.venues.actions import add, add_room
from eventsys.venues.models import Room, RoomLayout
from eventsys.venues.rules import Layout, RoomFacts
from eventsys.workspace.places.picture import Line, Span, View, draw, make_line
from tests.accounts.people import add_account, sign_in
from tests.events.given import exact
from tests.statements import counted
from tests.world import BASE_URL, World, somebody

HALL = {"name": "Storsalen", "capacity": "420", "layout_u_shape": "30", "floor": "2. etasje"}
ROOMS = "/manage/venues/oslo-plaza/rooms"
WEEK = "/manage/rooms?on=2008-09-01&view=week"


@pytest.fixture
def plaza(adviser: FlaskClient) -> int:
    with transaction() as session:
        return add(session, name="Oslo Plaza", capacity=500, now=clock.now()).id


def room(name: str = "Storsalen") -> Room:
    db.session.rollback()
    return db.session.scalars(sa.select(Room).where(Room.name == name)).one()


def book(world: World, venue_id: int, room_id: int, *, event: str = "seminar") -> Run:
    """The event's first run, in the room on its first day from 10 to 12."""
    day = world.events[event].runs[0].first_on
    assert day is not None
    with transaction() as session:
        run = session.get_one(Run, world.run_id(event))
        facts: RunFacts = exact(day, *CLOCKS, venue_id=venue_id, room_id=room_id)
        events.change_run(session, run, facts=facts, base_url=BASE_URL, now=clock.now())
        return run


CLOCKS = (datetime(2008, 9, 1, 10).time(), datetime(2008, 9, 1, 12).time())


def test_a_room_is_written_down_and_corrected(adviser: FlaskClient, plaza: int) -> None:
    assert adviser.post(ROOMS, data=HALL).status_code == 303
    made = room()
    assert (made.capacity, made.floor, made.venue_id) == (420, "2. etasje", plaza)
    corrected = {"name": "Storsalen", "capacity": "", "layout_u_shape": "32", "layout_banquet": "200"}
    assert adviser.post(f"{ROOMS}/{made.public_id}", data=corrected).status_code == 303
    db.session.rollback()
    layouts = db.session.execute(sa.select(RoomLayout.layout, RoomLayout.capacity)).all()
    assert dict(map(tuple, layouts)) == {Layout.U_SHAPE: 32, Layout.BANQUET: 200}
    page = adviser.get("/manage/venues/oslo-plaza").get_data(as_text=True)
    assert ("Storsalen" in page, "U-shape: 32" in page, "Banquet: 200" in page) == (True, True, True)


def test_what_is_wrong_with_a_room_is_said_and_kept(adviser: FlaskClient, plaza: int) -> None:
    adviser.post(ROOMS, data=HALL)
    taken = adviser.post(ROOMS, data={**HALL, "name": "STORSALEN"})
    wrong = adviser.post(ROOMS, data={"name": "", "capacity": "x", "equipment": "Kept"})
    assert (taken.status_code, wrong.status_code) == (422, 422)
    assert "This place has a room of that name already." in taken.get_data(as_text=True)
    page = wrong.get_data(as_text=True)
    assert ('href="#name"' in page, 'href="#capacity"' in page, "Kept" in page) == (True, True, True)


def test_rooms_are_put_in_order(adviser: FlaskClient, plaza: int) -> None:
    for name in ("A", "B", "C"):
        adviser.post(ROOMS, data={"name": name})
    adviser.post(f"{ROOMS}/{room('C').public_id}/position", data={"to": "up"})
    adviser.post(f"{ROOMS}/{room('A').public_id}/position", data={"to": "down"})
    db.session.rollback()
    assert db.session.scalars(sa.select(Room.name).order_by(Room.position)).all() == ["C", "A", "B"]


def test_a_room_that_is_used_stays_and_one_that_is_not_goes(adviser: FlaskClient, plaza: int, world: World) -> None:
    for name in ("Brukt", "Ledig"):
        adviser.post(ROOMS, data={"name": name})
    book(world, plaza, room("Brukt").id)
    told = []
    for name in ("Brukt", "Ledig"):
        address = f"{ROOMS}/{room(name).public_id}/removal"
        assert adviser.get(address).status_code == 200
        assert adviser.post(address).status_code == 303
        told.append("The room is used by an event" in adviser.get("/manage/venues").get_data(as_text=True))
    db.session.rollback()
    assert (db.session.scalars(sa.select(Room.name)).all(), told) == (["Brukt"], [True, False])


def test_a_room_that_takes_more_gives_places_to_those_who_wait(adviser: FlaskClient, plaza: int, world: World) -> None:
    adviser.post(ROOMS, data={"name": "Salen", "capacity": "3"})
    run = book(world, plaza, room("Salen").id)
    with transaction() as session:
        session.execute(sa.update(Run).where(Run.id == run.id).values(capacity=None))
    for number in range(1, 6):
        with transaction() as session:
            register(session, somebody(world, number), now=clock.now())
    address = f"{ROOMS}/{room('Salen').public_id}"
    smaller = adviser.post(address, data={"name": "Salen", "capacity": "2"})
    assert (smaller.status_code, "3 people have a place already" in smaller.get_data(as_text=True)) == (422, True)
    assert adviser.post(address, data={"name": "Salen", "capacity": "4"}).status_code == 303
    db.session.rollback()
    states = db.session.scalars(sa.select(Registration.state).order_by(Registration.id)).all()
    assert states == [State.CONFIRMED] * 4 + [State.WAITING]


def test_each_change_of_a_room_is_in_the_log(adviser: FlaskClient, plaza: int) -> None:
    adviser.post(ROOMS, data=HALL)
    address = f"{ROOMS}/{room().public_id}"
    adviser.post(address, data={**HALL, "capacity": "400"})
    adviser.post(address, data={**HALL, "capacity": "400"})
    adviser.post(f"{address}/feed")
    adviser.post(f"{address}/removal")
    db.session.rollback()
    rows = db.session.execute(sa.select(LogEntry.verb, LogEntry.name, LogEntry.facts).order_by(LogEntry.id)).all()
    assert [(verb.value, name) for verb, name, _facts in rows] == [
        ("added", "Storsalen"), ("changed", "Storsalen"), ("changed", "Storsalen"), ("removed", "Storsalen"),
    ]  # fmt: skip
    assert [facts for _verb, _name, facts in rows][1:3] == [
        {"capacity": {"from": "420", "to": "400"}}, {"feed": {"from": 0, "to": 1}},
    ]  # fmt: skip


def test_the_week_shows_who_has_which_room(adviser: FlaskClient, plaza: int, world: World) -> None:
    for name in ("Storsalen", "Salongen"):
        adviser.post(ROOMS, data={"name": name})
    book(world, plaza, room().id)
    page = adviser.get(WEEK).get_data(as_text=True)
    assert 'aria-label="Læringsseminar 2, 1 September 2008 10:00–12:00, Sekretariatet"' in page
    assert [words in page for words in ("1–7 September 2008", "Salongen", "The same as a list")] == [True, True, True]
    assert "Læringsseminar 2" not in adviser.get("/manage/rooms?on=2008-09-08").get_data(as_text=True)
    day = adviser.get("/manage/rooms?on=2008-09-01&view=day").get_data(as_text=True)
    assert ("Monday 1 September 2008" in day, "Læringsseminar 2" in day) == (True, True)


def test_another_organiser_sees_that_a_room_is_taken_and_the_shared_day(
    client: FlaskClient, world: World, app: Flask
) -> None:
    sign_in(client, add_account("adviser@unio.example", world.unio))
    with transaction() as session:
        venue = add(session, name="Oslo Plaza", now=clock.now())
        rooms = [add_room(session, venue, RoomFacts(name)) for name in ("A", "B")]
        session.execute(sa.update(Run).where(Run.id == world.run_id("unio")).values(venue_id=venue.id))
    day = date(2008, 11, 27)
    with transaction() as session:
        facts: RunFacts = exact(day, *CLOCKS, venue_id=venue.id, room_id=rooms[0].id)
        run = session.get_one(Run, world.run_id("conference"))
        events.change_run(session, run, facts=facts, base_url=BASE_URL, now=clock.now())
    page = client.get("/manage/rooms?on=2008-11-27").get_data(as_text=True)
    note = "Sekretariatet is at Oslo Plaza 27 November 2008 too, with «Kvalitetskonferanse»"
    assert (note in page, 'href="/events/kvalitetskonferanse' in page) == (True, True)
    assert note in client.get("/manage/venues/oslo-plaza").get_data(as_text=True)


def test_a_day_that_does_not_exist_is_said_and_the_page_stays(adviser: FlaskClient, plaza: int) -> None:
    answer = adviser.get("/manage/rooms?on=31.02.2008")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Write a day that exists" in page, 'value="31.02.2008"' in page) == (200, True, True)


def test_without_rooms_the_page_says_what_to_do_first(adviser: FlaskClient) -> None:
    assert "Choose a place and write down its rooms." in adviser.get("/manage/rooms").get_data(as_text=True)


def test_fifty_rooms_take_as_many_statements_as_one(adviser: FlaskClient, plaza: int, world: World) -> None:
    pages = (WEEK, "/manage/venues/oslo-plaza", "/manage/venues")

    def count() -> list[int]:
        sizes = []
        for page in pages:
            with counted(db.engine) as sent:
                assert adviser.get(page).status_code == 200
            sizes.append(len(sent))
        return sizes

    adviser.post(ROOMS, data={"name": "Rom 0", "layout_theatre": "10"})
    book(world, plaza, room("Rom 0").id)
    one = count()
    with transaction() as session:
        venue = room("Rom 0").venue_id
        for number in range(1, 50):
            session.add(Room(venue_id=venue, name=f"Rom {number}", name_key=f"rom {number}", position=number))
            add(session, name=f"Sted {number}", now=clock.now())
    assert count() == one


def test_a_bar_stands_where_its_hours_are() -> None:
    line = Line(date(2008, 9, 1), 1, 8, 18)
    times = datetime(2008, 9, 1, 10), datetime(2008, 9, 1, 13)
    assert draw(line, *times) == Span(20, 30)
    assert draw(line, datetime(2008, 8, 31, 10), datetime(2008, 9, 2, 10)) == Span(0, 100)
    assert draw(line, datetime(2008, 9, 1, 17, 59), datetime(2008, 9, 1, 18)) == Span(99.4, 0.6)
    assert line.list_marks() == [(0, 8), (20, 10), (40, 12), (60, 14), (80, 16)]


def test_the_line_is_as_long_as_what_is_on_it() -> None:
    on = date(2008, 9, 3)
    late = [(datetime(2008, 9, 3, 6, 30), datetime(2008, 9, 3, 22, 30))]
    assert make_line(View.DAY, on, []) == Line(on, 1, 7, 21)
    assert make_line(View.DAY, on, late) == Line(on, 1, 6, 23)
    assert make_line(View.WEEK, on, []) == Line(date(2008, 9, 1), 7, 7, 21)
    assert [day.day for _x, day in make_line(View.WEEK, on, []).list_days()] == [1, 2, 3, 4, 5, 6, 7]
