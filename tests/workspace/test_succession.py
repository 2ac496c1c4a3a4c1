"""Kristiansund and Frei become one: looked at first, then all that was theirs from that day on is its."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import LogEntry
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions.actions import PositionFacts, set_position
from eventsys.organisations.register.actions import OrganisationFacts, add_organisation
from eventsys.organisations.rules import OrganisationKind, PositionRole
from eventsys.programmes.actions import place_in_cohort
from eventsys.programmes.models import CohortMembership
from eventsys.registrations.actions import register
from eventsys.registrations.models import HeldPlaces, Registration
from tests.accounts.people import add_account, sign_in
from tests.registrations.people import mailed
from tests.registrations.test_me import words_of
from tests.world import NOW, World, somebody

PREVIEW, SAVE = "/manage/organisations/succession/preview", "/manage/organisations/succession"
SENT = {
    "ending-0": "1503", "ending-1": "Frei", "on": "18.08.2008", "into": "new", "new_name": "Kristiansund",
    "new_number": "1505", "new_county": "Møre og Romsdal",
}  # fmt: skip
TODAY = NOW.date()


@pytest.fixture
def two(adviser: FlaskClient, world: World) -> list[int]:
    """Two municipalities in one cohort, each with the same contact, a seat at the seminar and held places."""
    ids = []
    with transaction() as session:
        for number, name, places in (("1503", "Kristiansund", 2), ("1556", "Frei", 1)):
            facts = OrganisationFacts(name, number, "Møre og Romsdal")
            row = add_organisation(
                session, kind=OrganisationKind.MUNICIPALITY, facts=facts, valid_from=date(2007, 1, 1)
            )
            ids.append(row.id)
            place_in_cohort(session, cohort_id=world.cohorts[2], organisation_id=row.id, from_on=date(2008, 1, 1))
            contact = PositionFacts("Kari Fjell", "kari@frei.example", PositionRole.CONTACT, date(2008, 1, 1))
            set_position(session, row.id, contact, account_id=None, now=NOW)
            session.add(
                HeldPlaces(
                    organiser_id=world.secretariat, event_id=world.events["seminar"].id, run_id=world.run_id("seminar"),
                    organisation_id=row.id, places=places, held_until=TODAY + timedelta(days=places),
                )
            )  # fmt: skip
    for place, organisation_id in enumerate(ids):
        with transaction() as session:
            form = somebody(world, 10 + place, organisation_id=organisation_id, run_id=world.run_id("seminar", 1))
            register(session, form, now=clock.now())
    return ids


def test_the_page_before_says_what_goes_over_and_changes_nothing(
    adviser: FlaskClient, two: list[int], world: World
) -> None:
    answer = adviser.post(PREVIEW, data=SENT)
    text = words_of(answer.get_data(as_text=True))
    assert answer.status_code == 200
    for told in ("1505 Kristiansund comes after them", "1556 Frei 1503 Kristiansund", "Cohorts and networks 1",
                 "Roles and contacts 1", "Seats at what is to come 2", "it cannot be undone"):  # fmt: skip
        assert told in text, told
    db.session.rollback()
    assert db.session.scalars(sa.select(Organisation.id).where(Organisation.valid_to.is_not(None))).all() == []


def test_what_they_had_from_that_day_on_is_the_new_ones(adviser: FlaskClient, two: list[int], world: World) -> None:
    answer = adviser.post(SAVE, data=SENT)
    assert (answer.status_code, answer.location) == (303, "/manage/organisations/municipality/1505")
    db.session.rollback()
    new = db.session.scalars(sa.select(Organisation).where(Organisation.number == "1505")).one()
    old = db.session.scalars(sa.select(Organisation).where(Organisation.id.in_(two))).all()
    assert {(one.successor_id, one.valid_to) for one in old} == {(new.id, date(2008, 8, 17))}
    mine = sa.select(CohortMembership.organisation_id, CohortMembership.from_on, CohortMembership.to_on).where(
        CohortMembership.organisation_id.in_([*two, new.id])
    )
    assert {tuple(row) for row in db.session.execute(mine)} == {
        (two[0], date(2008, 1, 1), date(2008, 8, 17)), (two[1], date(2008, 1, 1), date(2008, 8, 17)),
        (new.id, TODAY, None),
    }  # fmt: skip
    assert set(db.session.scalars(sa.select(Registration.organisation_id))) == {new.id}
    held = db.session.execute(sa.select(HeldPlaces.organisation_id, HeldPlaces.places, HeldPlaces.held_until)).all()
    assert [tuple(row) for row in held] == [(new.id, 3, TODAY + timedelta(days=2))]
    lasting = sa.select(Position.organisation_id).where(Position.to_on.is_(None))
    assert db.session.scalars(lasting).all() == [new.id]
    assert [mail.email for mail in mailed("contact_confirmed")] == ["kari@frei.example"]


def test_both_pages_lead_to_the_other_and_the_log_tells_it(adviser: FlaskClient, two: list[int], world: World) -> None:
    adviser.post(SAVE, data=SENT)
    new = words_of(adviser.get("/manage/organisations/municipality/1505").get_data(as_text=True))
    old = words_of(adviser.get("/manage/organisations/municipality/1556~2008-08-17").get_data(as_text=True))
    assert "Came after Frei , Kristiansund" in new.replace("Frei,", "Frei ,")
    assert "Ended on 17 August 2008. After it comes: Kristiansund" in old
    row = db.session.scalars(sa.select(LogEntry)).one()
    assert (row.verb.value, row.name, row.facts["name"]) == (
        "merged", "Kristiansund", {"from": ["1556 Frei", "1503 Kristiansund"], "to": "1505 Kristiansund"},
    )  # fmt: skip
    again = adviser.post(SAVE, data=SENT)
    assert (again.status_code, len(mailed("contact_confirmed"))) == (422, 1)


def test_what_has_been_stays_as_it_was(adviser: FlaskClient, two: list[int], world: World) -> None:
    """A seat at what began before the day is still the old one's."""
    with transaction() as session:
        clock.set_to(session, NOW + timedelta(days=60))
    adviser.post(SAVE, data={**SENT, "on": "01.10.2008"})
    assert set(db.session.scalars(sa.select(Registration.organisation_id))) == set(two)


