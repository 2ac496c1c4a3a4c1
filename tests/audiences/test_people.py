"""Whom an audience is: each condition, all of a clause, any of the clauses, once each and with every reason."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eventsys.audiences.queries import Hit, Listed, count_people, list_people, select_people
from eventsys.audiences.rules import Condition, Kind, Reach, Source
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm, OrganisationKind, PositionRole
from eventsys.programmes.actions import add_network, place_in_network
from eventsys.programmes.queries import list_programmes
from eventsys.registrations import actions as registrations
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Actor, State
from tests.audiences.given import (
    ON,
    add_group,
    add_member,
    add_position,
    all_of,
    cohort,
    names_in,
    of,
    role,
    set_mailbox,
)
from tests.statements import counted
from tests.world import NOW, World, build, somebody

LEADER, CONTACT = PositionRole.PROJECT_LEADER, PositionRole.CONTACT


@pytest.fixture
def world(app: Flask) -> World:
    return build()


@pytest.fixture
def people(world: World) -> dict[str, int]:
    """Two cohorts' people: Bø (Telemark) and Oslo are in II, Karasjok in I, Bø (Nordland) in none."""
    return {
        "Anne": add_position(world, "Anne", "0821"),
        "Berit": add_position(world, "Berit", "0821", PositionRole.POLITICIAN),
        "Cato": add_position(world, "Cato", "0301"),
        "Dag": add_position(world, "Dag", "2021"),
        "Eli": add_position(world, "Eli", "1867"),
    }


@pytest.mark.usefixtures("people")
def test_a_clause_is_all_of_its_conditions(world: World) -> None:
    assert names_in(all_of(cohort(world, 2), role(LEADER)), organiser_id=world.secretariat) == ["Anne", "Cato"]


@pytest.mark.usefixtures("people")
def test_an_audience_is_any_of_its_clauses(world: World) -> None:
    clauses = (all_of(cohort(world, 2), role(PositionRole.POLITICIAN)), all_of(cohort(world, 1)))
    assert names_in(*clauses, organiser_id=world.secretariat) == ["Berit", "Dag"]


@pytest.mark.usefixtures("people")
def test_not_takes_away(world: World) -> None:
    not_leaders = all_of(cohort(world, 1, 2), role(LEADER, negated=True))
    not_second = all_of(role(LEADER), cohort(world, 2, negated=True))
    assert names_in(not_leaders, organiser_id=world.secretariat) == ["Berit"]
    assert names_in(not_second, organiser_id=world.secretariat) == ["Dag"]


@pytest.mark.usefixtures("people")
def test_people_of_organisations_outside_ones_programmes_are_unknown(world: World) -> None:
    bo_in_nordland = of(Kind.ORGANISATION, world.municipalities["1867"])
    assert names_in(all_of(role(LEADER)), organiser_id=world.secretariat) == ["Anne", "Cato", "Dag"]
    assert names_in(all_of(bo_in_nordland), organiser_id=world.secretariat) == []


@pytest.mark.usefixtures("people")
def test_a_network_and_a_whole_programme(world: World) -> None:
    with transaction() as session:
        (programme,) = list_programmes(session)
        network = add_network(session, programme_id=programme.id, slug="nordland", name="Nordland")
        place_in_network(
            session, network_id=network.id, organisation_id=world.municipalities["1867"], from_on=date(2008, 1, 1)
        )
        ids = network.id, programme.id
    assert names_in(all_of(of(Kind.NETWORK, ids[0])), organiser_id=world.secretariat) == ["Eli"]
    everybody = ["Anne", "Berit", "Cato", "Dag", "Eli"]
    assert names_in(all_of(of(Kind.PROGRAMME, ids[1])), organiser_id=world.secretariat) == everybody


def test_positions_count_from_their_first_day_until_they_end(world: World) -> None:
    add_position(world, "Etter", "0821", from_on=date(2008, 8, 19))
    add_position(world, "I dag", "0821", from_on=ON)
    add_position(world, "Slutt", "0821", to_on=ON)
    assert names_in(all_of(cohort(world, 2)), organiser_id=world.secretariat) == ["I dag"]


def test_a_contact_counts_when_confirmed(world: World) -> None:
    add_position(world, "Ny", "0821", CONTACT, confirmed_at=None)
    add_position(world, "Kjent", "0821", CONTACT)
    assert names_in(all_of(cohort(world, 2), role(CONTACT)), organiser_id=world.secretariat) == ["Kjent"]


def test_a_group_is_its_members_of_the_day(world: World) -> None:
    group_id = add_group(world)
    add_member(group_id, "Gro", organisation_id=world.municipalities["0821"])
    add_member(group_id, "Hans")
    add_member(group_id, "Ida", to_on=date(2008, 8, 17))
    assert names_in(all_of(of(Kind.GROUP, group_id)), organiser_id=world.secretariat) == ["Gro", "Hans"]
    both = all_of(of(Kind.GROUP, group_id), cohort(world, 2))
    neither = all_of(of(Kind.GROUP, group_id), cohort(world, 2, negated=True))
    assert names_in(both, organiser_id=world.secretariat) == ["Gro"]
    assert names_in(neither, organiser_id=world.secretariat) == ["Hans"]


