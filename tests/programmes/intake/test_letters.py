"""Letters about decisions: each in its reader's form of the language, found good, and sent once by somebody who may."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.programmes.intake import actions
from eventsys.programmes.intake.actions.letters import EditedMeanwhile
from eventsys.programmes.intake.lists import count_undrafted, list_letters
from eventsys.programmes.intake.rules import Outcome
from eventsys.programmes.models import Application, CaseChange, Decision, DecisionLetter
from tests.programmes.intake.given import WHEN, Given, list_acts, ruling
from tests.statements import counted
from tests.world import World


@pytest.fixture
def given(world: World) -> Given:
    """The first is admitted, the second, of nynorsk, declined, the third, neutral, waits."""
    given = Given(world)
    given.admit(0)
    given.decide(
        {
            given.applications[1]: ruling(Outcome.DECLINED, nn="Måla kan ikkje målast."),
            given.applications[2]: ruling(Outcome.WAITING, later=given.second),
        }
    )
    return given


def prepare(given: Given, *, by: int = 0) -> list[int]:
    with transaction() as session:
        made = actions.prepare_letters(session, given.find_call(session), account_id=given.deciders[by], now=WHEN)
        return [letter.id for letter in made]


def mark(given: Given, ids: list[int], *, is_ready: bool = True, by: int = 0) -> int:
    with transaction() as session:
        call = given.find_call(session)
        return actions.set_ready(session, call, ids, is_ready=is_ready, account_id=given.deciders[by], now=WHEN)


def send(given: Given, ids: list[int], *, by: int = 0) -> int:
    with transaction() as session:
        return actions.send_letters(session, ids, account_id=given.deciders[by], now=WHEN)


def describe(given: Given) -> list[tuple[str, str, str]]:
    rows = list_letters(db.session(), call_id=given.call, account_id=given.deciders[0])
    found = [(row.case_number, row.letter.language, row.letter.state.value) for row in rows]
    db.session.rollback()
    return found


def test_each_is_drafted_once_in_the_readers_form_and_its_case_gets_a_number(given: Given) -> None:
    assert count_undrafted(db.session(), call_id=given.call, account_id=given.deciders[0]) == 3
    db.session.rollback()
    assert (len(prepare(given)), prepare(given)) == (3, [])
    assert describe(given) == [
        ("2008/123-1", "nb", "draft"), ("2008/123-3", "nb", "draft"), ("2008/123-2", "nn", "draft"),
    ]  # fmt: skip


def test_only_what_was_found_good_goes_and_each_goes_once(given: Given) -> None:
    letters = prepare(given)
    assert send(given, letters) == 0
    assert mark(given, letters[:2]) == 2
    assert (send(given, letters), send(given, letters)) == (2, 0)
    assert [state for _number, _language, state in describe(given)] == ["sent", "draft", "sent"]
    assert list_acts(given.applications[0]) == ["decided", "letter_ready", "letter_sent"]
    told = db.session.scalars(
        sa.select(CaseChange).where(CaseChange.letter_id == letters[0], CaseChange.noticed_at.is_(None))
    )
    assert [one.act.value for one in told] == ["letter_sent"]


def test_fifty_letters_are_found_good_and_sent_in_as_many_statements_as_one(world: World) -> None:
    given = Given(world, sent=51)
    no = ruling(Outcome.DECLINED, nb="Målene kan ikke måles.", nn="Måla kan ikkje målast.")
    given.decide(dict.fromkeys(given.applications, no))
    letters = prepare(given)

    def cost(some: list[int]) -> list[int]:
        found = []
        for step in (mark, send):
            db.session.remove()
            with counted(db.engine) as statements:
                assert step(given, some) == len(some)
            found.append(len(statements))
        return found

    one = cost(letters[:1])
    assert cost(letters[1:]) == one


def test_a_letter_that_two_send_at_once_goes_once(app: Flask, given: Given) -> None:
    letters = prepare(given)
    mark(given, letters)
    ready = threading.Barrier(2)

    def work(who: int) -> int:
        with app.app_context():
            ready.wait()
            try:
                return send(given, letters, by=who)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        assert Counter(pool.map(work, (0, 1))) == {3: 1, 0: 1}
    sent = sa.select(sa.func.count()).select_from(CaseChange).where(CaseChange.act == "letter_sent")
    assert db.session.scalar(sent) == 3


def test_a_letter_is_sent_neither_by_who_may_not_decide_nor_by_who_is_shut_out(given: Given) -> None:
    letters = prepare(given)
    mark(given, letters)
    with transaction() as session:
        call = given.find_call(session)
        actions.appoint(session, call_id=call.id, account_id=given.deciders[0], may_decide=False)
        application = session.get_one(Application, given.applications[0])
        who = given.deciders[1]
        actions.disqualify(session, call, application, who, why="", by_account_id=who, now=WHEN)
    assert (send(given, letters, by=0), send(given, letters, by=1)) == (0, 2)


def test_a_decision_that_was_taken_back_is_not_written_about(given: Given) -> None:
    letters = prepare(given)
    mark(given, letters)
    given.reverse(0)
    assert send(given, letters) == 2
    assert [number for number, _language, _state in describe(given)] == ["2008/123-3", "2008/123-2"]
    given.admit(0, by=1)
    assert len(prepare(given)) == 1


def test_a_refusal_without_grounds_in_its_language_is_not_ready(given: Given) -> None:
    letters = prepare(given)
    with transaction() as session:
        session.get_one(Decision, session.get_one(DecisionLetter, letters[1]).decision_id).grounds = {"nb": "Nei"}
    assert mark(given, letters) == 2
    with transaction() as session:
        session.get_one(Decision, session.get_one(DecisionLetter, letters[1]).decision_id).grounds = {"nn": "Nei"}
    assert mark(given, letters) == 1


def test_a_letter_that_is_edited_is_to_be_found_good_anew_and_of_two_who_edit_one_is_told(given: Given) -> None:
    letter_id = prepare(given)[0]
    mark(given, [letter_id])

    def edit(text: str, edition: int) -> None:
        with transaction() as session:
            actions.edit_letter(session, session.get_one(DecisionLetter, letter_id), text=text, edition=edition)

    edit("Subject: Velkommen\n\nHei\n", 1)
    assert describe(given)[0][2] == "draft"
    with pytest.raises(EditedMeanwhile):
        edit("Subject: Noe annet\n\nHei\n", 1)
    mark(given, [letter_id])
    send(given, [letter_id])
    with pytest.raises(EditedMeanwhile):
        edit("Subject: For sent\n\nHei\n", 2)
    assert mark(given, [letter_id], is_ready=False) == 0
