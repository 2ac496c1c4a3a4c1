"""Everything that is limited beside a run's own places: quotas, places held, sessions, choices and nights."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.events.models import EventSession
from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.limits.queries import count_limits, list_options
from eventsys.registrations.limits.rules import Dimension, Kind, Limit
from eventsys.registrations.models import (
    HeldPlaces,
    Quota,
    RegistrationNight,
    RoomBlock,
    RunNight,
    SessionSeat,
)
from eventsys.registrations.queries import count_places
from eventsys.registrations.questions.rules import GivenAnswer
from eventsys.registrations.rules import (
    Actor,
    NewSeat,
    OptionIsFull,
    OptionKind,
    Places,
    QuestionKind,
    QuotaIsFull,
    SessionsOverlap,
    Side,
    State,
    TooSmall,
    WhenFull,
)
from eventsys.venues import actions as venues
from tests.registrations import asking
from tests.registrations.seats import do, find, last_change, sign_up, sign_up_several, states
from tests.statements import counted
from tests.world import NOW, World, build, somebody

NIGHT = date(2008, 9, 1)


def add(row: Any) -> int:
    with transaction() as session:
        session.add(row)
        session.flush()
        return int(row.id)


def add_quota(world: World, most: int | None, event: str = "seminar", **part: Any) -> int:
    values = {"per_organisation": "side" not in part and "cohort_id" not in part, "most_seats": most, **part}
    return add(Quota(organiser_id=world.secretariat, event_id=world.events[event].id, **values))


def of(world: World, number: str) -> dict[str, int]:
    return {"organisation_id": world.municipalities[number]}


def test_an_organisation_gets_no_more_places_than_its_quota_and_others_pass_it_in_the_queue(app: Flask) -> None:
    world = build(capacity=4)
    add_quota(world, 2)
    mine = [sign_up(world, number) for number in (1, 2, 3)]
    other = sign_up(world, 4, **of(world, "0301"))
    assert (states(*mine), states(other)) == ("ccw", "c")
    do(actions.cancel, mine[0], actor=Actor.PARTICIPANT)
    assert states(*mine) == "xcc"


def test_a_quota_counts_the_seats_of_all_the_events_runs(app: Flask) -> None:
    world = build(capacity=4)
    add_quota(world, 1)
    there = sign_up(world, 1, run_id=world.run_id("seminar", 1))
    here = sign_up(world, 2)
    assert states(there, here) == "cw"
    do(actions.cancel, there, actor=Actor.PARTICIPANT)
    assert states(there, here) == "xc"


def test_a_cohorts_quota_is_shared_by_its_organisations_and_a_sides_by_its_people(app: Flask) -> None:
    world = build(capacity=9)
    add_quota(world, 1, "conference", cohort_id=world.cohorts[2])
    add_quota(world, 1, "conference", side=Side.POLITICIAN)
    run = {"run_id": world.run_id("conference")}
    second = [
        sign_up(world, 1, **run, **of(world, "0821")),
        sign_up(world, 2, **run, **of(world, "0301")),
    ]
    others = [
        sign_up(world, 3, **run, **of(world, "2021"), side=Side.POLITICIAN),
        sign_up(world, 4, **run, **of(world, "1119"), side=Side.POLITICIAN),
        sign_up(world, 5, **run, **of(world, "1119")),
    ]
    assert (states(*second), states(*others)) == ("cw", "cwc")


def test_a_quota_may_be_of_each_organisation_of_a_cohort(app: Flask) -> None:
    world = build(capacity=9)
    add_quota(world, 1, "conference", cohort_id=world.cohorts[2], per_organisation=True)
    run = {"run_id": world.run_id("conference")}
    rows = [sign_up(world, number, **run, **of(world, one)) for number, one in enumerate(("0821", "0821", "0301"))]
    free = [sign_up(world, 10 + number, **run, **of(world, "2021")) for number in range(3)]
    assert (states(*rows), states(*free)) == ("cwc", "ccc")


def test_free_seats_alone_limit_nothing(app: Flask) -> None:
    world = build(capacity=9)
    add_quota(world, None, free_seats=1)
    assert states(*(sign_up(world, number) for number in (1, 2, 3))) == "ccc"


def test_a_seat_goes_to_another_side_only_within_that_sides_quota_and_frees_its_own(app: Flask) -> None:
    world = build(capacity=9)
    add_quota(world, 1, side=Side.POLITICIAN)
    first, second = (sign_up(world, number, side=Side.POLITICIAN) for number in (1, 2))
    third = sign_up(world, 3)
    with pytest.raises(QuotaIsFull):
        do(actions.change_details, third, side=Side.POLITICIAN, actor=Actor.PARTICIPANT)
    do(actions.change_details, first, side=Side.OTHER, actor=Actor.PARTICIPANT)
    assert (states(first, second, third), last_change(first).facts) == ("ccc", {"changed": ["side"]})


def test_moving_counts_the_quota_once(app: Flask) -> None:
    world = build(capacity=4)
    add_quota(world, 1)
    row = sign_up(world, 1)
    do(actions.move, row, run_id=world.run_id("seminar", 1), actor=Actor.PARTICIPANT)
    assert (states(row), find(row).run_id) == ("c", world.run_id("seminar", 1))


def hold(world: World, number: str, places: int, until: date = NIGHT) -> int:
    return add(
        HeldPlaces(
            organiser_id=world.secretariat, event_id=world.events["seminar"].id, run_id=world.run_id("seminar"),
            organisation_id=world.municipalities[number], places=places, held_until=until,
        )
    )  # fmt: skip


def test_places_held_for_an_organisation_are_given_to_nobody_else(app: Flask) -> None:
    world = build(capacity=3)
    hold(world, "0301", 2)
    mine = [sign_up(world, number) for number in (1, 2)]
    held = [sign_up(world, number, **of(world, "0301")) for number in (3, 4, 5)]
    assert (states(*mine), states(*held)) == ("cw", "ccw")
    run = world.run_id("seminar")
    assert count_places(db.session(), [run]) == {run: Places(3, 3, 2, 0)}


def test_what_an_organisation_has_counts_towards_what_is_held_for_it(app: Flask) -> None:
    world = build(capacity=3)
    theirs = sign_up(world, 1, **of(world, "0301"))
    hold(world, "0301", 2)
    assert states(*(sign_up(world, number) for number in (2, 3))) == "cw"
    run = world.run_id("seminar")
    assert count_places(db.session(), [run])[run] == Places(3, 2, 1, 1)
    do(actions.cancel, theirs, actor=Actor.PARTICIPANT)
    assert count_places(db.session(), [run])[run] == Places(3, 1, 1, 2)


def test_after_the_last_day_what_is_held_goes_to_those_who_wait(app: Flask) -> None:
    world = build(capacity=2)
    until = NOW.date()
    hold(world, "0301", 2, until)
    waiting = sign_up(world, 1)
    last_minute = datetime(2008, 8, 18, 21, 59, tzinfo=NOW.tzinfo)
    for now, ended, state in ((last_minute, 0, "w"), (last_minute + timedelta(minutes=1), 1, "c")):
        with transaction() as session:
            assert actions.lapse(session, now=now) == ended
        assert states(waiting) == state


def test_a_capacity_is_not_lowered_below_what_is_taken_and_held(app: Flask) -> None:
    world = build(capacity=5)
    sign_up(world, 1)
    hold(world, "0301", 2)
    for capacity, refused in ((2, True), (3, False)):
        with transaction() as session:
            run = world.events["seminar"].runs[0]
            if refused:
                with pytest.raises(TooSmall):
                    actions.change_capacity(session, run, capacity, account_id=None, now=NOW)  # type: ignore[arg-type]
            else:
                actions.change_capacity(session, run, capacity, account_id=None, now=NOW)  # type: ignore[arg-type]


def add_session(world: World, capacity: int | None, *, hour: int = 10, place: int = 0) -> int:
    return add(
        EventSession(
            organiser_id=world.secretariat, event_id=world.events["seminar"].id, run_id=world.run_id("seminar", place),
            title={"nb": "Parallell"}, starts_local=datetime(2008, 9, 1, hour), ends_local=datetime(2008, 9, 1, hour + 1),
            capacity=capacity, chosen=True,
        )
    )  # fmt: skip


def sessions_of(registration_id: int) -> list[int]:
    db.session.rollback()
    statement = sa.select(SessionSeat.session_id).where(SessionSeat.registration_id == registration_id)
    return list(db.session.scalars(statement.order_by(SessionSeat.session_id)))


def test_a_full_session_refuses_that_session_alone_and_nothing_is_kept_of_the_try(app: Flask) -> None:
    world = build()
    one = add_session(world, 1)
    sign_up(world, 1, session_ids=(one,))
    with pytest.raises(OptionIsFull) as caught:
        sign_up(world, 2, session_ids=(one,))
    full = caught.value
    assert (full.kind, full.label_id, full.seat_index) == (OptionKind.SESSION, one, 0)
    assert states(sign_up(world, 2)) == "c"


def test_which_seat_of_a_delegation_the_full_session_was_for_is_said(app: Flask) -> None:
    world = build(capacity=9)
    one = add_session(world, 2)

    seats = tuple(NewSeat(None, session_ids=(one,)) for _seat in range(3))
    with pytest.raises(OptionIsFull) as caught:
        sign_up_several(world, 1, "", seats=seats)
    assert caught.value.seat_index == 2


def test_two_sessions_at_the_same_time_cannot_both_be_chosen(app: Flask) -> None:
    world = build()
    ids = tuple(add_session(world, None, hour=hour) for hour in (10, 10, 11))
    with pytest.raises(SessionsOverlap) as caught:
        sign_up(world, 1, session_ids=ids[:2])
    assert caught.value.session_ids == ids[:2]
    assert sessions_of(sign_up(world, 1, session_ids=ids[1:])) == list(ids[1:])


def test_who_waits_holds_no_session_and_loses_one_that_is_full_when_a_place_is_there(app: Flask) -> None:
    world = build(capacity=1)
    one, two = add_session(world, 1), add_session(world, 1, hour=12)
    first = sign_up(world, 1)
    waiting = sign_up(world, 2, session_ids=(one, two))
    do(actions.change_details, first, session_ids=[one], actor=Actor.PARTICIPANT)
    with pytest.raises(OptionIsFull):
        sign_up(world, 3, session_ids=(one,))
    with transaction() as session:
        run = world.events["seminar"].runs[0]
        actions.change_capacity(session, run, 2, account_id=None, now=NOW)  # type: ignore[arg-type]
    name = db.session.get_one(EventSession, one).public_id
    assert (states(waiting), sessions_of(waiting), last_change(waiting).facts) == (
        "c", [two], {"dropped": [f"session:{name}"]},
    )  # fmt: skip


def test_cancelling_frees_a_session_and_restoring_takes_it_again_if_it_is_free(app: Flask) -> None:
    world = build(capacity=9)
    one = add_session(world, 1)
    first = sign_up(world, 1, session_ids=(one,))
    do(actions.cancel, first, actor=Actor.PARTICIPANT)
    second = sign_up(world, 2, session_ids=(one,))
    do(actions.restore, first, account_id=None)
    assert (sessions_of(first), sessions_of(second), states(first)) == ([], [one], "c")


def test_moving_leaves_the_sessions_of_the_run_behind(app: Flask) -> None:
    world = build()
    one = add_session(world, 1)
    row = sign_up(world, 1, session_ids=(one,))
    do(actions.move, row, run_id=world.run_id("seminar", 1), actor=Actor.PARTICIPANT)
    name = db.session.get_one(EventSession, one).public_id
    assert (sessions_of(row), last_change(row).facts) == ([], {"dropped": [f"session:{name}"]})


def test_a_choice_with_a_limit_takes_so_many_and_can_be_changed_to_another(app: Flask) -> None:
    world = build(capacity=9)
    options = (*asking.choices("Buss", limit=1), *asking.choices("Tog"))
    question = asking.ask(world, asking.facts(QuestionKind.ONE_OF, "Reise", options=options))
    bus, train = ((GivenAnswer(question.id, question.version_id, (option.key,)),) for option in question.options)
    first = sign_up(world, 1, answers=bus)
    with pytest.raises(OptionIsFull) as caught:
        sign_up(world, 2, answers=bus)
    full = caught.value
    assert (full.kind, full.label_id, full.option) == (OptionKind.CHOICE, question.id, question.options[0].key)
    second = sign_up(world, 2, answers=train)
    changed = do(actions.change_details, first, answers=train, actor=Actor.PARTICIPANT)
    assert changed == [f"question:{question.public_id}"]
    do(actions.change_details, second, answers=bus, actor=Actor.PARTICIPANT)
    limits = count_limits(db.session(), world.events["seminar"].id, on=NIGHT, kinds=[Kind.CHOICE])
    assert limits == {Dimension(Kind.CHOICE, question.id, question.options[0].key): Limit(1, 1)}


def add_hotel(world: World, rooms: int | None) -> tuple[int, int]:
    """One night at one hotel for each of the seminar's runs, and so many rooms for both together."""
    with transaction() as session:
        hotel = venues.find_or_add(session, name="Hotellet")
        if rooms is not None:
            session.add(RoomBlock(organiser_id=world.secretariat, venue_id=hotel.id, on=NIGHT, rooms=rooms))
        nights = [
            RunNight(
                organiser_id=world.secretariat, event_id=world.events["seminar"].id, on=NIGHT,
                run_id=world.run_id("seminar", place), venue_id=hotel.id,
            )
            for place in (0, 1)
        ]  # fmt: skip
        session.add_all(nights)
        session.flush()
        return nights[0].id, nights[1].id


