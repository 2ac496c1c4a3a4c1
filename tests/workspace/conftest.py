"""The small world with somebody of the secretariat signed in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.rules import MemberRole
from eventsys.registrations.rules import Side
from tests import world as worlds
from tests.accounts.people import add_account, sign_in
from tests.workspace.seats import sign_up
from tests.world import World


@pytest.fixture
def world(app: Flask) -> World:
    return worlds.build()


@pytest.fixture
def adviser(client: FlaskClient, world: World) -> FlaskClient:
    """A browser signed in as an owner of the secretariat alone."""
    sign_in(client, add_account("adviser@program.example", world.secretariat, role=MemberRole.OWNER))
    return client


@pytest.fixture
def four(adviser: FlaskClient, world: World) -> FlaskClient:
    """Three with a place and one who waits; the second is a politician from Oslo."""
    sign_up(world, 1)
    sign_up(world, 2, side=Side.POLITICIAN, organisation_id=world.municipalities["0301"])
    for number in (3, 4):
        sign_up(world, number)
    return adviser
