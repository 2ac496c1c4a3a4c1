"""Questions and answers on both databases: versions, what is kept where, who read what, counts of statements."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.events.models import Event, Run
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import cancel, shift_erasure
from eventsys.registrations.models import (
    AnswerFile,
    PlainAnswer,
    Question,
    QuestionVersion,
    Registration,
    SensitiveAccess,
    SensitiveAnswer,
)
from eventsys.registrations.questions import actions, queries
from eventsys.registrations.questions.rules import (
    AskedQuestion,
    Asks,
    CannotBeChanged,
    ChoiceIsTaken,
    GivenAnswer,
    GivenFile,
    Option,
    QuestionFacts,
    QuestionIsNeeded,
    ShownAnswer,
    ShownIf,
)
from eventsys.registrations.rules import Actor, QuestionKind
from tests import world as worlds
from tests.accounts.people import add_account
from tests.registrations.asking import LAST_DAY, answer, ask, choices, facts, find, list_all, sign_up
from tests.statements import counted
from tests.world import World


@pytest.fixture
def world(app: Flask) -> World:
    return worlds.build(capacity=100)


def change(question: AskedQuestion, new: QuestionFacts) -> bool:
    with transaction() as session:
        return actions.change_question(session, session.get_one(Question, question.id), new, now=clock.now())


def shown(registration_id: int, *, sensitive: bool = False) -> list[ShownAnswer]:
    db.session.rollback()
    db.session.expunge_all()
    return queries.list_answers(db.session(), registration_id, include_sensitive=sensitive)


def test_an_old_answer_keeps_the_words_it_was_asked_by(world: World) -> None:
    question = ask(world, facts(QuestionKind.ONE_OF, "Hvordan kommer du?", options=choices("Buss", "Tog")))
    first, second = sign_up(world, 1), sign_up(world, 2)
    answer(first, question, options=("1",))
    renamed = (Option("1", {"nb": "Ekspressbuss"}), Option("", {"nb": "Båt"}))
    assert change(question, facts(QuestionKind.ONE_OF, "Hvordan reiser du?", options=renamed)) is True
    question = find(world, question.public_id)
    answer(second, question, options=("3",))
    texts = [(one.label, one.options, one.keys) for one in (*shown(first), *shown(second))]
    assert texts == [
        ({"nb": "Hvordan kommer du?"}, ({"nb": "Buss"},), ("1",)),
        ({"nb": "Hvordan reiser du?"}, ({"nb": "Båt"},), ("3",)),
    ]


def test_a_question_saved_as_it_was_makes_no_new_version(world: World) -> None:
    question = ask(world, facts(QuestionKind.ONE_OF, options=choices("Buss", "Tog")))
    assert change(question, facts(QuestionKind.ONE_OF, options=question.options)) is False
    assert db.session.scalars(sa.select(QuestionVersion.number)).all() == [1]


def test_what_a_question_is_changes_only_until_somebody_has_answered(world: World) -> None:
    question = ask(world, facts())
    private = facts(sensitive=True, erase_days=14)
    assert change(question, private) is True
    answer(sign_up(world), find(world, question.public_id), text="ja")
    with pytest.raises(CannotBeChanged):
        change(question, facts(sensitive=True, erase_days=400))
    with pytest.raises(CannotBeChanged):
        change(question, facts())
    assert find(world, question.public_id).erase_days == 14


def test_a_limit_below_what_is_chosen_is_refused_with_who_came_last(world: World) -> None:
    question = ask(world, facts(QuestionKind.SOME_OF, options=choices("Buss", "Tog")))
    for number in (1, 2, 3):
        answer(sign_up(world, number), question, options=("1",))
    with pytest.raises(ChoiceIsTaken) as refused:
        change(question, facts(QuestionKind.SOME_OF, options=(Option("1", {"nb": "Buss"}, 1), question.options[1])))
    assert (refused.value.taken, refused.value.above, refused.value.option) == (
        3, ["Person Nummer2", "Person Nummer3"], "1",
    )  # fmt: skip
    assert change(question, facts(QuestionKind.SOME_OF, options=(Option("1", {"nb": "Buss"}, 3), question.options[1])))
    assert [option.left for option in find(world, question.public_id).options] == [0, None]


def test_a_choice_of_somebody_who_cancels_is_free_again(world: World) -> None:
    question = ask(world, facts(QuestionKind.ONE_OF, options=choices("Buss", "Tog", limit=2)))
    registration_id = sign_up(world)
    answer(registration_id, question, options=("1",))
    assert [option.left for option in find(world, question.public_id).options] == [1, 2]
    with transaction() as session:
        cancel(session, session.get_one(Registration, registration_id), actor=Actor.PARTICIPANT, now=clock.now())
    assert [option.left for option in find(world, question.public_id).options] == [2, 2]


def test_saving_says_what_changed_and_leaves_other_questions_alone(world: World) -> None:
    role, food = ask(world, facts()), ask(world, facts(label="Mat?", sensitive=True, erase_days=14))
    registration_id = sign_up(world)
    assert answer(registration_id, role, text="leder") == [role.public_id]
    assert answer(registration_id, food, text="nøtter") == [food.public_id]
    assert answer(registration_id, role, text="leder") == []
    assert answer(registration_id, food) == [food.public_id]
    assert [one.text for one in shown(registration_id, sensitive=True)] == ["leder"]


def test_sensitive_answers_stand_apart_with_their_day_of_erasure(world: World) -> None:
    plain, dated = ask(world, facts()), ask(world, facts(label="Reise", erase_days=30))
    food = ask(world, facts(label="Mat?", sensitive=True, erase_days=14))
    registration_id = sign_up(world)
    for question in (plain, dated, food):
        answer(registration_id, question, text="svar")
    db.session.rollback()
    assert db.session.scalars(sa.select(PlainAnswer.erase_on).order_by(PlainAnswer.id)).all() == [
        None, date(2008, 10, 2),
    ]  # fmt: skip
    assert db.session.scalars(sa.select(SensitiveAnswer.erase_on)).all() == [date(2008, 9, 16)]
    assert len(shown(registration_id)) == 2


def test_the_day_of_erasure_follows_the_run_that_moves_each_answer_once(world: World) -> None:
    for erase_days in (14, 15):
        answer(sign_up(world, erase_days), ask(world, facts(sensitive=True, erase_days=erase_days)), text="svar")
    days = [date(2008, 9, 16), date(2008, 9, 17)]
    for moved in (1, -3):
        with transaction() as session:
            shift_erasure(session, session.get_one(Run, world.run_id("seminar")), days=moved)
        days = [day + timedelta(days=moved) for day in days]
        db.session.rollback()
        assert db.session.scalars(sa.select(SensitiveAnswer.erase_on).order_by(SensitiveAnswer.id)).all() == days


def test_who_reads_sensitive_answers_leaves_a_row(world: World) -> None:
    food = ask(world, facts(label="Mat?", sensitive=True, erase_days=14))
    registration_id = sign_up(world)
    answer(registration_id, food, text="nøtter")
    account_id = add_account("adviser@program.example", world.secretariat).id
    event_id = world.events["seminar"].id
    with transaction() as session:
        read = queries.read_sensitive(session, event_id=event_id, account_id=account_id, now=clock.now())
        nothing = queries.read_sensitive(session, event_id=world.events["unio"].id, account_id=None, now=clock.now())
    assert ({one: [answer.text for answer in given] for one, given in read.items()}, nothing) == (
        {registration_id: ["nøtter"]}, {},
    )  # fmt: skip
    rows = db.session.execute(sa.select(SensitiveAccess.event_id, SensitiveAccess.account_id, SensitiveAccess.what))
    assert [tuple(row) for row in rows.all()] == [
        (event_id, account_id, "answers"), (world.events["unio"].id, None, "answers"),
    ]  # fmt: skip


def test_a_file_is_kept_with_its_answer_and_goes_with_it(world: World) -> None:
    question = ask(world, facts(QuestionKind.FILE, asks=Asks(file_types=("pdf",))))
    registration_id = sign_up(world)
    answer(registration_id, question, file=GivenFile("Plan.pdf", "application/pdf", b"%PDF-1"))
    answer(registration_id, question, file=GivenFile("Ny.pdf", "application/pdf", b"%PDF-2"))
    session = db.session()
    session.rollback()
    public_id = session.get_one(Registration, registration_id).public_id

    def file(event: str) -> tuple[object, ...] | None:
        event_id = world.events[event].id
        return queries.find_file(session, event_id=event_id, registration=public_id, question=question.public_id)

    assert [file("seminar"), file("unio")] == [("Ny.pdf", "application/pdf", b"%PDF-2"), None]
    with transaction() as writing:
        actions.delete_answers(writing, registration_id)
    session.rollback()
    assert [session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (PlainAnswer, AnswerFile)] == [
        0,
        0,
    ]


def test_an_answer_to_another_events_question_is_refused(world: World) -> None:
    question = ask(world, facts(), "unio")
    registration_id = sign_up(world)
    with pytest.raises(LookupError):
        answer(registration_id, question, text="svar")


def test_a_question_taken_away_is_asked_no_more_and_its_answers_stay(world: World) -> None:
    answered, unanswered = ask(world, facts()), ask(world, facts(label="Ingen svarte"))
    registration_id = sign_up(world)
    answer(registration_id, answered, text="svar")
    with transaction() as session:
        for question in (answered, unanswered):
            actions.remove_question(session, session.get_one(Question, question.id), now=clock.now())
    assert (list_all(world), [one.text for one in shown(registration_id)]) == ([], ["svar"])
    assert db.session.scalars(sa.select(Question.id)).all() == [answered.id]


def test_a_question_that_decides_another_stays_and_stands_before_it(world: World) -> None:
    first = ask(world, facts(QuestionKind.YES_NO, "Overnatter du?"))
    second = ask(world, facts(label="Hvor?", asks=Asks(shown_if=ShownIf(str(first.public_id), ("yes",)))))
    third = ask(world, facts(label="Annet?"))
    acts: tuple[Callable[[Session], None], ...] = (
        lambda session: actions.remove_question(session, session.get_one(Question, first.id), now=clock.now()),
        lambda session: actions.move_question(session, session.get_one(Question, first.id), up=False),
        lambda session: actions.move_question(session, session.get_one(Question, second.id), up=True),
    )
    for act in acts:
        with pytest.raises(QuestionIsNeeded), transaction() as session:
            act(session)
    with transaction() as session:
        actions.move_question(session, session.get_one(Question, third.id), up=True)
        actions.move_question(session, session.get_one(Question, third.id), up=True)
    assert [question.id for question in list_all(world)] == [third.id, first.id, second.id]


def test_food_and_access_come_ready_made_and_once(world: World) -> None:
    def add() -> int:
        with transaction() as session:
            event = session.get_one(Event, world.events["seminar"].id)
            return actions.add_shipped_questions(session, event, now=clock.now())

    assert (add(), add()) == (3, 0)
    found = list_all(world)
    assert [(question.key, question.sensitive, question.erase_days) for question in found] == [
        ("food", True, 14), ("food_other", True, 14), ("access", True, 14),
    ]  # fmt: skip
    assert found[1].shown_if == ShownIf(str(found[0].public_id), ("8",))
    texts = [question.label for question in found] + [option.label for option in found[0].options]
    assert {tuple(sorted(text)) for text in texts} == {("en", "nb", "nn")}
    assert queries.list_missing_shipped(db.session(), world.events["seminar"].id) == []


def test_a_copied_event_asks_the_same_without_days_and_of_its_own(world: World) -> None:
    first = ask(world, facts(QuestionKind.ONE_OF, options=choices("Buss", "Tog", limit=5)))
    condition = Asks(shown_if=ShownIf(str(first.public_id), ("1",)), change_by=date(2008, 8, 20))
    ask(world, facts(label="Hvor fra?", asks=condition, required=True))
    with transaction() as session:
        from_id, to_id = world.events["seminar"].id, world.events["conference"].id
        actions.copy_questions(session, from_id, to_id, now=clock.now())
    copies = list_all(world, "conference")
    assert copies[0].public_id != first.public_id
    assert [(copy.label, copy.required, copy.asks) for copy in copies] == [
        ({"nb": "Hvilken rolle har du?"}, False, Asks()),
        ({"nb": "Hvor fra?"}, True, Asks(shown_if=ShownIf(str(copies[0].public_id), ("1",)))),
    ]
    assert [(option.key, option.limit, option.left) for option in copies[0].options] == [("1", 5, 5), ("2", 5, 5)]


def test_a_day_to_change_by_closes_the_question_after_it(world: World) -> None:
    ask(world, facts(asks=Asks(change_by=date(2008, 8, 20))))
    assert [list_all(world, on=date(2008, 8, day))[0].closed for day in (20, 21)] == [False, True]


def test_a_form_takes_one_statement_and_with_limits_and_cohorts_a_few_however_many_questions(world: World) -> None:
    def count() -> int:
        db.session.rollback()
        with counted(db.engine) as statements:
            list_all(world)
        return len(statements)

    ask(world, facts())
    one = count()
    for number in range(10):
        ask(world, facts(label=f"Spørsmål {number}"))
    many = count()
    ask(
        world,
        facts(QuestionKind.ONE_OF, options=choices("Buss", "Tog", limit=5), asks=Asks(cohorts=(world.cohorts[2],))),
    )
    assert (one, many, count()) == (1, 1, 4)
    assert list_all(world)[-1].cohort_names == ({"nb": "Pulje II"},)


def test_saving_ten_answers_takes_as_many_statements_as_saving_one(world: World) -> None:
    questions = [ask(world, facts(label=f"Spørsmål {number}")) for number in range(10)]

    def count(registration_id: int, asked: list[AskedQuestion]) -> int:
        with transaction() as session:
            row = session.get_one(Registration, registration_id)
            given = [GivenAnswer(question.id, question.version_id, text="svar") for question in asked]
            with counted(db.engine) as statements:
                actions.save_answers(session, row, given, erase_after=LAST_DAY, now=clock.now())
        return len(statements)

    assert (count(sign_up(world, 1), questions[:1]), count(sign_up(world, 2), questions)) == (3, 3)


def test_one_who_has_answered_nothing_has_no_answers(world: World) -> None:
    assert (shown(sign_up(world), sensitive=True), queries.list_plain_answers(db.session(), [])) == ([], {})
    assert queries.find_question(db.session(), world.events["seminar"].id, uuid.uuid4()) is None


def test_answers_of_several_come_in_one_statement(world: World) -> None:
    question = ask(world, facts())
    ids = [sign_up(world, number) for number in (1, 2)]
    for registration_id in ids:
        answer(registration_id, question, text=f"svar {registration_id}")
    with counted(db.engine) as statements:
        found = queries.list_plain_answers(db.session(), ids)
    assert ({one: given[0].text for one, given in found.items()}, len(statements)) == (
        {one: f"svar {one}" for one in ids}, 1,
    )  # fmt: skip