def test_a_hotels_rooms_are_shared_by_the_runs_and_a_person_is_counted_once(app: Flask) -> None:
    world = build(capacity=9)
    here, there = add_hotel(world, 2)
    sign_up(world, 1, night_ids=(here,))
    sign_up(world, 1, night_ids=(there,), run_id=world.run_id("seminar", 1), form_token="again")
    sign_up(world, 2, night_ids=(there,), run_id=world.run_id("seminar", 1))
    with pytest.raises(OptionIsFull) as caught:
        sign_up(world, 3, night_ids=(here,))
    assert (caught.value.kind, caught.value.label_id) == (OptionKind.NIGHT, here)
    options = list_options(db.session(), world.run_id("seminar"))
    assert [(night.hotel, night.limit) for night in options.nights] == [("Hotellet", Limit(2, 2))]


def test_nights_without_a_block_of_rooms_are_for_all(app: Flask) -> None:
    world = build(capacity=9)
    here, _there = add_hotel(world, None)
    assert states(*(sign_up(world, number, night_ids=(here,)) for number in (1, 2, 3))) == "ccc"


def test_a_night_follows_the_seat_to_the_same_night_of_the_other_run(app: Flask) -> None:
    world = build(capacity=9)
    here, there = add_hotel(world, 1)
    row = sign_up(world, 1, night_ids=(here,))
    do(actions.move, row, run_id=world.run_id("seminar", 1), actor=Actor.PARTICIPANT)
    nights = db.session.scalars(sa.select(RegistrationNight.night_id)).all()
    assert (nights, last_change(row).facts) == ([there], {})


