"""Limits that an organiser sets: kept, refused when too small with who is above, and places given that became free."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.events.models import Event, EventChange, EventSession, Run
from eventsys.events.programme.rules import SessionFacts
from eventsys.extensions import db, transaction
from eventsys.registrations.limits import actions, holding
from eventsys.registrations.limits.terms import Part, Terms
from eventsys.registrations.models import (
    HeldPlaces,
    Quota,
    Registration,
    RegistrationNight,
    RoomBlock,
    RunNight,
    SessionSeat,
)
from eventsys.registrations.rules import Side, State, TooFewRooms, TooSmall
from eventsys.venues.actions import add as add_venue
from tests import world as worlds
from tests.registrations.asking import sign_up
from tests.world import World

NIGHT = date(2008, 9, 1)


@pytest.fixture
def world(app: Flask) -> World:
    """The seminar's first run takes three."""
    return worlds.build(capacity=3)


def the_event(session: Session, world: World) -> Event:
    return session.get_one(Event, world.events["seminar"].id)


def the_run(session: Session, world: World, place: int = 0) -> Run:
    return session.get_one(Run, world.run_id("seminar", place))


def states() -> list[tuple[str, State]]:
    db.session.rollback()
    db.session.expunge_all()
    rows = db.session.execute(sa.select(Registration.name, Registration.state).order_by(Registration.id))
    return [(name.removeprefix("Person Nummer"), state) for name, state in rows]


def set_quota(world: World, part: Part, most: int | None, free: int | None = None) -> None:
    with transaction() as session:
        event = the_event(session, world)
        actions.set_quota(session, event, part, free_seats=free, most_seats=most, now=clock.now())


def test_a_quota_is_one_for_its_part_and_changes_in_place(world: World) -> None:
    set_quota(world, Part(), 3, free=2)
    set_quota(world, Part(), 4)
    set_quota(world, Part(False, world.cohorts[2]), 5)
    rows = db.session.execute(sa.select(Quota.per_organisation, Quota.cohort_id, Quota.free_seats, Quota.most_seats))
    assert [tuple(row) for row in rows.all()] == [(True, None, None, 4), (False, world.cohorts[2], None, 5)]


@pytest.mark.parametrize("part", [Part(), Part(True, 2), Part(False, 2), Part(False, None, Side.ADMINISTRATION)])
def test_a_quota_below_what_is_taken_is_refused_with_who_came_last(world: World, part: Part) -> None:
    for number in (1, 2, 3):
        sign_up(world, number)
    with pytest.raises(TooSmall) as refused:
        set_quota(world, part, 2)
    assert (refused.value.taken, refused.value.above) == (3, ["Person Nummer3"])
    assert db.session.scalars(sa.select(Quota.id)).all() == []
    set_quota(world, part, 3)


def test_a_quota_that_goes_gives_places_to_those_it_kept_waiting(world: World) -> None:
    set_quota(world, Part(), 1)
    for number in (1, 2):
        sign_up(world, number)
    assert states() == [("1", State.CONFIRMED), ("2", State.WAITING)]
    with transaction() as session:
        actions.remove_quota(session, the_event(session, world), Part(), now=clock.now())
    assert states() == [("1", State.CONFIRMED), ("2", State.CONFIRMED)]


@pytest.mark.parametrize("part, free, most", [(Part(), None, None), (Part(False, 2), 1, None)])
def test_a_quota_that_means_nothing_is_refused(world: World, part: Part, free: int | None, most: int | None) -> None:
    with pytest.raises(ValueError):
        set_quota(world, part, most, free)


def hold(world: World, number: str, places: int) -> None:
    with transaction() as session:
        holding.hold_places(
            session, the_run(session, world), organisation_ids=[world.municipalities[number]], places=places,
            held_until=date(2008, 8, 25), now=clock.now(),
        )  # fmt: skip


def release(world: World, number: str) -> bool:
    with transaction() as session:
        run = the_run(session, world)
        return holding.release_places(session, run, organisation_id=world.municipalities[number], now=clock.now())


