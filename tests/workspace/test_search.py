"""The search finds the people of one's own events, groups and members by the beginnings of words, and nobody else's."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import LogVerb, MemberRole
from eventsys.events.helpers.actions import set_helped
from eventsys.extensions import db, transaction
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.organisations.actions import find_or_add_person
from eventsys.organisations.models import Representative
from eventsys.programmes.models import Group, GroupMembership
from eventsys.registrations.models import Registration
from eventsys.workflows.actions import notice_changes
from tests.accounts.people import add_account, sign_in
from tests.registrations.people import add_contact, delegate
from tests.statements import counted
from tests.workspace.finding import found, people
from tests.workspace.seats import sign_up
from tests.world import NOW, World, somebody


@pytest.fixture
def union(client: FlaskClient, app: Flask, world: World) -> FlaskClient:
    """A browser signed in for Unio alone."""
    other = app.test_client()
    sign_in(other, add_account("rep@unio.example", world.unio))
    return other


def come(world: World, number: int, name: str, **more: object) -> Registration:
    return sign_up(world, number, name=name, **more)


def test_words_are_found_by_their_beginnings_and_without_their_letters(adviser: FlaskClient, world: World) -> None:
    come(world, 1, "Bjørg Åsheim")
    come(world, 2, "Bjørn Berg")
    assert people(adviser, "bjor") == ["Bjørg Åsheim", "Bjørn Berg"]
    assert people(adviser, "ASH bjørg") == ["Bjørg Åsheim"]
    assert people(adviser, "heim") == []


def test_a_word_in_full_comes_before_longer_ones(adviser: FlaskClient, world: World) -> None:
    for number, name in enumerate(("Anne Li", "Ann Vik", "Annette Ås", "Ann Berg"), 1):
        come(world, number, name)
    assert people(adviser, "ann") == ["Ann Berg", "Ann Vik", "Anne Li", "Annette Ås"]


def test_an_address_finds_its_people(adviser: FlaskClient, world: World) -> None:
    come(world, 1, "Ola Vik", email="post@bo.example")
    come(world, 2, "Eva Vik", email="post@bo.example")
    come(world, 3, "Ida Li", email="ida@bo.example")
    assert people(adviser, "post@") == ["Eva Vik", "Ola Vik"]
    assert people(adviser, "IDA@bo.example") == ["Ida Li"]


def test_each_way_to_know_somebody_is_enough(adviser: FlaskClient, world: World) -> None:
    delegate(world, "Liv Sete", event="seminar3")
    add_contact(world, "Nils Kontakt")
    with transaction() as session:
        person = find_or_add_person(session, email="grete@gruppe.example", name="Grete Gruppe", now=NOW)
        group = Group(organiser_id=world.secretariat, slug="styret", name={"nb": "Styret"})
        session.add(group)
        session.flush()
        session.add(_membership(group.id, person))
        session.flush()
        _invite(world, "Inga Invitert")
    names = [people(adviser, word) for word in ("sete", "kari", "kontakt", "gruppe", "invitert")]
    assert names == [["Liv Sete"], ["Kari Bø"], ["Nils Kontakt"], ["Grete Gruppe"], ["Inga Invitert"]]


def _membership(group_id: int, person_id: int) -> GroupMembership:
    return GroupMembership(
        group_id=group_id, person_id=person_id, name="Grete Gruppe", email="grete@gruppe.example",
        email_key="grete@gruppe.example", from_on=NOW.date(),
    )  # fmt: skip


def _invite(world: World, name: str, **more: object) -> None:
    """An invitation to the secretariat's conference; the caller is in a transaction."""
    session = db.session()
    own = {"organiser_id": world.secretariat, "event_id": world.events["conference"].id}
    email = f"{name.split()[0].lower()}@kommune.example"
    person = find_or_add_person(session, email=email, name=name, now=NOW)
    made = InvitationRound(**own, clauses=[], created_at=NOW)
    session.add(made)
    session.flush()
    facts = {"person_id": person, "name": name, "email": email, "email_key": email, "created_at": NOW, **more}
    session.add(Invitation(**own, round_id=made.id, **facts))
    session.flush()


