"""The calendar of a room: when it is taken, with one's own titles, behind an address that is a secret."""

from __future__ import annotations

import pytest
from flask import Flask
from icalendar import Calendar
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.calendars.rooms.links import feed_token, join
from eventsys.extensions import db, transaction
from eventsys.tokens import Purpose, capability
from eventsys.venues.actions import keep_to, renew_feed
from eventsys.venues.models import Room, Venue
from tests.events import given
from tests.events.rooms import Hotel, add_session, arrange, exact, hotel, move
from tests.guards.visits import visitor


@pytest.fixture
def plaza(app: Flask) -> Hotel:
    with transaction() as session:
        clock.set_to(session, given.NOW)
        return hotel(session)


def token(plaza: Hotel, organiser_id: int) -> str:
    db.session.rollback()
    return feed_token(db.session.get_one(Room, plaza.hall), organiser_id)


def fetch(app: Flask, token: str, **headers: str) -> TestResponse:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor(app).get(f"/calendars/rooms/{token}.ics?lang=nb", headers=fields)


def entries(answer: TestResponse) -> list[tuple[str, str, str]]:
    calendar = Calendar.from_ical(answer.get_data())
    return [
        (str(event["SUMMARY"]), event["DTSTART"].dt.strftime("%H:%M"), event["DTEND"].dt.strftime("%H:%M"))
        for event in calendar.walk("VEVENT")
    ]


def test_own_events_stand_by_name_and_those_of_others_as_taken(app: Flask, plaza: Hotel) -> None:
    arrange(plaza, plaza.secretariat, "Kvalitetskonferanse", exact(plaza, plaza.hall, 10, 15))
    arrange(plaza, plaza.unio, "Unios konferanse", exact(plaza, plaza.hall, 16, 18), published=False)
    arrange(plaza, plaza.unio, "Et annet rom", exact(plaza, plaza.parlour, 16, 18))
    assert entries(fetch(app, token(plaza, plaza.secretariat))) == [
        ("Kvalitetskonferanse", "10:00", "15:00"), ("Opptatt", "16:00", "18:00"),
    ]  # fmt: skip
    assert entries(fetch(app, token(plaza, plaza.unio))) == [
        ("Opptatt", "10:00", "15:00"), ("Unios konferanse", "16:00", "18:00"),
    ]  # fmt: skip


def test_a_session_stands_by_its_own_name(app: Flask, plaza: Hotel) -> None:
    with transaction() as session:
        run = given.event(session, plaza.secretariat, exact(plaza, None, 10, 15), title="Konferanse").runs[0]
        add_session(session, run, "Verksted", 11, 12, plaza.hall)
    move(run, exact(plaza, plaza.parlour, 10, 15))
    assert entries(fetch(app, token(plaza, plaza.secretariat))) == [("Verksted", "11:00", "12:00")]


def test_an_entry_keeps_its_id_when_it_moves_and_a_client_that_has_it_gets_304(app: Flask, plaza: Hotel) -> None:
    event = arrange(plaza, plaza.secretariat, "Konferanse", exact(plaza, plaza.hall, 10, 15))
    run, address = event.runs[0], token(plaza, plaza.secretariat)
    first = fetch(app, address)
    again = fetch(app, address, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.get_data(), again.headers["Cache-Control"]) == (304, b"", "private, max-age=300")
    move(run, exact(plaza, plaza.hall, 12, 17))
    moved = fetch(app, address, If_None_Match=first.headers["ETag"])
    assert (moved.status_code, entries(moved)) == (200, [("Konferanse", "12:00", "17:00")])
    ids = [
        [str(one["UID"]) for one in Calendar.from_ical(answer.get_data()).walk("VEVENT")] for answer in (first, moved)
    ]
    assert ids[0] == ids[1]


def test_the_feed_says_nothing_of_its_own_address(app: Flask, plaza: Hotel) -> None:
    address = token(plaza, plaza.secretariat)
    body = fetch(app, address).get_data(as_text=True)
    assert ("SOURCE" in body, address[:20] in body, "BEGIN:VTIMEZONE" in body) == (False, False, True)


def test_a_renewed_feed_answers_410_at_the_old_address(app: Flask, plaza: Hotel) -> None:
    old = token(plaza, plaza.secretariat)
    with transaction() as session:
        renew_feed(session, session.get_one(Room, plaza.hall))
    assert [fetch(app, one).status_code for one in (old, token(plaza, plaza.secretariat))] == [410, 200]


def test_a_token_made_up_for_another_organiser_opens_nothing(app: Flask, plaza: Hotel) -> None:
    room = db.session.get_one(Room, plaza.hall)
    mine = feed_token(room, plaza.secretariat)
    wrong = [
        capability(Purpose.ROOM_FEED, room.public_id, 0),
        capability(Purpose.REGISTRATION, join(room.public_id, plaza.unio), 0),
        feed_token(room, plaza.unio)[:22] + mine[22:],
        mine[:-1],
    ]
    assert [fetch(app, one).status_code for one in wrong] == [404] * 4


def test_the_feed_of_a_place_that_another_keeps_to_itself_is_gone(app: Flask, plaza: Hotel) -> None:
    with transaction() as session:
        keep_to(session, session.get_one(Venue, plaza.venue), plaza.unio)
    assert [fetch(app, token(plaza, one)).status_code for one in (plaza.secretariat, plaza.unio)] == [404, 200]
