"""Who gets a place, who waits, who is asked to look elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.events import actions as events
from eventsys.extensions import db, transaction
from eventsys.registrations import actions, queries
from eventsys.registrations.models import Registration, RegistrationChange, UnionPosition
from eventsys.registrations.rules import (
    Actor,
    CannotBeCancelled,
    Change,
    NewRegistration,
    NotForThisOrganisation,
    Places,
    RegistrationIsClosed,
    State,
    TooSmall,
)
from tests.world import BASE_URL, NOW, World, build, somebody


def register(form: NewRegistration, *, later: int = 0) -> Registration:
    with transaction() as session:
        return actions.register(session, form, now=NOW + timedelta(seconds=later)).registration


def states(world: World, name: str = "seminar", place: int = 0) -> list[State]:
    db.session.rollback()
    statement = sa.select(Registration.state).where(Registration.run_id == world.run_id(name, place))
    return list(db.session.scalars(statement.order_by(Registration.id)))


def test_the_places_go_to_the_first_and_the_rest_wait_in_order(app: Flask) -> None:
    world = build(capacity=3)
    rows = [register(somebody(world, number), later=number) for number in range(1, 6)]
    assert [row.state for row in rows] == [State.CONFIRMED] * 3 + [State.WAITING] * 2
    assert [row.id for row in queries.list_waiting(db.session(), world.run_id("seminar"))] == [rows[3].id, rows[4].id]
    assert [queries.find_position(db.session(), row) for row in rows[3:]] == [1, 2]


def test_a_cancelled_place_goes_to_the_first_who_waits_in_the_same_transaction(app: Flask) -> None:
    world = build(capacity=1)
    rows = [register(somebody(world, number), later=number) for number in (1, 2, 3)]
    with transaction() as session:
        row = session.get_one(Registration, rows[0].id)
        actions.cancel(session, row, actor=Actor.PARTICIPANT, now=NOW)
    assert states(world) == [State.CANCELLED, State.CONFIRMED, State.WAITING]
    changes = db.session.execute(
        sa.select(RegistrationChange.registration_id, RegistrationChange.change).order_by(RegistrationChange.id)
    ).all()
    assert [tuple(change) for change in changes[3:]] == [(rows[0].id, Change.CANCELLED), (rows[1].id, Change.PROMOTED)]


def test_a_place_is_freed_once_however_often_it_is_cancelled(app: Flask) -> None:
    world = build(capacity=1)
    first, *_rest = (register(somebody(world, number), later=number) for number in (1, 2, 3))
    for _time in range(2):
        try:
            with transaction() as session:
                row = session.get_one(Registration, first.id)
                actions.cancel(session, row, actor=Actor.PARTICIPANT, now=NOW)
        except CannotBeCancelled:
            pass
    assert states(world) == [State.CANCELLED, State.CONFIRMED, State.WAITING]


def test_a_place_that_is_free_while_somebody_waits_goes_to_who_waits_and_not_to_a_newcomer(app: Flask) -> None:
    world = build(capacity=1)
    register(somebody(world, 1))
    waiting = register(somebody(world, 2), later=1)
    with transaction() as session:
        # A place that is free while somebody waits: as between two transactions that raise the limit and promote.
        session.execute(sa.text("UPDATE runs SET capacity = 2 WHERE id = :id"), {"id": world.run_id("seminar")})
    newcomer = register(somebody(world, 3), later=2)
    assert (waiting.state, newcomer.state) == (State.CONFIRMED, State.WAITING)


def test_the_same_form_sent_twice_is_one_registration(app: Flask) -> None:
    world = build()
    first, second = register(somebody(world)), register(somebody(world))
    assert (first.id, len(states(world))) == (second.id, 1)


def test_somebody_else_who_types_the_same_name_and_address_gets_no_page_and_the_owner_one_mail(app: Flask) -> None:
    world = build()
    owner = register(somebody(world))
    for _time in range(3):
        with transaction() as session:
            made = actions.register(session, somebody(world, form_token="another"), now=NOW)
        assert (made.own, made.registration.id) == (False, owner.id)
    repeated = sa.select(sa.func.count()).where(RegistrationChange.change == Change.REPEATED)
    assert db.session.scalar(repeated) == 1


def test_signing_up_again_after_leaving_takes_up_the_same_registration_at_the_end_of_the_queue(app: Flask) -> None:
    world = build(capacity=1)
    first = register(somebody(world, 1))
    register(somebody(world, 2), later=1)
    with transaction() as session:
        actions.cancel(session, session.get_one(Registration, first.id), actor=Actor.PARTICIPANT, now=NOW)
    with transaction() as session:
        again = actions.register(session, somebody(world, 1, form_token="new"), now=NOW + timedelta(seconds=9))
    assert (again.own, again.registration.id, again.registration.state) == (False, first.id, State.WAITING)


@pytest.mark.parametrize(
    "event, number, expected",
    [
        ("seminar", "0821", "in"), ("seminar", "2021", "out"), ("seminar", "1119", "out"), ("seminar", "1867", "out"),
        ("seminar3", "0821", "out"), ("seminar3", "2021", "in"), ("seminar3", "1119", "out"), ("seminar3", "1867", "out"),
        ("conference", "0821", "in"), ("conference", "2021", "in"), ("conference", "1119", "in"),
        ("conference", "1867", "out"), ("unio", "0821", "out"), ("unio", "1867", "out"),
    ],
)  # fmt: skip
def test_an_event_is_for_the_cohorts_it_names_in_each_of_its_runs(
    app: Flask, event: str, number: str, expected: str
) -> None:
    world = build()
    for run in world.events[event].runs:
        form = somebody(world, run.id, run_id=run.id, organisation_id=world.municipalities[number])
        if expected == "in":
            assert register(form).state is State.CONFIRMED
        else:
            with pytest.raises(NotForThisOrganisation):
                register(form)


def test_a_unions_representative_may_come_and_the_union_is_kept_apart_with_a_day_to_erase_it(app: Flask) -> None:
    world = build()
    facts = {"side": None, "union_id": world.unions[0], "organisation_id": world.municipalities["1867"]}
    row = register(somebody(world, run_id=world.run_id("unio"), **facts))
    kept = db.session.execute(sa.select(UnionPosition.union_id, UnionPosition.erase_on)).one()
    assert (row.state, row.side, kept.union_id, kept.erase_on.isoformat()) == (
        State.CONFIRMED, None, world.unions[0], "2008-12-12",
    )  # fmt: skip


def test_who_asks_to_come_waits_for_the_organiser_and_holds_no_place(app: Flask) -> None:
    world = build(capacity=1)
    asking = register(somebody(world, 1, organisation_id=world.municipalities["1867"], asks=True))
    invited = register(somebody(world, 2))
    assert (asking.state, invited.state) == (State.REQUESTED, State.CONFIRMED)
    with transaction() as session:
        actions.accept(session, session.get_one(Registration, asking.id), account_id=None, now=NOW)  # type: ignore[arg-type]
    assert states(world) == [State.WAITING, State.CONFIRMED]


def test_a_declined_request_stays_declined(app: Flask) -> None:
    world = build()
    asking = register(somebody(world, organisation_id=world.municipalities["1867"], asks=True))
    for verb in (actions.decline, actions.accept):
        with transaction() as session:
            verb(session, session.get_one(Registration, asking.id), account_id=None, now=NOW)  # type: ignore[arg-type]
    assert states(world) == [State.DECLINED]


def test_raising_the_capacity_promotes_as_many_as_now_fit_in_order(app: Flask) -> None:
    world = build(capacity=1)
    for number in range(1, 6):
        register(somebody(world, number), later=number)
    with transaction() as session:
        run = world.events["seminar"].runs[0]
        assert actions.change_capacity(session, run, 3, account_id=None, now=NOW) == 2  # type: ignore[arg-type]
    assert states(world) == [State.CONFIRMED] * 3 + [State.WAITING] * 2


def test_a_capacity_below_what_is_taken_is_refused_and_says_how_many_there_are(app: Flask) -> None:
    world = build(capacity=3)
    for number in (1, 2, 3):
        register(somebody(world, number))
    with pytest.raises(TooSmall) as caught, transaction() as session:
        actions.change_capacity(session, world.events["seminar"].runs[0], 2, account_id=None, now=NOW)  # type: ignore[arg-type]
    assert caught.value.taken == 3
    assert queries.count_places(db.session(), [world.run_id("seminar")]) == {
        world.run_id("seminar"): Places(capacity=3, taken=3, waiting=0)
    }


def test_a_cancelled_event_and_one_that_has_begun_take_nobody(app: Flask) -> None:
    world = build()
    with pytest.raises(RegistrationIsClosed), transaction() as session:
        actions.register(session, somebody(world), now=NOW + timedelta(days=14))
    with transaction() as session:
        events.cancel(session, session.merge(world.events["seminar"]), base_url=BASE_URL, now=NOW)
    with pytest.raises(RegistrationIsClosed):
        register(somebody(world))


def test_a_mended_address_makes_the_old_link_worthless(app: Flask) -> None:
    world = build()
    row = register(somebody(world))
    with transaction() as session:
        actions.readdress(session, session.get_one(Registration, row.id), email="riktig@kommune.example", now=NOW)
    db.session.rollback()
    mended = db.session.get_one(Registration, row.id)
    assert (mended.email, mended.email_key, mended.link_version) == ("riktig@kommune.example",) * 2 + (1,)
