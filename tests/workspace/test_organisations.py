"""The register of organisations on the organisers' pages: lists, one with its people and places, corrections, rights."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import db, transaction
from eventsys.organisations.actions import add
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.rules import LanguageForm, OrganisationKind, PositionRole
from eventsys.organisers.actions import add as add_organiser
from eventsys.organisers.models import INSTALLATION
from eventsys.programmes.models import CohortMembership
from tests.accounts.people import add_account, sign_in
from tests.registrations.people import mailed
from tests.registrations.test_me import words_of
from tests.statements import counted
from tests.world import World

BO = "/manage/organisations/municipality/0821"


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return words_of(answer.get_data(as_text=True))


@pytest.fixture
def unio(app: Flask, world: World) -> FlaskClient:
    client = app.test_client()
    sign_in(client, add_account("adviser@unio.example", world.unio))
    return client


def form(client: FlaskClient, address: str = BO, **changed: str) -> dict[str, str]:
    """What the form for a correction holds, as it was opened, with some of it changed."""
    page = client.get(f"{address}/edit").get_data(as_text=True)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    return {"seen": seen, "name": "Bø", "number": "0821", "county": "Telemark", **changed}


def logged() -> list[tuple[str, str, dict[str, object]]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(LogEntry).order_by(LogEntry.id))
    return [(row.verb.value, row.name, row.facts) for row in rows]


def test_the_list_is_filtered_by_words_kind_and_whose_they_are(adviser: FlaskClient, world: World) -> None:
    for query, count in (("", 8), ("?q=bø", 2), ("?kind=union", 2), ("?own=1", 4), ("?q=0301", 1), ("?q=nowhere", 0)):
        page = read(adviser, f"/manage/organisations{query}")
        assert (f"{count} organisation" in page) == bool(count), query
    assert "No organisation fits that." in read(adviser, "/manage/organisations?q=nowhere")


def test_a_page_of_fifty_costs_as_many_statements_as_one(adviser: FlaskClient, world: World) -> None:
    def count(address: str) -> int:
        with counted(db.engine) as sent:
            read(adviser, address)
        return len(sent)

    one = count("/manage/organisations?kind=confederation")
    with transaction() as session:
        for number in range(60):
            add(session, kind=OrganisationKind.COMPANY, name=f"Selskap {number}", number=str(number))
    assert count("/manage/organisations?kind=company") == one
    assert "60 organisations · page 1 of 2" in read(adviser, "/manage/organisations?kind=company")
    assert "Selskap 9" in read(adviser, "/manage/organisations?kind=company&page=2")


def test_a_new_organisation_is_in_the_register_and_in_the_log(adviser: FlaskClient, world: World) -> None:
    facts = {
        "kind": "district", "name": "Grünerløkka", "number": "030102", "parent": "0301", "language_form": "bokmal",
        "language_form_source": "bystyret 3/07", "organisation_number": "974 760 673",
    }  # fmt: skip
    answer = adviser.post("/manage/organisations", data=facts)
    assert (answer.status_code, answer.location) == (303, "/manage/organisations/district/030102")
    page = read(adviser, answer.location)
    for text in ("Belongs to Oslo", "Organisation number 974760673", "Language form Bokmål bystyret 3/07"):
        assert text in page
    assert "Has under it Grünerløkka" in read(adviser, "/manage/organisations/municipality/0301")
    assert [(verb, name) for verb, name, _facts in logged()] == [("added", "Grünerløkka")]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""), ("number", "82"), ("number", "0301"), ("email", "post(at)bo"), ("organisation_number", "974760674"),
        ("parent", "Ingen"), ("parent", "0821"), ("language_form_on", "31.02.2008"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_changed(
    adviser: FlaskClient, world: World, field: str, typed: str
) -> None:
    data = {**form(adviser), "postal_address": "Gata 1", field: typed}
    answer = adviser.post(BO, data=data)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'id="{field}-error"' in page, "Gata 1" in page) == (422, True, True)
    assert logged() == []
    assert db.session.scalar(sa.select(Organisation.postal_address).where(Organisation.number == "0821")) is None


def test_a_language_form_needs_a_source(adviser: FlaskClient, world: World) -> None:
    answer = adviser.post(BO, data=form(adviser, language_form="nynorsk"))
    assert (answer.status_code, 'id="language_form_source-error"' in answer.get_data(as_text=True)) == (422, True)
    data = form(adviser, language_form="nynorsk", language_form_source="k.sak 12/07", language_form_on="01.02.2007")
    assert adviser.post(BO, data=data).status_code == 303
    row = db.session.scalars(sa.select(Organisation).where(Organisation.number == "0821")).one()
    assert (row.language_form, row.language_form_source, row.language_form_on) == (
        LanguageForm.NYNORSK, "k.sak 12/07", date(2007, 2, 1),
    )  # fmt: skip
    (_verb, _name, facts) = logged()[-1]
    assert facts == {
        "language_form": {"from": "unknown", "to": "nynorsk"},
        "language_form_source": {"from": None, "to": "k.sak 12/07"},
        "language_form_on": {"from": None, "to": "2007-02-01"},
    }


def test_a_change_by_somebody_else_in_the_meantime_is_told_and_not_lost(adviser: FlaskClient, world: World) -> None:
    mine = form(adviser, postal_address="Mi gate 1")
    assert adviser.post(BO, data=form(adviser, postal_address="Deira gate 2")).status_code == 303
    answer = adviser.post(BO, data=mine)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Deira gate 2" in page, "Mi gate 1" in page) == (422, True, True)
    again = {**mine, "seen": page.split('name="seen" value="')[1].split('"')[0]}
    assert adviser.post(BO, data=again).status_code == 303


def test_another_organiser_reads_the_register_but_corrects_nothing_of_a_programmes_members(
    adviser: FlaskClient, unio: FlaskClient, world: World
) -> None:
    data = form(adviser, email="unio@unio.example")
    page = read(unio, BO)
    assert ("Bø (Telemark)" in page, "People and roles" in page, "Change" in page) == (True, False, False)
    assert [unio.get(f"{BO}/edit").status_code, unio.post(BO, data=data).status_code] == [403, 403]
    people = {"name": "Eva", "email": "eva@unio.example", "role": "contact"}
    assert unio.post(f"{BO}/people", data=people).status_code == 403
    place = {"place": "cohort:pulje-ii", "place_from": ""}
    assert unio.post(f"{BO}/places", data=place).status_code == 422
    assert unio.post(f"{BO}/places/end", data={"place": "cohort:pulje-ii", "from_on": "2008-01-01"}).status_code == 404
    assert logged() == []


def test_the_mailbox_of_a_municipality_that_is_in_no_programme_is_not_for_everybody_to_say(
    unio: FlaskClient, world: World
) -> None:
    free = "/manage/organisations/municipality/1867"
    data = form(unio, free, number="1867", county="Nordland", email="unio@unio.example", postal_address="Gata 1")
    assert unio.post(free, data=data).status_code == 303
    row = db.session.execute(
        sa.select(Organisation.email, Organisation.postal_address).where(Organisation.number == "1867")
    )
    assert row.one() == (None, "Gata 1")


def test_an_owner_of_the_installation_corrects_them_all(app: Flask, world: World) -> None:
    with transaction() as session:
        installation = add_organiser(session, slug="installation", name="Drifta", email="drift@program.example")
    client = app.test_client()
    sign_in(client, add_account("owner@program.example", installation.id, role=MemberRole.OWNER))
    assert client.post(BO, data=form(client, email="post@bo.example")).status_code == 303


def test_a_municipality_is_put_into_a_cohort_and_taken_out_again(adviser: FlaskClient, world: World) -> None:
    free = "/manage/organisations/municipality/1867"
    for _time in range(2):
        data = {"place": "cohort:pulje-iii", "place_from": "01.08.2008"}
        assert adviser.post(f"{free}/places", data=data).status_code == 303
    assert "Pulje III from 1 August 2008" in read(adviser, free)
    data = {"place": "cohort:pulje-iii", "from_on": "2008-08-01"}
    assert adviser.post(f"{free}/places/end", data=data).status_code == 303
    rows = db.session.execute(
        sa.select(CohortMembership.from_on, CohortMembership.to_on).where(
            CohortMembership.organisation_id == world.municipalities["1867"]
        )
    )
    assert [tuple(row) for row in rows] == [(date(2008, 8, 1), date(2008, 8, 17))]


@pytest.mark.parametrize(("field", "typed"), [("place", "cohort:nothing"), ("place", ""), ("place_from", "snart")])
def test_a_place_that_is_not_there_or_a_day_that_is_none_is_refused(
    adviser: FlaskClient, world: World, field: str, typed: str
) -> None:
    data = {"place": "cohort:pulje-iii", "place_from": "01.08.2008", field: typed}
    answer = adviser.post(f"{BO}/places", data=data)
    assert (answer.status_code, f'id="{field}-error"' in answer.get_data(as_text=True)) == (422, True)


def test_a_project_leader_is_added_without_a_mail_and_a_contact_with_one(adviser: FlaskClient, world: World) -> None:
    person = {"name": "Kari Fjell", "email": "kari@bo.example", "from_on": "01.02.2008"}
    for role in ("project_leader", "contact"):
        for _time in range(2):
            assert adviser.post(f"{BO}/people", data={**person, "role": role}).status_code == 303
    page = read(adviser, BO)
    assert "Kari Fjell kari@bo.example Project leader from 1 February 2008" in page
    assert len(mailed("contact_confirmed")) == 1
    assert [(verb, name) for verb, name, _facts in logged()] == [
        ("added", "Kari Fjell, Bø (Telemark)"), ("changed", "Kari Fjell, Bø (Telemark)"),
        ("added", "Kari Fjell, Bø (Telemark)"), ("changed", "Kari Fjell, Bø (Telemark)"),
    ]  # fmt: skip
    assert {row.erase_on for row in db.session.scalars(sa.select(LogEntry))} == {date(2010, 8, 18)}


@pytest.mark.parametrize(
    ("field", "typed"), [("name", ""), ("email", "kari"), ("role", "king"), ("to_on", "01.01.2008"), ("from_on", "?")]
)
def test_a_person_that_is_not_complete_is_refused_beside_the_field(
    adviser: FlaskClient, world: World, field: str, typed: str
) -> None:
    person = {"name": "Kari", "email": "kari@bo.example", "role": "adviser", "from_on": "01.02.2008", field: typed}
    answer = adviser.post(f"{BO}/people", data=person)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'id="{field}-error"' in page, db.session.scalars(sa.select(Position)).all()) == (
        422, True, [],
    )  # fmt: skip


def test_days_are_mended_and_an_end_is_taken_back(adviser: FlaskClient, unio: FlaskClient, world: World) -> None:
    person = {"name": "Kari Fjell", "email": "kari@bo.example", "role": "project_leader"}
    adviser.post(f"{BO}/people", data=person)
    db.session.rollback()
    position = f"/manage/positions/{db.session.scalars(sa.select(Position.public_id)).one()}"
    assert [unio.get(position).status_code, unio.post(f"{position}/end").status_code] == [404, 404]
    assert adviser.post(f"{position}/end").status_code == 303
    assert "1 earlier" in read(adviser, BO)
    assert adviser.post(position, data={"from_on": "1.1.2008", "to_on": ""}).status_code == 303
    assert "Project leader from 1 January 2008" in read(adviser, BO)
    answer = adviser.post(position, data={"from_on": "1.1.2008", "to_on": "1.1.2007"})
    assert (answer.status_code, 'id="to_on-error"' in answer.get_data(as_text=True)) == (422, True)


def test_who_asks_to_be_contact_stands_there_as_asking(adviser: FlaskClient, world: World) -> None:
    adviser.post("/organisations/0821/contacts", data={"name": "Nils Bekk", "email": "nils@bo.example"})
    assert "Nils Bekk nils@bo.example Contact asks to be it" in read(adviser, BO)
    db.session.rollback()
    assert db.session.scalars(sa.select(Position.role)).all() == [PositionRole.CONTACT]


@pytest.mark.parametrize("address", ["municipality/9999", "nothing/0821", "union/0821", "municipality/0821~2007-01-01"])
def test_an_address_of_nothing_is_not_found(adviser: FlaskClient, world: World, address: str) -> None:
    assert adviser.get(f"/manage/organisations/{address}").status_code == 404


def add_free(name: str, number: str, kind: OrganisationKind = OrganisationKind.MUNICIPALITY) -> int:
    """One that is in nobody's programme."""
    with transaction() as session:
        return add(session, kind=kind, name=name, number=number, valid_from=date(2008, 1, 1)).id


def test_nobody_puts_what_is_nobodys_under_what_they_are_themselves_and_so_sees_its_people(
    unio: FlaskClient, app: Flask, world: World
) -> None:
    free = add_free("Frosta", "1717")
    own = db.session.get_one(Organisation, world.confederation)
    page = "/manage/organisations/municipality/1717"
    typed = form(unio, page, name="Frosta", number="1717", county="", parent=own.label)
    answer = unio.post(page, data=typed)
    assert (answer.status_code, "The owner of the whole site" in answer.get_data(as_text=True)) == (422, True)
    installation = app.test_client()
    with transaction() as session:
        above = add_organiser(session, slug=INSTALLATION, name="Nettstedet", email="site@program.example")
    sign_in(installation, add_account("owner@program.example", above.id, role=MemberRole.OWNER))
    assert installation.post(page, data=typed).status_code == 303
    db.session.rollback()
    assert db.session.scalar(sa.select(Organisation.parent_id).where(Organisation.id == free)) == own.id
