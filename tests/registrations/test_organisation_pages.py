"""An organisation's page: public, and behind a contact's link; how a contact is confirmed through the official mailbox."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.mailing.outbox import mask_links
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.rules import LanguageForm
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.people.queries import LastPerson, find_behind, list_last_people
from eventsys.registrations.rules import Actor, Change, Side
from eventsys.tokens import LinkIsRevoked
from tests.registrations.people import (
    REGISTRAR,
    add_contact,
    contact_page,
    contact_token,
    delegate,
    delegation_token,
    link_in,
    mailed,
    sign_up,
)
from tests.registrations.test_me import words_of
from tests.statements import counted
from tests.world import NOW, World, build

MAILBOX = "post@bo.example"
TODAY = NOW.date()


@pytest.fixture
def world(app: Flask) -> World:
    return build(capacity=60)


@pytest.fixture
def contact(world: World, client: FlaskClient) -> Position:
    client.set_cookie("language", "en")
    return add_contact(world)


def set_mailbox(world: World, number: str = "0821", **more: object) -> None:
    with transaction() as session:
        organisation = session.get_one(Organisation, world.municipalities[number])
        organisation.email = MAILBOX
        for name, value in more.items():
            setattr(organisation, name, value)


def ask(client: FlaskClient, name: str = "Nils Bekk", email: str = "nils@bo.example") -> str:
    data = {"name": name, "email": email}
    return client.post("/organisations/0821/contacts", data=data, follow_redirects=True).get_data(as_text=True)


def read(client: FlaskClient, position: Position) -> str:
    answer = client.get(contact_page(position))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return words_of(answer.get_data(as_text=True))


def test_the_public_page_says_what_it_is_and_names_nobody(client: FlaskClient, world: World, contact: Position) -> None:
    sign_up(world)
    page = words_of(client.get("/organisations/0821").get_data(as_text=True))
    assert "Bø (Telemark) Pulje II" in page
    assert ("Nils Bekk" in page, "Person Nummer1" in page) == (False, False)
    assert client.get("/organisations/9999").status_code == 404


def test_the_official_mailbox_is_asked_and_its_yes_makes_a_contact(client: FlaskClient, world: World) -> None:
    set_mailbox(world, language_form=LanguageForm.NYNORSK)
    ask(client)
    (question,) = mailed("contact")
    assert (question.email, question.language, "Nils Bekk (nils@bo.example)" in (question.text or "")) == (
        MAILBOX, "nn", True,
    )  # fmt: skip
    assert link_in(question) not in mask_links(question.text or "")
    assert client.get(link_in(question)).status_code == 200
    assert mailed("contact_confirmed") == []
    assert client.post(link_in(question), data={"answer": "yes"}).status_code == 200
    (link,) = mailed("contact_confirmed")
    assert link.email == "nils@bo.example"
    assert client.get(link_in(link)).status_code == 200
    assert [client.get(link_in(question)).status_code, client.post(link_in(question)).status_code] == [410, 410]


def test_the_official_mailboxs_no_makes_none(client: FlaskClient, world: World) -> None:
    set_mailbox(world)
    ask(client)
    (question,) = mailed("contact")
    page = client.post(link_in(question), data={"answer": "no"}).get_data(as_text=True)
    assert "Nils Bekk" in page
    assert mailed("contact_confirmed") == []
    assert db.session.scalars(sa.select(Position.confirmed_at)).all() == [None]


def test_an_answer_that_is_neither_is_no_yes(client: FlaskClient, world: World) -> None:
    set_mailbox(world)
    ask(client)
    client.post(link_in(mailed("contact")[0]))
    assert mailed("contact_confirmed") == []


def test_everybody_who_asks_gets_the_same_answer(client: FlaskClient, world: World, contact: Position) -> None:
    set_mailbox(world)
    pages = [ask(client), ask(client), ask(client, "Berit Haug", "berit@bo.example")]
    assert len(set(pages)) == 1
    assert [mail.email for mail in mailed("contact_confirmed")] == ["nils@bo.example"]
    assert [mail.email for mail in mailed("contact")] == [MAILBOX]


def test_without_a_known_mailbox_only_organisers_are_left_to_say_yes(client: FlaskClient, world: World) -> None:
    ask(client)
    assert mailed("contact") == []
    assert db.session.scalars(sa.select(Position.name)).all() == ["Nils Bekk"]


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(client: FlaskClient, world: World) -> None:
    answer = client.post("/organisations/0821/contacts", data={"name": "Nils Bekk", "email": "nils(at)bo"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'value="nils(at)bo"' in page, 'id="email-error"' in page) == (422, True, True)
    assert 'value="Nils Bekk"' in page


def test_a_contact_sees_who_comes_to_what_and_how_many_lack_a_name(
    client: FlaskClient, world: World, contact: Position
) -> None:
    delegate(world, "Berit Haug, berit@bo.example", "", event="conference")
    sign_up(world, side=Side.POLITICIAN)
    page = read(client, contact)
    assert "Læringsseminar 2 1–2 September 2008 1 place politician: 1 Person Nummer1" in page
    assert "2 places 1 without a name administration: 2 Berit Haug" in page
    assert "not named (Bø, administration)" in page
    assert page.index("Læringsseminar 2") < page.index("Kvalitetskonferanse")


def test_a_contact_sees_no_address_of_a_participant_and_no_link_to_what_is_personal(
    client: FlaskClient, world: World, contact: Position
) -> None:
    sign_up(world)
    page = client.get(contact_page(contact)).get_data(as_text=True)
    assert ("Person Nummer1" in page, "person1@kommune.example" in page, "/registrations/" in page) == (
        True, False, False,
    )  # fmt: skip


def test_a_seat_that_tells_of_a_union_is_shown_to_no_contact(
    client: FlaskClient, world: World, contact: Position
) -> None:
    seat = sign_up(world, run_id=world.run_id("unio"), union_id=world.unions[0], side=None)
    assert "Person Nummer1" not in read(client, contact)
    address = f"{contact_page(contact)}/seats/{seat.public_id}"
    assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]
    assert list_last_people(db.session(), organisation_id=world.municipalities["0821"]) == []


def test_another_municipalitys_people_are_not_shown(client: FlaskClient, world: World, contact: Position) -> None:
    seat = sign_up(world, 2, organisation_id=world.municipalities["0301"])
    assert "Person Nummer2" not in read(client, contact)
    assert client.get(f"{contact_page(contact)}/seats/{seat.public_id}").status_code == 404
    assert client.get(contact_page(contact, "0301")).status_code == 404


def test_what_nobody_is_signed_up_for_stands_there_with_its_deadline(
    client: FlaskClient, world: World, contact: Position
) -> None:
    with transaction() as session:
        session.merge(world.events["conference"]).closes_on = date(2008, 11, 1)
    _page, _title, missing = read(client, contact).partition("Nobody is signed up yet")
    assert missing.index("Læringsseminar 2") < missing.index("Kvalitetskonferanse")
    assert "deadline 1 November" in missing
    assert ("Læringsseminar 3" in missing, "Unios konferanse" in missing) == (False, False)
    sign_up(world)
    _page, _title, missing = read(client, contact).partition("Nobody is signed up yet")
    assert ("Læringsseminar 2" in missing, "Kvalitetskonferanse" in missing) == (False, True)


def test_the_same_people_as_last_time_is_one_link(client: FlaskClient, world: World, contact: Position) -> None:
    delegate(world, "Berit Haug, berit@bo.example", "Anders Li", "")
    page = client.get(contact_page(contact)).get_data(as_text=True)
    slug, token = world.events["conference"].slug, contact_token(contact)
    assert f"/events/{slug}/delegations/new?link={token}&amp;people=last" in page
    assert "Last time: Anders Li, Berit Haug" in words_of(page)


def test_the_last_people_are_those_of_the_latest_event_with_addresses_of_their_own(
    world: World, contact: Position
) -> None:
    sign_up(world)
    delegation = delegate(world, "Berit Haug, berit@bo.example", "Anders Li", "", event="conference")
    last = [
        LastPerson("Anders Li", "", Side.ADMINISTRATION),
        LastPerson("Berit Haug", "berit@bo.example", Side.ADMINISTRATION),
    ]
    session = db.session()
    assert list_last_people(session, organisation_id=world.municipalities["0821"]) == last
    assert list_last_people(session, delegation_id=delegation.id) == last


def test_a_link_stands_for_who_signs_up_and_whom(world: World, contact: Position) -> None:
    delegation = delegate(world, "Anders Li")
    people = [LastPerson("Anders Li", "", Side.ADMINISTRATION)]
    by_contact = find_behind(db.session(), contact_token(contact), on=TODAY)
    by_registrar = find_behind(db.session(), delegation_token(delegation), on=TODAY)
    assert by_contact is not None
    assert by_registrar is not None
    assert (by_contact.organisation, by_contact.name, by_contact.email, by_contact.people) == (
        "Bø (Telemark)", "Nils Bekk", "nils@bo.example", people,
    )  # fmt: skip
    assert (by_registrar.name, by_registrar.email, by_registrar.people) == ("Kari Bø", REGISTRAR, people)
    assert [find_behind(db.session(), token, on=TODAY) for token in ("x", "0" * 43)] == [None, None]


def test_a_link_of_somebody_who_only_asks_stands_for_nobody(client: FlaskClient, world: World) -> None:
    ask(client)
    db.session.rollback()
    position = db.session.scalars(sa.select(Position)).one()
    assert find_behind(db.session(), contact_token(position), on=TODAY) is None
    assert client.get(contact_page(position)).status_code == 404


def test_a_contact_gives_a_place_to_a_colleague(client: FlaskClient, world: World, contact: Position) -> None:
    seat = sign_up(world)
    address = f"{contact_page(contact)}/seats/{seat.public_id}"
    assert "Person Nummer1" in words_of(client.get(address).get_data(as_text=True))
    answer = client.post(address, data={"name": "Berit  Haug", "email": "berit@bo.example"})
    assert (answer.status_code, answer.location) == (303, contact_page(contact))
    db.session.expire_all()
    kept = db.session.get_one(Registration, seat.id)
    assert (kept.name, kept.email, kept.link_version) == ("Berit Haug", "berit@bo.example", 1)
    change = db.session.scalars(sa.select(RegistrationChange).order_by(RegistrationChange.id.desc())).first()
    assert change is not None
    assert (change.change, change.actor) == (Change.HANDED_OVER, Actor.REGISTRAR)


def test_after_its_last_day_a_place_is_not_given_away_and_what_was_typed_is_kept(
    client: FlaskClient, world: World, contact: Position
) -> None:
    seat = sign_up(world)
    with transaction() as session:
        session.get_one(Event, seat.event_id).hand_over_by = TODAY - timedelta(days=1)
    answer = client.post(
        f"{contact_page(contact)}/seats/{seat.public_id}", data={"name": "Berit", "email": "b@bo.example"}
    )
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'value="Berit"' in page, "The last day to hand places over has passed" in page) == (
        409, True, True,
    )  # fmt: skip


def test_a_place_is_not_given_to_nobody(client: FlaskClient, world: World, contact: Position) -> None:
    seat = sign_up(world)
    answer = client.post(f"{contact_page(contact)}/seats/{seat.public_id}", data={"name": " ", "email": "b@bo.example"})
    assert (answer.status_code, 'id="name-error"' in answer.get_data(as_text=True)) == (422, True)


def test_who_else_is_contact_is_told_and_one_can_stop(client: FlaskClient, world: World, contact: Position) -> None:
    add_contact(world, "Berit Haug", "berit@bo.example")
    address, token = contact_page(contact), contact_token(contact)
    assert "Who else is contact Berit Haug berit@bo.example" in read(client, contact)
    answer = client.post(f"{address}/end")
    assert (answer.status_code, answer.location) == (303, "/organisations/0821")
    assert [client.get(address).status_code, client.post(f"{address}/end").status_code] == [410, 410]
    db.session.expire_all()
    with pytest.raises(LinkIsRevoked):
        find_behind(db.session(), token, on=TODAY)


def test_the_number_of_statements_does_not_grow(client: FlaskClient, world: World, contact: Position) -> None:
    counts = []
    for many in (1, 50):
        for number in range(many):
            sign_up(world, number, form_token=f"{many}-{number}", name=f"Navn {many} {number}")
        with counted(db.engine) as sent:
            page = read(client, contact)
        counts.append((len(sent), page.count("Has a place")))
    assert counts == [(21, 1), (21, 51)]
