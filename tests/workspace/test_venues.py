"""The shared register of places."""

from __future__ import annotations

import html
import re

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import LogVerb
from eventsys.events.models import Run
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import register
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from eventsys.venues.actions import find_or_add
from eventsys.venues.models import Venue
from eventsys.venues.rules import slug_of
from tests.accounts.people import add_account, sign_in
from tests.world import World, somebody

ADDRESS = "/manage/venues/radisson-sas-plaza-oslo"
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


def test_all_that_is_said_of_a_place_is_shown(adviser: FlaskClient) -> None:
    said = {
        **PLAZA, "position": "59.9127, 10.7535", "access": "Trinnfri inngang", "equipment": "Lerret",
        "notes": "Be om 2. etasje", "contact_name": "Verten", "contact_email": "vert@plaza.example",
        "contact_phone": "+47 22 00 00 00",
    }  # fmt: skip
    adviser.post("/manage/venues", data=said)
    page = adviser.get(ADDRESS).get_data(as_text=True)
    told = ("Trinnfri inngang", "Lerret", "Be om 2. etasje", "Verten", "mailto:vert@plaza.example", "tel:+4722000000")
    assert [words in page for words in told] == [True] * 6
    assert 'href="https://www.openstreetmap.org/?mlat=59.9127&amp;mlon=10.7535#map=17/59.9127/10.7535"' in page
    form = adviser.get(f"{ADDRESS}/edit").get_data(as_text=True)
    assert 'value="59.9127, 10.7535"' in form
    wrong = adviser.post(ADDRESS, data={**said, "position": "Oslo", "contact_email": "nobody"})
    page = wrong.get_data(as_text=True)
    assert (wrong.status_code, 'href="#position"' in page, 'href="#contact_email"' in page) == (422, True, True)


def test_a_place_is_kept_to_oneself_until_another_uses_it(adviser: FlaskClient, world: World) -> None:
    adviser.post("/manage/venues", data={**PLAZA, "own": "1"})
    db.session.rollback()
    venue = db.session.scalars(sa.select(Venue)).one()
    assert venue.organiser_id == world.secretariat
    adviser.post(ADDRESS, data=PLAZA)
    with transaction() as session:
        session.execute(sa.update(Run).where(Run.id == world.run_id("unio")).values(venue_id=venue.id))
    answer = adviser.post(ADDRESS, data={**PLAZA, "own": "1"})
    assert answer.status_code == 422
    assert "Another organiser has used this place, so it stays shared." in answer.get_data(as_text=True)


def test_another_organisers_own_place_is_not_there(client: FlaskClient, adviser: FlaskClient, world: World) -> None:
    adviser.post("/manage/venues", data={**PLAZA, "own": "1"})
    sign_in(client, add_account("adviser@unio.example", world.unio))
    answers = [client.get(ADDRESS), client.get(f"{ADDRESS}/edit"), client.post(ADDRESS, data=PLAZA)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "Plaza" not in client.get("/manage/venues").get_data(as_text=True)
    assert client.post("/manage/venues", data=PLAZA).status_code == 303


def test_two_who_change_a_place_at_once_lose_nothing(adviser: FlaskClient) -> None:
    adviser.post("/manage/venues", data=PLAZA)
    opened = read_hidden(adviser.get(f"{ADDRESS}/edit").get_data(as_text=True))
    adviser.post(ADDRESS, data={**PLAZA, **opened, "address": "Den andres gate 1"})
    joined = adviser.post(ADDRESS, data={**PLAZA, **opened, "notes": "Ring først"})
    assert joined.status_code == 303
    asked = adviser.post(ADDRESS, data={**PLAZA, **opened, "address": "Min gate 2"})
    page = asked.get_data(as_text=True)
    assert (asked.status_code, "Den andres gate 1" in page, "Min gate 2" in page) == (409, True, True)
    db.session.rollback()
    venue = db.session.scalars(sa.select(Venue)).one()
    assert (venue.address, venue.notes) == ("Den andres gate 1", "Ring først")


def read_hidden(page: str) -> dict[str, str]:
    """What the form says of the edition that it was opened in."""
    return {name: html.unescape(value) for name, value in re.findall(r'name="(edition|was)" value="([^"]*)"', page)}


def test_what_became_of_a_place_is_in_the_log(adviser: FlaskClient) -> None:
    adviser.post("/manage/venues", data=PLAZA)
    adviser.post(ADDRESS, data=PLAZA)
    adviser.post(ADDRESS, data={**PLAZA, "capacity": "4"})
    db.session.rollback()
    rows = db.session.scalars(sa.select(LogEntry).order_by(LogEntry.id)).all()
    assert [(row.verb, row.object, row.key) for row in rows] == [
        (LogVerb.ADDED, "venue", "radisson-sas-plaza-oslo"), (LogVerb.CHANGED, "venue", "radisson-sas-plaza-oslo"),
    ]  # fmt: skip
    assert rows[1].facts == {"capacity": {"from": 3, "to": 4}}


def test_names_become_addresses() -> None:
    assert [slug_of(name) for name in ("Klækken Hotell", "Ålesund", "Đavvi", "!!!")] == [
        "klaekken-hotell", "alesund", "davvi", "venue",
    ]  # fmt: skip
