"""The register of organisations: numbers that check, addresses that stay, corrections, and one that comes after others."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.organisations.actions import NameIsTaken, NumberIsTaken
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions.actions import PositionFacts, set_position
from eventsys.organisations.queries import suggest
from eventsys.organisations.register import actions
from eventsys.organisations.register.actions import OrganisationFacts, facts_of
from eventsys.organisations.register.queries import Wanted, find_by_key, list_page
from eventsys.organisations.rules import (
    LanguageForm,
    OrganisationKind,
    PositionRole,
    address_key,
    read_organisation_number,
)
from tests.world import NOW, build

MUNICIPALITY = OrganisationKind.MUNICIPALITY


@pytest.mark.parametrize("text", ["974760673", "974 760 673", "964965226"])
def test_nine_digits_whose_last_one_checks_are_an_organisation_number(text: str) -> None:
    assert read_organisation_number(text) == "".join(text.split())


@pytest.mark.parametrize("text", ["974760674", "97476067", "9747606733", "97476067x", "", "٩٧٤٧٦٠٦٧٣", "100000010"])
def test_other_digits_are_none(text: str) -> None:
    with pytest.raises(ValueError):
        read_organisation_number(text)


def test_an_organisation_is_called_by_its_number_else_by_its_label_in_addresses() -> None:
    assert [
        address_key("0301", "Oslo", None),
        address_key(None, "Norsk Sykepleierforbund (NSF)", None),
        address_key("1503", "Kristiansund", date(2007, 12, 31)),
    ] == ["0301", "norsk-sykepleierforbund-nsf", "1503~2007-12-31"]


def test_the_address_finds_the_one_that_has_it(app: Flask) -> None:
    world = build()
    session = db.session()
    found = [
        find_by_key(session, OrganisationKind.UNION, "utdanningsforbundet"),
        find_by_key(session, MUNICIPALITY, "0301"),
        find_by_key(session, MUNICIPALITY, "utdanningsforbundet"),
        find_by_key(session, MUNICIPALITY, ""),
    ]
    ids = [one.id if one else None for one in found]
    assert ids == [world.unions[1], world.municipalities["0301"], None, None]


def test_a_new_name_gives_a_new_label_and_is_found_by_its_words(app: Flask) -> None:
    world = build()
    with transaction() as session:
        row = session.get_one(Organisation, world.municipalities["1119"])
        facts = OrganisationFacts(
            "Bø", "1119", "Rogaland", language_form=LanguageForm.NYNORSK, language_form_source="k.sak"
        )
        actions.edit_organisation(session, row, facts=facts)
    db.session.rollback()
    labels = [one.label for one in list_page(db.session(), Wanted("bo", MUNICIPALITY), limit=9)]
    assert labels == ["Bø (Nordland)", "Bø (Rogaland)", "Bø (Telemark)"]
    assert [one.number for one in suggest(db.session(), "Hå")] == []


def test_a_new_number_is_found_too(app: Flask) -> None:
    world = build()
    with transaction() as session:
        row = session.get_one(Organisation, world.municipalities["1119"])
        actions.edit_organisation(session, row, facts=OrganisationFacts("Hå", "1120", "Rogaland"))
    assert [one.label for one in suggest(db.session(), "1120")] == ["Hå"]


@pytest.mark.parametrize(
    ("kind", "facts", "refusal"),
    [
        (MUNICIPALITY, OrganisationFacts("Noko anna", "0301"), NumberIsTaken),
        (OrganisationKind.UNION, OrganisationFacts("Utdanningsforbundet"), NameIsTaken),
    ],
)
def test_two_that_nothing_tells_apart_are_refused(
    app: Flask, kind: OrganisationKind, facts: OrganisationFacts, refusal: type[Exception]
) -> None:
    build()
    before = len(list_page(db.session(), Wanted(), limit=20))
    with pytest.raises(refusal), transaction() as session:
        actions.add_organisation(session, kind=kind, facts=facts, valid_from=None)
    db.session.rollback()
    assert len(list_page(db.session(), Wanted(), limit=20)) == before


def test_a_list_corrects_those_that_are_there_and_adds_the_others(app: Flask) -> None:
    world = build()
    oslo = OrganisationFacts("Oslo", "0301", "Oslo", email="post@oslo.example")
    new = OrganisationFacts("Frei", "1556", "Møre og Romsdal")
    with transaction() as session:
        made = actions.save_all(
            session, MUNICIPALITY, [(world.municipalities["0301"], oslo), (None, new)], valid_from=None
        )
    db.session.rollback()
    assert [facts_of(one) for one in made] == [oslo, new]
    assert len(list_page(db.session(), Wanted(kind=MUNICIPALITY), limit=20)) == 6


def add_two(*, on: date = date(2007, 1, 1)) -> list[Organisation]:
    with transaction() as session:
        return [
            actions.add_organisation(
                session, kind=MUNICIPALITY, facts=OrganisationFacts(name, number, "Møre og Romsdal"), valid_from=on
            )
            for number, name in (("1503", "Kristiansund"), ("1556", "Frei"))
        ]


def test_one_that_comes_after_two_has_their_name_and_their_people(app: Flask) -> None:
    build()
    old = add_two()
    facts = PositionFacts("Kari Fjell", "kari@frei.example", PositionRole.PROJECT_LEADER, date(2007, 2, 1))
    with transaction() as session:
        for one in old:
            set_position(session, one.id, facts, account_id=None, now=NOW)
    on = date(2008, 1, 1)
    with transaction() as session:
        ending = [session.get_one(Organisation, one.id) for one in old]
        actions.end_organisations(session, ending, on=on)
        new = actions.add_organisation(
            session,
            kind=MUNICIPALITY,
            facts=OrganisationFacts("Kristiansund", "1505", "Møre og Romsdal"),
            valid_from=on,
        )
        actions.point_to_successor(session, ending, new)
        actions.pass_on_positions(session, ending, new, on=on)
    db.session.rollback()
    rows = db.session.execute(
        sa.select(Position.organisation_id, Position.from_on, Position.to_on).order_by(Position.id)
    )
    assert [tuple(row) for row in rows] == [
        (old[0].id, date(2007, 2, 1), on),
        (old[1].id, date(2007, 2, 1), on),
        (new.id, on, None),
    ]
    found = find_by_key(db.session(), MUNICIPALITY, "1503~2007-12-31")
    assert found is not None
    assert (found.successor_id, new.label, [one.label for one in suggest(db.session(), "frei")]) == (
        new.id, "Kristiansund", [],
    )  # fmt: skip


def test_the_number_of_one_that_has_ended_still_finds_it(app: Flask) -> None:
    build()
    (old, _other) = add_two()
    with transaction() as session:
        actions.end_organisations(session, [session.get_one(Organisation, old.id)], on=date(2008, 1, 1))
    assert [
        one.id if (one := find_by_key(db.session(), MUNICIPALITY, key)) else None for key in ("1503", "1503~2007-12-31")
    ] == [old.id, old.id]
