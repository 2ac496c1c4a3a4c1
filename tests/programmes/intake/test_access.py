"""One condition says who reads which application; and what becomes of who is shut out."""

from __future__ import annotations

from typing import Any

import pytest

from eventsys.extensions import db, transaction
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.intake import actions, queries
from eventsys.programmes.intake.lists import list_applications, list_decisions, list_letters
from eventsys.programmes.intake.rules import CaseNumberIsTaken, suggest_case_number
from eventsys.programmes.models import Application, Criterion
from tests.accounts.people import add_account
from tests.calling import add_application
from tests.programmes.intake.given import WHEN, Given, list_acts
from tests.world import World


def read(given: Given, account_id: int) -> list[int]:
    found = [one.id for one in db.session.scalars(queries.select_open_to(account_id).order_by(Application.id))]
    db.session.rollback()
    return found


def shut_out(given: Given, who: int, place: int, *, by: int | None = None) -> bool:
    with transaction() as session:
        application = session.get_one(Application, given.applications[place])
        return actions.disqualify(
            session, given.find_call(session), application, given.deciders[who], why="Bur der",
            by_account_id=given.deciders[who if by is None else by], now=WHEN,
        )  # fmt: skip


def test_an_application_is_read_by_assessors_of_its_call_alone(world: World) -> None:
    given = Given(world)
    colleague = add_account("kollega@program.example", world.secretariat).id
    assert read(given, given.deciders[0]) == given.applications
    assert read(given, colleague) == []
    with transaction() as session:
        actions.dismiss(session, call_id=given.call, account_id=given.deciders[0])
    assert read(given, given.deciders[0]) == []


def test_what_was_never_sent_is_its_writers_alone(world: World) -> None:
    given = Given(world, sent=1)
    with transaction() as session:
        call = given.find_call(session)
        add_application(session, call, world.municipalities["0821"])
        never = add_application(session, call, world.municipalities["1119"], state=ApplicationState.WITHDRAWN)
        never.sent_at = None
    assert read(given, given.deciders[0]) == given.applications


def test_who_is_disqualified_finds_nothing_of_it_anywhere(world: World) -> None:
    given = Given(world)
    given.admit(0)
    with transaction() as session:
        actions.prepare_letters(session, given.find_call(session), account_id=given.deciders[1], now=WHEN)
        public_id = session.get_one(Application, given.applications[0]).public_id
    assert shut_out(given, 0, 0)
    where: dict[str, Any] = {"call_id": given.call, "account_id": given.deciders[0]}
    session = db.session()
    assert [one.id for one in list_applications(session, **where)] == given.applications[1:]
    assert (list_decisions(session, **where), list_letters(session, **where)) == ([], [])
    assert queries.find_open(session, public_id, **where) is None
    assert queries.list_open(session, [public_id], **where) == []
    session.rollback()
    assert read(given, given.deciders[1]) == given.applications


def test_being_shut_out_is_told_once_and_nobody_lifts_their_own(world: World) -> None:
    given = Given(world)
    assert (shut_out(given, 0, 0), shut_out(given, 0, 0)) == (True, False)

    def lift(by: int) -> bool:
        with transaction() as session:
            application = session.get_one(Application, given.applications[0])
            return actions.lift_disqualification(
                session, given.find_call(session), application, given.deciders[0], by_account_id=given.deciders[by],
                now=WHEN,
            )  # fmt: skip

    assert (lift(0), lift(1), lift(1)) == (False, True, False)
    assert read(given, given.deciders[0]) == given.applications
    assert list_acts(given.applications[0]) == ["disqualified", "not_disqualified"]


def test_points_are_given_by_criteria_within_what_they_take(world: World) -> None:
    given = Given(world)
    with transaction() as session:
        call = given.find_call(session)
        criterion = actions.add_criterion(session, call_id=call.id, name={"nb": "Mål"}, help={}, most_points=3).id
        application = session.get_one(Application, given.applications[0])
        who: dict[str, Any] = {"account_id": given.deciders[0], "now": WHEN}
        for points in ({criterion: 4}, {criterion: -1}, {criterion + 1: 1}):
            with pytest.raises(ValueError, match=str(criterion)):
                actions.save_assessment(session, call, application, notes="", points=points, **who)
        for _again in range(2):
            actions.save_assessment(session, call, application, notes="Godt", points={criterion: 2}, **who)
        found = queries.find_assessment(session, application.id, given.deciders[0])
    assert found is not None
    assert (found[0].notes, found[0].edition, dict(found[1])) == ("Godt", 1, {criterion: 2})
    assert list_acts(given.applications[0]) == ["assessed"]


def test_a_criterion_that_somebody_used_stays_and_takes_no_less_than_was_given(world: World) -> None:
    given = Given(world)
    with transaction() as session:
        call = given.find_call(session)
        application = session.get_one(Application, given.applications[0])
        used, unused = (
            actions.add_criterion(session, call_id=call.id, name={"nb": name}, help={}, most_points=5)
            for name in ("Mål", "Samarbeid")
        )
        points = {used.id: 4}
        who: dict[str, Any] = {"account_id": given.deciders[0], "now": WHEN}
        actions.save_assessment(session, call, application, notes="", points=points, **who)
        assert not actions.change_criterion(session, used, name={"nb": "Mål"}, help={}, most_points=3)
        assert actions.change_criterion(session, used, name={"nb": "Måla"}, help={}, most_points=4)
        actions.move_criterion(session, unused, by=-1)
        assert [one.id for one in queries.list_criteria(session, call.id)] == [unused.id, used.id]
        assert (actions.remove_criterion(session, used), actions.remove_criterion(session, unused)) == (False, True)
        assert session.query(Criterion).count() == 1


def test_a_shortlist_takes_what_can_be_decided_on_and_tells_each_change_once(world: World) -> None:
    given = Given(world)
    given.admit(0)

    def put(intake_id: int | None) -> int:
        with transaction() as session:
            call = given.find_call(session)
            who: dict[str, Any] = {"account_id": given.deciders[0], "now": WHEN}
            return actions.shortlist(session, call, given.applications, intake_id=intake_id, **who)

    assert (put(given.first), put(given.first), put(None)) == (2, 0, 2)
    assert list_acts(given.applications[1]) == ["shortlisted", "not_shortlisted"]


def test_a_case_number_is_one_cases_alone(world: World) -> None:
    given = Given(world)
    with transaction() as session:
        first, second = (session.get_one(Application, one) for one in given.applications[:2])
        actions.set_case_number(session, first, "2008/123-1")
        actions.set_case_number(session, first, "2008/123-1")
        with pytest.raises(CaseNumberIsTaken):
            actions.set_case_number(session, second, "2008/123-1")
        taken = queries.list_case_numbers(session, world.secretariat)
    assert suggest_case_number("2008/123", taken) == "2008/123-2"


@pytest.mark.parametrize(
    ("number", "taken", "next_one"),
    [
        ("2008/123", [], "2008/123-1"),
        ("2008/123", ["2008/123-9", "2008/123-10", "2008/1234-99", "2008/123-x"], "2008/123-11"),
        ("", ["-1"], ""),
        ("2008/12345678901234", [], ""),
    ],
)  # fmt: skip
def test_the_next_case_number_follows_all_that_are_taken(number: str, taken: list[str], next_one: str) -> None:
    assert suggest_case_number(number, taken) == next_one