def test_who_takes_a_place_over_gets_none_of_the_first_ones_choices(app: Flask) -> None:
    world = build(capacity=9)
    here, _there = add_hotel(world, 1)
    one = add_session(world, 1)
    question = asking.ask(world, asking.facts(label="Allergier", sensitive=True, erase_days=14))
    answers = (GivenAnswer(question.id, question.version_id, text="Nøtter"),)
    row = sign_up(world, 1, night_ids=(here,), session_ids=(one,), answers=answers)
    old = (find(row).person_id, find(row).link_version)
    do(actions.hand_over, row, name="Etterfølger Vik", email="etter@kommune.example", actor=Actor.PARTICIPANT)
    new = find(row)
    limits = count_limits(db.session(), world.events["seminar"].id, on=NIGHT, kinds=[Kind.SESSION, Kind.NIGHT])
    assert [limit.taken for limit in limits.values()] == [0, 0, 0]
    assert (new.name, new.email, new.link_version, new.person_id != old[0]) == (
        "Etterfølger Vik", "etter@kommune.example", old[1] + 1, True,
    )  # fmt: skip
    assert last_change(row).facts == {"to": "person1@kommune.example"}
    assert db.session.scalar(sa.text("SELECT count(*) FROM sensitive_answers")) == 0


def test_a_quota_costs_a_sign_up_three_statements_more_and_a_session_stays_within_bounds(app: Flask) -> None:
    world = build(capacity=50)
    add_quota(world, 40)
    with counted(db.engine) as sent:
        sign_up(world, 1)
    assert len(sent) == 10
    one = add_session(world, 5)
    with counted(db.engine) as sent:
        sign_up(world, 2, session_ids=(one,))
    assert len(sent) <= 25


def test_an_organiser_cannot_let_in_more_than_a_quota_allows(app: Flask) -> None:
    world = build(capacity=9)
    add_quota(world, 1)
    sign_up(world, 1)
    with pytest.raises(QuotaIsFull), transaction() as session:
        actions.add_by_organiser(session, somebody(world, 2), account_id=None, state=State.ATTENDED, now=NOW)  # type: ignore[arg-type]


def test_a_group_that_a_quota_keeps_out_is_passed_and_another_gets_the_places(app: Flask) -> None:
    world = build(capacity=2)
    add_quota(world, 2)
    first, second = sign_up(world, 1), sign_up(world, 2, **of(world, "0301"))
    group = sign_up_several(world, 3, "aa", WhenFull.TOGETHER)
    behind = sign_up(world, 4, **of(world, "0301"))
    do(actions.cancel, second, actor=Actor.PARTICIPANT)
    assert states(first, *group, behind) == "cwwc"
