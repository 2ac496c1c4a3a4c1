"""The door: one field for names, scanners and codes; marks that can be repeated and taken back; who was not signed up."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.registrations import tickets
from eventsys.registrations.actions import cancel, register, register_delegation
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import Actor, Change, NewDelegation, NewSeat, Side, State
from tests.statements import counted
from tests.world import World, somebody

DOOR = "/manage/events/laeringsseminar-2-pulje-ii/check-in"


@pytest.fixture
def door(adviser: FlaskClient, world: World) -> FlaskClient:
    """Three with a place, one who waits, one at the other dates."""
    for number in range(1, 5):
        sign_up(world, number)
    sign_up(world, 5, run_id=world.run_id("seminar", 1))
    return adviser


def sign_up(world: World, number: int, **more: Any) -> None:
    with transaction() as session:
        register(session, somebody(world, number, **more), now=clock.now())


def one(number: int) -> Registration:
    db.session.rollback()
    return db.session.scalars(sa.select(Registration).where(Registration.name == f"Person Nummer{number}")).one()


def states() -> dict[str, State]:
    db.session.rollback()
    rows = db.session.execute(sa.select(Registration.name, Registration.state).order_by(Registration.id))
    return {row.name.removeprefix("Person Nummer"): row.state for row in rows}


def changes(number: int) -> list[Change]:
    statement = sa.select(RegistrationChange.change).where(RegistrationChange.registration_id == one(number).id)
    return list(db.session.scalars(statement.order_by(RegistrationChange.id)))


def shown(page: str) -> list[str]:
    return re.findall(r"<strong>Person Nummer(\d+)</strong>", page)


def look(client: FlaskClient, **query: str) -> str:
    return client.get(DOOR, query_string=query).get_data(as_text=True)


def enter(client: FlaskClient, typed: str) -> TestResponse:
    """What somebody types, or a scanner reads, and what the page says of it."""
    return client.post(DOOR, data={"q": typed}, follow_redirects=True)


def press(client: FlaskClient, number: int, **form: str) -> TestResponse:
    return client.post(f"{DOOR}/{one(number).public_id}", data=form, follow_redirects=True)


def told(answer: TestResponse) -> str:
    """The words of the message, as a page has them."""
    found = re.search(r'id="told" role="status">\s*<div[^>]*>\s*<p>(.*?)</p>', answer.text, re.S)
    return found[1] if found else ""


def test_the_door_shows_who_is_expected_at_the_next_dates_and_that_attendance_is_not_taken(door: FlaskClient) -> None:
    page = look(door)
    assert shown(page) == ["1", "2", "3"]
    assert "Attendance has not been taken." in page


@pytest.mark.parametrize(
    "typed, found",
    [
        ("person", ["1", "2", "3", "4"]),
        ("nummer2", ["2"]),
        ("nummer3 bo", ["3"]),
        ("NUMMER", ["1", "2", "3", "4"]),
        ("bo tele", ["1", "2", "3", "4"]),
        ("ummer1", []),
        ("%", ["1", "2", "3"]),
        ("person4@kommune", ["4"]),
    ],
)
def test_somebody_is_found_by_the_beginnings_of_words(door: FlaskClient, typed: str, found: list[str]) -> None:
    expected = ["1", "2", "3", "4"] if typed == "%" else found
    assert shown(look(door, q=typed)) == expected


def test_without_scripts_what_is_typed_and_sent_is_looked_for(door: FlaskClient) -> None:
    answer = door.post(DOOR, data={"q": "nummer2"})
    assert (answer.status_code, parse_qs(urlsplit(answer.location).query)["q"]) == (303, ["nummer2"])
    assert shown(enter(door, "nummer2").text) == ["2"]
    assert states()["2"] is State.CONFIRMED


def test_a_scanned_ticket_marks_its_owner_and_scanned_again_changes_nothing(door: FlaskClient) -> None:
    long, short = tickets.long_code(one(2)), tickets.short_code(one(2))
    first = told(enter(door, long))
    second, third = told(enter(door, long)), told(enter(door, short))
    assert first == "Person Nummer2, Bø (Telemark) has come."
    assert second == third == "Person Nummer2, Bø (Telemark) was here already: Mon 18 Aug 08:00."
    assert changes(2) == [Change.REGISTERED, Change.ATTENDED]
    assert "1 of 3 have come so far." in look(door)


def test_a_mark_is_mailed_to_nobody(door: FlaskClient) -> None:
    press(door, 1, state="attended")
    statement = sa.select(RegistrationChange.noticed_at).where(RegistrationChange.change == Change.ATTENDED)
    db.session.rollback()
    assert None not in db.session.scalars(statement).all()


def test_a_mark_is_taken_back_and_made_again(door: FlaskClient) -> None:
    said = [told(press(door, 1, state=state)) for state in ("attended", "confirmed", "confirmed", "attended")]
    assert said == [
        "Person Nummer1, Bø (Telemark) has come.",
        "Person Nummer1, Bø (Telemark) is not marked any more.",
        "Person Nummer1, Bø (Telemark) is not marked any more.",
        "Person Nummer1, Bø (Telemark) has come.",
    ]
    assert changes(1) == [Change.REGISTERED, Change.ATTENDED, Change.UNMARKED, Change.ATTENDED]


def test_a_ticket_for_other_dates_says_which(door: FlaskClient) -> None:
    said = told(enter(door, tickets.long_code(one(5))))
    assert (said, states()["5"]) == (
        "Person Nummer5, Bø (Telemark) has other dates: 2–3 September 2008.",
        State.CONFIRMED,
    )


def test_a_ticket_of_a_seat_that_was_given_away_is_refused(door: FlaskClient) -> None:
    old = tickets.long_code(one(1))
    with transaction() as session:
        session.merge(one(1)).link_version = 1
    assert told(enter(door, old)) == "That ticket has been replaced: the place was given to somebody else."
    assert states()["1"] is State.CONFIRMED


def test_a_square_that_is_no_ticket_of_the_event_marks_nobody(door: FlaskClient) -> None:
    before = states()
    assert told(enter(door, "A" * 52)) == "Nobody was found. Look for the name."
    assert states() == before


def test_who_waits_is_let_in_while_there_is_room_and_not_when_it_is_full(door: FlaskClient) -> None:
    assert "no place" in told(press(door, 4, state="attended"))
    assert "it is full" in told(press(door, 4, state="attended", let_in="1"))
    assert states()["4"] is State.WAITING
    with transaction() as session:
        session.merge(one(4)).priority = -1
        cancel(session, session.merge(one(3)), actor=Actor.ORGANISER, now=clock.now())
    assert states()["4"] is State.CONFIRMED


def test_somebody_who_left_is_let_in_again(door: FlaskClient) -> None:
    with transaction() as session:
        cancel(session, session.merge(one(5)), actor=Actor.PARTICIPANT, now=clock.now())
    assert told(press(door, 5, state="attended", let_in="1")) == "Person Nummer5, Bø (Telemark) has come."
    assert changes(5) == [Change.REGISTERED, Change.CANCELLED, Change.ATTENDED]


def test_a_seat_without_a_name_says_whose_it_is_and_can_come(door: FlaskClient, world: World) -> None:
    with transaction() as session:
        form = NewDelegation(
            run_id=world.run_id("seminar", 1), second_run_id=None, organisation_id=world.municipalities["0821"],
            name="Nora Fjellvang", email="nora@kommune.example", language="nb", form_token="delegation",
            seats=(NewSeat(side=Side.ADMINISTRATION),), when_full=None,
        )  # fmt: skip
        (seat,) = register_delegation(session, form, now=clock.now()).registrations
        public_id = seat.public_id
    page = look(door, run=str(world.events["seminar"].runs[1].uid))
    name = "not named (Bø (Telemark), Administrative leadership)"
    assert (name in page, "Write the name" in page) == (True, True)
    answer = door.post(f"{DOOR}/{public_id}", data={"state": "attended"}, follow_redirects=True)
    assert told(answer) == f"{name} has come."


WALK_IN = {
    "name": "Nora Fjellvang", "email": "nora@kommune.example", "organisation": "Bø (Telemark)", "side": "politician",
    "form_token": "one-form-at-the-door",
}  # fmt: skip


def walk_in(client: FlaskClient, world: World, **form: str) -> TestResponse:
    other = world.events["seminar"].runs[1].uid
    return client.post(f"{DOOR}/new", data={"run": str(other), **WALK_IN, **form}, follow_redirects=True)


def test_who_comes_without_a_place_is_signed_up_and_has_come(door: FlaskClient, world: World) -> None:
    answers = [walk_in(door, world) for _time in range(2)]
    assert [told(answer) for answer in answers] == ["Nora Fjellvang, Bø (Telemark) has come."] * 2
    db.session.rollback()
    rows = db.session.execute(
        sa.select(Registration.run_id, Registration.state, Registration.side).where(
            Registration.name == WALK_IN["name"]
        )
    )
    assert [tuple(row) for row in rows] == [(world.run_id("seminar", 1), State.ATTENDED, "politician")]


@pytest.mark.parametrize(
    "form, status, error",
    [
        ({"name": ""}, 422, "Write the name"),
        ({"email": "nora"}, 422, "Write an e-mail address"),
        ({"organisation": "Oz"}, 422, "We know no municipality by that name"),
        ({"organisation": "bø"}, 422, "Choose which one you mean"),
    ],
)
def test_what_is_wrong_with_a_walk_in_is_said_and_the_rest_is_kept(
    door: FlaskClient, world: World, form: dict[str, str], status: int, error: str
) -> None:
    answer = walk_in(door, world, **form)
    assert (answer.status_code, error in answer.text) == (status, True)
    kept = [value for name, value in WALK_IN.items() if name in ("name", "email") and name not in form]
    assert [value for value in kept if value not in answer.text] == []


def test_nobody_is_signed_up_at_the_door_when_it_is_full(door: FlaskClient, world: World) -> None:
    first = world.events["seminar"].runs[0].uid
    answer = walk_in(door, world, run=str(first))
    assert (answer.status_code, "It is full." in answer.text, WALK_IN["name"] in answer.text) == (409, True, True)
    assert WALK_IN["name"] not in states()


def test_the_door_asks_the_database_as_often_for_fifty_as_for_one(adviser: FlaskClient, world: World) -> None:
    how_many = []
    run_id = world.run_id("seminar", 1)
    for numbers in (range(1, 2), range(2, 51)):
        for number in numbers:
            sign_up(world, number, run_id=run_id)
        with counted(db.engine) as sent:
            page = look(adviser, run=str(world.events["seminar"].runs[1].uid), q="person")
        how_many.append(len(sent))
    assert (len(shown(page)), how_many[0]) == (50, how_many[1])
