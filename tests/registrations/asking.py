"""Questions and answers that tests begin with."""

from __future__ import annotations

import uuid
from datetime import date

from eventsys import clock
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import register
from eventsys.registrations.models import Registration
from eventsys.registrations.questions.actions import add_question, save_answers
from eventsys.registrations.questions.queries import list_questions
from eventsys.registrations.questions.rules import AskedQuestion, GivenAnswer, Option, QuestionFacts
from eventsys.registrations.rules import QuestionKind
from tests.world import World, somebody

LAST_DAY = date(2008, 9, 2)
TODAY = date(2008, 8, 18)


def facts(
    kind: QuestionKind = QuestionKind.SHORT_TEXT, label: str = "Hvilken rolle har du?", **more: object
) -> QuestionFacts:
    return QuestionFacts(kind, {"nb": label}, **more)  # type: ignore[arg-type]


def choices(*labels: str, limit: int | None = None) -> tuple[Option, ...]:
    return tuple(Option("", {"nb": label}, limit) for label in labels)


def asked(kind: QuestionKind, place: int = 1, label: str = "Spørsmål", **more: object) -> AskedQuestion:
    """A question in no database."""
    values = {"id": place, "version_id": place, "public_id": uuid.UUID(int=place), "label": {"nb": label}, **more}
    return AskedQuestion(kind=kind, **values)  # type: ignore[arg-type]


def ask(world: World, question: QuestionFacts, event: str = "seminar") -> AskedQuestion:
    """Adds the question to the event's form."""
    with transaction() as session:
        row = session.get_one(Event, world.events[event].id)
        made = add_question(session, row, question, now=clock.now())
        public_id = made.public_id
    return find(world, public_id, event)


def find(world: World, public_id: uuid.UUID, event: str = "seminar") -> AskedQuestion:
    found = list_all(world, event)
    return next(question for question in found if question.public_id == public_id)


def list_all(world: World, event: str = "seminar", *, on: date = TODAY) -> list[AskedQuestion]:
    db.session.rollback()
    db.session.expunge_all()
    return list_questions(db.session(), world.events[event].id, on=on)


def sign_up(world: World, number: int = 1, **more: object) -> int:
    """The id of somebody's registration for the seminar."""
    with transaction() as session:
        form = somebody(world, number, **more)  # type: ignore[arg-type]
        return register(session, form, now=clock.now()).registration.id


def answer(registration_id: int, question: AskedQuestion, **given: object) -> list[uuid.UUID]:
    with transaction() as session:
        row = session.get_one(Registration, registration_id)
        one = GivenAnswer(question.id, question.version_id, **given)  # type: ignore[arg-type]
        return save_answers(session, row, [one], erase_after=LAST_DAY, now=clock.now())