def test_another_organisers_people_are_not_there(adviser: FlaskClient, union: FlaskClient, world: World) -> None:
    come(world, 1, "Sigrid Vår", email="sigrid@vaar.example")
    add_contact(world, "Nils Kontakt")
    with transaction():
        _invite(world, "Inga Invitert")
    notice(world)
    for words in ("sigrid", "sigrid@vaar.example", "kontakt", "invitert", "person"):
        assert found(union, words) == {}, words
    assert found(adviser, "sigrid")["people"] == ["Sigrid Vår"]


def test_of_somebody_both_know_each_sees_what_was_given_to_them(
    adviser: FlaskClient, union: FlaskClient, world: World
) -> None:
    own = {"run_id": world.run_id("unio"), "side": None, "union_id": world.unions[0]}
    come(world, 1, "Sigrid Vår", email="sigrid@vaar.example")
    come(world, 2, "SIGRID vår", email="sigrid@vaar.example", **own)
    assert [people(adviser, "sigrid"), people(union, "sigrid")] == [["Sigrid Vår"], ["SIGRID vår"]]
    page = union.get("/manage/search?q=sigrid").get_data(as_text=True)
    assert ("Unios konferanse" in page, "Læringsseminar" in page) == (True, False)


def notice(world: World) -> None:
    with transaction() as session:
        notice_changes(session, now=clock.now())


def test_mails_to_the_people_found_are_ones_own(adviser: FlaskClient, union: FlaskClient, world: World) -> None:
    come(world, 1, "Sigrid Vår", email="sigrid@vaar.example")
    notice(world)
    assert len(found(adviser, "sigrid")["mails"]) == 1
    assert len(found(adviser, "sigrid@vaar")["mails"]) == 1
    assert "mails" not in found(union, "sigrid@vaar")


def test_events_are_found_by_their_titles_among_ones_own(adviser: FlaskClient, union: FlaskClient) -> None:
    assert found(adviser, "lærings 3")["events"] == ["Læringsseminar 3"]
    assert found(adviser, "kvalitetsk")["events"] == ["Kvalitetskonferanse"]
    assert "events" not in found(union, "læringsseminar")


def test_organisations_are_for_everybody(adviser: FlaskClient, union: FlaskClient) -> None:
    expected = ["Bø (Nordland)", "Bø (Telemark)"]
    assert found(adviser, "bø")["organisations"] == found(union, "bo")["organisations"] == expected
    assert found(union, "0301")["organisations"] == ["Oslo"]


def test_representatives_are_seen_by_their_own_and_that_is_noted(
    adviser: FlaskClient, union: FlaskClient, world: World
) -> None:
    with transaction() as session:
        person = find_or_add_person(session, email="tor@union.example", name="Tor Tillit", now=NOW)
        facts = {"name": "Tor Tillit", "email": "tor@union.example", "email_key": "tor@union.example"}
        days = {"from_on": NOW.date(), "erase_on": NOW.date().replace(year=2010), "created_at": NOW}
        own = {"organiser_id": world.unio, "union_id": world.unions[0], "person_id": person}
        session.add(Representative(**own, **facts, **days))
        session.flush()
        _invite(world, "Rolf Skjult", is_restricted=True)
    assert [found(adviser, "tillit"), found(adviser, "skjult")] == [{}, {}]
    assert read_log() == []
    assert found(union, "tillit") == {"elected": ["Tor Tillit"]}
    assert read_log() == [(world.unio, LogVerb.READ, "representative")]


def read_log() -> list[tuple[object, ...]]:
    db.session.rollback()
    rows = db.session.execute(sa.select(LogEntry.organiser_id, LogEntry.verb, LogEntry.object).order_by(LogEntry.id))
    return [tuple(row) for row in rows]


