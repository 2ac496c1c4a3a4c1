"""Contacts of organisations: asked for, confirmed through the official mailbox or by an organiser, ended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock, tokens
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation, Person, Position
from eventsys.organisations.positions import actions, queries
from eventsys.organisations.rules import PositionRole
from tests.world import NOW, World, build

ON = date(2008, 8, 18)


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def ask(world: World, name: str = "Nils Bekk", *, number: str = "0821", on: date = ON) -> Position | None:
    """Somebody asks to be contact, at a quarter past ten of that day's morning."""
    with transaction() as session:
        return actions.ask_to_be_contact(
            session, session.get_one(Organisation, world.municipalities[number]), name=name,
            email=f"{name.split()[0].lower()}@kommune.example", language="nn", on=on, now=NOW + (on - ON),
        )  # fmt: skip


def asked(world: World, name: str = "Nils Bekk") -> Position:
    position = ask(world, name)
    assert position is not None
    return position


def confirm(position: Position, account_id: int | None = None) -> bool:
    with transaction() as session:
        return actions.confirm(session, session.merge(position), account_id=account_id, now=NOW)


def end(position: Position, on: date = ON) -> bool:
    with transaction() as session:
        return actions.end(session, session.merge(position), on=on)


def contacts(world: World, on: date = ON, number: str = "0821") -> list[str]:
    return [one.name for one in queries.list_contacts(db.session(), world.municipalities[number], on=on)]


def everywhere() -> set[int]:
    return set(db.session.scalars(sa.select(Organisation.id)))


def waiting(on: date = ON) -> list[tuple[str, str]]:
    return [
        (row.Position.name, row.Organisation.label) for row in queries.list_asked(db.session(), everywhere(), on=on)
    ]


def test_who_asks_is_no_contact_before_somebody_has_said_yes(world: World) -> None:
    position = asked(world)
    assert (contacts(world), waiting()) == ([], [("Nils Bekk", "Bø (Telemark)")])
    assert confirm(position)
    assert (contacts(world), waiting()) == (["Nils Bekk"], [])


def test_a_contact_is_one_of_that_municipality_alone(world: World) -> None:
    confirm(asked(world))
    assert contacts(world, number="1867") == []


def test_saying_yes_twice_changes_nothing(world: World) -> None:
    position = asked(world)
    assert [confirm(position), confirm(position)] == [True, False]


def test_who_asks_twice_within_a_day_asks_once(world: World) -> None:
    asked(world)
    assert ask(world) is None
    assert ask(world, on=ON + timedelta(days=1)) is not None
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Position)) == 1


def test_more_than_five_within_the_hour_are_not_written_down(world: World) -> None:
    made = [ask(world, f"Navn{number} Bekk") is not None for number in range(7)]
    assert made == [True] * 5 + [False] * 2
    assert ask(world, "Navn8 Bekk", number="1119") is not None


def test_who_is_contact_already_is_given_back_unchanged(world: World) -> None:
    position = asked(world)
    confirm(position)
    again = ask(world)
    assert again is not None
    assert (again.id, again.confirmed_at) == (position.id, NOW)


def test_a_contact_who_ends_it_is_none_at_once(world: World) -> None:
    position = asked(world)
    confirm(position)
    assert [end(position), end(position)] == [True, False]
    assert contacts(world) == []
    db.session.rollback()
    kept = db.session.scalars(sa.select(Position)).one()
    assert (kept.to_on, kept.link_version) == (ON, 1)


def test_a_no_takes_who_asked_off_the_list(world: World) -> None:
    position = asked(world)
    end(position)
    assert (waiting(), confirm(position), contacts(world)) == ([], False, [])


def test_who_stopped_can_ask_again_on_the_same_day_and_gets_another_link(world: World) -> None:
    position = asked(world)
    confirm(position)
    end(position)
    again = asked(world)
    assert (again.id, again.link_version, again.confirmed_at, again.to_on) == (position.id, 1, None, None)


def test_who_stopped_can_be_contact_again_later_and_the_first_time_is_kept(world: World) -> None:
    position = asked(world)
    confirm(position)
    end(position, ON + timedelta(days=10))
    later = ON + timedelta(days=40)
    again = ask(world, on=later)
    assert again is not None
    confirm(again)
    assert (again.id != position.id, contacts(world, on=later)) == (True, ["Nils Bekk"])
    assert contacts(world, on=ON + timedelta(days=20)) == []


def test_an_organiser_adds_a_contact_whom_it_knows(world: World) -> None:
    with transaction() as session:
        organisation = session.get_one(Organisation, world.municipalities["1119"])
        for _time in range(2):
            actions.add_contact(session, organisation, name="Berit Haug", email="berit@ha.example", on=ON, now=NOW)
    assert contacts(world, number="1119") == ["Berit Haug"]


def test_the_link_to_the_official_mailbox_works_once_and_for_a_fortnight(world: World) -> None:
    position, now = asked(world), clock.real_now()
    with transaction() as session:
        token = actions.issue_confirmation(session, position, real_now=now)
        late = actions.issue_confirmation(session, position, real_now=now)
    moments = [now + timedelta(days=13), now + timedelta(days=13)]
    with transaction() as session:
        found = [actions.use_confirmation(session, token, real_now=moment) for moment in moments]
        found.append(actions.use_confirmation(session, late, real_now=now + timedelta(days=15)))
    assert [one and one.id for one in found] == [position.id, None, None]
    assert db.session.scalars(sa.select(tokens.OneTimeToken.purpose)).first() == tokens.Purpose.CONTACT


def test_an_address_is_told_what_its_people_are_confirmed_or_not(world: World) -> None:
    confirm(asked(world))
    with transaction() as session:
        person = session.scalars(sa.select(Person).where(Person.email_key == "nils@kommune.example")).one()
        session.add(
            Position(
                person_id=person.id, organisation_id=world.municipalities["0301"], role=PositionRole.POLITICIAN,
                name="Nils Bekk", email="nils@kommune.example", email_key="nils@kommune.example", from_on=ON,
                asked_at=NOW,
            )
        )  # fmt: skip
    found = queries.list_positions(db.session(), "nils@kommune.example", on=ON)
    assert [(row.Organisation.label, row.Position.role) for row in found] == [
        ("Bø (Telemark)", PositionRole.CONTACT), ("Oslo", PositionRole.POLITICIAN),
    ]  # fmt: skip
    assert [row.Position.name for row in queries.list_all_contacts(db.session(), everywhere(), on=ON)] == ["Nils Bekk"]
    assert queries.count_asked(db.session(), sa.select(Organisation.id), on=ON) == 0