def test_places_held_for_one_are_nobody_elses_until_they_are_given_to_all(world: World) -> None:
    hold(world, "0301", 2)
    for number in (1, 2):
        sign_up(world, number)
    sign_up(world, 3, organisation_id=world.municipalities["0301"])
    assert states() == [("1", State.CONFIRMED), ("2", State.WAITING), ("3", State.CONFIRMED)]
    assert (release(world, "0301"), release(world, "0301")) == (True, False)
    assert states() == [("1", State.CONFIRMED), ("2", State.CONFIRMED), ("3", State.CONFIRMED)]


def test_more_places_than_are_left_cannot_be_held(world: World) -> None:
    sign_up(world)
    with pytest.raises(TooSmall):
        hold(world, "0301", 3)
    hold(world, "0301", 2)
    hold(world, "0301", 1)
    assert db.session.scalars(sa.select(HeldPlaces.places)).all() == [1]


def set_session(world: World, capacity: int | None, session_id: int | None = None) -> int:
    facts = SessionFacts(
        {"nb": "Verksted"},
        starts_local=datetime(2008, 9, 1, 13),
        ends_local=datetime(2008, 9, 1, 14),
        capacity=capacity,
    )
    with transaction() as session:
        row = session.get_one(EventSession, session_id) if session_id else None
        return actions.set_session(session, the_run(session, world), facts, row=row, now=clock.now()).id


def remove_session(session_id: int) -> None:
    with transaction() as session:
        actions.remove_session(session, session.get_one(EventSession, session_id), now=clock.now())


def test_a_session_takes_no_fewer_than_have_chosen_it_and_stays_while_somebody_has(world: World) -> None:
    session_id = set_session(world, 10)
    for number in (1, 2):
        sign_up(world, number, session_ids=(session_id,))
    acts: tuple[Callable[[], object], ...] = (
        lambda: set_session(world, 1, session_id),
        lambda: remove_session(session_id),
    )
    for act in acts:
        with pytest.raises(TooSmall) as refused:
            act()
        assert (refused.value.taken, refused.value.above[-1]) == (2, "Person Nummer2")
    assert set_session(world, 2, session_id) == session_id


def test_a_session_that_only_waiting_people_wish_for_goes_with_their_wish(world: World) -> None:
    session_id = set_session(world, 10)
    for number in (1, 2, 3):
        sign_up(world, number)
    sign_up(world, 4, session_ids=(session_id,))
    remove_session(session_id)
    assert db.session.scalars(sa.select(SessionSeat.session_id)).all() == []


def set_nights(world: World, venue_id: int, nights: list[date]) -> None:
    with transaction() as session:
        actions.set_run_nights(session, the_run(session, world), venue_id=venue_id, nights=nights, now=clock.now())


def set_rooms(world: World, venue_id: int, rooms: int | None) -> None:
    with transaction() as session:
        actions.set_room_block(
            session, organiser_id=world.secretariat, venue_id=venue_id, on=NIGHT, rooms=rooms, now=clock.now()
        )


def hotel() -> int:
    with transaction() as session:
        return add_venue(session, name="Hotellet", capacity=None, now=clock.now()).id


def test_a_night_that_somebody_has_stays_and_its_rooms_suffice(world: World) -> None:
    venue_id = hotel()
    set_nights(world, venue_id, [NIGHT, date(2008, 9, 2)])
    night_id = db.session.scalars(sa.select(RunNight.id).where(RunNight.on == NIGHT)).one()
    for number in (1, 2):
        sign_up(world, number, night_ids=(night_id,))
    acts: tuple[Callable[[], None], ...] = (
        lambda: set_nights(world, venue_id, []),
        lambda: set_rooms(world, venue_id, 1),
    )
    for act in acts:
        with pytest.raises(TooSmall) as refused:
            act()
        assert refused.value.taken == 2
    set_rooms(world, venue_id, 2)
    set_nights(world, venue_id, [NIGHT])
    assert db.session.scalars(sa.select(RunNight.id)).all() == [night_id]
    assert len(db.session.scalars(sa.select(RegistrationNight.night_id)).all()) == 2
    set_rooms(world, venue_id, None)
    assert db.session.scalars(sa.select(RoomBlock.rooms)).all() == []


