"""The shared register of places."""

from __future__ import annotations

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.events.models import Run
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import register
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from eventsys.venues.actions import find_or_add
from eventsys.venues.models import Venue
from eventsys.venues.rules import slug_of
from tests.world import World, somebody

PLAZA = {"name": "Radisson SAS  Plaza Oslo", "address": "Sonja Henies plass 3", "capacity": "3"}


def test_a_place_is_added_and_corrected_and_keeps_its_address(adviser: FlaskClient) -> None:
    assert adviser.post("/manage/venues", data=PLAZA).status_code == 303
    corrected = {**PLAZA, "name": "Oslo Plaza", "capacity": ""}
    assert adviser.post("/manage/venues/radisson-sas-plaza-oslo", data=corrected).status_code == 303
    db.session.rollback()
    venue = db.session.scalars(sa.select(Venue)).one()
    assert (venue.slug, venue.name, venue.name_key, venue.address, venue.capacity) == (
        "radisson-sas-plaza-oslo", "Oslo Plaza", "oslo plaza", "Sonja Henies plass 3", None,
    )  # fmt: skip
    assert "Oslo Plaza" in adviser.get("/manage/venues").get_data(as_text=True)


def test_a_name_stands_once_in_the_register(adviser: FlaskClient) -> None:
    adviser.post("/manage/venues", data=PLAZA)
    answer = adviser.post("/manage/venues", data={**PLAZA, "name": "radisson sas plaza OSLO"})
    assert answer.status_code == 422
    assert "There is a place of that name already." in answer.get_data(as_text=True)
    with transaction() as session:
        assert find_or_add(session, name="RADISSON SAS Plaza Oslo").slug == "radisson-sas-plaza-oslo"


def test_what_is_wrong_is_said_and_kept(adviser: FlaskClient) -> None:
    answer = adviser.post("/manage/venues", data={"name": " ", "address": "Kept street", "capacity": "many"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert ('href="#name"' in page, 'href="#capacity"' in page, 'value="Kept street"' in page) == (True, True, True)


def test_a_place_that_takes_more_gives_places_to_those_who_wait(adviser: FlaskClient, world: World) -> None:
    adviser.post("/manage/venues", data=PLAZA)
    run_id = world.run_id("seminar")
    with transaction() as session:
        venue_id = session.scalars(sa.select(Venue.id)).one()
        session.execute(sa.update(Run).where(Run.id == run_id).values(capacity=None, venue_id=venue_id))
    for number in range(1, 6):
        with transaction() as session:
            register(session, somebody(world, number), now=clock.now())
    smaller = adviser.post("/manage/venues/radisson-sas-plaza-oslo", data={**PLAZA, "capacity": "2"})
    assert smaller.status_code == 422
    assert "3 people have a place already" in smaller.get_data(as_text=True)
    adviser.post("/manage/venues/radisson-sas-plaza-oslo", data={**PLAZA, "capacity": "4"})
    db.session.rollback()
    states = db.session.scalars(sa.select(Registration.state).order_by(Registration.id)).all()
    assert states == [State.CONFIRMED] * 4 + [State.WAITING]


def test_names_become_addresses() -> None:
    assert [slug_of(name) for name in ("Klækken Hotell", "Ålesund", "Đavvi", "!!!")] == [
        "klaekken-hotell", "alesund", "davvi", "venue",
    ]  # fmt: skip
