"""Beds and chairs per date and venue over runs, events and organisers; overlapping seats told from five upwards."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.events.models import Run
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import cancel, register
from eventsys.registrations.limits import actions as limits
from eventsys.registrations.models import Registration, RunNight
from eventsys.registrations.rules import Actor
from eventsys.registrations.totals.queries import Needed, count_beds_and_chairs, count_clashes
from eventsys.venues import actions as venues
from tests import world as worlds
from tests.statements import counted
from tests.world import World, somebody

FIRST, SECOND, THIRD = date(2008, 9, 1), date(2008, 9, 2), date(2008, 9, 3)


@pytest.fixture
def world(app: Flask) -> World:
    return worlds.build(capacity=100)


@pytest.fixture
def hotel(world: World) -> int:
    """Both runs of the seminar, and the conferences, are at one hotel, with a night between the days of each."""
    with transaction() as session:
        venue = venues.find_or_add(session, name="Fjordhotellet")
        for run in session.scalars(sa.select(Run)):
            run.venue_id = venue.id
            assert run.first_on is not None
            limits.set_run_nights(session, run, venue_id=venue.id, nights=[run.first_on], now=clock.now())
        return venue.id


def sign_up(world: World, number: int, name: str = "seminar", place: int = 0, *, sleeps: bool = False) -> None:
    run_id = world.run_id(name, place)
    nights = db.session.scalars(sa.select(RunNight.id).where(RunNight.run_id == run_id)).all() if sleeps else ()
    more = {"union_id": world.unions[0], "side": None} if name == "unio" else {}
    form = somebody(
        world, number, run_id=run_id, night_ids=tuple(nights), form_token=f"{name}-{place}-{number}", asks=True, **more
    )
    with transaction() as session:
        register(session, form, now=clock.now())


def count(world: World, first: date, last: date, organiser_id: int = 0) -> list[Needed]:
    db.session.rollback()
    return count_beds_and_chairs(
        db.session(), organiser_id=organiser_id or world.secretariat, first_on=first, last_on=last
    )


def test_runs_that_overlap_are_added_up_per_date(world: World, hotel: int) -> None:
    for number in (1, 2):
        sign_up(world, number, sleeps=True)
    for number in (3, 4, 5):
        sign_up(world, number, place=1, sleeps=number > 3)
    sign_up(world, 6)
    with transaction() as session:
        six = session.scalars(sa.select(Registration).where(Registration.name == "Person Nummer6")).one()
        cancel(session, six, actor=Actor.ORGANISER, now=clock.now())
        limits.set_room_block(
            session, organiser_id=world.secretariat, venue_id=hotel, on=SECOND, rooms=4, now=clock.now()
        )
    name = "Fjordhotellet"
    assert count(world, date(2008, 8, 30), date(2008, 9, 4)) == [
        Needed(hotel, name, FIRST, 2, 2, 2, None, 2, 2, 2),
        Needed(hotel, name, SECOND, 5, 5, 2, 4, 5, 5, 2),
        Needed(hotel, name, THIRD, 3, 3, 0, None, 3, 3, 0),
    ]


def test_what_other_organisers_need_is_a_number_and_a_person_sleeps_and_eats_once(world: World, hotel: int) -> None:
    day = date(2008, 11, 27)
    for number in (1, 2):
        sign_up(world, number, "conference")
        sign_up(world, number, "unio", sleeps=True)
    sign_up(world, 3, "unio", sleeps=True)
    assert count(world, day, day) == [Needed(hotel, "Fjordhotellet", day, 2, 2, 0, None, 5, 3, 3)]
    assert count(world, day, day, world.unio) == [Needed(hotel, "Fjordhotellet", day, 3, 3, 3, None, 5, 3, 3)]


def test_where_one_has_nothing_nothing_is_told(world: World, hotel: int) -> None:
    sign_up(world, 1, "unio", sleeps=True)
    assert count(world, date(2008, 11, 28), date(2008, 11, 28)) == []
    assert count(world, SECOND, FIRST) == []


def test_sums_cost_four_statements(world: World, hotel: int) -> None:
    def cost() -> int:
        with counted(db.engine) as sent:
            count(world, FIRST, THIRD)
        return len(sent)

    assert cost() == 4
    for number in range(10):
        sign_up(world, number, sleeps=True)
    assert cost() == 4


def test_overlapping_seats_are_told_from_five_upwards_and_only_as_a_number(world: World) -> None:
    for number in range(1, 6):
        sign_up(world, number, "conference")
        if number < 5:
            sign_up(world, number, "unio")
    event = world.events["conference"].id
    assert count_clashes(db.session(), event) == []
    sign_up(world, 5, "unio")
    db.session.rollback()
    assert [(one.slug, many) for one, many in count_clashes(db.session(), event)] == [(world.events["unio"].slug, 5)]
    with transaction() as session:
        one = session.scalars(sa.select(Registration).where(Registration.name == "Person Nummer1")).first()
        assert one is not None
        cancel(session, one, actor=Actor.ORGANISER, now=clock.now())
    db.session.rollback()
    assert count_clashes(db.session(), event) == []


def test_events_on_other_days_do_not_overlap(world: World) -> None:
    for number in range(1, 7):
        sign_up(world, number, "conference")
        sign_up(world, number)
    db.session.rollback()
    assert count_clashes(db.session(), world.events["conference"].id) == []
