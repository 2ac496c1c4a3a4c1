"""Workers at work while one of them is killed, the database restarts, or the clock is moved: none lost, none sent anew."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from tests.faults.crowd import count_states, crowd, find_duplicates, register_crowd, wait_until
from tests.faults.postgresql import Database, database_of_its_own
from tests.faults.server import FaultyServer, running_server
from tests.faults.workers import worker

MAILS = 200
FOR_TWO = 500
"""More than one worker takes at once."""
HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def own() -> Iterator[tuple[Flask, Database]]:
    with database_of_its_own() as own:
        yield own


def all_sent(how_many: int = MAILS) -> bool:
    """Whether every mail is; false while the database cannot be asked."""
    with contextlib.suppress(sa.exc.OperationalError):
        return count_states() == {"sent": how_many}
    db.engine.dispose()
    return False


def workers_of_mails() -> set[str]:
    """Those whose mails are on their way."""
    db.session.rollback()
    return {str(number) for number in db.session.scalars(sa.select(OutboxMessage.worker_id).distinct()) if number}


def test_of_two_workers_one_is_killed_and_the_other_sends_the_rest(app: Flask, server: FaultyServer) -> None:
    register_crowd(FOR_TWO)
    server.pause = 0.003
    with worker(app, server.port) as first, worker(app, server.port):
        wait_until(lambda: len(workers_of_mails()) == 2)
        first.kill()
        assert len(server.taken) < FOR_TWO
        wait_until(lambda: all_sent(FOR_TWO))
    assert {*server.recipients} == {*crowd(FOR_TWO)}
    assert find_duplicates(server.taken) <= 1


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_the_database_restarts_under_two_workers_and_nothing_is_lost(
    own: tuple[Flask, Database], server: FaultyServer, mode: str
) -> None:
    app, database = own
    register_crowd(MAILS)
    server.pause = 0.005
    with worker(app, server.port), worker(app, server.port):
        for part in (1, 2):
            wait_until(lambda part=part: len(server.taken) >= part * MAILS // 3)  # type: ignore[misc]
            database.restart(mode)
        wait_until(all_sent)
    assert {*server.recipients} == {*crowd(MAILS)}
    assert find_duplicates(server.taken) <= 4


def test_the_clock_an_hour_back_and_forth_loses_nothing_and_sends_nothing_again(
    app: Flask, server: FaultyServer
) -> None:
    register_crowd(FOR_TWO)
    now = clock.now()
    with worker(app, server.port):
        for part, moved in ((1, -HOUR), (2, HOUR), (3, -HOUR), (4, timedelta())):
            with transaction() as session:
                clock.set_to(session, now + moved)
            if moved >= timedelta():
                wait_until(lambda part=part: len(server.taken) >= part * FOR_TWO // 6)  # type: ignore[misc]
        wait_until(lambda: all_sent(FOR_TWO))
    assert {*server.recipients} == {*crowd(FOR_TWO)}
    assert find_duplicates(server.taken) == 0
