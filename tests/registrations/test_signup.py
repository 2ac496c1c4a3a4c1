"""The form for oneself where an event asks more: a second date, sessions, nights, questions, its last day, approval."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.events.models import Event, EventSession
from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.models import (
    HeldPlaces,
    PlainAnswer,
    Question,
    Quota,
    Registration,
    RegistrationNight,
    RoomBlock,
    RunNight,
    SensitiveAnswer,
    SessionSeat,
)
from eventsys.registrations.questions.actions import add_question, add_shipped_questions
from eventsys.registrations.questions.rules import Option, QuestionFacts
from eventsys.registrations.rules import QuestionKind, State
from eventsys.venues import actions as venues
from tests.registrations.test_views import post, rows
from tests.statements import counted
from tests.world import NOW, World, build, somebody


def change(world: World, **values: object) -> None:
    """Sets what an organiser decides about the seminar."""
    with transaction() as session:
        session.execute(sa.update(Event).where(Event.id == world.events["seminar"].id).values(**values))


def page_of(client: FlaskClient, world: World, **query: str) -> str:
    answer = client.get(f"/events/{world.events['seminar'].slug}/registrations/new", query_string=query)
    return answer.get_data(as_text=True)


def uid(world: World, place: int) -> str:
    return str(world.events["seminar"].runs[place].uid)


def add_session(
    session: Session, world: World, title: str, hour: int, *, place: int = 0, capacity: int | None = None
) -> int:
    run = world.events["seminar"].runs[place]
    begins = datetime(2008, 9, 1 + place, hour)
    row = EventSession(
        organiser_id=run.organiser_id, event_id=run.event_id, run_id=run.id, title={"nb": title}, chosen=True,
        starts_local=begins, ends_local=begins + timedelta(hours=1), place="Sal A", capacity=capacity,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def add_night(session: Session, world: World, rooms: int) -> int:
    run = world.events["seminar"].runs[0]
    hotel = venues.add(session, name="Hotellet", capacity=None, now=NOW)
    night = RunNight(
        organiser_id=run.organiser_id, event_id=run.event_id, run_id=run.id, venue_id=hotel.id, on=date(2008, 9, 1)
    )
    session.add_all([
        night, RoomBlock(organiser_id=run.organiser_id, venue_id=hotel.id, on=date(2008, 9, 1), rooms=rooms)
    ])  # fmt: skip
    session.flush()
    return night.id


def ask(
    session: Session,
    world: World,
    kind: QuestionKind,
    label: str,
    *,
    required: bool = False,
    limit: int | None = None,
) -> str:
    """A question of the seminar's; the name of its field."""
    options = (Option("", {"nb": "Ja takk"}, limit), Option("", {"nb": "Nei takk"}))
    facts = QuestionFacts(
        kind, {"nb": label}, required=required, options=options if kind is QuestionKind.ONE_OF else ()
    )
    event = session.get_one(Event, world.events["seminar"].id)
    question = add_question(session, event, facts, account_id=None, now=NOW)
    return f"q-{question.public_id}"


def read_one(table: type) -> list[object]:
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(sa.select(*table.__table__.columns))]


def test_the_second_choice_gives_a_place_at_once_where_the_first_is_full(client: FlaskClient) -> None:
    world = build(capacity=1)
    post(client, world)
    answer = post(
        client, world, name="Ola Vik", email="ola@kommune.example", nonce="m" * 20, run=uid(world, 0), second=uid(world, 1)
    )  # fmt: skip
    db.session.rollback()
    ola = db.session.execute(
        sa.select(Registration.run_id, Registration.state).where(Registration.name == "Ola Vik")
    ).one()
    assert (answer.status_code, tuple(ola)) == (303, (world.run_id("seminar", 1), State.CONFIRMED))


def test_the_first_date_again_is_no_second_choice(client: FlaskClient) -> None:
    world = build(capacity=1)
    post(client, world)
    post(client, world, name="Ola Vik", email="ola@kommune.example", nonce="m" * 20, second=uid(world, 0))
    assert rows() == [("Kari Fjell", State.CONFIRMED), ("Ola Vik", State.WAITING)]


