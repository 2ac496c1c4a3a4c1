"""That the test of the race can fail: without the lock, people who sign up at the same moment are all given one place."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.actions import locking, placing
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from tests.world import NOW, World, build, somebody

PEOPLE = 4
PATIENCE = 1.0
"""How long who has counted waits for the others to have counted too: with the lock, in vain."""


def test_with_the_lock_one_of_four_gets_the_last_place(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sign_up_at_once(app, monkeypatch) == {State.CONFIRMED: 1, State.WAITING: PEOPLE - 1}


def test_without_the_lock_all_four_get_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with unlocked(monkeypatch):
        assert sign_up_at_once(app, monkeypatch) == {State.CONFIRMED: PEOPLE}


def sign_up_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Counter[State]:
    """Everybody counts the places before anybody takes one, if nothing keeps them from it."""
    world = build(capacity=1)
    counted = threading.Barrier(PEOPLE)
    monkeypatch.setattr(placing, "list_standings", meet_after(placing.list_standings, counted))
    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(lambda number: sign_up(app, world, number), range(PEOPLE)))
    db.session.rollback()
    return Counter(db.session.scalars(sa.select(Registration.state)))


def meet_after(count: Callable[..., Any], barrier: threading.Barrier) -> Callable[..., Any]:
    def counted(*args: Any, **more: Any) -> Any:
        result = count(*args, **more)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(PATIENCE)
        return result

    return counted


def sign_up(app: Flask, world: World, number: int) -> None:
    with app.app_context():
        with transaction() as session:
            actions.register(session, somebody(world, number), now=NOW)
        db.session.remove()


@contextmanager
def unlocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PostgreSQL's rows without FOR UPDATE; SQLite without its file lock, each statement a transaction of its own."""
    monkeypatch.setattr(locking, "LOCKED_RUN", locking.WHOLE_RUN)
    monkeypatch.setattr("eventsys.extensions.turn", lambda _engine: nullcontext())
    if db.engine.dialect.name != "sqlite":
        yield
        return
    sa.event.listen(db.engine, "begin", end_at_once)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "begin", end_at_once)


def end_at_once(connection: sa.Connection) -> None:
    connection.exec_driver_sql("COMMIT")