def test_events_know_who_answered_is_signed_up_and_came(world: World) -> None:
    event_id = world.events["seminar"].id
    with transaction() as session:
        for number in (1, 2, 3):
            registrations.register(session, somebody(world, number), now=NOW)
    with transaction() as session:
        one, two, _three = session.query(Registration).order_by(Registration.id)
        registrations.cancel(session, one, actor=Actor.PARTICIPANT, now=NOW)
        two.state = State.ATTENDED
    found = {
        kind: names_in(all_of(of(kind, event_id)), organiser_id=world.secretariat)
        for kind in (Kind.ANSWERED, Kind.REGISTERED, Kind.ATTENDED)
    }
    assert found == {
        Kind.ANSWERED: ["Person Nummer1", "Person Nummer2", "Person Nummer3"],
        Kind.REGISTERED: ["Person Nummer2", "Person Nummer3"],
        Kind.ATTENDED: ["Person Nummer2"],
    }


def test_those_who_have_not_signed_up(world: World) -> None:
    add_position(world, "Person Nummer1", "0821", email="person1@kommune.example")
    add_position(world, "Anne", "0821")
    with transaction() as session:
        registrations.register(session, somebody(world, 1), now=NOW)
    not_there = of(Kind.REGISTERED, world.events["seminar"].id, negated=True)
    assert names_in(all_of(cohort(world, 2), not_there), organiser_id=world.secretariat) == ["Anne"]


def test_named_people_where_one_knows_them(world: World, people: dict[str, int]) -> None:
    named = all_of(of(Kind.PERSON, people["Anne"], people["Eli"]))
    assert names_in(named, organiser_id=world.secretariat) == ["Anne"]
    assert names_in(named, organiser_id=world.unio) == []


def test_mailboxes_of_organisations_instead_of_people(world: World) -> None:
    add_position(world, "Anne", "0821")
    set_mailbox(world, "0821", "post@bo.example")
    set_mailbox(world, "0301", " Post@Oslo.example ")
    boxes = all_of(cohort(world, 2), reach=Reach.MAILBOXES)
    with_contact = all_of(cohort(world, 2), role(LEADER), reach=Reach.PEOPLE_OR_MAILBOX)
    municipalities = Condition(kind=Kind.ORGANISATION_KIND, words=(OrganisationKind.MUNICIPALITY,))
    kind = all_of(municipalities, reach=Reach.MAILBOXES)
    assert names_in(boxes, organiser_id=world.secretariat) == ["Bø (Telemark)", "Oslo"]
    assert names_in(with_contact, organiser_id=world.secretariat) == ["Anne", "Oslo"]
    assert names_in(kind, organiser_id=world.unio) == ["Bø (Telemark)", "Oslo"]


def test_somebody_in_for_three_reasons_is_listed_once_with_all_three(world: World) -> None:
    anne = add_position(world, "Anne", "0821")
    add_position(world, "Anne", "0301", CONTACT, language="nn")
    group_id = add_group(world)
    assert add_member(group_id, "Anne") == anne
    clauses = (all_of(of(Kind.GROUP, group_id)), all_of(cohort(world, 2)))
    found = list_people(db.session(), clauses, organiser_id=world.secretariat, on=ON)
    email = "anne@kommune.example"
    assert found == [
        Listed(anne, world.municipalities["0821"], "Anne", email, email, "nb", "Bø (Telemark)", (
            Hit(0, Source.GROUP, "", "", group_id),
            Hit(1, Source.POSITION, "Bø (Telemark)", "project_leader", None),
            Hit(1, Source.POSITION, "Oslo", "contact", None),
        ))
    ]  # fmt: skip


def test_the_language_is_ones_own_then_the_municipalitys_then_the_organisers(world: World) -> None:
    with transaction() as session:
        session.get_one(Organisation, world.municipalities["0821"]).language_form = LanguageForm.NYNORSK
    add_position(world, "Engelsk", "0821", language="en")
    add_position(world, "Nynorsk", "0821", language="")
    add_position(world, "Standard", "0301")
    rows = db.session.execute(select_people([all_of(cohort(world, 2))], organiser_id=world.secretariat, on=ON))
    assert sorted((row.name, row.language) for row in rows) == [
        ("Engelsk", "en"),
        ("Nynorsk", "nn"),
        ("Standard", "nb"),
    ]


def test_one_statement_lists_a_page_and_another_counts(world: World) -> None:
    for number in range(60):
        add_position(world, f"Person {number:02}", "0821")
    clauses = [all_of(cohort(world, 2)), all_of(role(LEADER))]
    with counted(db.engine) as sent:
        page = list_people(db.session(), clauses, organiser_id=world.secretariat, on=ON, limit=50, offset=50)
        many = count_people(db.session(), clauses, organiser_id=world.secretariat, on=ON)
    assert ([one.name for one in page], many, len(sent)) == ([f"Person {number}" for number in range(50, 60)], 60, 2)
