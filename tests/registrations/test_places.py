"""Where a newcomer goes, in how few statements, and what is counted when limits are set."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.registrations import actions, queries
from eventsys.registrations.limits.queries import count_limits
from eventsys.registrations.limits.rules import Dimension, Kind, Limit
from eventsys.registrations.rules import (
    Actor,
    AddressIsTaken,
    NotForThisOrganisation,
    Places,
    RegistrationIsClosed,
    RunIsFull,
    State,
    TooSmall,
    WrongState,
)
from eventsys.venues import actions as venues
from eventsys.venues.rules import VenueFacts
from tests.registrations.seats import do, find, history, last_change, set_run, set_terms, sign_up, states
from tests.statements import counted
from tests.world import NOW, build, somebody


@pytest.mark.parametrize("already", [0, 30])
def test_signing_up_alone_takes_eight_statements_however_many_are_there(app: Flask, already: int) -> None:
    world = build(capacity=50)
    for number in range(1, already + 1):
        sign_up(world, number)
    with counted(db.engine) as sent:
        sign_up(world, 100)
    assert len(sent) == 8


def test_a_full_run_with_many_who_wait_takes_no_more_statements(app: Flask) -> None:
    world = build(capacity=1)
    for number in range(1, 20):
        sign_up(world, number)
    with counted(db.engine) as sent:
        sign_up(world, 100)
    assert len(sent) == 8


def test_a_run_without_a_capacity_of_its_own_takes_as_many_as_its_venue(app: Flask) -> None:
    world = build(capacity=None)
    with transaction() as session:
        venue = venues.find_or_add(session, name="Salen")
        venues.edit(session, venue, VenueFacts("Salen", capacity=1))
    set_run(world.run_id("seminar"), venue_id=venue.id)
    assert states(sign_up(world, 1), sign_up(world, 2)) == "cw"


def test_a_run_without_any_capacity_takes_everybody(app: Flask) -> None:
    world = build(capacity=None)
    assert states(*(sign_up(world, number) for number in range(1, 8))) == "c" * 7


def test_an_event_that_asks_for_approval_takes_requests_alone(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, asks_approval=True)
    first, second = sign_up(world, 1), sign_up(world, 2)
    assert states(first, second) == "rr"
    assert do(actions.accept, second, account_id=None) is State.CONFIRMED
    assert do(actions.accept, first, account_id=None) is State.WAITING
    assert history(first, second)[2:] == [
        (second, "accepted", "organiser", "confirmed"),
        (first, "accepted", "organiser", "waiting"),
    ]


def test_an_organiser_adds_somebody_from_anywhere_at_any_time_but_not_beyond_the_capacity(app: Flask) -> None:
    world = build(capacity=1)
    stranger = {"organisation_id": world.municipalities["1867"]}
    with pytest.raises(NotForThisOrganisation):
        sign_up(world, 1, **stranger)
    made = []
    for number in (1, 2):
        with transaction() as session:
            form = somebody(world, number, **stranger)
            made.append(actions.add_by_organiser(session, form, account_id=None, silent=True, now=NOW))  # type: ignore[arg-type]
    assert [row.registration.state for row in made] == [State.CONFIRMED, State.WAITING]
    assert last_change(made[0].registration.id).noticed_at == NOW


def test_somebody_who_comes_unannounced_gets_a_place_that_is_there_and_is_refused_where_there_is_none(
    app: Flask,
) -> None:
    world = build(capacity=1)
    at_the_door = {"account_id": None, "state": State.ATTENDED, "now": NOW}
    with transaction() as session:
        came = actions.add_by_organiser(session, somebody(world, 1), **at_the_door)  # type: ignore[arg-type]
    with pytest.raises(RunIsFull), transaction() as session:
        actions.add_by_organiser(session, somebody(world, 2), **at_the_door)  # type: ignore[arg-type]
    assert states(came.registration.id) == "A"


def test_adding_somebody_who_is_signed_up_already_makes_no_second_registration_and_no_mail(app: Flask) -> None:
    world = build()
    there = sign_up(world, 1)
    with transaction() as session:
        form = somebody(world, 1, form_token="by hand")
        made = actions.add_by_organiser(session, form, account_id=None, now=NOW)  # type: ignore[arg-type]
    assert (made.registration.id, made.own, len(history(there))) == (there, False, 1)


def test_a_restored_seat_gets_a_free_place_or_goes_to_the_end_of_the_queue(app: Flask) -> None:
    world = build(capacity=1)
    first, second, third = (sign_up(world, number) for number in (1, 2, 3))
    do(actions.cancel, first, actor=Actor.PARTICIPANT)
    assert do(actions.restore, first, account_id=None, now=NOW.replace(hour=9)) is State.WAITING
    assert states(first, second, third) == "wcw"
    assert [row.id for row in queries.list_waiting(db.session(), world.run_id("seminar"))] == [third, first]
    do(actions.cancel, third, actor=Actor.PARTICIPANT)
    do(actions.cancel, second, actor=Actor.PARTICIPANT)
    assert states(first, second, third) == "cxx"
    assert do(actions.restore, second, account_id=None) is State.WAITING


def test_a_seat_is_not_restored_that_was_never_left_or_whose_owner_has_another(app: Flask) -> None:
    world = build()
    first, second = sign_up(world, 1), sign_up(world, 2)
    with pytest.raises(WrongState):
        do(actions.restore, first, account_id=None)
    do(actions.cancel, first, actor=Actor.PARTICIPANT)
    do(actions.hand_over, second, name="Person Nummer1", email="person1@kommune.example", actor=Actor.PARTICIPANT)
    with pytest.raises(AddressIsTaken):
        do(actions.restore, first, account_id=None)


def test_a_declined_request_can_be_restored(app: Flask) -> None:
    world = build()
    asking = sign_up(world, 1, organisation_id=world.municipalities["1867"], asks=True)
    do(actions.decline, asking, account_id=None, why="Fullt")
    assert (last_change(asking).why, do(actions.restore, asking, account_id=None)) == ("Fullt", State.CONFIRMED)


def test_what_is_too_much_for_a_lower_capacity_is_named_those_last_who_came_last(app: Flask) -> None:
    world = build(capacity=4)
    for number in (1, 3, 2, 4):
        sign_up(world, number, later=number)
    with pytest.raises(TooSmall) as caught, transaction() as session:
        actions.change_capacity(session, world.events["seminar"].runs[0], 2, account_id=None, now=NOW)  # type: ignore[arg-type]
    assert (caught.value.taken, caught.value.above) == (4, ["Person Nummer3", "Person Nummer4"])


def test_the_one_count_says_what_is_taken_of_every_run(app: Flask) -> None:
    world = build(capacity=2)
    for number in (1, 2, 3):
        sign_up(world, number)
    first, second = world.run_id("seminar"), world.run_id("seminar", 1)
    limits = count_limits(db.session(), world.events["seminar"].id, on=NOW.date())
    assert limits == {Dimension(Kind.RUN, first): Limit(2, 2), Dimension(Kind.RUN, second): Limit(100, 0)}
    assert queries.count_places(db.session(), [first]) == {first: Places(2, 2, 1, 0)}


def test_after_registration_has_closed_a_person_may_ask_until_the_run_begins(app: Flask) -> None:
    world = build()
    set_terms(world, closes_on=NOW.date())
    with pytest.raises(RegistrationIsClosed) as caught:
        sign_up(world, 1, later=86_400)
    assert caught.value.may_ask
    asking = sign_up(world, 1, later=86_400, asks=True)
    assert (states(asking), find(asking).name) == ("r", "Person Nummer1")
    with pytest.raises(RegistrationIsClosed) as caught:
        sign_up(world, 2, later=14 * 86_400, asks=True)
    assert not caught.value.may_ask


def test_before_registration_opens_nobody_may_even_ask(app: Flask) -> None:
    world = build()
    set_terms(world, opens_on=NOW.date().replace(day=20))
    with pytest.raises(RegistrationIsClosed) as caught:
        sign_up(world, 1, asks=True)
    assert not caught.value.may_ask
