"""Districts, counties and companies take part as municipalities do: a page, a calendar, a contact, a seat of their own."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.extensions import db, transaction
from eventsys.organisations import actions as organisations
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions.actions import PositionFacts, set_position
from eventsys.organisations.queries import find_by_label, find_organisation
from eventsys.organisations.rules import OrganisationKind, PositionRole
from eventsys.programmes.actions import place_in_cohort
from eventsys.registrations.models import Registration
from eventsys.registrations.people.links import contact_path
from tests import world as worlds
from tests.world import NOW, World

UNITS = {
    "district": (OrganisationKind.DISTRICT, "030105", "Frogner"),
    "county": (OrganisationKind.COUNTY, "0301", "Oslo"),
    "company": (OrganisationKind.COMPANY, "0821", "Indre Agder Renovasjon"),
}


@pytest.fixture
def world(app: Flask) -> World:
    """The small world, in which a county and a company have the numbers and a name of municipalities."""
    world = worlds.build()
    with transaction() as session:
        for kind, number, name in UNITS.values():
            row = organisations.add(session, kind=kind, name=name, number=number, valid_from=date(2008, 1, 1))
            place_in_cohort(
                session, cohort_id=world.cohorts[2], organisation_id=row.id, from_on=date(2008, 1, 1)
            )  # fmt: skip
    return world


def unit(name: str) -> Organisation:
    kind, number, _name = UNITS[name]
    found = find_organisation(db.session(), f"{kind.value}-{number}")
    assert found is not None
    return found


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_has_a_page_a_calendar_and_a_way_to_become_contact(client: FlaskClient, world: World, name: str) -> None:
    address, label = unit(name).address, UNITS[name][2]
    page = client.get(f"/municipalities/{address}").text
    assert (f"<h1>{label}</h1>" in page, f"/calendars/organisations/{address}.ics" in page) == (True, True)
    assert "Læringsseminar 2" in page
    feed = client.get(f"/calendars/organisations/{address}.ics")
    assert (feed.status_code, "Læringsseminar 2" in feed.text) == (200, True)
    assert client.get(f"/calendars/?municipality={address}").status_code == 200
    assert f'action="/organisations/{address}/contacts"' in client.get(f"/organisations/{address}").text
    asked = client.post(
        f"/organisations/{address}/contacts", data={"name": "Kari Fjell", "email": "kari@enhet.example"}
    )
    assert (asked.status_code, asked.location) == (303, f"/organisations/{address}/contacts/asked")


def test_a_contact_of_a_unit_has_a_page_and_the_municipality_with_its_number_has_another(
    app: Flask, client: FlaskClient, world: World
) -> None:
    with transaction() as session:
        county = session.get_one(Organisation, unit("county").id)
        facts = PositionFacts("Kari Fjell", "kari@fylket.example", PositionRole.CONTACT, date(2008, 1, 1))
        position, _is_new = set_position(session, county.id, facts, account_id=None, now=NOW)
        with app.test_request_context():
            path = contact_path(county, position)
    assert path.startswith("/organisations/county-0301/contacts/")
    assert client.get(path).status_code == 200
    assert client.get(path.replace("county-0301", "0301")).status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/organisations/county/0301", 301, "/organisations/county-0301"),
        ("/organisations/municipality/0301", 301, "/organisations/0301"),
        ("/organisations/county/99", 404, None),
        ("/organisations/union/0301", 404, None),
        ("/organisations/nothing/0301", 404, None),
        ("/organisations/union-0301", 404, None),
    ],
)
def test_the_address_in_the_register_leads_to_the_public_one(
    client: FlaskClient, world: World, path: str, status: int, location: str | None
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (status, location)


def test_a_municipality_comes_first_and_the_others_say_what_they_are(client: FlaskClient, world: World) -> None:
    client.set_cookie("language", "en")
    options = client.get("/organisations/suggestions?q=oslo").text
    assert options.index('data-value="Oslo"') < options.index('data-value="county-0301"')
    assert "Oslo – County" in options
    found = [[row.kind.value for row in find_by_label(db.session(), text)] for text in ("Oslo", "0301", "county-0301")]
    assert found == [["municipality"], ["municipality"], ["county"]]
    assert [row.label for row in find_by_label(db.session(), "frogner")] == ["Frogner"]


def test_what_is_no_unit_is_suggested_to_nobody(client: FlaskClient, world: World) -> None:
    assert "Forskerforbundet" not in client.get("/organisations/suggestions?q=forsker").text
    assert "Forskerforbundet" in client.get("/organisations/suggestions?q=forsker&kind=union").text


@pytest.mark.parametrize(("typed", "label"), [("county-0301", "Oslo"), ("Frogner", "Frogner"), ("0301", "Oslo")])
def test_somebody_of_a_unit_signs_up_for_what_is_for_it(
    client: FlaskClient, world: World, typed: str, label: str
) -> None:
    form = f"/events/{world.events['seminar'].slug}/registrations"
    run = str(world.events["seminar"].runs[1].uid)
    nonce = re.search(r'name="nonce" value="([^"]*)"', client.get(f"{form}/new").text)
    sent = {
        "name": "Kari Fjell", "email": "kari@enhet.example", "organisation": typed, "side": "administration",
        "run": run, "nonce": nonce[1] if nonce else "",
    }  # fmt: skip
    answer = client.post(form, data=sent)
    assert answer.status_code == 303
    registration = db.session.scalars(sa.select(Registration)).one()
    organisation = db.session.get_one(Organisation, registration.organisation_id)
    kind = "municipality" if typed == "0301" else "county" if label == "Oslo" else "district"
    assert (organisation.label, organisation.kind.value) == (label, kind)
