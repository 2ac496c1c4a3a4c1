"""What an organiser may aim at: nothing of another's without a grant, representatives of its own unions alone."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eventsys.audiences.queries import list_people, list_targets, read_names
from eventsys.audiences.rules import Condition, Kind, Reach
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import OrganisationKind, PositionRole
from eventsys.organisers.models import Organiser
from eventsys.programmes.actions import add_network, place_in_network
from eventsys.programmes.queries import list_programmes
from tests.audiences.given import (
    ON,
    add_group,
    add_member,
    add_position,
    add_representative,
    all_of,
    cohort,
    grant,
    names_in,
    of,
    role,
    set_mailbox,
)
from tests.world import World, build


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def test_another_organisers_cohorts_groups_and_events_match_nobody(world: World) -> None:
    add_position(world, "Anne", "0821")
    group_id = add_group(world)
    add_member(group_id, "Gro")
    set_mailbox(world, "0821", "post@bo.example")
    clauses = (
        all_of(cohort(world, 2)),
        all_of(cohort(world, 2), reach=Reach.MAILBOXES),
        all_of(role(PositionRole.PROJECT_LEADER)),
        all_of(of(Kind.GROUP, group_id)),
        all_of(of(Kind.ANSWERED, world.events["seminar"].id)),
    )
    assert names_in(*clauses, organiser_id=world.unio) == []
    assert names_in(*clauses, organiser_id=world.secretariat) == ["Anne", "Bø (Telemark)", "Gro"]


def test_a_not_about_anothers_matches_nobody_either(world: World) -> None:
    add_representative(world, "Rita", number="0821")
    allowed = all_of(of(Kind.UNION, world.confederation))
    outside = all_of(of(Kind.UNION, world.confederation), cohort(world, 1, negated=True))
    assert names_in(allowed, organiser_id=world.unio) == ["Rita"]
    assert names_in(outside, organiser_id=world.unio) == []


def test_a_grant_opens_cohorts_and_their_people_but_no_group(world: World) -> None:
    add_position(world, "Anne", "0821")
    group_id = add_group(world)
    add_member(group_id, "Gro")
    grant(world, world.unio)
    found = names_in(all_of(cohort(world, 2)), all_of(of(Kind.GROUP, group_id)), organiser_id=world.unio)
    assert found == ["Anne"]


def test_representatives_in_participating_municipalities(world: World) -> None:
    grant(world, world.unio)
    with transaction() as session:
        (programme,) = list_programmes(session)
        programme_id = programme.id
    add_representative(world, "Rita", 0, "0821")
    add_representative(world, "Stig", 1, "2021")
    add_representative(world, "Tone", 1, "1867")
    add_representative(world, "Ulf", 1)
    union, participating = of(Kind.UNION, world.confederation), of(Kind.PROGRAMME, programme_id)
    assert names_in(all_of(union, participating), organiser_id=world.unio) == ["Rita", "Stig"]
    one = all_of(of(Kind.UNION, world.unions[1]))
    assert names_in(one, organiser_id=world.unio) == ["Stig", "Tone", "Ulf"]


def test_nobody_but_the_union_and_its_confederation_finds_representatives(world: World) -> None:
    add_representative(world, "Rita", 0, "0821")
    with transaction() as session:
        other = Organiser(slug="forsker", name="Forskerforbundet", email="post@forsker.example")
        session.add(other)
        session.flush()
        session.get_one(Organisation, world.unions[0]).organiser_id = other.id
        union_organiser = other.id
    clauses = [all_of(of(Kind.UNION, world.unions[0])), all_of(cohort(world, 2), of(Kind.UNION, world.unions[1]))]
    found = {one: names_in(*clauses, organiser_id=one) for one in (world.secretariat, world.unio, union_organiser)}
    assert found == {world.secretariat: [], world.unio: ["Rita"], union_organiser: ["Rita"]}


def test_leaving_representatives_out_reveals_none_of_them(world: World) -> None:
    """Who is missing from a list would tell as much as who is in it."""
    add_position(world, "Rita", "0821")
    add_representative(world, "Rita", 0, "0821")
    without = all_of(cohort(world, 2), of(Kind.UNION, world.confederation, negated=True))
    assert names_in(without, organiser_id=world.secretariat) == []


def test_an_erased_representative_is_nobody(world: World) -> None:
    add_representative(world, "Rita", 0, "0821", erase_on=ON)
    assert names_in(all_of(of(Kind.UNION, world.confederation)), organiser_id=world.unio) == []


def test_a_representative_who_is_in_a_delegation_too_is_one(world: World) -> None:
    grant(world, world.unio)
    person_id = add_position(world, "Rita", "0821", PositionRole.EMPLOYEE_REPRESENTATIVE)
    assert add_representative(world, "Rita", 0, "0821") == person_id
    clauses = [all_of(of(Kind.UNION, world.confederation)), all_of(cohort(world, 2))]
    (rita,) = list_people(db.session(), clauses, organiser_id=world.unio, on=ON)
    assert [(hit.clause, hit.source.value) for hit in rita.reasons] == [(0, "representative"), (1, "position")]


def test_an_adviser_knows_the_people_of_its_own_network(world: World) -> None:
    add_position(world, "Anne", "0821")
    add_position(world, "Cato", "0301")
    with transaction() as session:
        (programme,) = list_programmes(session)
        network = add_network(session, programme_id=programme.id, slug="telemark", name="Telemark")
        network.organiser_id = world.unio
        place_in_network(
            session, network_id=network.id, organisation_id=world.municipalities["0821"], from_on=date(2008, 1, 1)
        )
    assert names_in(all_of(role(PositionRole.PROJECT_LEADER)), organiser_id=world.unio) == ["Anne"]


def test_what_is_offered_is_what_may_be_aimed_at(world: World) -> None:
    add_group(world)
    add_group(world, "unios-gruppe", organiser_id=world.unio)
    offered = {}
    for organiser_id in (world.secretariat, world.unio):
        found = list_targets(db.session(), organiser_id)
        slugs = [[row.slug for row in rows] for rows in (found.programmes, found.cohorts, found.groups, found.events)]
        offered[organiser_id] = [*slugs, [row.name for row in found.unions]]
    events = ["kvalitetskonferanse", "laeringsseminar-3-pulje-i", "laeringsseminar-2-pulje-ii"]
    assert offered == {
        world.secretariat: [["program"], ["pulje-i", "pulje-ii", "pulje-iii"], ["styringsgruppa"], events, []],
        world.unio: [[], [], ["unios-gruppe"], ["unios-konferanse"], ["Forskerforbundet", "Utdanningsforbundet"]],
    }


def test_names_are_read_of_what_is_ones_own(world: World) -> None:
    person_id = add_position(world, "Anne", "0821")
    clauses = [all_of(cohort(world, 2)), all_of(of(Kind.PERSON, person_id))]
    mine = read_names(db.session(), clauses, organiser_id=world.secretariat, on=ON)
    theirs = read_names(db.session(), clauses, organiser_id=world.unio, on=ON)
    found = [(names.of(Kind.COHORT, world.cohorts[2]), names.of(Kind.PERSON, person_id)) for names in (mine, theirs)]
    assert found == [({"nb": "Pulje II"}, "Anne"), (None, None)]


def test_a_kind_of_organisation_reaches_only_people_one_may_know(world: World) -> None:
    add_position(world, "Anne", "0821")
    clause = all_of(Condition(kind=Kind.ORGANISATION_KIND, words=(OrganisationKind.MUNICIPALITY,)))
    assert [names_in(clause, organiser_id=one) for one in (world.secretariat, world.unio)] == [["Anne"], []]
