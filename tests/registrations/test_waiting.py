"""The waiting list: its order, groups that do not fit, places that are offered, and when it stops."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.jobs import end_offers
from eventsys.registrations.models import Delegation
from eventsys.registrations.queries import find_position
from eventsys.registrations.rules import Actor, NewSeat, State, TooLate, WhenFull, WrongState
from tests.registrations.seats import (
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
from tests.statements import counted
from tests.world import NOW, World, build

A_DAY = timedelta(days=1)
STARTS = NOW + timedelta(days=14, hours=2)


def leave(registration_id: int, **more: object) -> None:
    do(actions.cancel, registration_id, actor=Actor.PARTICIPANT, **more)


def set_capacity(world: World, capacity: int | None, *, place: int = 0) -> int:
    with transaction() as session:
        run = world.events["seminar"].runs[place]
        return actions.change_capacity(session, run, capacity, account_id=None, now=NOW)  # type: ignore[arg-type]


def test_priority_goes_before_time(app: Flask) -> None:
    world = build(capacity=1)
    first, early, late, last = (sign_up(world, number) for number in (1, 2, 3, 4))
    do(actions.set_priority, late, priority=1, account_id=None)
    do(actions.set_priority, early, priority=-1, account_id=None)
    assert [find_position(db.session(), find(one)) for one in (late, last, early)] == [1, 2, 3]
    leave(first)
    assert states(first, early, late, last) == "xwcw"
    assert last_change(early).facts == {"priority": -1}


def test_only_somebody_who_waits_can_be_put_first(app: Flask) -> None:
    world = build()
    with pytest.raises(WrongState):
        do(actions.set_priority, sign_up(world, 1), priority=1, account_id=None)


def test_a_group_that_waits_together_is_passed_by_while_it_does_not_fit_and_keeps_its_position(app: Flask) -> None:
    world = build(capacity=2)
    first, second = sign_up(world, 1), sign_up(world, 2)
    group = sign_up_several(world, 3, "aa", WhenFull.TOGETHER)
    alone = sign_up(world, 4)
    assert [find_position(db.session(), find(one)) for one in (*group, alone)] == [1, 1, 2]
    leave(first)
    assert states(second, *group, alone) == "cwwc"
    behind = sign_up(world, 5)
    assert [find_position(db.session(), find(one)) for one in (group[0], behind)] == [1, 2]
    assert set_capacity(world, 4) == 2
    assert states(*group, behind) == "ccw"


def test_a_group_gets_its_places_in_one_act(app: Flask) -> None:
    world = build(capacity=1)
    sign_up(world, 1)
    group = sign_up_several(world, 2, "aaa", WhenFull.TOGETHER)
    set_capacity(world, 4)
    acts = {last_change(one).act_id for one in group}
    assert (states(*group), len(acts), None in acts) == ("ccc", 1, False)


def test_a_group_that_takes_what_there_is_queues_the_rest_one_by_one(app: Flask) -> None:
    world = build(capacity=3)
    group = sign_up_several(world, 1, "aaaaa", WhenFull.TAKE)
    assert states(*group) == "cccww"
    leave(group[0])
    assert states(*group) == "xcccw"


def test_who_joins_a_group_that_waits_passes_nobody(app: Flask) -> None:
    world = build(capacity=1)
    sign_up(world, 1)
    group = sign_up_several(world, 2, "a", WhenFull.TOGETHER)
    behind = sign_up(world, 3)
    with transaction() as session:
        delegation = find(group[0]).delegation_id
        row = session.get_one(Delegation, delegation)
        seat = NewSeat(None)
        joined = actions.add_seats(session, row, [seat], form_token="more", actor=Actor.REGISTRAR, now=seconds(9))
        group += [one.id for one in joined.registrations]
    set_capacity(world, 2)
    assert states(*group, behind) == "wwc"
    set_capacity(world, 4)
    assert states(*group, behind) == "ccc"


def test_priority_is_that_of_all_who_wait_together(app: Flask) -> None:
    world = build(capacity=1)
    sign_up(world, 1)
    before = sign_up(world, 2)
    group = sign_up_several(world, 3, "aa", WhenFull.TOGETHER)
    do(actions.set_priority, group[1], priority=5, account_id=None)
    set_capacity(world, 3)
    assert states(before, *group) == "wcc"


def test_no_place_is_given_from_the_set_moment_before_the_start_and_newcomers_pass_nobody_then(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, promotion_stops_hours=48)
    first, waiting = sign_up(world, 1), sign_up(world, 2)
    leave(first, now=STARTS - 2 * A_DAY)
    newcomer = sign_up(world, 3, later=(STARTS - 2 * A_DAY - NOW).total_seconds() + 1)
    assert states(first, waiting, newcomer) == "xww"


def test_until_the_set_moment_a_place_is_given(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, promotion_stops_hours=48)
    first, waiting = sign_up(world, 1), sign_up(world, 2)
    leave(first, now=STARTS - 2 * A_DAY - timedelta(seconds=1))
    assert states(first, waiting) == "xc"


def test_near_the_start_a_free_place_is_taken_by_a_newcomer_if_nobody_waits(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, promotion_stops_hours=48)
    assert states(sign_up(world, 1, later=(STARTS - A_DAY - NOW).total_seconds())) == "c"


def test_an_offer_holds_the_place_until_its_deadline_and_then_the_next_is_asked(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, offer_hours=6)
    first, second, third = (sign_up(world, number) for number in (1, 2, 3))
    leave(first)
    assert (states(first, second, third), find(second).offered_until) == ("xow", NOW + timedelta(hours=6))
    assert states(sign_up(world, 4, later=60)) == "w"
    with transaction() as session:
        assert actions.lapse(session, now=NOW + timedelta(hours=6)) == 1
    assert states(first, second, third) == "xxo"
    assert history(second, third)[2:] == [
        (second, "offered", "system", "offered"),
        (second, "lapsed", "system", "cancelled"),
        (third, "offered", "system", "offered"),
    ]


def test_an_offer_that_is_taken_in_time_is_a_place(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, offer_hours=6)
    first, second = sign_up(world, 1), sign_up(world, 2)
    leave(first)
    for _twice in range(2):
        do(actions.take_offer, second, actor=Actor.PARTICIPANT, now=NOW + timedelta(hours=5))
    assert (states(second), find(second).offered_until) == ("c", None)
    assert history(second)[2:] == [(second, "promoted", "participant", "confirmed")]


def test_an_offer_that_has_run_out_cannot_be_taken_even_before_the_next_is_asked(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, offer_hours=6)
    first, second = sign_up(world, 1), sign_up(world, 2)
    leave(first)
    with pytest.raises(TooLate):
        do(actions.take_offer, second, actor=Actor.PARTICIPANT, now=NOW + timedelta(hours=6))
    with pytest.raises(TooLate):
        do(actions.take_offer, first, actor=Actor.PARTICIPANT)


def test_an_offer_that_is_declined_goes_to_the_next_at_once(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, offer_hours=6, cancel_by=NOW.date() - A_DAY)
    first, second, third = (sign_up(world, number) for number in (1, 2, 3))
    do(actions.cancel, first, actor=Actor.ORGANISER)
    leave(second)
    assert states(first, second, third) == "xxo"


def test_no_offer_lasts_beyond_the_beginning(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, offer_hours=1_000)
    first, second = sign_up(world, 1), sign_up(world, 2)
    leave(first)
    assert find(second).offered_until == STARTS


def test_the_worker_ends_offers_and_idle_looks_only_once(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, offer_hours=6)
    first, second = sign_up(world, 1), sign_up(world, 2)
    leave(first)
    with counted(db.engine) as sent:
        assert end_offers(app) == 0
    assert len(sent) <= 2
    with transaction() as session:
        clock.set_to(session, NOW + timedelta(hours=7))
    assert (end_offers(app), end_offers(app), states(second)) == (1, 0, "x")


def test_raising_the_capacity_by_two_serves_the_two_first_that_fit(app: Flask) -> None:
    world = build(capacity=1)
    sign_up(world, 1)
    group = sign_up_several(world, 2, "aaa", WhenFull.TOGETHER)
    others = [sign_up(world, number) for number in (3, 4, 5)]
    assert set_capacity(world, 3) == 2
    assert states(*group, *others) == "wwwccw"


def test_leaving_the_list_moves_the_others_up_and_frees_nothing(app: Flask) -> None:
    world = build(capacity=1)
    first, second, third = (sign_up(world, number) for number in (1, 2, 3))
    leave(second)
    assert (states(first, second, third), find_position(db.session(), find(third))) == ("cxw", 1)


def test_an_accepted_request_queues_behind_those_who_wait(app: Flask) -> None:
    world = build(capacity=1)
    asking = sign_up(world, 1, organisation_id=world.municipalities["1867"], asks=True)
    first, waiting = sign_up(world, 2), sign_up(world, 3)
    assert do(actions.accept, asking, account_id=None, now=seconds(9)) is State.WAITING
    leave(first)
    assert states(asking, waiting) == "wc"
