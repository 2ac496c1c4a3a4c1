"""A call's public page, and the page of each that got it: what they say, and what they tell nobody."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls import actions
from eventsys.programmes.calls.rules import CallState, CaseAct
from eventsys.programmes.cases.links import application_path, recipient_path
from eventsys.programmes.models import Application, ApplicationMember, Call, CallRecipient, CaseChange
from tests.calling import CLOSES_AT, add_application, add_call, add_intake, add_recipient
from tests.registrations.test_me import words_of
from tests.world import NOW, World

PAGE = "/calls/utlysing"
KARI = {"name": "Kari Fjell", "email": "kari@karasjok.example"}


@pytest.fixture
def own(world: World) -> str:
    """The address of Karasjok's own page of a call that is open."""
    with transaction() as session:
        call = add_call(session, world)
        call.clauses = [{"conditions": [{"kind": "organisation_kind", "words": ["municipality"]}]}]
        add_intake(session, call, ceiling=50, beside=12)
        recipient = add_recipient(session, call, world.municipalities["2021"])
        return recipient_path(call.slug, recipient)


def read(client: FlaskClient, address: str, language: str = "en") -> str:
    return words_of(client.get(f"{address}?lang={language}").get_data(as_text=True))


def rows(model: type) -> list:  # type: ignore[type-arg]
    db.session.rollback()
    return list(db.session.scalars(sa.select(model).order_by(model.id)))  # type: ignore[attr-defined]


def acts() -> list[CaseAct]:
    return [row.act for row in rows(CaseChange)]


def test_anybody_reads_what_is_asked_for_by_when_and_of_whom(client: FlaskClient, own: str) -> None:
    page = read(client, PAGE)
    for told in (
        "Søk om å bli med", "Monday 15 September 2008, 15:00", "Municipalities", "50 places",
        "beside 12 that take part already", "1 October 2008", "How to apply",
    ):  # fmt: skip
        assert told in page
    assert "Velkomen." in read(client, PAGE, "nn")


def test_a_draft_and_an_address_that_never_was_are_nobodys(client: FlaskClient, world: World) -> None:
    with transaction() as session:
        add_call(session, world, state=CallState.DRAFT)
    assert [client.get(address).status_code for address in (PAGE, "/calls/other")] == [404, 404]


def test_after_the_deadline_the_pages_say_so_and_have_no_form(client: FlaskClient, own: str) -> None:
    with transaction() as session:
        clock.set_to(session, CLOSES_AT - timedelta(minutes=1))
    assert ("How to apply" in read(client, PAGE), "We apply" in read(client, own)) == (True, True)
    with transaction() as session:
        clock.set_to(session, CLOSES_AT)
    for address in (PAGE, own):
        page = read(client, address)
        assert "The deadline was Monday 15 September 2008, 15:00." in page
        assert ("How to apply" in page, "We apply" in page) == (False, False)
    assert client.post(f"{own}/application", data=KARI).status_code == 409
    assert client.post(f"{own}/refusal", data={}).status_code == 409
    assert (rows(Application), rows(CallRecipient)[0].declined_at) == ([], None)


@pytest.mark.parametrize("state", [CallState.CLOSED, CallState.WITHDRAWN])
def test_a_call_that_has_ended_says_so_and_takes_nothing(client: FlaskClient, own: str, state: CallState) -> None:
    with transaction() as session:
        session.execute(sa.update(Call).values(state=state))
    assert ("is closed." if state is CallState.CLOSED else "is called off") in read(client, PAGE)
    assert client.post(f"{own}/application", data=KARI).status_code == 409


def test_the_public_page_tells_nothing_of_who_applied(client: FlaskClient, own: str, world: World) -> None:
    before = client.get(PAGE).get_data()
    with transaction() as session:
        call = session.scalars(sa.select(Call)).one()
        other = add_recipient(session, call, world.municipalities["0301"])
        add_application(session, call, world.municipalities["0301"], state=ApplicationState.SENT, recipient=other)
        recipient = session.scalars(sa.select(CallRecipient)).first()
        assert recipient is not None
        actions.say_no(session, recipient, words="Vi er for få.", now=NOW)
    assert client.get(PAGE).get_data() == before
    page = read(client, own)
    assert ("Vi er for få." in page, "Oslo" in page) == (True, False)


def test_a_look_at_the_page_changes_nothing_and_its_own_post_tells_once_that_it_was_opened(
    client: FlaskClient, own: str
) -> None:
    assert f'hx-post="{own}/opened"' in client.get(own).get_data(as_text=True)
    assert (rows(CallRecipient)[0].opened_at, acts()) == (None, [])
    answers = [client.post(f"{own}/opened").status_code for _time in range(2)]
    assert (answers, acts(), rows(CallRecipient)[0].opened_at is None) == ([204, 204], [CaseAct.READ], False)
    assert "/opened" not in client.get(own).get_data(as_text=True)


