"""The organisers' pages of an event's questions."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.organisers.actions import set_periods
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Question, QuestionVersion, Registration
from eventsys.registrations.questions.rules import AskedQuestion, Asks, GivenFile, Option, QuestionFacts, ShownIf
from eventsys.registrations.rules import QuestionKind, Side
from tests.registrations.asking import answer, ask, choices, facts, list_all, sign_up
from tests.statements import counted
from tests.world import World

NEW = {"kind": "short_text", "label_nb": "Hvilken rolle har du?"}


@pytest.fixture
def address(world: World) -> str:
    return f"/manage/events/{world.events['seminar'].slug}/questions"


def the_only(world: World) -> AskedQuestion:
    (question,) = list_all(world)
    return question


def test_a_question_is_made_with_all_that_can_be_said_of_it(adviser: FlaskClient, address: str, world: World) -> None:
    ask(world, facts(QuestionKind.YES_NO, "Overnatter du?"))
    first = the_only(world)
    typed = {
        "kind": "one_of", "label_nb": " Hvilket  rom? ", "label_nn": "Kva rom?", "hint_nb": "Vi bestiller for deg.",
        "required": "1", "rows": "4", "option-0_nb": "Enkeltrom", "limit-0": "20", "option-2_nb": "Dobbeltrom",
        "option-2_en": "Double", "sides": ["politician", "other"], "cohorts": [str(world.cohorts[2]), "99"],
        "shown_if": f"{first.public_id}:yes", "change_by": "25.8.2008", "erase_days": "30",
    }  # fmt: skip
    assert adviser.post(address, data=typed).status_code == 303
    made = list_all(world)[1]
    assert QuestionFacts(*(getattr(made, name) for name in QuestionFacts.__dataclass_fields__)) == QuestionFacts(
        QuestionKind.ONE_OF,
        {"nb": "Hvilket rom?", "nn": "Kva rom?"},
        {"nb": "Vi bestiller for deg."},
        required=True,
        options=(Option("1", {"nb": "Enkeltrom"}, 20, 20), Option("2", {"nb": "Dobbeltrom", "en": "Double"})),
        asks=Asks(
            sides=(Side.POLITICIAN, Side.OTHER),
            cohorts=(world.cohorts[2],),
            shown_if=ShownIf(str(first.public_id), ("yes",)),
            change_by=date(2008, 8, 25),
        ),
        erase_days=30,
    )


@pytest.mark.parametrize(
    "typed, field",
    [
        ({"kind": "short_text", "label_nb": " "}, "label_nb"),
        ({"kind": "one_of", "label_nb": "Hva?", "option-0_nb": "Bare en"}, "option-0_nb"),
        (
            {"kind": "one_of", "label_nb": "Hva?", "option-0_nb": "En", "option-1_nb": "To", "limit-2": "3"},
            "option-2_nb",
        ),
        ({"kind": "number", "label_nb": "Hvor mange?", "minimum": "5", "maximum": "2"}, "maximum"),
        ({"kind": "number", "label_nb": "Hvor mange?", "minimum": "mye"}, "minimum"),
        ({"kind": "file", "label_nb": "Planen"}, "file_types"),
        ({"kind": "file", "label_nb": "Planen", "file_types": "pdf", "sensitive": "1"}, "sensitive"),
        ({"kind": "date", "label_nb": "Når?", "change_by": "i morgen"}, "change_by"),
        ({"kind": "date", "label_nb": "Når?", "erase_days": "-1"}, "erase_days"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    adviser: FlaskClient, address: str, world: World, typed: dict[str, str], field: str
) -> None:
    answer = adviser.post(address, data={"hint_nn": "Behalden hjelp", **typed})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'href="#{field}"' in page, "Behalden hjelp" in page) == (422, True, True)
    assert list_all(world) == []


def test_a_sensitive_question_is_deleted_after_two_weeks_unless_said(
    adviser: FlaskClient, address: str, world: World
) -> None:
    adviser.post(address, data={**NEW, "sensitive": "1"})
    assert (the_only(world).sensitive, the_only(world).erase_days) == (True, 14)


def test_a_sensitive_question_is_deleted_when_the_organiser_says_unless_said(
    adviser: FlaskClient, address: str, world: World
) -> None:
    with transaction() as session:
        set_periods(session, session.get_one(Organiser, world.secretariat), ordinary_months=24, sensitive_days=3)
    adviser.post(address, data={**NEW, "sensitive": "1"})
    assert (the_only(world).sensitive, the_only(world).erase_days) == (True, 3)


def test_more_lines_keep_what_was_typed_and_save_nothing(adviser: FlaskClient, address: str, world: World) -> None:
    typed = {"kind": "some_of", "label_nb": "Hva?", "rows": "3", "option-2_nb": "Den tredje", "more": "1"}
    page = adviser.post(address, data=typed).get_data(as_text=True)
    assert (page.count('name="option-') // 3, 'value="Den tredje"' in page, list_all(world)) == (8, True, [])


def test_a_question_changes_and_its_form_shows_it_as_it_is(adviser: FlaskClient, address: str, world: World) -> None:
    question = ask(world, facts(QuestionKind.ONE_OF, options=choices("Buss", "Tog", limit=5)))
    answer(sign_up(world), question, options=("1",))
    page = adviser.get(f"{address}/{question.public_id}/edit").get_data(as_text=True)
    assert ('value="Buss"' in page, 'value="5"' in page, "1 has answered." in page) == (True, True, True)
    typed = {
        "kind": "one_of", "label_nb": "Hvordan kommer du?", "rows": "3", "key-0": "2", "option-0_nb": "Tog",
        "key-1": "1", "option-1_nb": "Buss", "limit-1": "1",
    }  # fmt: skip
    assert adviser.post(f"{address}/{question.public_id}", data=typed).status_code == 303
    changed = the_only(world)
    assert (changed.label, [(one.key, one.label["nb"], one.left) for one in changed.options]) == (
        {"nb": "Hvordan kommer du?"}, [("2", "Tog", None), ("1", "Buss", 0)],
    )  # fmt: skip


def test_two_lines_never_have_one_key_whatever_the_browser_sends(
    adviser: FlaskClient, address: str, world: World
) -> None:
    question = ask(world, facts(QuestionKind.ONE_OF, options=choices("Buss", "Tog")))
    typed = {
        "kind": "one_of", "label_nb": "Hvordan?", "rows": "3", "key-0": "1", "option-0_nb": "Buss",
        "key-1": "1", "option-1_nb": "Tog", "key-2": "x" * 50, "option-2_nb": "Båt",
    }  # fmt: skip
    assert adviser.post(f"{address}/{question.public_id}", data=typed).status_code == 303
    assert [option.key for option in the_only(world).options] == ["1", "3", "4"]


def test_a_limit_too_small_and_a_promise_broken_are_said_at_their_fields(
    adviser: FlaskClient, address: str, world: World
) -> None:
    question = ask(world, facts(QuestionKind.ONE_OF, options=choices("Buss", "Tog")))
    for number in (1, 2):
        answer(sign_up(world, number), question, options=("1",))
    typed = {
        "kind": "one_of", "label_nb": "Hvordan?", "rows": "3", "key-0": "2", "option-0_nb": "Tog",
        "key-1": "1", "option-1_nb": "Buss", "limit-1": "1",
    }  # fmt: skip
    small = adviser.post(f"{address}/{question.public_id}", data=typed)
    page = small.get_data(as_text=True)
    assert (small.status_code, 'href="#limit-1"' in page, "Last in: Person Nummer2." in page) == (422, True, True)
    broken = adviser.post(f"{address}/{question.public_id}", data={**typed, "limit-1": "", "sensitive": "1"})
    assert (broken.status_code, 'href="#sensitive"' in broken.get_data(as_text=True)) == (422, True)
    assert db.session.scalars(sa.select(QuestionVersion.number)).all() == [1]


def test_questions_move_and_one_that_decides_cannot_pass(adviser: FlaskClient, address: str, world: World) -> None:
    first = ask(world, facts(QuestionKind.YES_NO, "Overnatter du?"))
    second = ask(world, facts(label="Hvor?", asks=Asks(shown_if=ShownIf(str(first.public_id), ("yes",)))))
    adviser.post(f"{address}/{first.public_id}/position", data={"to": "down"})
    assert "It cannot pass “Hvor?”" in adviser.get(address).get_data(as_text=True)
    third = ask(world, facts(label="Annet?"))
    adviser.post(f"{address}/{third.public_id}/position", data={"to": "up"})
    assert [one.id for one in list_all(world)] == [first.id, third.id, second.id]
    assert adviser.post(f"{address}/{first.public_id}/removal").status_code == 303
    assert "Change “Hvor?” first" in adviser.get(address).get_data(as_text=True)


def test_a_question_is_taken_away_after_it_was_asked_for(adviser: FlaskClient, address: str, world: World) -> None:
    question = ask(world, facts())
    answer(sign_up(world), question, text="leder")
    asks_first = adviser.get(f"{address}/{question.public_id}/removal").get_data(as_text=True)
    assert "1 has answered it. The answer stays readable" in asks_first
    adviser.post(f"{address}/{question.public_id}/removal")
    assert (list_all(world), adviser.get(f"{address}/{question.public_id}/edit").status_code) == ([], 404)


def test_food_and_access_are_one_press_away_and_then_offered_no_more(
    adviser: FlaskClient, address: str, world: World
) -> None:
    assert "Add food and access needs" in adviser.get(address).get_data(as_text=True)
    for _again in range(2):
        assert adviser.post(f"{address}/shipped").status_code == 303
    assert [question.key for question in list_all(world)] == ["food", "food_other", "access"]
    assert "Add food and access needs" not in adviser.get(address).get_data(as_text=True)


def test_the_list_shows_the_form_as_participants_meet_it(adviser: FlaskClient, address: str, world: World) -> None:
    first = ask(world, facts(QuestionKind.ONE_OF, "Overnatter du?", options=choices("Ja, enkeltrom", "Nei", limit=1)))
    condition = Asks(shown_if=ShownIf(str(first.public_id), ("1",)), sides=(Side.POLITICIAN,))
    ask(world, facts(label="Mat?", sensitive=True, erase_days=14, asks=condition))
    answer(sign_up(world), first, options=("1",))
    page = " ".join(re.sub(r"<[^>]+>", " ", adviser.get(address).get_data(as_text=True)).split())
    for words in (
        "Ja, enkeltrom Full", "Ja, enkeltrom: 1 of 1",
        "Only if you answer Ja, enkeltrom to “Overnatter du?”", "Only for: Political leadership",
        "Only the organiser sees your answer, and each time it is read is noted.",
        "It is deleted 14 days after the event.",
    ):  # fmt: skip
        assert words in page


def test_a_file_that_somebody_gave_is_saved_and_not_shown(adviser: FlaskClient, address: str, world: World) -> None:
    question = ask(world, facts(QuestionKind.FILE, asks=Asks(file_types=("pdf",))))
    registration_id = sign_up(world)
    answer(registration_id, question, file=GivenFile("Årsplan.pdf", "application/pdf", b"%PDF-1"))
    public_id = db.session.get_one(Registration, registration_id).public_id
    place = address.replace("/questions", f"/participants/{public_id}/answers/{question.public_id}/file")
    page = adviser.get(place)
    assert (page.data, page.mimetype, page.headers["Content-Disposition"]) == (
        b"%PDF-1", "application/pdf", "attachment; filename=Arsplan.pdf; filename*=UTF-8''%C3%85rsplan.pdf",
    )  # fmt: skip
    assert adviser.get(place.replace(str(question.public_id), str(public_id))).status_code == 404


def test_the_list_takes_as_many_statements_with_one_question_as_with_thirty(
    adviser: FlaskClient, address: str, world: World
) -> None:
    def count() -> int:
        with counted(db.engine) as statements:
            adviser.get(address)
        return len(statements)

    ask(world, facts())
    adviser.get(address)
    one = count()
    for number in range(29):
        ask(world, facts(label=f"Spørsmål {number}"))
    assert count() == one


def test_a_new_event_asks_for_food_and_access_and_its_copy_asks_the_same(adviser: FlaskClient, world: World) -> None:
    typed = {
        "title_nb": "Nytt seminar", "type": "meeting", "rows": "1", "precision-0": "days", "first_on-0": "01.10.2008",
    }  # fmt: skip
    assert adviser.post("/manage/events", data=typed).status_code == 303
    assert count_keys() == {"food": 1, "food_other": 1, "access": 1}
    slug = db.session.scalars(sa.select(Event.slug).where(Event.slug.contains("nytt"))).one()
    assert adviser.post(f"/manage/copies/{slug}").status_code == 303
    assert count_keys() == {"food": 2, "food_other": 2, "access": 2}


def count_keys() -> dict[str, int]:
    db.session.rollback()
    rows = db.session.execute(
        sa.select(Question.key, sa.func.count()).where(Question.key.is_not(None)).group_by(Question.key)
    )
    return {row[0] or "": row[1] for row in rows}
