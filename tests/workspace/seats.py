"""People in the small world's seminar for tests of the organisers' list: seats, delegations, questions, nights, mails."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import register, register_delegation
from eventsys.registrations.limits import actions as limits
from eventsys.registrations.models import Question, QuestionVersion, Registration, RunNight
from eventsys.registrations.questions.actions import add_question, add_shipped_questions
from eventsys.registrations.questions.rules import GivenAnswer, Option, QuestionFacts
from eventsys.registrations.rules import NewDelegation, NewSeat, QuestionKind, Side, State, WhenFull
from eventsys.venues import actions as venues
from tests.world import World, somebody

EVENT = "/manage/events/laeringsseminar-2-pulje-ii"
LIST = f"{EVENT}/participants"


def sign_up(world: World, number: int, **more: object) -> Registration:
    with transaction() as session:
        return register(session, somebody(world, number, **more), now=clock.now()).registration


def send_delegation(world: World, *seats: NewSeat, run_id: int | None = None) -> list[Registration]:
    """Seats of Bø (Telemark) that its registrar signs up at the second dates."""
    form = NewDelegation(
        run_id=run_id or world.run_id("seminar", 1),
        second_run_id=None,
        organisation_id=world.municipalities["0821"],
        name="Rita Registrar",
        email="rita@kommune.example",
        language=None,
        seats=seats,
        form_token="delegation",
        when_full=WhenFull.TAKE,
    )
    with transaction() as session:
        return list(register_delegation(session, form, now=clock.now()).registrations)


def unnamed(side: Side = Side.ADMINISTRATION) -> NewSeat:
    return NewSeat(side=side)


def find(number: int) -> Registration:
    """The registration of that person, as the database has it now."""
    db.session.rollback()
    name = sa.select(Registration).where(Registration.name == f"Person Nummer{number}")
    return db.session.scalars(name.execution_options(populate_existing=True)).one()


def states(*numbers: int) -> list[State]:
    return [find(number).state for number in numbers]


def address(number: int) -> str:
    return f"{LIST}/{find(number).public_id}"


def ids(*numbers: int) -> list[uuid.UUID]:
    return [find(number).public_id for number in numbers]


def ask_about_bus(world: World) -> Question:
    """An ordinary question with two options."""
    options = (Option("", {"nb": "Buss"}), Option("", {"nb": "Båt"}))
    with transaction() as session:
        return add_question(
            session,
            world.events["seminar"],
            QuestionFacts(QuestionKind.ONE_OF, {"nb": "Hvordan kommer du?"}, options=options),
            now=clock.now(),
        )


def ask_about_food(world: World) -> Question:
    with transaction() as session:
        add_shipped_questions(session, world.events["seminar"], now=clock.now())
        return session.scalars(sa.select(Question).where(Question.key == "food")).one()


def answer(question: Question, place: int = 0) -> GivenAnswer:
    """The option at that place of the question as it is asked now."""
    version = db.session.scalars(
        sa.select(QuestionVersion)
        .where(QuestionVersion.question_id == question.id)
        .order_by(QuestionVersion.number.desc())
    ).first()
    assert version is not None
    return GivenAnswer(question.id, version.id, options=(version.options[place]["key"],))


def offer_nights(world: World, *nights: date, place: int = 0, hotel: str = "Fjordhotellet") -> dict[date, int]:
    """Nights at a hotel that those who come to one of the seminar's dates can have: their ids."""
    run = world.events["seminar"].runs[place]
    with transaction() as session:
        venue = venues.find_or_add(session, name=hotel)
        limits.set_run_nights(session, session.merge(run), venue_id=venue.id, nights=nights, now=clock.now())
    return read_nights(run.id)


def read_nights(run_id: int) -> dict[date, int]:
    rows: Any = db.session.execute(sa.select(RunNight.on, RunNight.id).where(RunNight.run_id == run_id))
    return dict(rows.all())


def names(client: FlaskClient, query: str = "") -> list[str]:
    page = client.get(f"{LIST}?{query}").get_data(as_text=True)
    return [html.unescape(name) for name in re.findall(r'<th scope="row"><a [^>]+>([^<]+)', page)]


def numbers(client: FlaskClient, query: str = "") -> list[int]:
    return [int(name.removeprefix("Person Nummer")) for name in names(client, query)]


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def press(client: FlaskClient, act: str, *who: int, tell: bool = True) -> TestResponse:
    data = {"act": act, "who": " ".join(map(str, ids(*who)))}
    return client.post(f"{LIST}/changes", data=data | ({"tell": "1"} if tell else {}))
