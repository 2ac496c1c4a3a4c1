"""Until when one may change, cancel and hand over by oneself, and what is asked for after that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.models import ChangeRequest
from eventsys.registrations.rules import (
    Actor,
    Asked,
    CannotBeCancelled,
    Decision,
    RunIsFull,
    Side,
    TooLate,
    WrongState,
)
from tests.registrations.seats import do, find, history, last_change, set_run, set_terms, sign_up, states
from tests.world import NOW, World, build

LAST_DAY = NOW.date() + timedelta(days=1)
IN_TIME = datetime(2008, 8, 19, 21, 59, tzinfo=NOW.tzinfo)
"""The last minute of the day in Norway."""
LATE = IN_TIME + timedelta(minutes=1)
BEGUN = NOW + timedelta(days=14)


def cancel(row: int, now: datetime, **more: Any) -> None:
    do(actions.cancel, row, now=now, **more)


def change(row: int, now: datetime, **more: Any) -> None:
    do(actions.change_details, row, side=Side.OTHER, now=now, **more)


def hand_over(row: int, now: datetime, **more: Any) -> None:
    do(actions.hand_over, row, name="Etterfølger Vik", email=f"etter{row}@kommune.example", now=now, **more)


DEADLINES = [("cancel_by", cancel), ("change_by", change), ("hand_over_by", hand_over)]


@pytest.mark.parametrize("term, act", DEADLINES)
def test_the_last_day_is_inclusive_and_local_and_binds_all_but_organisers(
    app: Flask, term: str, act: Callable[..., None]
) -> None:
    world = build()
    set_terms(world, **{term: LAST_DAY})
    rows = [sign_up(world, number) for number in (1, 2)]
    act(rows[0], IN_TIME, actor=Actor.PARTICIPANT)
    for actor in (Actor.PARTICIPANT, Actor.REGISTRAR):
        with pytest.raises(TooLate):
            act(rows[1], LATE, actor=actor)
    act(rows[1], LATE, actor=Actor.ORGANISER)
    assert [len(history(row)) for row in rows] == [2, 2]


@pytest.mark.parametrize("act, refusal", [(cancel, CannotBeCancelled), (change, TooLate), (hand_over, TooLate)])
def test_without_a_deadline_everything_can_be_done_until_the_run_begins(
    app: Flask, act: Callable[..., None], refusal: type[Exception]
) -> None:
    world = build()
    rows = [sign_up(world, number) for number in (1, 2)]
    act(rows[0], BEGUN - timedelta(hours=9), actor=Actor.PARTICIPANT)
    with pytest.raises(refusal):
        act(rows[1], BEGUN, actor=Actor.PARTICIPANT)


def test_the_waiting_list_can_be_left_after_the_last_day_to_cancel(app: Flask) -> None:
    world = build(capacity=1)
    set_terms(world, cancel_by=LAST_DAY)
    sign_up(world, 1)
    waiting = sign_up(world, 2)
    cancel(waiting, LATE, actor=Actor.PARTICIPANT)
    assert states(waiting) == "x"


def ask(row: int, asked: Asked, words: str = "", **more: Any) -> int:
    request: ChangeRequest = do(actions.ask, row, asked=asked, words=words, now=LATE, **more)
    return request.id


def decide(request_id: int, decision: Decision, **more: Any) -> None:
    with transaction() as session:
        request = session.get_one(ChangeRequest, request_id)
        actions.decide(session, request, decision=decision, account_id=None, now=LATE, **more)  # type: ignore[arg-type]


def late_world(capacity: int = 3) -> World:
    world = build(capacity=capacity)
    set_terms(world, cancel_by=LAST_DAY, change_by=LAST_DAY, hand_over_by=LAST_DAY)
    return world


def test_what_is_asked_for_is_one_request_of_a_kind_with_the_newest_words(app: Flask) -> None:
    row = sign_up(late_world(), 1)
    first = ask(row, Asked.CANCEL, "Syk")
    assert (ask(row, Asked.CANCEL, "Fortsatt syk"), ask(row, Asked.CHANGE)) == (first, first + 1)
    request = db.session.get_one(ChangeRequest, first)
    assert (request.words, last_change(row).facts, len(history(row))) == ("Fortsatt syk", {"asked": "change"}, 3)


def test_an_organiser_who_says_yes_to_a_cancellation_cancels_and_the_next_gets_the_place(app: Flask) -> None:
    world = late_world(capacity=1)
    row, waiting = sign_up(world, 1), sign_up(world, 2)
    request = ask(row, Asked.CANCEL)
    for _twice in range(2):
        decide(request, Decision.ACCEPTED)
    assert states(row, waiting) == "xc"
    assert history(row)[2:] == [
        (row, "cancelled", "organiser", "cancelled"),
        (row, "answered", "organiser", "cancelled"),
    ]


def test_a_no_changes_nothing_and_says_why(app: Flask) -> None:
    row = sign_up(late_world(), 1)
    decide(ask(row, Asked.CANCEL), Decision.DECLINED, why="Rommet er betalt")
    answered = last_change(row)
    assert (states(row), answered.why, answered.facts, answered.noticed_at) == (
        "c", "Rommet er betalt", {"asked": "cancel", "decision": "declined"}, None,
    )  # fmt: skip
    with pytest.raises(TooLate):
        cancel(row, LATE, actor=Actor.PARTICIPANT)


def test_a_yes_to_a_move_moves_and_where_the_run_is_full_nothing_is_decided(app: Flask) -> None:
    world = late_world()
    two = world.run_id("seminar", 1)
    rows = [sign_up(world, number) for number in (1, 2)]
    set_run(two, capacity=1)
    requests = [ask(row, Asked.MOVE, run_id=two) for row in rows]
    decide(requests[0], Decision.ACCEPTED)
    with pytest.raises(RunIsFull):
        decide(requests[1], Decision.ACCEPTED)
    undecided = db.session.scalars(sa.select(ChangeRequest.id).where(ChangeRequest.decision.is_(None))).all()
    assert ([find(row).run_id for row in rows], undecided) == ([two, world.run_id("seminar")], [requests[1]])


@pytest.mark.parametrize("asked, act", [(Asked.CHANGE, change), (Asked.HAND_OVER, hand_over)])
def test_a_yes_to_what_needs_words_lets_the_participant_do_it_late(
    app: Flask, asked: Asked, act: Callable[..., None]
) -> None:
    row = sign_up(late_world(), 1)
    decide(ask(row, asked), Decision.ACCEPTED)
    assert last_change(row).noticed_at is None
    act(row, LATE, actor=Actor.PARTICIPANT)
    with pytest.raises(TooLate):
        act(row, BEGUN, actor=Actor.PARTICIPANT)


def test_a_move_needs_a_run_of_the_event_and_an_ended_registration_asks_for_nothing(app: Flask) -> None:
    world = late_world()
    row = sign_up(world, 1)
    for run_id in (None, world.run_id("conference")):
        with pytest.raises(WrongState):
            ask(row, Asked.MOVE, run_id=run_id)
    do(actions.cancel, row, actor=Actor.ORGANISER)
    with pytest.raises(WrongState):
        ask(row, Asked.CANCEL)
