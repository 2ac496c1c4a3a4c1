"""What the public page says of how long things are kept is what the organisers have set."""

from __future__ import annotations

from flask.testing import FlaskClient

from eventsys.extensions import transaction
from eventsys.organisers.actions import set_periods
from eventsys.organisers.models import Organiser
from tests.registrations.test_me import words_of
from tests.world import World, build


def keep(organiser_id: int, months: int, days: int) -> None:
    with transaction() as session:
        set_periods(session, session.get_one(Organiser, organiser_id), ordinary_months=months, sensitive_days=days)


def read(client: FlaskClient) -> str:
    return words_of(client.get("/privacy?lang=en").get_data(as_text=True))


def test_where_all_keep_things_as_long_it_says_so(client: FlaskClient) -> None:
    world: World = build()
    page = read(client)
    assert ("24 months after the event" in page, "14 days after the event" in page) == (True, True)
    for number in (world.secretariat, world.unio):
        keep(number, 12, 1)
    page = read(client)
    assert ("12 months after the event" in page, "1 day after the event" in page) == (True, True)
    assert "24 months" not in page


def test_where_they_differ_it_says_from_and_to(client: FlaskClient) -> None:
    world = build()
    keep(world.unio, 6, 30)
    page = read(client)
    assert ("6 to 24 months after the event" in page, "14 to 30 days after the event" in page) == (True, True)
    assert "6 to 24 months after it was refused or withdrawn" in page


def test_before_anybody_arranges_it_says_what_is_usual(client: FlaskClient) -> None:
    assert "24 months after the event" in read(client)


def test_it_leads_to_what_is_kept_of_the_reader(client: FlaskClient) -> None:
    build()
    assert 'href="/me/data"' in client.get("/privacy").get_data(as_text=True)
