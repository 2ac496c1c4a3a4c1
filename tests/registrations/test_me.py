"""One's own pages: everything under an address behind a mailed link, and nothing told to strangers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock, tokens
from eventsys.accounts.queries import COOKIE_TOKEN
from eventsys.events.models import Speaker
from eventsys.extensions import db, transaction
from eventsys.mailing.outbox import mask_links
from eventsys.organisers.models import INSTALLATION, Organiser
from eventsys.registrations import actions
from eventsys.registrations.people import queries
from eventsys.registrations.rules import Actor
from tests.calling import add_application, add_call, add_member
from tests.guards.pages import Page
from tests.registrations.people import (
    REGISTRAR,
    add_contact,
    contact_page,
    delegate,
    delegation_token,
    link_in,
    mailed,
    open_pages,
    sign_up,
)
from tests.statements import counted
from tests.world import NOW, World, build

ADDRESS = "person1@kommune.example"


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def ask(client: FlaskClient, email: str = ADDRESS) -> str:
    return client.post("/me", data={"email": email}, follow_redirects=True).get_data(as_text=True)


def age_links(by: timedelta) -> None:
    with transaction() as session:
        session.execute(
            sa.update(tokens.OneTimeToken).values(
                created_at=clock.real_now() - by, expires_at=clock.real_now() - timedelta(seconds=1)
            )
        )


def words_of(text: str) -> str:
    """What a reader sees, in one line."""
    body = re.sub(r"<(script|style|head).*?</\1>", " ", text, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_mailed_link_opens_the_pages_after_a_press_of_the_button(client: FlaskClient, world: World) -> None:
    sign_up(world)
    ask(client)
    (mail,) = mailed("own_pages")
    first = client.get(link_in(mail))
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-store")
    assert "Læringsseminar 2" not in client.get("/me").get_data(as_text=True)
    answer = client.post(link_in(mail))
    assert (answer.status_code, answer.location) == (303, "/me")
    page = client.get("/me")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "Læringsseminar 2" in page.get_data(as_text=True)


def test_a_mail_scanner_that_opens_the_link_uses_nothing_up(client: FlaskClient, world: World) -> None:
    sign_up(world)
    ask(client)
    link = link_in(mailed("own_pages")[0])
    assert [client.get(link).status_code for _time in range(3)] == [200] * 3
    assert client.post(link).status_code == 303


def test_a_stranger_learns_nothing_of_an_address(client: FlaskClient, world: World) -> None:
    sign_up(world)
    pages = [ask(client), ask(client, "nobody@kommune.example")]
    assert pages[0] == pages[1]
    assert [mail.email for mail in mailed("own_pages")] == [ADDRESS]


def test_who_writes_an_application_or_speaks_gets_a_link_too(client: FlaskClient, world: World) -> None:
    writer, speaker = "soker@kommune.example", "taler@kommune.example"
    with transaction() as session:
        application = add_application(session, add_call(session, world), world.municipalities["0821"])
        add_member(session, application, email=writer, email_key=writer)
        own = {"organiser_id": world.secretariat, "name": "Taler", "created_at": NOW}
        session.add(Speaker(**own, email=speaker, email_key=speaker))
    for address in (writer, speaker):
        ask(client, address)
    assert [mail.email for mail in mailed("own_pages")] == [writer, speaker]


def test_an_unknown_address_costs_the_same_statements_but_for_the_mail(client: FlaskClient, world: World) -> None:
    sign_up(world)
    ask(client, "warm@kommune.example")
    sent = []
    for email in (ADDRESS, "nobody@kommune.example"):
        with counted(db.engine) as statements:
            client.post("/me", data={"email": email})
        sent.append([line for line in statements if "outbox" not in line and "organisers" not in line])
    assert sent[0] == sent[1]


def test_an_address_gets_at_most_five_links_an_hour(client: FlaskClient, world: World) -> None:
    sign_up(world)
    pages = {ask(client) for _time in range(7)}
    assert (len(pages), len(mailed("own_pages"))) == (1, 5)


def test_what_is_no_address_is_said_beside_the_field_and_kept(client: FlaskClient, world: World) -> None:
    answer = client.post("/me", data={"email": "person(at)kommune"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'value="person(at)kommune"' in page, 'id="email-error"' in page) == (422, True, True)


def test_the_mail_belongs_to_the_installation_and_its_kept_text_opens_nothing(
    client: FlaskClient, world: World
) -> None:
    sign_up(world)
    client.post("/me?lang=nn", data={"email": ADDRESS.upper()})
    (mail,) = mailed("own_pages")
    owner = db.session.scalar(sa.select(Organiser.slug).where(Organiser.id == mail.organiser_id))
    assert (owner, mail.language, mail.name, mail.email) == (INSTALLATION, "nn", "Person Nummer1", ADDRESS)
    assert link_in(mail) not in mask_links(mail.text or "") + mask_links(mail.html or "")


def test_a_link_that_was_used_offers_a_new_one_to_the_same_address(client: FlaskClient, world: World) -> None:
    sign_up(world)
    ask(client)
    link = link_in(mailed("own_pages")[0])
    client.post(link)
    assert [client.get(link).status_code, client.post(link).status_code] == [410, 410]
    answer = client.post(f"{link}/renewal")
    assert (answer.status_code, answer.location) == (303, "/me/sent")
    assert [mail.email for mail in mailed("own_pages")] == [ADDRESS] * 2
    assert client.get(link_in(mailed("own_pages")[1])).status_code == 200


def test_a_link_that_is_a_day_old_offers_a_new_one_and_names_no_address(client: FlaskClient, world: World) -> None:
    sign_up(world)
    ask(client)
    link = link_in(mailed("own_pages")[0])
    lifetime = db.session.execute(sa.select(tokens.OneTimeToken.expires_at, tokens.OneTimeToken.created_at)).one()
    assert lifetime.expires_at - lifetime.created_at == timedelta(hours=24)
    age_links(timedelta(days=2))
    answer = client.get(link)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'action="{link}/renewal"' in page, ADDRESS in page) == (410, True, False)


def test_a_link_that_never_was_leads_to_the_form(client: FlaskClient, world: World) -> None:
    address = f"/me/{'x' * 43}"
    answers = [client.get(address), client.post(address), client.post(f"{address}/renewal")]
    assert [answer.status_code for answer in answers] == [410] * 3
    assert all("renewal" not in answer.get_data(as_text=True) for answer in answers)


def test_a_registration_link_that_was_replaced_leads_here(client: FlaskClient, world: World) -> None:
    registration = sign_up(world)
    with transaction() as session:
        session.merge(registration).link_version = 1
    old = tokens.capability(tokens.Purpose.REGISTRATION, registration.public_id, 0)
    answer = client.get(f"/registrations/{old}")
    assert (answer.status_code, 'href="/me"' in answer.get_data(as_text=True)) == (410, True)


def test_the_pages_close_after_two_hours_and_when_they_are_closed(client: FlaskClient, world: World) -> None:
    sign_up(world)
    assert "Læringsseminar 2" in open_pages(client, ADDRESS)
    with client.session_transaction() as cookie:
        opened = str(cookie["own_pages"])
    db.session.rollback()
    real, find = clock.real_now(), queries.find_usable
    moments = [real + timedelta(minutes=119), real + timedelta(minutes=121)]
    found = [find(db.session(), opened, tokens.Purpose.SESSION, real_now=moment) for moment in moments]
    assert found == [ADDRESS, None]
    client.post("/me/end")
    assert "Læringsseminar 2" not in client.get("/me").get_data(as_text=True)
    with client.session_transaction() as cookie:
        cookie["own_pages"] = opened
    assert "Læringsseminar 2" not in client.get("/me").get_data(as_text=True)


def test_the_token_of_the_pages_signs_nobody_in(client: FlaskClient, world: World) -> None:
    sign_up(world)
    open_pages(client, ADDRESS)
    with client.session_transaction() as cookie:
        cookie[COOKIE_TOKEN] = cookie["own_pages"]
    assert client.get("/manage/").status_code == 303


def test_the_next_comes_first_and_what_is_left_or_over_is_under_earlier(client: FlaskClient, world: World) -> None:
    sign_up(world, run_id=world.run_id("conference"), form_token="one")
    sign_up(world, form_token="two")
    left = sign_up(world, run_id=world.run_id("seminar3"), organisation_id=world.municipalities["2021"], form_token="3")
    with transaction() as session:
        actions.cancel(session, session.merge(left), actor=Actor.PARTICIPANT, now=NOW)
    coming, _earlier, past = words_of(open_pages(client, ADDRESS)).partition("Earlier and cancelled (1)")
    assert coming.index("Læringsseminar 2") < coming.index("Kvalitetskonferanse")
    assert ("Læringsseminar 3" in coming, "Læringsseminar 3" in past) == (False, True)


def test_each_row_leads_to_the_registrations_own_page(client: FlaskClient, world: World) -> None:
    registration = sign_up(world)
    page = open_pages(client, ADDRESS)
    link = f"/registrations/{tokens.capability(tokens.Purpose.REGISTRATION, registration.public_id, 0)}"
    assert link in page
    assert client.get(link).status_code == 200


def test_a_shared_address_lists_the_people_behind_it(client: FlaskClient, world: World) -> None:
    for number in (1, 2):
        sign_up(world, number, email="post@bo.example")
    sign_up(world, 3)
    page = open_pages(client, "post@bo.example")
    assert mailed("own_pages")[0].name == ""
    assert Page(page).faults == []
    assert "2 people share this address Person Nummer1 1 to come Person Nummer2 1 to come" in words_of(page)
    assert "Person Nummer3" not in page


def test_the_delegations_one_looks_after_say_who_is_still_missing(client: FlaskClient, world: World) -> None:
    delegation = delegate(world, "Nils Bekk, nils@bo.example", "", "", number="2021")
    page = open_pages(client, REGISTRAR)
    assert "Læringsseminar 3 Karasjok · 3 places 2 without a name" in words_of(page)
    assert f"/delegations/{delegation_token(delegation)}" in page
    assert "Nils Bekk" not in page


def test_colleagues_without_an_address_stand_under_who_signed_them_up(client: FlaskClient, world: World) -> None:
    delegate(world, "Berit Haug", "Kari Bø", "Nils Bekk, nils@bo.example", number="2021")
    page = words_of(open_pages(client, REGISTRAR))
    assert "What is to come 8–9 Sep 2008 Læringsseminar 3" in page
    assert "Læringsseminar 3 Karasjok · 3 places Their mail comes to you: Berit Haug" in page
    assert ("share this address" in page, "Nils Bekk" in page) == (False, False)


def test_a_contact_finds_the_page_of_the_municipality(client: FlaskClient, world: World) -> None:
    position = add_contact(world)
    page = open_pages(client, "nils@bo.example")
    assert contact_page(position) in page
    assert "Bø (Telemark) Contact of the municipality" in words_of(page)


def test_the_pages_are_found_from_every_page(client: FlaskClient, world: World) -> None:
    for address in ("/", "/privacy", "/sign-in", f"/sign-in/{'x' * 43}"):
        assert 'href="/me"' in client.get(address).get_data(as_text=True)


def test_the_number_of_statements_does_not_grow(client: FlaskClient, world: World) -> None:
    counts = []
    for many in (1, 50):
        for number in range(many):
            sign_up(world, number, email="post@bo.example", form_token=f"{many}-{number}", name=f"Navn {many} {number}")
        open_pages(client, "post@bo.example")
        with counted(db.engine) as sent:
            page = client.get("/me").get_data(as_text=True)
        counts.append((len(sent), page.count("Læringsseminar 2")))
    assert counts == [(6, 1), (6, 51)]
