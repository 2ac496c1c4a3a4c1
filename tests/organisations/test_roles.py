"""Roles in organisations with their days: set, mended, ended, and gone two years after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.organisations.models import Person, PersonWord, Position
from eventsys.organisations.positions import actions
from eventsys.organisations.positions.actions import DayIsTaken, PositionFacts
from eventsys.organisations.rules import PositionRole
from eventsys.workflows.erasure import erase_expired
from tests.world import NOW, World, build

TODAY = NOW.date()
LEADER = PositionRole.PROJECT_LEADER


def put(world: World, from_on: date = TODAY, to_on: date | None = None, role: PositionRole = LEADER) -> Position:
    facts = PositionFacts("Kari Fjell", "kari@oslo.example", role, from_on, to_on)
    with transaction() as session:
        return actions.set_position(session, world.municipalities["0301"], facts, account_id=None, now=NOW)[0]


def list_days() -> list[tuple[date, date | None]]:
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(sa.select(Position.from_on, Position.to_on).order_by(Position.id))]


def test_who_is_it_already_keeps_the_first_day_and_gets_the_end_that_is_said(app: Flask) -> None:
    world = build()
    put(world, date(2007, 1, 1))
    put(world, TODAY, date(2008, 12, 31))
    assert list_days() == [(date(2007, 1, 1), date(2008, 12, 31))]


def test_who_was_it_once_and_is_it_again_has_two_spans(app: Flask) -> None:
    world = build()
    put(world, date(2007, 1, 1), date(2007, 6, 1))
    put(world)
    assert list_days() == [(date(2007, 1, 1), date(2007, 6, 1)), (TODAY, None)]


def test_two_roles_of_one_person_are_two(app: Flask) -> None:
    world = build()
    put(world)
    put(world, role=PositionRole.CONTACT)
    rows = db.session.execute(sa.select(Position.role, Position.confirmed_at.is_not(None)).order_by(Position.id))
    assert [tuple(row) for row in rows] == [(LEADER, True), (PositionRole.CONTACT, True)]


def test_days_are_mended_but_two_spans_do_not_begin_on_one_day(app: Flask) -> None:
    world = build()
    put(world, date(2007, 1, 1), date(2007, 6, 1))
    second = put(world)
    with transaction() as session:
        actions.set_days(session, session.merge(second), from_on=date(2008, 1, 1), to_on=None)
    with pytest.raises(DayIsTaken), transaction() as session:
        actions.set_days(session, session.merge(second), from_on=date(2007, 1, 1), to_on=None)
    assert list_days() == [(date(2007, 1, 1), date(2007, 6, 1)), (date(2008, 1, 1), None)]


def test_a_person_of_whom_only_a_role_is_left_is_forgotten_two_years_after_it_ended(app: Flask) -> None:
    world = build()
    put(world, date(2007, 1, 1), TODAY)
    for days, left in ((730, 1), (732, 0)):
        with transaction() as session:
            erase_expired(session, now=NOW + timedelta(days=days), real_now=NOW)
        db.session.rollback()
        names = db.session.scalars(sa.select(Position.name)).all()
        keys = db.session.scalars(sa.select(Person.name_key)).all()
        words = db.session.scalars(sa.select(PersonWord.word)).all()
        assert [bool(any(found)) for found in (names, keys, words)] == [bool(left)] * 3
