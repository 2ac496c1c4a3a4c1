"""A municipality's contact finds its call and its application on the contact's own page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions import actions as positions
from eventsys.organisations.positions.links import position_token
from eventsys.organisations.rules import PositionRole
from eventsys.programmes.cases.links import application_path, recipient_path
from eventsys.programmes.models import CallRecipient
from tests.calling import CLOSES_AT, add_call, add_recipient
from tests.programmes.applications.whole import begin
from tests.world import NOW, World


@pytest.fixture
def page(client: FlaskClient, world: World) -> str:
    """The path of the page of Kari, who is contact of Bø."""
    client.set_cookie("language", "en")
    with transaction() as session:
        found = session.get_one(Organisation, world.municipalities["0821"])
        position = positions.add_contact(
            session, found, name="Kari Nordmann", email="kari@bo.example", on=NOW.date(), now=NOW
        )
    assert position.role is PositionRole.CONTACT
    return f"/organisations/0821/contacts/{position_token(position)}"


def read(client: FlaskClient, page: str) -> str:
    return client.get(page).get_data(as_text=True)


def test_an_open_call_is_there_until_its_deadline(client: FlaskClient, world: World, page: str) -> None:
    assert "Søk om å bli med" not in read(client, page)
    with transaction() as session:
        recipient = add_recipient(session, add_call(session, world), world.municipalities["0821"])
    path = recipient_path("utlysing", recipient)
    assert (path in read(client, page), "Nobody has begun to apply" in read(client, page)) == (True, True)
    with transaction() as session:
        clock.set_to(session, CLOSES_AT + timedelta(seconds=1))
    assert path not in read(client, page)


def test_who_writes_goes_to_the_application_and_another_to_the_call(
    client: FlaskClient, world: World, page: str
) -> None:
    _call, member = begin(world, email="ola@bo.example")
    recipient = db.session.query(CallRecipient).one()
    shown = read(client, page)
    assert (application_path(member) in shown, recipient_path("utlysing", recipient) in shown) == (False, True)
    assert "Application: Being written. Deadline: " in shown
    with transaction() as session:
        clock.set_to(session, CLOSES_AT + timedelta(seconds=1))
    assert "Application: Being written</span>" in read(client, page)


def test_the_contact_who_writes_goes_on_with_it(client: FlaskClient, world: World, page: str) -> None:
    _call, member = begin(world)
    assert application_path(member) in read(client, page)
