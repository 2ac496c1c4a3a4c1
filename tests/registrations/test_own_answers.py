"""What only the person fills in, on their own page: questions, sessions, nights."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.extensions import db, transaction
from eventsys.registrations.models import PlainAnswer, RegistrationNight, RunNight, SensitiveAnswer, SessionSeat
from eventsys.registrations.questions.rules import AskedQuestion
from eventsys.registrations.rules import QuestionKind, State
from eventsys.venues import actions as venues
from tests.registrations import asking
from tests.registrations.desks import (
    add_session,
    changes_of,
    delegate,
    find,
    mailed,
    post,
    read,
    seat_page,
    settle,
    sign_up,
    words,
)
from tests.world import NOW, World, build

YESTERDAY = date(2008, 8, 17)
MORNING = (datetime(2008, 9, 1, 13), datetime(2008, 9, 1, 14))
LATER = (datetime(2008, 9, 1, 15), datetime(2008, 9, 1, 16))


def add_night(world: World) -> int:
    """The night between the days of the seminar's first run, at a hotel."""
    run = world.events["seminar"].runs[0]
    with transaction() as session:
        venue = venues.add(session, name="Hotellet", capacity=50, now=NOW)
        session.flush()
        night = RunNight(
            organiser_id=run.organiser_id, event_id=run.event_id, run_id=run.id, venue_id=venue.id, on=date(2008, 9, 1)
        )
        session.add(night)
        session.flush()
        return night.id


def food(world: World) -> AskedQuestion:
    return asking.ask(world, asking.facts(label="Mat", sensitive=True, erase_days=14))


def test_a_page_of_an_event_that_asks_nothing_has_nothing_to_fill_in(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    assert "What you fill in yourself" not in read(client, page)
    assert client.get(f"{page}/details").status_code == 200


def test_the_person_fills_in_food_a_session_and_a_night(client: FlaskClient) -> None:
    world = build()
    question, talk, night = food(world), add_session(world, "Kaffe", *MORNING), add_night(world)
    page = sign_up(world)
    form = {f"q-{question.public_id}": "Vegetar", "sessions": str(talk), "nights": str(night)}
    assert post(client, page, "details", **form).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(SensitiveAnswer.text)).all() == ["Vegetar"]
    assert db.session.scalars(sa.select(SessionSeat.session_id)).all() == [talk]
    assert db.session.scalars(sa.select(RegistrationNight.night_id)).all() == [night]
    assert changes_of("Person Nummer1") == [("registered", "participant"), ("changed", "participant")]
    text = read(client, page)
    assert "Kaffe" in text
    assert "Mat Vegetar" in text


def test_what_is_sensitive_says_who_sees_it_and_when_it_is_erased(client: FlaskClient) -> None:
    world = build()
    food(world)
    said = read(client, f"{sign_up(world)}/details")
    assert "Only the organiser sees your answer, and each time it is read is noted. It is deleted 14 days after" in said


def test_an_answer_that_is_needed_is_asked_for_on_the_page_and_beside_its_field(client: FlaskClient) -> None:
    world = build()
    question = asking.ask(world, asking.facts(label="Rolle", required=True))
    other = asking.ask(world, asking.facts(label="Tema"))
    page = sign_up(world)
    assert "1 question still needs your answer." in read(client, page)
    answer = post(client, page, "details", **{f"q-{other.public_id}": "Ledelse"})
    assert (answer.status_code, 'value="Ledelse"' in answer.get_data(as_text=True)) == (422, True)
    assert words(answer).count("Write an answer.") == 2
    post(client, page, "details", **{f"q-{question.public_id}": "Leder"})
    assert "still needs" not in read(client, page)