def test_a_hotel_with_too_few_rooms_is_no_change_for_those_who_have_the_night(world: World) -> None:
    big, small = hotel(), 0
    set_nights(world, big, [NIGHT])
    night_id = db.session.scalars(sa.select(RunNight.id)).one()
    for number in (1, 2):
        sign_up(world, number, night_ids=(night_id,))
    with transaction() as session:
        small = add_venue(session, name="Pensjonatet", capacity=None, now=clock.now()).id
    set_rooms(world, small, 1)
    with pytest.raises(TooSmall):
        set_nights(world, small, [NIGHT])
    assert db.session.scalars(sa.select(RunNight.venue_id)).all() == [big]


def test_terms_are_kept_with_a_row_of_history_and_nothing_is_written_twice(world: World) -> None:
    terms = Terms(True, date(2008, 8, 22), date(2008, 8, 23), date(2008, 8, 24), date(2008, 8, 25), 48, 0)

    def change() -> bool:
        with transaction() as session:
            return actions.change_terms(session, the_event(session, world), terms, now=clock.now())

    assert (change(), change()) == (True, False)
    db.session.rollback()
    changes = db.session.scalars(sa.select(EventChange).order_by(EventChange.id.desc()).limit(1)).one()
    assert (changes.facts["fields"], changes.noticed_at == changes.at) == (
        ["asks_approval", "names_by", "change_by", "cancel_by", "hand_over_by", "offer_hours", "promotion_stops_hours"],
        True,
    )


def test_a_later_end_of_promotion_gives_the_places_that_were_kept_back(world: World) -> None:
    now = datetime(2008, 8, 31, 12, tzinfo=UTC)
    for number in range(1, 5):
        sign_up(world, number)
    with transaction() as session:
        session.execute(sa.update(Run).where(Run.id == world.run_id("seminar")).values(capacity=4))
    for hours, state in ((24, State.WAITING), (2, State.CONFIRMED)):
        with transaction() as session:
            terms = Terms(promotion_stops_hours=hours, asks_approval=hours == 24)
            actions.change_terms(session, the_event(session, world), terms, now=now)
        assert states()[-1] == ("4", state)


def test_sessions_and_nights_go_along_when_a_run_moves_and_too_few_rooms_then_are_refused(world: World) -> None:
    with transaction() as session:
        run = the_run(session, world)
        hotel = add_venue(session, name="Hotellet", capacity=None, now=clock.now())
        facts = SessionFacts({"nb": "Økt"}, starts_local=datetime(2008, 9, 1, 13), ends_local=datetime(2008, 9, 1, 15))
        chosen = actions.set_session(session, run, facts, now=clock.now())
        actions.set_run_nights(session, run, venue_id=hotel.id, nights=[date(2008, 8, 31), NIGHT], now=clock.now())
        night = session.scalars(sa.select(RunNight.id).where(RunNight.on == NIGHT)).one()
    sign_up(world, 1, session_ids=(chosen.id,), night_ids=(night,))
    with transaction() as session:
        actions.set_room_block(
            session, organiser_id=world.secretariat, venue_id=hotel.id, on=date(2008, 9, 3), rooms=0, now=clock.now()
        )
    with pytest.raises(TooFewRooms), transaction() as session:
        actions.shift_days(session, the_run(session, world), days=2, now=clock.now())
    with transaction() as session:
        actions.shift_days(session, the_run(session, world), days=1, now=clock.now())
    db.session.expunge_all()
    kept = (sa.select(SessionSeat.session_id), sa.select(RegistrationNight.night_id))
    assert [db.session.scalar(one) for one in kept] == [chosen.id, night]
    assert db.session.scalars(sa.select(RunNight.on).order_by(RunNight.on)).all() == [NIGHT, date(2008, 9, 2)]
    assert db.session.scalar(sa.select(EventSession.starts_local)) == datetime(2008, 9, 2, 13)