def test_a_helper_finds_the_people_of_its_events_alone(client: FlaskClient, world: World) -> None:
    come(world, 1, "Sigrid Vår")
    come(world, 2, "Sigrid Høst", run_id=world.run_id("seminar3"), organisation_id=world.municipalities["2021"])
    add_contact(world, "Sigrid Kontakt")
    helper = add_account("helper@program.example", world.secretariat, role=MemberRole.HELPER)
    with transaction() as session:
        set_helped(session, helper.id, world.secretariat, [world.events["seminar3"].id])
    sign_in(client, helper)
    assert found(client, "sigrid") == {"people": ["Sigrid Høst"]}
    assert found(client, "læringsseminar") == {"events": ["Læringsseminar 3"]}


def test_who_checks_people_in_has_no_search(client: FlaskClient, world: World) -> None:
    sign_in(client, add_account("door@program.example", world.secretariat, role=MemberRole.DOOR))
    assert client.get("/manage/search?q=person").status_code == 403
    assert 'role="search"' not in client.get("/manage/").get_data(as_text=True)


@pytest.mark.parametrize("text", ["", "%", "_", "' OR 1=1 --", "<b>", "*", "a" * 500, "\\", "~", "@", "@@"])
def test_odd_words_find_nobody_and_break_nothing(adviser: FlaskClient, world: World, text: str) -> None:
    sign_up(world, 1)
    assert "people" not in found(adviser, text)


def test_a_letter_alone_asks_for_one_more(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 1)
    assert "Write one more letter" in adviser.get("/manage/search?q=p").get_data(as_text=True)
    assert people(adviser, "pe") == ["Person Nummer1"]


def test_more_than_a_page_of_people_asks_for_more_of_the_name(adviser: FlaskClient, world: World) -> None:
    for number in range(1, 23):
        sign_up(world, number, run_id=world.run_id("seminar", 1))
    page = adviser.get("/manage/search?q=person").get_data(as_text=True)
    assert len(people(adviser, "person")) == 20
    assert "Write more of the name." in page


def test_one_and_twenty_people_take_the_same_number_of_statements(adviser: FlaskClient, world: World) -> None:
    def statements() -> int:
        with counted(db.engine) as sent:
            adviser.get("/manage/search?q=person")
        return len(sent)

    sign_up(world, 1)
    notice(world)
    before = statements()
    for number in range(2, 21):
        sign_up(world, number, run_id=world.run_id("seminar", 1))
    notice(world)
    assert statements() == before


def test_every_address_on_the_page_leads_somewhere(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 1)
    delegate(world, "Liv Sete")
    notice(world)
    for words in ("person", "kari", "bø", "læringsseminar", "person1@"):
        page = adviser.get("/manage/search", query_string={"q": words}).get_data(as_text=True)
        links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/manage/[^"#]*)', page)}
        assert {link: adviser.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_a_person_of_another_organiser_with_the_same_words_does_not_hide_ones_own(
    adviser: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventsys.workspace.search.queries.FEW_KNOWN", 0)
    own = {"run_id": world.run_id("unio"), "side": None, "union_id": world.unions[0]}
    for number in range(1, 30):
        sign_up(world, number, name=f"Sigrid Annen{number}", **own)
    come(world, 99, "Sigrid Vår")
    assert people(adviser, "sigrid") == ["Sigrid Vår"]
    assert people(adviser, "si vår") == ["Sigrid Vår"]


def test_erased_people_are_not_found(adviser: FlaskClient, world: World) -> None:
    come(world, 1, "Sigrid Vår")
    with transaction() as session:
        session.execute(sa.update(Registration).values(name="", email="", email_key=""))
    assert found(adviser, "sigrid") == {}


def test_the_form_says_its_words_again(adviser: FlaskClient, world: World) -> None:
    page = adviser.get("/manage/search?q=%3Cb%3EVår").get_data(as_text=True)
    assert 'value="&lt;b&gt;Vår"' in page
    assert somebody(world, 1).name not in page
