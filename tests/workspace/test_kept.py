"""Who sees the people of an organisation, and who says who is contact there: an adviser sees, who placed it first says."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.rules import MemberRole
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions.actions import PositionFacts, set_position
from eventsys.organisations.rules import PositionRole
from eventsys.programmes.actions import add_cohort, add_network, add_programme, place_in_cohort, place_in_network
from eventsys.programmes.models import CohortMembership, Programme
from tests.accounts.people import add_account, sign_in
from tests.workspace.finding import people
from tests.workspace.test_programmes import other, rows
from tests.world import NOW, World

CONTACT = {"organisation": "0821", "name": "Nils Nes", "email": "nils@unio.example"}
BO = "/manage/organisations/municipality/0821"
SETTLED = date(2008, 1, 1)


@pytest.fixture
def kari(world: World) -> int:
    """The contact of Bø, whom nobody signed in confirmed; the number of her account is none."""
    with transaction() as session:
        facts = PositionFacts("Kari Fjell", "kari@bo.example", PositionRole.CONTACT, SETTLED)
        return set_position(session, world.municipalities["0821"], facts, account_id=None, now=NOW)[0].id


def place(world: World, organiser_id: int, number: str, from_on: date = SETTLED) -> None:
    """In a cohort of a programme of the organiser's own, which is made for it."""
    with transaction() as session:
        programme = add_programme(session, organiser_id=organiser_id, slug="eget", name={"nb": "Eget"})
        cohort = add_cohort(session, programme_id=programme.id, slug="egen", ordinal=1, name={"nb": "Egen"})
        place_in_cohort(session, cohort_id=cohort.id, organisation_id=world.municipalities[number], from_on=from_on)


def advise(world: World, number: str) -> None:
    """A network of the secretariat's that Unio advises."""
    with transaction() as session:
        programme = session.scalars(sa.select(Programme).filter_by(organiser_id=world.secretariat)).one()
        network = add_network(session, programme_id=programme.id, slug="nord", name="Nord")
        network.organiser_id = world.unio
        place_in_network(
            session, network_id=network.id, organisation_id=world.municipalities[number], from_on=SETTLED
        )  # fmt: skip


def contacts() -> list[str]:
    return [row.name for row in rows(Position)]


def test_an_adviser_sees_the_people_of_its_networks_members_and_keeps_none(app: Flask, world: World, kari: int) -> None:
    unio = other(app, world)
    assert ("Kari Fjell" in unio.get("/manage/people").text, people(unio, "kari")) == (False, [])
    advise(world, "0821")
    page = unio.get(BO).text
    assert ("Kari Fjell" in page, "Add somebody" in page, "Another organiser keeps" in page) == (True, False, True)
    assert ("Kari Fjell" in unio.get("/manage/people").text, people(unio, "kari")) == (True, ["Kari Fjell"])
    assert "Bø" in unio.get("/manage/organisations?own=1").text
    refused = (
        unio.post("/manage/contacts", data=CONTACT),
        unio.post(f"{BO}/people", data={**CONTACT, "role": "contact"}),
        unio.post(f"{BO}/places", data={"place": "network:nord"}),
    )
    assert [answer.status_code for answer in refused] == [422, 403, 422]
    assert contacts() == ["Kari Fjell"]


def test_who_places_a_municipality_that_another_keeps_says_no_contact_nor_mailbox_there(
    app: Flask, world: World, kari: int
) -> None:
    place(world, world.unio, "0821", from_on=date(2000, 1, 1))  # a day before the other's does not help
    unio = other(app, world)
    page = unio.get(BO).text
    assert ("Kari Fjell" in page, "Another organiser keeps" in page) == (True, True)
    sent = (
        unio.post("/manage/contacts", data=CONTACT),
        unio.post("/manage/contacts/mailbox", data={"mailbox_of": "0821", "mailbox": "unio@unio.example"}),
        unio.post(f"{BO}/people", data={**CONTACT, "role": "contact"}),
    )
    assert [answer.status_code for answer in sent] == [422, 422, 403]
    assert (contacts(), db.session.get_one(Organisation, world.municipalities["0821"]).email) == (["Kari Fjell"], None)


def test_who_placed_it_first_keeps_it_until_it_has_left(app: Flask, world: World, adviser: FlaskClient) -> None:
    place(world, world.unio, "0821")
    assert adviser.post("/manage/contacts", data=CONTACT).status_code == 303
    with transaction() as session:
        session.execute(sa.delete(Position))
        of = CohortMembership.organisation_id == world.municipalities["0821"]
        first = session.scalars(sa.select(CohortMembership).where(of).order_by(CohortMembership.id)).first()
        assert first is not None
        first.to_on = date(2008, 8, 17)
    assert adviser.post("/manage/contacts", data=CONTACT).status_code == 422
    assert other(app, world).post("/manage/contacts", data=CONTACT).status_code == 303


def test_one_that_is_in_nobodys_programme_is_not_taken_over_with_its_contact(app: Flask, world: World) -> None:
    theirs = add_account("theirs@program.example", world.secretariat)
    with transaction() as session:
        facts = PositionFacts("Kari Fjell", "kari@bo.example", PositionRole.CONTACT, SETTLED)
        set_position(session, world.municipalities["1867"], facts, account_id=theirs.id, now=NOW)
    place(world, world.unio, "1867")
    unio = other(app, world)
    sent = {**CONTACT, "organisation": "1867"}
    assert unio.post("/manage/contacts", data=sent).status_code == 422
    add_account("theirs@program.example", world.unio, role=MemberRole.READER)  # who said yes works for both now
    assert unio.post("/manage/contacts", data=sent).status_code == 303


def test_a_municipality_that_is_paused_is_still_kept(app: Flask, world: World, adviser: FlaskClient, kari: int) -> None:
    member = "/manage/cohorts/pulje-ii/members/municipality/0821"
    assert adviser.post(member, data={"status": "paused", "on": "18.08.2008"}).status_code == 303
    assert adviser.post("/manage/contacts", data=CONTACT).status_code == 303
    assert "Kari Fjell" in adviser.get("/manage/people").text


def test_a_full_cohort_is_said_where_a_municipality_is_placed(adviser: FlaskClient) -> None:
    adviser.post("/manage/cohorts/pulje-ii", data={"name_nb": "Pulje II", "ordinal": "2", "ceiling": "2"})
    page = adviser.post("/manage/organisations/municipality/1867/places", data={"place": "cohort:pulje-ii"})
    assert (page.status_code, "The cohort is full: it takes 2." in page.text) == (422, True)


def test_the_installations_owner_says_who_is_contact_everywhere(app: Flask, world: World, kari: int) -> None:
    from eventsys.organisers.actions import add as add_organiser

    with transaction() as session:
        house = add_organiser(session, slug="installation", name="Huset", email="post@huset.example").id
    client = app.test_client()
    sign_in(client, add_account("eier@huset.example", house, role=MemberRole.OWNER))
    assert client.post(f"{BO}/people", data={**CONTACT, "role": "contact"}).status_code == 303
    assert contacts() == ["Kari Fjell", "Nils Nes"]