def test_a_full_session_is_said_before_and_refused_after_and_nothing_typed_is_lost(client: FlaskClient) -> None:
    world = build()
    question, talk = food(world), add_session(world, "Kaffe", *MORNING, capacity=1)
    sign_up(world, 2, session_ids=(talk,))
    page = sign_up(world)
    assert f'value="{talk}" disabled' in client.get(f"{page}/details").get_data(as_text=True)
    form = {f"q-{question.public_id}": "Vegetar", "sessions": str(talk)}
    answer = post(client, page, "details", **form)
    assert (answer.status_code, 'value="Vegetar"' in answer.get_data(as_text=True)) == (409, True)
    assert words(answer).count("Something you chose is full now. Choose something else; the rest is kept.") == 2
    assert read(client, page).count("Vegetar") == 0


def test_two_sessions_at_the_same_time_are_refused(client: FlaskClient) -> None:
    world = build()
    ids = [add_session(world, title, *MORNING) for title in ("Kaffe", "Te")]
    answer = client.post(f"{sign_up(world)}/details?lang=en", data={"sessions": [str(one) for one in ids]})
    assert answer.status_code == 409
    assert words(answer).count("Two of the sessions you chose are at the same time. Choose one of them.") == 2


def test_two_sessions_one_after_the_other_are_both_had(client: FlaskClient) -> None:
    world = build()
    ids = [add_session(world, "Kaffe", *MORNING), add_session(world, "Te", *LATER)]
    client.post(f"{sign_up(world)}/details", data={"sessions": [str(one) for one in ids]})
    db.session.rollback()
    assert db.session.scalars(sa.select(SessionSeat.session_id).order_by(SessionSeat.session_id)).all() == ids


def test_a_limited_choice_that_filled_up_is_said_at_its_question(client: FlaskClient) -> None:
    world = build()
    question = asking.ask(
        world, asking.facts(QuestionKind.ONE_OF, "Omvisning", options=asking.choices("Fjellet", "Byen", limit=1))
    )
    pages = [sign_up(world, number) for number in (1, 2)]
    form = {f"q-{question.public_id}": question.options[0].key}
    answers = [post(client, page, "details", **form) for page in pages]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert f'href="#q-{question.public_id}"' in answers[1].get_data(as_text=True)


def test_after_the_deadline_the_answers_are_shown_and_a_change_is_asked_for(client: FlaskClient) -> None:
    world = build()
    question = asking.ask(world, asking.facts(label="Rolle"))
    page = sign_up(world)
    post(client, page, "details", **{f"q-{question.public_id}": "Leder"})
    settle(world, change_by=YESTERDAY)
    said = read(client, f"{page}/details")
    assert ("Rolle Leder" in said, "What do you ask for, and why?" in said) == (True, True)
    answer = post(client, page, "details", **{f"q-{question.public_id}": "Ordfører"})
    assert answer.status_code == 409
    assert post(client, page, "requests", asked="change", change_words="Ordfører nå.").status_code == 303
    assert "You asked the organiser to change what was filled in." in read(client, page)
    db.session.rollback()
    assert db.session.scalars(sa.select(PlainAnswer.text)).all() == ["Leder"]


def test_a_successor_gets_none_of_the_answers(client: FlaskClient) -> None:
    world = build()
    question, talk = food(world), add_session(world, "Kaffe", *MORNING)
    page = sign_up(world, session_ids=(talk,))
    post(client, page, "details", **{f"q-{question.public_id}": "Vegetar", "sessions": str(talk)})
    post(client, page, "hand-over", to_name="Ola Vik", to_email="ola@bo.example")
    assert find("Ola Vik").state is State.CONFIRMED
    db.session.rollback()
    count = sa.func.count()
    left = [db.session.scalar(sa.select(count).select_from(table)) for table in (SensitiveAnswer, SessionSeat)]
    assert left == [0, 0]


def test_the_registrar_sees_nothing_of_what_somebody_filled_in(client: FlaskClient) -> None:
    world = build()
    question = food(world)
    page = delegate(world, "Kari Fjell, kari@bo.example")
    post(client, mailed(find("Kari Fjell")), "details", **{f"q-{question.public_id}": "Vegetar"})
    pages = [page, seat_page(page, "Kari Fjell"), f"{page}/mails"]
    assert [client.get(one).get_data(as_text=True).count("Vegetar") for one in pages] == [0, 0, 0]
