"""Representatives of unions: seen by the union and its confederation alone, noted when read, erased on their day."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from flask import Flask

from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation, Person, Representative
from eventsys.organisations.representatives import actions, queries
from eventsys.organisations.representatives.actions import By, RepresentativeFacts, Wanted
from eventsys.organisers import actions as organisers
from eventsys.workflows.erasure import erase_expired
from tests.world import NOW, World, build

TODAY = NOW.date()
ERASE_ON = date(2009, 8, 18)


def by(organiser_id: int) -> By:
    return By(organiser_id, None, TODAY, NOW)


def take_in(world: World, organiser_id: int | None = None, *names: str, union: int = 0) -> tuple[int, int]:
    rows = [
        RepresentativeFacts(f"{name} Dal", f"{name.lower()}@forbund.example", world.unions[union],
                            world.municipalities["0301"])
        for name in names or ("Kari",)
    ]  # fmt: skip
    with transaction() as session:
        return actions.save_all(session, rows, erase_on=ERASE_ON, by=by(organiser_id or world.unio))


def read(organiser_id: int, wanted: Wanted = Wanted()) -> list[tuple[str, str, str]]:
    with transaction() as session:
        rows = actions.read(session, wanted, by=by(organiser_id))
        return [(row.Representative.name, row.union, row.municipality) for row in rows]


def make_union_an_organiser(world: World, place: int = 0) -> int:
    with transaction() as session:
        made = organisers.add(session, slug="forbundet", name="Forbundet", email="post@forbund.example")
        session.get_one(Organisation, world.unions[place]).organiser_id = made.id
        return made.id


def test_a_confederation_sees_its_unions_representatives_and_another_organiser_none(app: Flask) -> None:
    world = build()
    take_in(world)
    assert read(world.unio) == [("Kari Dal", "Forskerforbundet", "Oslo")]
    assert read(world.secretariat) == []
    assert queries.list_own_unions(db.session(), world.secretariat) == []


def test_a_union_sees_its_own_whoever_told_of_them_and_none_of_the_other_unions(app: Flask) -> None:
    world = build()
    union = make_union_an_organiser(world)
    take_in(world)
    take_in(world, None, "Berit", union=1)
    take_in(world, union, "Eva")
    assert read(union) == [("Eva Dal", "Forskerforbundet", "Oslo"), ("Kari Dal", "Forskerforbundet", "Oslo")]
    assert [name for name, _union, _place in read(world.unio)] == ["Eva Dal", "Kari Dal", "Berit Dal"]


def test_reading_names_leaves_a_row_of_who_did_that_names_nobody(app: Flask) -> None:
    world = build()
    take_in(world)
    read(world.unio, Wanted(words="kari oslo"))
    read(world.unio, Wanted(words="nobody"))
    rows = db.session.scalars(sa.select(LogEntry).where(LogEntry.verb == LogVerb.READ).order_by(LogEntry.id))
    assert [(row.organiser_id, row.object, row.name, row.facts) for row in rows] == [
        (world.unio, "representative", "Forskerforbundet", {"how_many": {"from": None, "to": 1}}),
        (world.unio, "representative", "", {"how_many": {"from": None, "to": 0}}),
    ]
    told = " ".join(str(row) for row in db.session.execute(sa.select(LogEntry.name, LogEntry.facts)))
    assert "Kari" not in told


def test_counts_are_read_without_a_row(app: Flask) -> None:
    world = build()
    take_in(world, None, "Kari", "Berit")
    before = db.session.scalar(sa.select(sa.func.count(LogEntry.id)))
    found = queries.count_by_union(db.session(), world.unio, on=TODAY)
    assert found == {world.unions[0]: queries.UnionCount(world.unions[0], 2, ERASE_ON)}
    assert db.session.scalar(sa.select(sa.func.count(LogEntry.id))) == before


def test_a_list_taken_in_again_adds_nobody_twice_and_keeps_them_longer(app: Flask) -> None:
    world = build()
    assert take_in(world) == (1, 0)
    later = ERASE_ON + timedelta(days=100)
    rows = [RepresentativeFacts("kari  DAL", "KARI@forbund.example", world.unions[0], world.municipalities["0301"])]
    with transaction() as session:
        assert actions.save_all(session, rows, erase_on=later, by=by(world.unio)) == (0, 1)
    assert db.session.scalars(sa.select(Representative.erase_on)).all() == [later]


def test_who_is_representative_no_more_is_forgotten_within_a_month(app: Flask) -> None:
    world = build()
    take_in(world)
    with transaction() as session:
        row = session.scalars(sa.select(Representative)).one()
        assert [actions.end(session, row, by=by(world.unio)) for _time in range(2)] == [True, False]
    assert (row.to_on, row.erase_on, read(world.unio)) == (TODAY, TODAY + timedelta(days=30), [])
    take_in(world)
    assert len(read(world.unio)) == 1


def test_a_union_that_is_not_ones_own_is_not_erased(app: Flask) -> None:
    world = build()
    take_in(world)
    with transaction() as session:
        assert actions.erase_union(session, world.unions[0], by=by(world.secretariat)) == 0
        assert actions.erase_union(session, world.unions[0], by=by(world.unio)) == 1


def test_representatives_go_on_their_day_and_those_who_were_nothing_else_with_them(app: Flask) -> None:
    world = build()
    take_in(world)
    days = (ERASE_ON - TODAY).days
    for later, left in ((days - 1, 1), (days, 0)):
        with transaction() as session:
            erase_expired(session, now=NOW + timedelta(days=later), real_now=NOW)
        db.session.rollback()
        kept = db.session.scalars(sa.select(Person.email_key)).all()
        assert (len(db.session.scalars(sa.select(Representative)).all()), len([key for key in kept if key])) == (
            left,
            left,
        )
