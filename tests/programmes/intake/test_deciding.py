"""Decisions: a whole batch or nothing, never above the ceiling, by those who may; taken back until the letter goes."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.programmes.actions import CohortIsFull
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.intake import actions
from eventsys.programmes.intake.rules import (
    IsDisqualified,
    LacksCohort,
    LacksGrounds,
    LetterIsSent,
    MayNotDecide,
    NoLaterIntake,
    NoRoom,
    Outcome,
    StateHasChanged,
)
from eventsys.programmes.models import Application, Cohort, Intake
from tests.programmes.intake.given import STARTS, WHEN, Given, count_members, list_acts, live_decisions, ruling
from tests.world import World

ADMITTED, WAITING, DECLINED = Outcome.ADMITTED, Outcome.WAITING, Outcome.DECLINED


def test_two_who_decide_at_once_never_admit_more_than_the_intake_takes(app: Flask, world: World) -> None:
    given = Given(world, ceiling=50, sent=60)
    ready = threading.Barrier(2)

    def decide(who: int) -> str:
        with app.app_context():
            ready.wait()
            try:
                given.admit(*range(30 * who, 30 * who + 30), by=who)
            except NoRoom as error:
                return f"{error.left} left"
            finally:
                db.session.remove()
            return "admitted"

    with ThreadPoolExecutor(2) as pool:
        assert Counter(pool.map(decide, (0, 1))) == {"admitted": 1, "20 left": 1}
    assert Counter(given.states()) == {"admitted": 30, "sent": 30}
    assert len(count_members(world)) == 30


def test_two_who_decide_on_the_same_at_once_decide_once(app: Flask, world: World) -> None:
    given = Given(world)
    ready = threading.Barrier(2)

    def decide(who: int) -> str:
        with app.app_context():
            ready.wait()
            try:
                given.admit(0, 1, by=who)
            except StateHasChanged:
                return "changed"
            finally:
                db.session.remove()
            return "admitted"

    with ThreadPoolExecutor(2) as pool:
        assert Counter(pool.map(decide, (0, 1))) == {"admitted": 1, "changed": 1}
    assert len(live_decisions()) == 2


def test_a_batch_with_one_too_many_is_refused_whole(world: World) -> None:
    given = Given(world, ceiling=2)
    with pytest.raises(NoRoom) as refused:
        given.admit(0, 1, 2)
    assert refused.value.left == 2
    assert (given.states(), live_decisions(), count_members(world)) == (["sent"] * 3, [], [])
    given.admit(0, 1)
    with pytest.raises(NoRoom) as refused:
        given.admit(2)
    assert refused.value.left == 0


def test_who_is_admitted_is_in_the_cohort_from_the_day_the_intake_starts(world: World) -> None:
    given = Given(world)
    given.admit(0)
    with transaction() as session:
        whose = session.get_one(Application, given.applications[0]).organisation_id
    assert count_members(world) == [(whose, STARTS)]
    assert list_acts(given.applications[0]) == ["decided"]


def test_who_waits_is_decided_on_in_the_later_intake(world: World) -> None:
    given = Given(world)
    first = given.applications[0]
    given.decide({first: ruling(WAITING, later=given.second)})
    assert live_decisions() == [(first, "waiting", given.second)]
    given.decide({first: ruling(ADMITTED, was="waiting")}, intake=given.second)
    assert live_decisions() == [(first, "admitted", given.second)]
    assert given.states()[0] == "admitted"


def test_nobody_waits_for_an_intake_that_has_been(world: World) -> None:
    given = Given(world)
    for later, intake in ((given.first, given.first), (given.first, given.second), (None, given.first)):
        with pytest.raises(NoLaterIntake):
            given.decide({given.applications[0]: ruling(WAITING, later=later)}, intake=intake)


def test_a_refusal_says_why_in_the_applicants_form_of_the_language(world: World) -> None:
    given = Given(world)
    nynorsk = given.applications[1]
    wrong: list[dict[str, Any]] = [{}, {"nb": "Målene kan ikke måles."}, {"nn": "  "}]
    for grounds in wrong:
        with pytest.raises(LacksGrounds) as refused:
            given.decide({nynorsk: ruling(DECLINED, **grounds)})
        assert refused.value.application_ids == [nynorsk]
    given.decide({nynorsk: ruling(DECLINED, nn="Måla kan ikkje målast.")})
    assert given.states() == ["sent", "declined", "sent"]


def test_what_changed_meanwhile_is_not_decided_on_unseen(world: World) -> None:
    given = Given(world)
    with transaction() as session:
        session.get_one(Application, given.applications[1]).state = ApplicationState.WITHDRAWN
    with pytest.raises(StateHasChanged) as refused:
        given.admit(0, 1)
    assert refused.value.application_ids == [given.applications[1]]
    assert given.states() == ["sent", "withdrawn", "sent"]


def test_who_is_disqualified_for_one_decides_on_none_of_the_batch(world: World) -> None:
    given = Given(world)
    with transaction() as session:
        application = session.get_one(Application, given.applications[0])
        actions.disqualify(
            session, given.find_call(session), application, given.deciders[0], why="Heimkommune",
            by_account_id=given.deciders[0], now=WHEN,
        )  # fmt: skip
    with pytest.raises(IsDisqualified) as refused:
        given.admit(0, 1)
    assert refused.value.application_ids == [given.applications[0]]
    given.admit(0, 1, by=1)
    with pytest.raises(IsDisqualified):
        given.reverse(0)


def test_an_assessor_who_may_not_decide_does_not(world: World) -> None:
    given = Given(world)
    with transaction() as session:
        actions.appoint(session, call_id=given.call, account_id=given.deciders[0], may_decide=False)
        actions.dismiss(session, call_id=given.call, account_id=given.deciders[1])
    for who in (0, 1):
        with pytest.raises(MayNotDecide):
            given.admit(0, by=who)


def test_an_intake_without_a_cohort_admits_nobody_and_a_full_cohort_neither(world: World) -> None:
    given = Given(world)
    with transaction() as session:
        session.get_one(Intake, given.second).cohort_id = None
        session.get_one(Cohort, world.cohorts[3]).ceiling = 2
    with pytest.raises(LacksCohort):
        given.decide({given.applications[0]: ruling(ADMITTED)}, intake=given.second)
    with pytest.raises(CohortIsFull):
        given.admit(0, 1, 2)
    assert (given.states(), live_decisions()) == (["sent"] * 3, [])


def test_a_decision_taken_back_leaves_all_as_it_was(world: World) -> None:
    given = Given(world, ceiling=1)
    given.admit(0)
    given.reverse(0)
    assert (given.states(), live_decisions(), count_members(world)) == (["sent"] * 3, [], [])
    assert list_acts(given.applications[0]) == ["decided", "reversed"]
    given.admit(1)
    assert given.states() == ["sent", "admitted", "sent"]


def test_who_waited_waits_again_when_the_later_decision_is_taken_back(world: World) -> None:
    given = Given(world)
    first = given.applications[0]
    given.decide({first: ruling(WAITING, later=given.second)})
    given.decide({first: ruling(ADMITTED, was="waiting")}, intake=given.second)
    given.reverse(0)
    assert (given.states()[0], live_decisions()) == ("waiting", [(first, "waiting", given.second)])


def test_a_decision_whose_letter_has_gone_stands(world: World) -> None:
    given = Given(world)
    given.admit(0)
    with transaction() as session:
        (letter,) = actions.prepare_letters(session, given.find_call(session), account_id=given.deciders[0], now=WHEN)
        actions.set_ready(
            session, given.find_call(session), [letter.id], is_ready=True, account_id=given.deciders[0], now=WHEN
        )
        assert actions.send_letters(session, [letter.id], account_id=given.deciders[0], now=WHEN) == 1
    with pytest.raises(LetterIsSent):
        given.reverse(0)
    assert given.states()[0] == "admitted"