def test_all_that_is_full_is_said_before_anything_is_typed(client: FlaskClient) -> None:
    world = build(capacity=1)
    with transaction() as session:
        talk, night = add_session(session, world, "Innlegg", 10, capacity=1), add_night(session, world, 1)
        choice = ask(session, world, QuestionKind.ONE_OF, "Båttur", limit=1)
    post(client, world, sessions=str(talk), nights="2008-09-01", **{choice: "1"})
    page = page_of(client, world)
    assert (page.count("disabled"), page.count("Full")) >= (3, 3)
    assert ([row[1] for row in read_one(SessionSeat)], [row[1] for row in read_one(RegistrationNight)]) == (
        [talk],
        [night],
    )


def test_a_session_that_fills_meanwhile_loses_nothing_that_was_typed(client: FlaskClient) -> None:
    world = build(capacity=5)
    with transaction() as session:
        talk = add_session(session, world, "Innlegg", 10, capacity=1)
        note = ask(session, world, QuestionKind.LONG_TEXT, "Noe mer?")
    post(client, world, sessions=str(talk))
    second = {"name": "Ola Vik", "email": "ola@kommune.example", "nonce": "m" * 20, note: "Kommer sent\nmandag"}
    refused = post(client, world, sessions=str(talk), **second)
    page = refused.get_data(as_text=True)
    assert (refused.status_code, rows()) == (409, [("Kari Fjell", State.CONFIRMED)])
    assert ('value="Ola Vik"' in page, "Kommer sent\nmandag" in page, 'href="#sessions"' in page) == (True, True, True)
    assert f'value="{talk}" aria-describedby="sessions-hint" checked' in page
    assert post(client, world, **second).status_code == 303


