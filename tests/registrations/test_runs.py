"""Two runs of one event: a first and a second choice, and moving from one to the other."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.queries import count_places, find_position
from eventsys.registrations.rules import (
    Actor,
    AddressIsTaken,
    Places,
    RegistrationIsClosed,
    RunIsFull,
    State,
    WhenFull,
    WrongState,
)
from tests.registrations.seats import (
    do,
    find,
    last_change,
    seconds,
    set_run,
    set_terms,
    sign_up,
    sign_up_several,
    states,
)
from tests.world import NOW, World, build


def both(*, first: int, second: int) -> tuple[World, int, int]:
    """The world with so many places in each of the seminar's runs, and the runs."""
    world = build(capacity=first)
    runs = world.run_id("seminar"), world.run_id("seminar", 1)
    set_run(runs[1], capacity=second)
    return world, *runs


def taken(*run_ids: int) -> list[tuple[int, int]]:
    """How many have a place and how many wait, with this run as their first choice."""
    db.session.rollback()
    places = count_places(db.session(), run_ids)
    return [(places[one].taken, places[one].waiting) for one in run_ids]


def test_the_first_choice_is_taken_while_it_has_room_then_the_second_then_one_waits_for_both(app: Flask) -> None:
    world, one, two = both(first=1, second=1)
    rows = [sign_up(world, number, second_run_id=two) for number in (1, 2, 3)]
    assert states(*rows) == "ccw"
    assert [(find(row).run_id, find(row).second_run_id) for row in rows] == [(one, None), (two, None), (one, two)]
    assert [find_position(db.session(), find(rows[2]), run_id=run) for run in (one, two)] == [1, 1]


def test_who_waits_for_both_takes_the_one_that_becomes_free(app: Flask) -> None:
    world, one, two = both(first=1, second=1)
    rows = [sign_up(world, number, second_run_id=two) for number in (1, 2, 3)]
    do(actions.cancel, rows[1], actor=Actor.PARTICIPANT)
    change = last_change(rows[2])
    assert (states(*rows), find(rows[2]).run_id, find(rows[2]).second_run_id) == ("cxc", two, None)
    assert (change.change, change.from_run_id, change.to_state) == ("promoted", one, "confirmed")


def test_who_waits_for_both_stands_in_the_queue_of_each_by_time(app: Flask) -> None:
    world, _one, two = both(first=1, second=1)
    sign_up(world, 1)
    holder = sign_up(world, 2, run_id=two)
    torn = sign_up(world, 3, second_run_id=two)
    alone = sign_up(world, 4, run_id=two)
    do(actions.cancel, holder, actor=Actor.PARTICIPANT)
    assert (states(torn, alone), find(torn).run_id) == ("cw", two)


def test_a_second_choice_where_one_has_a_seat_already_gives_no_second_seat(app: Flask) -> None:
    world, _one, two = both(first=1, second=2)
    sign_up(world, 1)
    there = sign_up(world, 2, run_id=two, form_token="there")
    here = sign_up(world, 2, second_run_id=two, form_token="here")
    assert states(there, here) == "cw"


def test_a_second_seat_is_not_given_to_who_signs_up_there_while_waiting(app: Flask) -> None:
    world, one, two = both(first=1, second=1)
    sign_up(world, 1)
    holder = sign_up(world, 2, run_id=two)
    torn = sign_up(world, 3, second_run_id=two, form_token="torn")
    direct = sign_up(world, 3, run_id=two, form_token="direct", later=4)
    do(actions.cancel, holder, actor=Actor.PARTICIPANT)
    assert (states(torn, direct), taken(one, two)) == ("wc", [(1, 1), (1, 0)])


def test_a_group_takes_its_second_choice_whole_or_not_at_all(app: Flask) -> None:
    world, _one, two = both(first=1, second=3)
    group = sign_up_several(world, 1, "aa", WhenFull.TOGETHER, second_run_id=two)
    other = sign_up_several(world, 2, "aa", WhenFull.TOGETHER, second_run_id=two)
    assert (states(*group, *other), {find(row).run_id for row in group}) == ("ccww", {two})
    do(actions.cancel, group[0], actor=Actor.REGISTRAR)
    assert (states(*other), {find(row).run_id for row in other}) == ("cc", {two})


