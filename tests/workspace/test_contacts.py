"""The organisers' page of contacts: who asks, yes and no, whom one adds, and official mailboxes."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.accounts.models import Account
from eventsys.extensions import db
from eventsys.organisations.models import Organisation, Position
from tests.accounts.people import add_account, sign_in
from tests.registrations.people import link_in, mailed
from tests.registrations.test_me import words_of
from tests.world import World


@pytest.fixture
def asked(adviser: FlaskClient, world: World) -> Position:
    """Nils asks to be contact for Bø in Telemark."""
    adviser.post("/organisations/0821/contacts", data={"name": "Nils Bekk", "email": "nils@bo.example"})
    db.session.rollback()
    return db.session.scalars(sa.select(Position)).one()


def read(client: FlaskClient) -> str:
    return words_of(client.get("/manage/contacts").get_data(as_text=True))


def test_an_organisers_yes_is_mailed_and_says_who_gave_it(adviser: FlaskClient, asked: Position) -> None:
    assert "Nils Bekk nils@bo.example Bø (Telemark) its official mailbox is not known" in read(adviser)
    for _time in range(2):
        assert adviser.post(f"/manage/contacts/{asked.public_id}/confirmation").status_code == 303
    (mail,) = mailed("contact_confirmed")
    assert adviser.get(link_in(mail)).status_code == 200
    account = db.session.scalars(sa.select(Account.id)).one()
    assert db.session.execute(sa.select(Position.account_id, Position.confirmed_at.is_not(None))).one() == (
        account,
        True,
    )
    assert "Nobody waits for an answer." in read(adviser)


def test_the_first_page_says_that_somebody_asks(adviser: FlaskClient, asked: Position) -> None:
    assert "1 person asks to be contact" in adviser.get("/manage/").get_data(as_text=True)
    adviser.post(f"/manage/contacts/{asked.public_id}/end")
    assert "asks to be contact" not in adviser.get("/manage/").get_data(as_text=True)


def test_an_organisers_no_takes_the_question_away_and_mails_nobody(adviser: FlaskClient, asked: Position) -> None:
    assert adviser.post(f"/manage/contacts/{asked.public_id}/end").status_code == 303
    assert (mailed("contact_confirmed"), "No municipality has a contact yet." in read(adviser)) == ([], True)
    adviser.post(f"/manage/contacts/{asked.public_id}/confirmation")
    assert mailed("contact_confirmed") == []


def test_a_contact_that_an_organiser_ends_has_no_page_any_more(adviser: FlaskClient, asked: Position) -> None:
    adviser.post(f"/manage/contacts/{asked.public_id}/confirmation")
    page = link_in(mailed("contact_confirmed")[0])
    adviser.post(f"/manage/contacts/{asked.public_id}/end")
    assert adviser.get(page).status_code == 410


def test_an_organiser_adds_a_contact_whom_it_knows(adviser: FlaskClient, world: World) -> None:
    data = {"organisation": "Hå", "name": "Berit Haug", "email": "berit@ha.example"}
    assert adviser.post("/manage/contacts", data=data).status_code == 303
    assert [mail.email for mail in mailed("contact_confirmed")] == ["berit@ha.example"]
    assert "Hå Berit Haug berit@ha.example" in read(adviser)


@pytest.mark.parametrize(("field", "typed"), [("organisation", "Bø"), ("name", " "), ("email", "berit(at)ha")])
def test_a_contact_that_is_not_complete_is_refused_beside_the_field(
    adviser: FlaskClient, world: World, field: str, typed: str
) -> None:
    data = {"organisation": "Hå", "name": "Berit Haug", "email": "berit@ha.example", field: typed}
    answer = adviser.post("/manage/contacts", data=data)
    page = answer.get_data(as_text=True)
    kept = [value for value in data.values() if value.strip() and f'value="{value}"' not in page]
    assert (answer.status_code, page.count('-error"') > 0, f'id="{field}-error"' in page, kept) == (422, True, True, [])


def test_an_official_mailbox_that_becomes_known_is_asked_about_those_who_wait(
    adviser: FlaskClient, asked: Position
) -> None:
    data = {"mailbox_of": "0821", "mailbox": "post@bo.example"}
    assert adviser.post("/manage/contacts/mailbox", data=data).status_code == 303
    assert [mail.email for mail in mailed("contact")] == ["post@bo.example"]
    assert "asked at post@bo.example" in read(adviser)
    kept = sa.select(Organisation.email).where(Organisation.number == "0821")
    assert db.session.scalars(kept).all() == ["post@bo.example"]


@pytest.mark.parametrize(("field", "typed"), [("mailbox_of", "Bø"), ("mailbox", "")])
def test_a_mailbox_of_nobody_or_without_an_address_is_refused(
    adviser: FlaskClient, world: World, field: str, typed: str
) -> None:
    answer = adviser.post(
        "/manage/contacts/mailbox", data={"mailbox_of": "Hå", "mailbox": "post@ha.example", field: typed}
    )
    assert (answer.status_code, f'id="{field}-error"' in answer.get_data(as_text=True)) == (422, True)


def test_an_organiser_of_another_programme_or_none_decides_nothing(
    client: FlaskClient, asked: Position, world: World
) -> None:
    sign_in(client, add_account("adviser@unio.example", world.unio))
    page = read(client)
    assert ("Nils Bekk" in page, "No municipality is in a programme of yours" in page) == (False, True)
    for act in ("confirmation", "end"):
        assert client.post(f"/manage/contacts/{asked.public_id}/{act}").status_code == 404
    contact = {"organisation": "Bø (Telemark)", "name": "Eva Fjell", "email": "eva@unio.example"}
    assert client.post("/manage/contacts", data=contact).status_code == 422
    mailbox = {"mailbox_of": "Bø (Telemark)", "mailbox": "eva@unio.example"}
    assert client.post("/manage/contacts/mailbox", data=mailbox).status_code == 422
    assert "asks to be contact" not in client.get("/manage/").get_data(as_text=True)
    db.session.rollback()
    assert db.session.scalars(sa.select(Position.name).where(Position.confirmed_at.is_not(None))).all() == []
    assert db.session.scalar(sa.select(Organisation.email).where(Organisation.number == "0821")) is None