def test_a_link_that_was_replaced_is_gone_and_a_wrong_one_never_was(client: FlaskClient, own: str) -> None:
    slug, _, token = own.rpartition("/")
    assert client.get(f"{slug}/{token[:-4]}AAAA").status_code == 404
    assert client.get(own.replace("utlysing", "other")).status_code == 404
    with transaction() as session:
        session.execute(sa.update(CallRecipient).values(link_version=1))
    for answer in (client.get(own), client.post(f"{own}/application", data=KARI), client.post(f"{own}/opened")):
        assert answer.status_code == 410
    assert rows(Application) == []


def test_we_apply_begins_the_application_and_shows_the_link_once(client: FlaskClient, own: str) -> None:
    answer = client.post(f"{own}/application", data=KARI)
    assert (answer.status_code, answer.location) == (303, own)
    (member,) = rows(ApplicationMember)
    assert (member.name, member.email, member.language) == ("Kari Fjell", "kari@karasjok.example", "nb")
    first, second = (client.get(own).get_data(as_text=True) for _time in range(2))
    assert (application_path(member) in first, application_path(member) in second) == (True, False)
    assert CaseAct.BEGUN in acts()
    assert "Karasjok began an application" in read(client, own)


def test_a_second_who_applies_for_the_same_municipality_joins_the_first(client: FlaskClient, own: str) -> None:
    for data in (KARI, KARI, {"name": "Ola Li", "email": "ola@karasjok.example"}):
        assert client.post(f"{own}/application", data=data).status_code == 303
    assert (len(rows(Application)), [one.name for one in rows(ApplicationMember)]) == (1, ["Kari Fjell", "Ola Li"])


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(client: FlaskClient, own: str) -> None:
    answer = client.post(f"{own}/application", data={"name": "", "email": "kari@"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'id="name-error"' in page, 'id="email-error"' in page) == (422, True, True)
    assert ('value="kari@"' in page, 'href="#name"' in page, rows(Application)) == (True, True, [])
    answer = client.post(f"{own}/refusal", data={"words": "x" * 501})
    assert (answer.status_code, 'id="words-error"' in answer.get_data(as_text=True)) == (422, True)


def test_we_do_not_apply_with_a_word_that_can_be_taken_back(client: FlaskClient, own: str) -> None:
    for _time in range(2):
        assert client.post(f"{own}/refusal", data={"words": "Vi er <b>for få</b>."}).status_code == 303
    recipient = rows(CallRecipient)[0]
    assert (recipient.declined_at is None, recipient.words) == (False, "Vi er <b>for få</b>.")
    assert "Vi er &lt;b&gt;for få&lt;/b&gt;." in client.get(own).get_data(as_text=True)
    assert client.post(f"{own}/refusal/undoing").status_code == 303
    assert (rows(CallRecipient)[0].declined_at, rows(CallRecipient)[0].words) == (None, "")
    assert acts() == [CaseAct.SAID_NO, CaseAct.SAID_NO]


def test_who_said_no_may_apply_after_all_and_who_applies_cannot_say_no(client: FlaskClient, own: str) -> None:
    client.post(f"{own}/refusal", data={"words": "Nei."})
    assert client.post(f"{own}/application", data=KARI).status_code == 303
    assert rows(CallRecipient)[0].declined_at is None
    assert client.post(f"{own}/refusal", data={"words": "Nei."}).status_code == 409


def test_one_link_cannot_flood_mailboxes(client: FlaskClient, own: str) -> None:
    answers = [
        client.post(f"{own}/application", data={"name": "Kari", "email": f"kari{number}@karasjok.example"}).status_code
        for number in range(12)
    ]
    assert (answers[:10], answers[10:]) == ([303] * 10, [429, 429])
    with transaction() as session:
        clock.set_to(session, datetime(2008, 8, 18, 8, tzinfo=UTC))
    assert client.post(f"{own}/refusal/undoing").status_code in (303, 409)


def test_the_papers_of_a_call_are_there_for_anybody_once_it_is_open(
    client: FlaskClient, world: World, app: Flask
) -> None:
    key = uuid.uuid4()
    with transaction() as session:
        call = add_call(session, world, state=CallState.DRAFT)
        actions.add_paper(session, call, public_id=key, name="avtale.txt", content=b"Avtalen", now=NOW)
    assert client.get(f"{PAGE}/files/{key}").status_code == 404
    with transaction() as session:
        actions.open_call(session, session.scalars(sa.select(Call)).one(), account_id=None, now=NOW)
    answer = client.get(f"{PAGE}/files/{key}")
    assert (answer.get_data(), "attachment" in answer.headers["Content-Disposition"]) == (b"Avtalen", True)
    assert "avtale.txt" in read(client, PAGE)
    assert client.get(f"{PAGE}/files/{uuid.uuid4()}").status_code == 404
