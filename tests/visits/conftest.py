"""The small world with a contact's link and an adviser who is signed in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import Account
from eventsys.extensions import transaction
from tests import world as worlds
from tests.accounts.people import add_account, sign_in
from tests.programmes.projects.given import add_contact, path_of
from tests.world import World


@pytest.fixture
def world(app: Flask) -> World:
    return worlds.build()


@pytest.fixture
def account(world: World) -> Account:
    return add_account("radgiver@program.example", world.secretariat, name="Rådgiver")


@pytest.fixture
def adviser(app: Flask, account: Account) -> FlaskClient:
    client = app.test_client()
    sign_in(client, account)
    return client


@pytest.fixture
def base(world: World) -> str:
    """The address of the contact's visits."""
    with transaction() as session:
        return f"{path_of(add_contact(session, world))}/visits"
