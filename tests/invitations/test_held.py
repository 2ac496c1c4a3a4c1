"""Places held for the invited: nobody else gets them until the day is over or an answer gives them back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from eventsys.audiences.rules import Kind
from eventsys.events.models import Run
from eventsys.events.rules import RunStatus
from eventsys.extensions import db, transaction
from eventsys.invitations import actions
from eventsys.invitations.actions import Sent
from eventsys.invitations.queries import list_facts
from eventsys.registrations import actions as registrations
from eventsys.registrations.limits.holding import hold_places
from eventsys.registrations.limits.queries import count_limits
from eventsys.registrations.limits.rules import Kind as Limited
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Actor
from tests.audiences.given import ON, add_group, add_member, add_position, address, all_of, of
from tests.invitations.given import do, invite, invite_anne, the_invitation
from tests.registrations.seats import set_run, sign_up, states
from tests.world import NOW, World, build

UNTIL = date(2008, 8, 25)


@pytest.fixture
def world(app: Flask) -> World:
    """The seminar is on its first days alone and takes three people."""
    world = build(capacity=3)
    with transaction() as session:
        session.get_one(Run, world.run_id("seminar", 1)).status = RunStatus.CANCELLED
    return world


def held(world: World) -> int:
    limits = count_limits(db.session(), world.events["seminar"].id, on=ON, kinds=[Limited.RUN])
    db.session.rollback()
    return sum(limit.held for limit in limits.values())


def from_oslo(world: World, number: int) -> int:
    return sign_up(world, number, organisation_id=world.municipalities["0301"])


def test_two_places_are_held_for_the_municipality_of_who_is_asked(world: World) -> None:
    anne = invite_anne(world, places=2, held_until=UNTIL)
    assert held(world) == 2
    mine = sign_up(world, 9)
    assert (states(from_oslo(world, 1), from_oslo(world, 2)), held(world)) == ("cw", 1)
    assert states(mine, sign_up(world, 10)) == "cc"
    facts = list_facts(db.session(), [anne])[anne]
    assert (facts.held_until, facts.places) == (UNTIL, 2)


def test_a_no_gives_the_places_to_those_who_wait(world: World) -> None:
    anne = invite_anne(world, places=3, held_until=UNTIL)
    waits = from_oslo(world, 1)
    assert states(waits) == "w"
    do(actions.decline, anne)
    assert (states(waits), held(world)) == ("c", 0)


def test_the_places_stay_as_long_as_a_colleague_may_come(world: World) -> None:
    add_position(world, "Berit", "0821")
    anne = invite_anne(world, places=1, held_until=UNTIL)
    do(actions.decline, anne)
    assert held(world) == 1
    do(actions.withdraw, the_invitation("Berit").id)
    assert held(world) == 0


def test_the_day_gives_them_back(world: World) -> None:
    invite_anne(world, places=3, held_until=UNTIL)
    waits = from_oslo(world, 1)
    with transaction() as session:
        registrations.lapse(session, now=NOW + timedelta(days=8))
    assert (states(waits), held(world)) == ("c", 0)


@pytest.fixture
def group(world: World) -> World:
    """Gro and Hans of the steering group, who come from nowhere, are asked with a place for each."""
    group_id = add_group(world)
    add_member(group_id, "Gro")
    add_member(group_id, "Hans")
    sent = invite(world, clauses=(all_of(of(Kind.GROUP, group_id)),), places=1, held_until=UNTIL)
    assert sent == Sent(2, 2, 2)
    return world


def test_a_person_without_an_organisation_has_a_place_of_their_own(group: World) -> None:
    assert (held(group), states(sign_up(group, 1), sign_up(group, 2))) == (2, "cw")
    gro = sign_up(group, 3, name="Gro", email=address("Gro"))
    assert (states(gro), held(group)) == ("c", 1)


def test_who_has_come_and_leaves_again_has_no_place_held_once_they_have_answered(group: World) -> None:
    gro = sign_up(group, 3, name="Gro", email=address("Gro"))
    do(actions.accept, the_invitation("Gro").id, registration_id=gro)
    with transaction() as session:
        registrations.cancel(session, session.get_one(Registration, gro), actor=Actor.PARTICIPANT, now=NOW)
    assert held(group) == 1


def test_a_delegation_passes_no_place_that_is_held_for_a_person(group: World) -> None:
    assert [states(sign_up(group, number)) for number in (1, 2, 3)] == ["c", "w", "w"]
    do(actions.decline, the_invitation("Hans").id)
    assert held(group) == 1


def test_more_than_are_left_are_held_for_the_first_and_all_are_asked(world: World) -> None:
    for name, number in (("Anne", "0821"), ("Cato", "0301")):
        add_position(world, name, number)
    assert (invite(world, places=2, held_until=UNTIL), held(world)) == (Sent(2, 1, 2), 2)


def test_nothing_is_held_where_the_event_has_several_dates_or_the_day_is_over(app: Flask) -> None:
    world = build(capacity=3)
    add_position(world, "Anne", "0821")
    assert invite(world, places=2, held_until=UNTIL) == Sent(1)
    assert invite(world, "conference", places=2, held_until=date(2008, 8, 17)) == Sent(1)


def test_what_an_organiser_holds_is_left_alone(world: World) -> None:

    with transaction() as session:
        run = session.get_one(Run, world.run_id("seminar"))
        hold_places(session, run, organisation_ids=[world.municipalities["0821"]], places=3, held_until=UNTIL, now=NOW)
    anne = invite_anne(world, places=1, held_until=UNTIL)
    do(actions.decline, anne)
    assert held(world) == 3
    set_run(world.run_id("seminar"), capacity=4)
    assert states(from_oslo(world, 1), from_oslo(world, 2)) == "cw"