def test_they_may_end_into_one_that_is_there(adviser: FlaskClient, two: list[int], world: World) -> None:
    data = {"ending-0": "1556", "on": "18.08.2008", "into": "known", "known": "1503"}
    assert adviser.post(SAVE, data=data).location == "/manage/organisations/municipality/1503"
    held = db.session.execute(sa.select(HeldPlaces.organisation_id, HeldPlaces.places)).all()
    assert [tuple(row) for row in held] == [(two[0], 3)]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("ending-0", ""), ("ending-0", "Ingen"), ("ending-0", "Bø"), ("on", ""), ("on", "19.08.2008"), ("new_name", ""),
        ("new_number", "15"), ("ending-1", "Forskerforbundet"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_the_field(adviser: FlaskClient, two: list[int], field: str, typed: str) -> None:
    data = {**SENT, "ending-1": "", field: typed}
    beside = "ending-0" if field == "ending-1" else field
    for address in (PREVIEW, SAVE):
        answer = adviser.post(address, data=data)
        assert (answer.status_code, f'id="{beside}-error"' in answer.get_data(as_text=True)) == (422, True)


def test_one_that_would_have_anothers_number_is_refused(adviser: FlaskClient, two: list[int]) -> None:
    answer = adviser.post(SAVE, data={**SENT, "new_number": "0301"})
    assert (answer.status_code, 'id="new_number-error"' in answer.get_data(as_text=True)) == (422, True)
    db.session.rollback()
    assert db.session.scalars(sa.select(Organisation.id).where(Organisation.valid_to.is_not(None))).all() == []


def test_another_organisers_municipalities_are_not_ended(app: Flask, two: list[int], world: World) -> None:
    client = app.test_client()
    sign_in(client, add_account("adviser@unio.example", world.unio))
    answer = client.post(SAVE, data=SENT)
    assert (answer.status_code, 'id="ending-0-error"' in answer.get_data(as_text=True)) == (422, True)


@pytest.mark.parametrize(("into", "why"), [("confederation", "not of one kind"), ("0821", "another organiser")])
def test_what_is_nobodys_goes_over_neither_into_what_one_is_oneself_nor_into_what_others_keep(
    app: Flask, world: World, into: str, why: str
) -> None:
    client = app.test_client()
    sign_in(client, add_account("adviser@unio.example", world.unio))
    with transaction() as session:
        facts = OrganisationFacts("Frosta", "1717", "Nord-Trøndelag")
        free = add_organisation(
            session, kind=OrganisationKind.MUNICIPALITY, facts=facts, valid_from=date(2007, 1, 1)
        ).id
    known = db.session.get_one(Organisation, world.confederation).label if into == "confederation" else into
    answer = client.post(SAVE, data={"ending-0": "1717", "on": "18.08.2008", "into": "known", "known": known})
    assert (answer.status_code, why in answer.get_data(as_text=True)) == (422, True)
    db.session.rollback()
    assert db.session.scalar(sa.select(Organisation.valid_to).where(Organisation.id == free)) is None


def test_a_union_of_nobodys_does_not_go_over_into_an_organiser(app: Flask, world: World) -> None:
    client = app.test_client()
    sign_in(client, add_account("adviser@unio.example", world.unio))
    with transaction() as session:
        session.get_one(Organisation, world.confederation).organiser_id = None
        session.flush()
        own = session.get_one(Organisation, world.unions[0])
        own.organiser_id, label = world.unio, own.label
        facts = OrganisationFacts("Fritt forbund", None, None)
        add_organisation(session, kind=OrganisationKind.UNION, facts=facts, valid_from=date(2007, 1, 1))
    answer = client.post(SAVE, data={"ending-0": "Fritt forbund", "on": "18.08.2008", "into": "known", "known": label})
    assert (answer.status_code, "The owner of the whole site" in answer.get_data(as_text=True)) == (422, True)
