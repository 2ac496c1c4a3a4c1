"""Several seats signed up by one: with names or without, one by one or together, and what is done with them later."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.models import Delegation, Registration
from eventsys.registrations.rules import (
    Actor,
    AddressIsTaken,
    AlreadyNamed,
    NewSeat,
    NotEnoughPlaces,
    NotForThisOrganisation,
    RegistrationIsClosed,
    Side,
    TooLate,
    WhenFull,
    WrongState,
)
from tests.registrations.seats import (
    colleagues,
    do,
    find,
    history,
    last_change,
    seconds,
    set_terms,
    sign_up,
    sign_up_several,
    states,
)
from tests.world import NOW, World, build


def add_seats(registration_id: int, *seats: NewSeat, token: str = "more", **more: object) -> list[int]:
    with transaction() as session:
        delegation = session.get_one(Delegation, session.get_one(Registration, registration_id).delegation_id)
        facts = {"form_token": token, "actor": Actor.REGISTRAR, "now": seconds(60), **more}
        made = actions.add_seats(session, delegation, list(seats), **facts)  # type: ignore[arg-type]
        return [row.id for row in made.registrations]


def count(world: World) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) or 0


def test_five_colleagues_with_names_sides_and_addresses_get_their_seats_in_one_act(app: Flask) -> None:
    world = build(capacity=9)
    rows = sign_up_several(world, 1, "paaee", named=True)
    acts = {last_change(row).act_id for row in rows}
    assert (states(*rows), len(acts), None in acts) == ("ccccc", 1, False)
    assert [find(row).side for row in rows] == [
        Side.POLITICIAN, Side.ADMINISTRATION, Side.ADMINISTRATION, *[Side.EMPLOYEE_REPRESENTATIVE] * 2,
    ]  # fmt: skip
    assert history(rows[0]) == [(rows[0], "registered", "registrar", "confirmed")]


def test_a_seat_without_a_name_counts_and_has_its_registrars_address(app: Flask) -> None:
    world = build(capacity=1)
    row = find(sign_up_several(world, 1, "p")[0])
    assert (row.person_id, row.name, row.email) == (None, "", "melder1@kommune.example")
    assert states(row.id, sign_up(world, 2)) == "cw"


def test_a_named_seat_without_an_address_of_its_own_has_its_registrars(app: Flask) -> None:
    world = build(capacity=9)
    seats = (NewSeat(None, "Ola Vik"), NewSeat(None, "Kari Vik"))
    rows = [find(row) for row in sign_up_several(world, 1, "", seats=seats)]
    assert [row.email for row in rows] == ["melder1@kommune.example"] * 2
    assert rows[0].person_id != rows[1].person_id


def test_too_few_places_are_said_before_anything_is_made_unless_it_is_said_what_to_do(app: Flask) -> None:
    world = build(capacity=3)
    with pytest.raises(NotEnoughPlaces) as caught:
        sign_up_several(world, 1, "aaaaa")
    assert (caught.value.left, caught.value.asked, count(world)) == (3, 5, 0)
    assert states(*sign_up_several(world, 1, "aaaaa", WhenFull.TOGETHER)) == "wwwww"
    assert states(*sign_up_several(world, 2, "aaaaa", WhenFull.TAKE)) == "cccww"


def test_another_date_takes_all_where_the_first_does_not(app: Flask) -> None:
    world = build(capacity=3)
    rows = sign_up_several(world, 1, "aaaaa", second_run_id=world.run_id("seminar", 1))
    assert (states(*rows), {find(row).run_id for row in rows}) == ("ccccc", {world.run_id("seminar", 1)})


def test_the_same_form_sent_twice_is_one_delegation(app: Flask) -> None:
    world = build(capacity=9)
    assert sign_up_several(world, 1, "aa") == sign_up_several(world, 1, "aa")
    assert count(world) == 2


def test_who_is_signed_up_already_gets_no_second_seat_but_a_mail(app: Flask) -> None:
    world = build(capacity=9)
    there = sign_up(world, 1)
    seats = (
        NewSeat(None, "Person Nummer1", "person1@kommune.example"),
        NewSeat(None, "Ola Vik"),
        NewSeat(None, "Ola Vik"),
    )
    with transaction() as session:
        form = colleagues(world, 1, seats=seats)
        made = actions.register_delegation(session, form, now=NOW)
        assert ([row.name for row in made.registrations], made.repeated) == (["Ola Vik"], [0, 2])
    assert history(there)[1:] == [(there, "repeated", "registrar", "confirmed")]


def test_who_left_before_takes_up_the_same_registration(app: Flask) -> None:
    world = build(capacity=9)
    left = sign_up(world, 1)
    do(actions.cancel, left, actor=Actor.PARTICIPANT)
    seats = (NewSeat(None, "Person Nummer1", "person1@kommune.example"),)
    assert sign_up_several(world, 1, "", seats=seats) == [left]
    assert (states(left), find(left).delegation_id is None) == ("c", False)


def test_a_delegation_from_elsewhere_must_ask_and_holds_no_place(app: Flask) -> None:
    world = build(capacity=9)
    stranger = {"organisation_id": world.municipalities["1867"]}
    with pytest.raises(NotForThisOrganisation):
        sign_up_several(world, 1, "aa", **stranger)
    assert states(*sign_up_several(world, 1, "aa", asks=True, **stranger)) == "rr"
    with transaction() as session:
        form = colleagues(world, 2, sides="aa", **stranger)
        made = actions.register_delegation(session, form, actor=Actor.ORGANISER, account_id=None, silent=True, now=NOW)
        assert [row.state for row in made.registrations] == ["confirmed", "confirmed"]


def test_an_event_that_asks_for_approval_and_a_closed_one(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, asks_approval=True)
    assert states(*sign_up_several(world, 1, "aa")) == "rr"
    set_terms(world, closes_on=NOW.date() - timedelta(days=1))
    with pytest.raises(RegistrationIsClosed) as caught:
        sign_up_several(world, 2, "a")
    assert caught.value.may_ask


def test_more_seats_are_added_once_however_often_the_form_is_sent(app: Flask) -> None:
    world = build(capacity=3)
    first = sign_up_several(world, 1, "aa")
    added = add_seats(first[0], NewSeat(None, "Ola Vik"))
    assert (added == add_seats(first[0], NewSeat(None, "Ola Vik")), states(*added)) == (True, "c")
    with pytest.raises(NotEnoughPlaces):
        add_seats(first[0], NewSeat(None), token="yet more")
    assert states(*add_seats(first[0], NewSeat(None), token="yet more", when_full=WhenFull.TAKE)) == "w"


def test_a_delegation_without_live_seats_needs_to_be_told_the_run(app: Flask) -> None:
    world = build(capacity=3)
    row = sign_up_several(world, 1, "a")[0]
    do(actions.cancel, row, actor=Actor.REGISTRAR)
    with pytest.raises(WrongState):
        add_seats(row, NewSeat(None))
    assert states(*add_seats(row, NewSeat(None), run_id=world.run_id("seminar", 1))) == "c"


def test_a_seat_is_named_later_with_an_address_or_without(app: Flask) -> None:
    world = build(capacity=3)
    rows = sign_up_several(world, 1, "aa")
    do(actions.name_seat, rows[0], name="Ola Vik", email="ola@kommune.example", side=Side.OTHER, actor=Actor.REGISTRAR)
    do(actions.name_seat, rows[1], name="Kari Vik", actor=Actor.REGISTRAR)
    named = [(find(row).name, find(row).email, find(row).side) for row in rows]
    assert named == [
        ("Ola Vik", "ola@kommune.example", Side.OTHER),
        ("Kari Vik", "melder1@kommune.example", Side.ADMINISTRATION),
    ]
    assert last_change(rows[0]).change == "named"


def test_a_seat_is_named_once_and_not_with_somebody_who_has_one_nor_after_the_run_has_begun(app: Flask) -> None:
    world = build(capacity=4)
    rows = sign_up_several(world, 1, "aa")
    sign_up(world, 1)
    with pytest.raises(AddressIsTaken):
        do(
            actions.name_seat, rows[0], name="Person Nummer1", email="person1@kommune.example", actor=Actor.REGISTRAR
        )  # fmt: skip
    do(actions.name_seat, rows[0], name="Ola Vik", actor=Actor.REGISTRAR)
    with pytest.raises(AlreadyNamed):
        do(actions.name_seat, rows[0], name="Per Vik", actor=Actor.REGISTRAR)
    with pytest.raises(TooLate):
        do(actions.name_seat, rows[1], name="Per Vik", actor=Actor.REGISTRAR, now=NOW + timedelta(days=14))
    do(actions.name_seat, rows[1], name="Per Vik", actor=Actor.ORGANISER, now=NOW + timedelta(days=14))
    assert find(rows[1]).name == "Per Vik"


def test_a_seat_without_a_name_is_cancelled_by_its_registrar_but_neither_handed_over_nor_readdressed(
    app: Flask,
) -> None:
    world = build(capacity=3)
    row = sign_up_several(world, 1, "a")[0]
    with pytest.raises(WrongState):
        do(actions.hand_over, row, name="Ola Vik", email="ola@kommune.example", actor=Actor.REGISTRAR)
    with pytest.raises(WrongState):
        do(actions.readdress, row, email="ola@kommune.example")
    do(actions.cancel, row, actor=Actor.REGISTRAR, why="Kommer ikke")
    with pytest.raises(WrongState):
        do(actions.name_seat, row, name="Ola Vik", actor=Actor.REGISTRAR)
    assert (states(row), last_change(row).why) == ("x", "Kommer ikke")


def test_handing_over_to_who_has_a_seat_already_is_refused(app: Flask) -> None:
    world = build(capacity=3)
    row = sign_up(world, 1)
    sign_up(world, 2)
    with pytest.raises(AddressIsTaken):
        do(actions.hand_over, row, name="Person Nummer2", email="person2@kommune.example", actor=Actor.PARTICIPANT)
