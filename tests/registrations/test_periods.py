"""Each form says for how long what is asked is kept: as the event's own organiser has set it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.extensions import transaction
from eventsys.organisers.actions import set_periods
from eventsys.organisers.models import Organiser
from tests.registrations import asking
from tests.registrations.desks import read, sign_up
from tests.world import World, build

PERIODS = {"nb": ("18 måneder etter", "10 dager etter"), "nn": ("18 månader etter", "10 dagar etter")}


@pytest.fixture
def world() -> World:
    """The small world; its organisers keep what people tell for a year and a half."""
    world = build()
    with transaction() as session:
        for organiser in session.scalars(sa.select(Organiser)):
            set_periods(session, organiser, ordinary_months=18, sensitive_days=10)
    return world


@pytest.mark.parametrize("language", PERIODS)
@pytest.mark.parametrize(
    ("name", "form"), [("seminar", "registrations"), ("seminar", "delegations"), ("unio", "registrations")]
)
def test_a_form_says_how_long_it_is_kept(
    client: FlaskClient, world: World, name: str, form: str, language: str
) -> None:
    client.set_cookie("language", language)
    page = client.get(f"/events/{world.events[name].slug}/{form}/new").text
    assert PERIODS[language][0] in page
    assert (PERIODS[language][1] in page) == (name == "unio")
    assert not any(said in page for said in ("to år", "14 dag"))


def test_ones_own_details_say_how_long_they_are_kept(client: FlaskClient, world: World) -> None:
    asking.ask(world, asking.facts(label="Mat"))
    assert "18 months after the event" in read(client, f"{sign_up(world)}/details")
