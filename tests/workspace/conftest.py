"""The small world with somebody of the secretariat signed in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import world as worlds
from tests.accounts.people import add_account, sign_in
from tests.world import World


@pytest.fixture
def world(app: Flask) -> World:
    return worlds.build()


@pytest.fixture
def adviser(client: FlaskClient, world: World) -> FlaskClient:
    """A browser signed in for the secretariat alone."""
    sign_in(client, add_account("adviser@program.example", world.secretariat))
    return client