def test_two_sessions_at_the_same_time_are_told_of_beside_them(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        both = [str(add_session(session, world, title, 10)) for title in ("Pleie", "Oppvekst")]
    answer = client.post(
        f"/events/{world.events['seminar'].slug}/registrations",
        data={
            "nonce": "n" * 20, "run": uid(world, 0), "name": "Kari Fjell", "email": "kari@kommune.example",
            "organisation": "0821", "side": "other", "sessions": both,
        },
    )  # fmt: skip
    assert (answer.status_code, 'id="sessions-error"' in answer.get_data(as_text=True), rows()) == (409, True, [])


def test_a_session_of_the_other_date_is_not_taken(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        other = add_session(session, world, "Innlegg", 10, place=1)
    assert post(client, world, sessions=str(other)).status_code == 303
    assert read_one(SessionSeat) == []


def test_a_question_that_must_be_answered_is_asked_for_beside_it_and_above(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        name = ask(session, world, QuestionKind.SHORT_TEXT, "Tittel", required=True)
    missing = post(client, world)
    page = missing.get_data(as_text=True)
    assert (missing.status_code, rows()) == (422, [])
    assert (f'href="#{name}"' in page, f'id="{name}-error"' in page) == (True, True)
    assert post(client, world, **{name: "Rådgiver"}).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(PlainAnswer.text)).all() == ["Rådgiver"]


def test_food_and_access_needs_are_kept_apart_and_the_form_says_who_sees_them_and_until_when(
    client: FlaskClient,
) -> None:
    world = build()
    with transaction() as session:
        add_shipped_questions(session, session.get_one(Event, world.events["seminar"].id), now=NOW)
    names = {
        row.key: f"q-{row.public_id}" for row in db.session.execute(sa.select(Question.key, Question.public_id)).all()
    }
    page = page_of(client, world)
    assert [page.count(f'name="{name}"') > 0 for name in names.values()] == [True] * 3
    assert ("14" in page, "organis" in page) == (True, True)
    answer = post(client, world, **{names["access"]: "Teleslynge"})
    db.session.rollback()
    kept = db.session.scalars(sa.select(SensitiveAnswer.text)).all()
    assert (answer.status_code, kept, read_one(PlainAnswer)) == (303, ["Teleslynge"], [])


def test_after_the_last_day_one_asks_and_the_page_says_so_first(client: FlaskClient) -> None:
    world = build()
    change(world, closes_on=date(2008, 8, 15))
    page = page_of(client, world)
    assert ("15. august 2008" in page, 'name="asks" value="1"' in page, 'name="second"' in page) == (True, True, False)
    assert post(client, world, asks="1").status_code == 303
    assert rows() == [("Kari Fjell", State.REQUESTED)]


def test_a_last_day_that_passes_while_the_form_is_open_turns_it_into_a_question(client: FlaskClient) -> None:
    world = build()
    page_of(client, world)
    change(world, closes_on=date(2008, 8, 15))
    late = post(client, world)
    page = late.get_data(as_text=True)
    assert (late.status_code, rows()) == (409, [])
    assert ('value="Kari Fjell"' in page, 'name="asks" value="1"' in page) == (True, True)


def test_nothing_can_be_asked_once_it_has_begun(client: FlaskClient) -> None:
    world = build()
    change(world, closes_on=date(2008, 8, 15))
    with transaction() as session:
        clock.set_to(session, datetime(2008, 9, 3, 12, tzinfo=NOW.tzinfo))
    assert "<form class" not in page_of(client, world)
    assert (post(client, world, asks="1").status_code, rows()) == (409, [])


def test_a_municipality_is_told_of_its_own_places_as_soon_as_it_is_chosen(client: FlaskClient) -> None:
    world = build(capacity=5)
    event = world.events["seminar"]
    own = {"organiser_id": event.organiser_id, "event_id": event.id}
    with transaction() as session:
        session.add_all([
            Quota(**own, per_organisation=True, cohort_id=world.cohorts[2], most_seats=2, free_seats=1),
            Quota(**own, per_organisation=True, cohort_id=world.cohorts[1], most_seats=7),
            HeldPlaces(
                **own, run_id=world.run_id("seminar"), organisation_id=world.municipalities["0821"], places=3,
                held_until=date(2008, 8, 25),
            ),
        ])  # fmt: skip
    assert told(client, world, "Bø (Telemark)") == [(0, 2), 1, 3]
    post(client, world)
    assert told(client, world, "0821") == [(1, 2), 1, 2]
    assert told(client, world, "Oslo") == [(0, 2), 1, None]
    post(client, world, name="Ola Vik", email="ola@kommune.example", nonce="m" * 20)
    assert told(client, world, "0821") == [2, 1, 1]


def told(client: FlaskClient, world: World, organisation: str) -> list[object]:
    """The numbers of what is said: seats had and at most (or all of them), free ones, those that are held."""
    address = f"/events/{world.events['seminar'].slug}/eligibility"
    text = client.get(address, query_string={"organisation": organisation, "lang": "en"}).get_data(as_text=True)
    whole, part = re.search(r"All of your (\d+)", text), re.search(r"You have (\d+) of at most (\d+)", text)
    free, held = re.search(r"(\d+) places? (?:is|are) free", text), re.search(r"(\d+) places? on 1–2 September", text)
    most = int(whole[1]) if whole else part and (int(part[1]), int(part[2]))
    return [most, free and int(free[1]), held and int(held[1])]


def test_where_the_organiser_decides_the_page_says_so_and_everybody_asks(client: FlaskClient) -> None:
    world = build()
    change(world, asks_approval=True)
    assert 'data-color="info"' in page_of(client, world)
    assert post(client, world).status_code == 303
    assert rows() == [("Kari Fjell", State.REQUESTED)]


@pytest.mark.parametrize("several", [False, True])
def test_a_form_with_nothing_more_to_ask_is_read_in_three_statements_however_many_are_signed_up(
    client: FlaskClient, several: bool
) -> None:
    world = build(capacity=None)
    address = f"/events/{world.events['seminar'].slug}/{'delegations' if several else 'registrations'}/new"
    counts = []
    for first in (1, 2):
        with transaction() as session:
            for number in range(first, first * 25):
                actions.register(session, somebody(world, number), now=NOW)
        with counted(db.engine) as seen:
            client.get(address)
        counts.append(len(seen))
    assert counts == [3, 3]