def test_moving_frees_the_old_place_for_who_waits_there_in_one_transaction(app: Flask) -> None:
    world, one, two = both(first=1, second=1)
    row, waiting = sign_up(world, 1), sign_up(world, 2)
    assert do(actions.move, row, run_id=two, actor=Actor.PARTICIPANT) is State.CONFIRMED
    change = last_change(row)
    assert (change.change, change.from_run_id, change.from_state) == ("moved", one, "confirmed")
    assert (states(row, waiting), taken(one, two)) == ("cc", [(1, 0), (1, 0)])


def test_where_the_other_run_is_full_the_seat_stays_where_it_is(app: Flask) -> None:
    world, one, two = both(first=1, second=1)
    row, _other = sign_up(world, 1), sign_up(world, 2, run_id=two)
    with pytest.raises(RunIsFull):
        do(actions.move, row, run_id=two, actor=Actor.ORGANISER)
    assert (states(row), find(row).run_id, taken(one, two)) == ("c", one, [(1, 0), (1, 0)])


def test_who_waits_moves_to_the_end_of_the_other_queue_or_into_a_free_place(app: Flask) -> None:
    world, _one, two = both(first=1, second=1)
    sign_up(world, 1)
    early, late = sign_up(world, 2), sign_up(world, 3)
    assert do(actions.move, early, run_id=two, actor=Actor.PARTICIPANT, now=seconds(9)) is State.CONFIRMED
    there = sign_up(world, 4, run_id=two)
    assert do(actions.move, late, run_id=two, actor=Actor.PARTICIPANT, now=seconds(9)) is State.WAITING
    assert [find_position(db.session(), find(row)) for row in (there, late)] == [1, 2]


def test_a_participant_passes_nobody_by_moving_near_the_start_but_an_organiser_may_move_somebody(app: Flask) -> None:
    world, _one, two = both(first=2, second=1)
    set_terms(world, promotion_stops_hours=24 * 30)
    row = sign_up(world, 1)
    holder, waiting = sign_up(world, 2, run_id=two), sign_up(world, 3, run_id=two)
    do(actions.cancel, holder, actor=Actor.PARTICIPANT)
    with pytest.raises(RunIsFull):
        do(actions.move, row, run_id=two, actor=Actor.PARTICIPANT)
    do(actions.move, row, run_id=two, actor=Actor.ORGANISER)
    assert (states(row, waiting), find(row).run_id) == ("cw", two)


def test_nobody_gets_two_seats_in_a_run_by_moving(app: Flask) -> None:
    world, _one, two = both(first=2, second=2)
    row = sign_up(world, 1)
    sign_up(world, 1, run_id=two, form_token="other")
    with pytest.raises(AddressIsTaken):
        do(actions.move, row, run_id=two, actor=Actor.PARTICIPANT)


def test_a_seat_moves_only_within_its_event_and_to_a_run_that_is_to_be(app: Flask) -> None:
    world, _one, two = both(first=2, second=2)
    row = sign_up(world, 1)
    with pytest.raises(WrongState):
        do(actions.move, row, run_id=world.run_id("conference"), actor=Actor.ORGANISER)
    set_run(two, status="cancelled", cancelled_at=NOW)
    with pytest.raises(RegistrationIsClosed):
        do(actions.move, row, run_id=two, actor=Actor.ORGANISER)
    do(actions.cancel, row, actor=Actor.PARTICIPANT)
    with pytest.raises(WrongState):
        do(actions.move, row, run_id=two, actor=Actor.ORGANISER)


def test_moving_to_where_one_is_changes_nothing(app: Flask) -> None:
    world, one, _two = both(first=1, second=1)
    row = sign_up(world, 1)
    do(actions.move, row, run_id=one, actor=Actor.PARTICIPANT)
    assert last_change(row).change == "registered"


def test_the_places_of_each_run_are_its_own(app: Flask) -> None:
    world, one, two = both(first=1, second=2)
    for number in (1, 2):
        sign_up(world, number)
    sign_up(world, 3, run_id=two)
    with transaction() as session:
        assert count_places(session, [one, two]) == {one: Places(1, 1, 1), two: Places(2, 1, 0)}
