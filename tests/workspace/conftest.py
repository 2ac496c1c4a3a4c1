"""The small world with somebody of the secretariat signed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import transaction
from eventsys.registrations.actions import register
from eventsys.registrations.rules import Side
from eventsys.workflows.actions import plan
from tests import world as worlds
from tests.accounts.people import add_account, sign_in
from tests.mailing.sink import Sink, sink_of
from tests.workspace import mails
from tests.workspace.seats import sign_up
from tests.world import World, somebody


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


@pytest.fixture
def signed_up(adviser: FlaskClient, world: World) -> FlaskClient:
    """Two have a place in the seminar's first run; the worker has planned."""
    for number in (1, 2):
        with transaction() as session:
            register(session, somebody(world, number), now=clock.now())
    with transaction() as session:
        plan(session, now=clock.now())
    return adviser


@pytest.fixture
def mailed(adviser: FlaskClient, world: World) -> FlaskClient:
    """Four have signed up, one of them waits; the worker has noticed it and planned, and sent nothing."""
    mails.sign_up(world, range(1, 5))
    return adviser


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """A mail server that `app` sends to."""
    with sink_of(app) as sink:
        yield sink
