"""Several colleagues signed up by one: lines, pasted lists, places without names, too few places, the same people again."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.registrations.models import Delegation, PlainAnswer, Registration, SessionSeat
from eventsys.registrations.questions.actions import add_shipped_questions
from eventsys.registrations.rules import QuestionKind, Side, State
from tests.registrations.test_signup import add_session, ask, change, uid
from tests.registrations.test_views import post as sign_one_up
from tests.registrations.test_views import read_nonce
from tests.world import NOW, World, build

FIVE = ("Kari Fjell", "Ola Vik", "Eva Lund", "Per Moe", "Liv Dal")


def fill_in(world: World, names: tuple[str, ...] = FIVE, **more: object) -> dict[str, object]:
    """The form with a line for each name, all of the administration."""
    lines = {
        f"seat-{place}-{field}": value
        for place, name in enumerate(names, 1)
        for field, value in (("name", name), ("email", ""), ("part", "administration"))
    }
    return {
        "nonce": "n" * 20, "run": uid(world, 0), "name": "Solveig Li", "email": "solveig@kommune.example",
        "organisation": "Bø (Telemark)", "do": "sign_up", **lines, **more,
    }  # fmt: skip


def post(
    client: FlaskClient, world: World, names: tuple[str, ...] = FIVE, event: str = "seminar", **more: object
) -> TestResponse:
    return client.post(f"/events/{world.events[event].slug}/delegations", data=fill_in(world, names, **more))


def rows() -> list[tuple[str, State]]:
    db.session.rollback()
    statement = sa.select(Registration.name, Registration.state).order_by(Registration.id)
    return [tuple(row) for row in db.session.execute(statement)]


def values(page: TestResponse, field: str) -> list[str]:
    """What stands in a field of each line."""
    text = page.get_data(as_text=True)
    if field != "part":
        return re.findall(rf'name="seat-\d+-{field}" value="([^"]*)"', text)
    selects = re.findall(r'<select[^>]*name="seat-\d+-part".*?</select>', text, re.S)
    return [(re.findall(r'value="([^"]*)" selected', select) or [""])[0] for select in selects]


def new(client: FlaskClient, world: World, event: str = "seminar", **query: str) -> TestResponse:
    return client.get(f"/events/{world.events[event].slug}/delegations/new", query_string=query)


def test_five_colleagues_get_five_places_and_the_registrar_the_page_that_lists_them(client: FlaskClient) -> None:
    world = build(capacity=5)
    answer = post(client, world)
    assert (answer.status_code, rows()) == (303, [(name, State.CONFIRMED) for name in FIVE])
    page = client.get(answer.location).get_data(as_text=True)
    assert [name in page for name in FIVE] == [True] * 5
    made = db.session.execute(sa.select(Delegation.name, Delegation.email, Delegation.organisation_id)).one()
    assert tuple(made) == ("Solveig Li", "solveig@kommune.example", world.municipalities["0821"])


def test_a_line_with_a_side_alone_is_a_place_to_be_named_later_and_an_empty_line_is_nobody(client: FlaskClient) -> None:
    world = build()
    answer = post(client, world, ("Kari Fjell", "", ""), **{"seat-2-part": "politician", "seat-3-part": ""})
    db.session.rollback()
    made = db.session.execute(sa.select(Registration.name, Registration.side, Registration.email)).all()
    assert answer.status_code == 303
    assert [tuple(row) for row in made] == [
        ("Kari Fjell", Side.ADMINISTRATION, "solveig@kommune.example"),
        ("", Side.POLITICIAN, "solveig@kommune.example"),
    ]


def test_an_address_is_the_persons_own_and_who_has_none_has_the_registrars(client: FlaskClient) -> None:
    world = build()
    post(client, world, ("Kari Fjell", "Ola Vik"), **{"seat-1-email": "Kari@Kommune.example"})
    db.session.rollback()
    assert db.session.scalars(sa.select(Registration.email).order_by(Registration.id)).all() == [
        "Kari@kommune.example", "solveig@kommune.example",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"seat-2-part": ""}, "seat-2-part"),
        ({"seat-2-email": "ikke en adresse"}, "seat-2-email"),
        ({"seat-2-name": "", "seat-2-email": "ola@kommune.example"}, "seat-2-name"),
        ({"seat-2-name": "kari  FJELL"}, "seat-2-name"),
        ({"email": "ikke en adresse"}, "email"),
        ({"organisation": "Bø"}, "organisation"),
        ({"run": ""}, "run"),
    ],
)
def test_what_is_wrong_is_told_beside_it_and_above_and_all_that_was_typed_is_kept(
    client: FlaskClient, wrong: dict[str, str], field: str
) -> None:
    world = build(capacity=5)
    answer = post(client, world, **wrong)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, rows()) == (422, [])
    assert (f'href="#{field}"' in page, f'id="{field}"' in page, f'id="{field}-error"' in page) == (True, True, True)
    assert [wrong.get("name", "Solveig Li") in page, "Eva Lund" in values(answer, "name")] == [True, True]


def test_a_form_without_anybody_asks_for_somebody(client: FlaskClient) -> None:
    world = build()
    answer = post(client, world, ("", ""), **{"seat-1-part": "", "seat-2-part": ""})
    assert (answer.status_code, 'href="#seat-1-name"' in answer.get_data(as_text=True), rows()) == (422, True, [])


def test_five_pasted_lines_become_five_lines_and_nothing_is_signed_up_unseen(client: FlaskClient) -> None:
    world = build()
    two = "Kari Fjell; kari@kommune.example; administrasjon\nOla Vik\tola@kommune.example\tpolitiker"
    text = f"{two}\nEva Lund\nPer Moe; tillitsvalgt\n; politiker"
    answer = post(client, world, ("Liv Dal", ""), pasted=text, **{"seat-2-part": ""})
    assert (answer.status_code, rows(), "pasted" in answer.get_data(as_text=True)) == (200, [], True)
    assert values(answer, "name") == ["Liv Dal", "Kari Fjell", "Ola Vik", "Eva Lund", "Per Moe", ""]
    assert values(answer, "email") == ["", "kari@kommune.example", "ola@kommune.example", "", "", ""]
    assert values(answer, "part") == [
        "administration", "administration", "politician", "", "employee_representative", "politician",
    ]  # fmt: skip


def test_a_pasted_word_that_means_nothing_is_told_beside_its_line(client: FlaskClient) -> None:
    world = build()
    page = post(client, world, ("",), pasted="Kari Fjell; astronaut", do="paste", **{"seat-1-part": ""})
    assert (page.status_code, "«astronaut»" in page.get_data(as_text=True)) == (200, True)


@pytest.mark.parametrize(
    "do, names",
    [
        ("more", ["Kari Fjell", "Ola Vik", ""]),
        ("remove-1", ["Ola Vik"]),
        ("remove-9", ["Kari Fjell", "Ola Vik"]),
        ("me", ["Kari Fjell", "Ola Vik", "Solveig Li"]),
        ("look", ["Kari Fjell", "Ola Vik"]),
        ("last", ["Kari Fjell", "Ola Vik"]),
    ],
)
def test_the_buttons_change_the_lines_and_sign_nobody_up(client: FlaskClient, do: str, names: list[str]) -> None:
    world = build()
    page = post(client, world, ("Kari Fjell", "Ola Vik"), do=do)
    assert (page.status_code, values(page, "name"), rows()) == (200, names, [])


def test_three_places_and_five_people_is_the_registrars_choice(client: FlaskClient) -> None:
    world = build(capacity=3)
    answer = post(client, world)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, rows(), values(answer, "name")) == (409, [], list(FIVE))
    assert re.findall(r'name="when_full" value="([^"]+)"', page) == ["take", "together", f"run-{uid(world, 1)}"]


@pytest.mark.parametrize(
    "choice, place, states",
    [
        ("take", 0, [State.CONFIRMED] * 3 + [State.WAITING] * 2),
        ("together", 0, [State.WAITING] * 5),
        ("run", 1, [State.CONFIRMED] * 5),
    ],
)
def test_take_three_and_queue_two_or_wait_together_or_take_the_other_date(
    client: FlaskClient, choice: str, place: int, states: list[State]
) -> None:
    world = build(capacity=3)
    post(client, world)
    chosen = f"run-{uid(world, 1)}" if choice == "run" else choice
    assert post(client, world, when_full=chosen).status_code == 303
    assert rows() == list(zip(FIVE, states, strict=True))
    assert set(db.session.scalars(sa.select(Registration.run_id))) == {world.run_id("seminar", place)}


def test_the_second_choice_of_all_is_taken_where_the_first_has_no_room(client: FlaskClient) -> None:
    world = build(capacity=1)
    sign_one_up(client, world)
    answer = post(client, world, FIVE[1:3], second=uid(world, 1), when_full="take")
    assert (answer.status_code, rows()[1:]) == (303, [("Ola Vik", State.CONFIRMED), ("Eva Lund", State.CONFIRMED)])


def test_a_double_post_is_one_delegation_and_leads_to_its_page(client: FlaskClient) -> None:
    world = build(capacity=5)
    first, second = post(client, world), post(client, world)
    assert (first.location, second.status_code, len(rows())) == (second.location, 303, 5)


def test_a_form_sent_again_with_one_more_is_kept_and_tells_what_it_made_before(client: FlaskClient) -> None:
    world = build(capacity=5)
    first = post(client, world, FIVE[:2])
    again = post(client, world, FIVE[:3])
    assert (again.status_code, values(again, "name"), len(rows())) == (409, list(FIVE[:3]), 2)
    assert f'href="{first.location}"' in again.get_data(as_text=True)
    last = post(client, world, FIVE[2:3], nonce=read_nonce(again))
    assert (last.status_code, [name for name, _state in rows()]) == (303, list(FIVE[:3]))


def test_a_colleague_who_is_signed_up_already_gets_no_second_place(client: FlaskClient) -> None:
    world = build(capacity=5)
    sign_one_up(client, world)
    answers = [post(client, world, FIVE[:2], **{"seat-1-email": "kari@kommune.example"}) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert rows() == [("Kari Fjell", State.CONFIRMED), ("Ola Vik", State.CONFIRMED)]
    assert "Kari Fjell" in client.get(answers[0].location).get_data(as_text=True)


def test_who_types_only_people_who_are_signed_up_sees_the_neutral_page(app: Flask, client: FlaskClient) -> None:
    world = build(capacity=5)
    sign_one_up(client, world)
    answer = post(app.test_client(), world, FIVE[:1], **{"seat-1-email": "kari@kommune.example"})
    assert answer.location == f"/events/{world.events['seminar'].slug}/registrations/received"


def test_an_event_for_others_is_told_and_may_be_asked_for_with_all_that_was_typed(client: FlaskClient) -> None:
    world = build(capacity=5)
    refused = post(client, world, organisation="Karasjok")
    assert (refused.status_code, "Pulje I" in refused.get_data(as_text=True), values(refused, "name")) == (
        409, True, list(FIVE),
    )  # fmt: skip
    assert post(client, world, organisation="Karasjok", asks="1").status_code == 303
    assert rows() == [(name, State.REQUESTED) for name in FIVE]


def test_what_was_asked_for_all_the_same_stays_asked_for_when_something_else_is_wrong(client: FlaskClient) -> None:
    world = build(capacity=5)
    several = post(client, world, organisation="Karasjok", asks="1", email="")
    one = sign_one_up(client, world, organisation="Karasjok", asks="1", email="")
    for page in (several, one):
        assert (page.status_code, 'id="asks" name="asks" value="1" checked' in page.get_data(as_text=True)) == (
            422,
            True,
        )


def test_after_the_last_day_a_registrar_asks(client: FlaskClient) -> None:
    world = build(capacity=5)
    change(world, closes_on=date(2008, 8, 15))
    assert post(client, world).status_code == 409
    page = new(client, world).get_data(as_text=True)
    assert ("15. august 2008" in page, 'name="asks" value="1"' in page) == (True, True)
    assert post(client, world, asks="1").status_code == 303
    assert rows() == [(name, State.REQUESTED) for name in FIVE]


def test_a_registrar_is_asked_nothing_that_is_sensitive_and_must_answer_nothing_for_others(client: FlaskClient) -> None:
    world = build(capacity=5)
    with transaction() as session:
        add_shipped_questions(session, session.get_one(Event, world.events["seminar"].id), now=NOW)
        title = ask(session, world, QuestionKind.SHORT_TEXT, "Tittel", required=True)
        file = ask(session, world, QuestionKind.FILE, "Program")
    page = new(client, world).get_data(as_text=True)
    assert re.findall(r'name="seat-1-(q-[^"]+)"', page) == [title]
    assert file not in page
    assert post(client, world, FIVE[:2], **{f"seat-1-{title}": "Rådgiver"}).status_code == 303
    db.session.rollback()
    kept = sa.select(Registration.name, PlainAnswer.text).join(
        PlainAnswer, PlainAnswer.registration_id == Registration.id
    )
    assert [tuple(row) for row in db.session.execute(kept)] == [("Kari Fjell", "Rådgiver")]


def test_a_session_that_is_full_for_one_of_them_is_told_at_that_line(client: FlaskClient) -> None:
    world = build(capacity=5)
    with transaction() as session:
        talk = add_session(session, world, "Innlegg", 10, capacity=1)
    both = {f"seat-{place}-sessions": str(talk) for place in (1, 3)}
    refused = post(client, world, FIVE[:3], **both)
    page = refused.get_data(as_text=True)
    assert (refused.status_code, rows()) == (409, [])
    assert ('href="#seat-3-sessions"' in page, 'id="seat-3-sessions-error"' in page) == (True, True)
    assert post(client, world, FIVE[:3], **{"seat-1-sessions": str(talk)}).status_code == 303
    db.session.rollback()
    whose = sa.select(Registration.name).join(SessionSeat, SessionSeat.registration_id == Registration.id)
    assert db.session.scalars(whose).all() == ["Kari Fjell"]


def test_the_same_people_as_last_time_are_one_click_for_who_comes_by_the_link(client: FlaskClient) -> None:
    world = build(capacity=5)
    made = post(client, world, FIVE[:2], **{"seat-1-email": "kari@kommune.example"})
    link = made.location.rpartition("/")[2]
    page = new(client, world, "conference", link=link)
    text = page.get_data(as_text=True)
    assert ('value="last"' in text, 'value="Solveig Li"' in text, 'value="Bø (Telemark)"' in text) == (True,) * 3
    assert (values(page, "name"), page.headers["Cache-Control"]) == ([""] * 3, "no-store")
    clicked = post(client, world, ("",), "conference", do="last", link=link, **{"seat-1-part": ""})
    for filled in (clicked, new(client, world, "conference", link=link, people="last")):
        assert [name for name in values(filled, "name") if name] == ["Kari Fjell", "Ola Vik"]
        assert values(filled, "email")[:2] == ["kari@kommune.example", ""]
        assert values(filled, "part")[:2] == ["administration"] * 2


def test_a_link_that_was_replaced_while_the_form_was_open_loses_nothing(client: FlaskClient) -> None:
    world = build(capacity=5)
    link = post(client, world, FIVE[:2]).location.rpartition("/")[2]
    with transaction() as session:
        session.execute(sa.update(Delegation).values(link_version=1))
    page = post(client, world, FIVE[2:4], do="last", link=link)
    assert (page.status_code, values(page, "name")) == (200, list(FIVE[2:4]))


@pytest.mark.parametrize("link", ["", "x", "A" * 43])
def test_without_a_link_nobody_is_told_who_came_last_time(client: FlaskClient, link: str) -> None:
    world = build(capacity=5)
    post(client, world, FIVE[:2])
    for page in (new(client, world, link=link, people="last"), post(client, world, ("",), do="last", link=link)):
        text = page.get_data(as_text=True)
        assert (page.status_code, 'value="last"' in text, "Ola Vik" in text, "Solveig" in text and not link) == (
            200, False, False, "Solveig" in text and not link,
        )  # fmt: skip


def test_a_list_of_a_thousand_is_read_to_a_hundred(client: FlaskClient) -> None:
    world = build()
    page = post(client, world, ("",), do="paste", pasted="\n".join(f"Person Nummer{number}" for number in range(1000)))
    assert (page.status_code, len(values(page, "name"))) == (200, 100)


@pytest.mark.parametrize("kind", ["registrations", "delegations"])
def test_the_address_a_form_was_sent_to_leads_back_to_the_form_in_the_language_chosen(
    client: FlaskClient, kind: str
) -> None:
    world = build()
    address = f"/events/{world.events['seminar'].slug}/{kind}"
    answer = client.get(address, query_string={"lang": "nn"})
    assert (answer.status_code, answer.location) == (303, f"{address}/new?lang=nn")


def test_the_page_of_the_event_leads_to_both_forms_with_the_first_date_that_has_room(client: FlaskClient) -> None:
    world = build(capacity=1)
    slug = world.events["seminar"].slug
    sign_one_up(client, world)
    page = client.get(f"/events/{slug}").get_data(as_text=True)
    checked = re.findall(r'name="run" value="([^"]+)" checked', page)
    assert (checked, f'action="/events/{slug}/registrations/new"' in page) == ([uid(world, 1)], True)
    assert f'formaction="/events/{slug}/delegations/new"' in page


def test_after_the_last_day_the_page_of_the_event_leads_to_asking(client: FlaskClient) -> None:
    world = build()
    change(world, closes_on=date(2008, 8, 15))
    slug = world.events["seminar"].slug
    page = client.get(f"/events/{slug}", query_string={"lang": "en"}).get_data(as_text=True)
    assert ("Ask for a place" in page, "Sign me up" in page, page.count('name="run"')) == (True, False, 2)


def test_at_a_conference_of_unions_everybody_signs_up_for_themselves(client: FlaskClient) -> None:
    world = build()
    slug, run = world.events["unio"].slug, str(world.events["unio"].runs[0].uid)
    for answer in (client.get(f"/events/{slug}/delegations/new"), post(client, world, FIVE[:2], "unio", run=run)):
        assert (answer.status_code, answer.location) == (303, f"/events/{slug}/registrations/new")
    assert rows() == []
    for page in (client.get(f"/events/{slug}"), client.get(f"/events/{slug}/registrations/new")):
        assert "/delegations/new" not in page.get_data(as_text=True)
