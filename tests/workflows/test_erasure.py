"""What is kept about people is erased when its time is over, in every table, and not a day before."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from eventsys import clock, jobs
from eventsys.extensions import Base, db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Person
from eventsys.registrations import actions
from eventsys.registrations.models import Registration, UnionPosition
from eventsys.workflows.erasure import erase_expired
from tests.world import NOW, World, build, somebody

MARK = "sletteprøve"


def sign_up(world: World) -> None:
    with transaction() as session:
        facts = {"name": f"Kari {MARK}", "email": f"{MARK}@kommune.example"}
        actions.register(session, somebody(world, 1, **facts), now=NOW)
        union = {"side": None, "union_id": world.unions[0], "run_id": world.run_id("unio"), "form_token": "u"}
        actions.register(session, somebody(world, 2, **{**facts, **union}), now=NOW)


def erase(days: int) -> dict[str, int]:
    with transaction() as session:
        return erase_expired(session, now=NOW + timedelta(days=days), real_now=clock.real_now())


def find_marks() -> set[str]:
    """The tables in which the person can still be found, whatever the column."""
    db.session.rollback()
    return {
        table.name
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(sa.select(table))
        if MARK in " ".join(map(str, row)).casefold()
    }


def test_two_years_after_the_event_nothing_is_left_that_names_the_person(app: Flask) -> None:
    world = build()
    sign_up(world)
    jobs.tick(app)
    assert find_marks() == {"people", "registrations", "outbox"}
    erase(700)
    assert find_marks() == {"people", "registrations", "outbox"}
    erase(900)
    assert find_marks() == set()


def test_the_numbers_stay(app: Flask) -> None:
    world = build()
    sign_up(world)
    jobs.tick(app)
    before = [
        db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Registration, OutboxMessage, Person)
    ]
    erase(900)
    db.session.rollback()
    assert before == [
        db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Registration, OutboxMessage, Person)
    ]


def test_a_union_is_erased_fourteen_days_after_the_conference(app: Flask) -> None:
    world = build()
    sign_up(world)
    conference_ends = 102  # 28 November, from 18 August
    assert erase(conference_ends + 13)["unions"] == 0
    assert erase(conference_ends + 14)["unions"] == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UnionPosition)) == 0


def test_erasing_again_finds_nothing_more(app: Flask) -> None:
    world = build()
    sign_up(world)
    jobs.tick(app)
    erase(900)
    assert set(erase(900).values()) == {0}
