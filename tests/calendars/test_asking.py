"""How the layer of kept feeds asks for the stamp: for how long an answer counts, and on which connection it is asked for."""

from __future__ import annotations

import time
from threading import Event as Signal
from threading import Semaphore, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.calendars import stamps
from eventsys.calendars.stamps import STAMP, PostgresqlStamps, Stamp, Stamps, forget
from eventsys.extensions import db, transaction
from tests.calendars.test_feeds import ALL, add, fetch
from tests.calendars.test_kept import asks, programme, real_time
from tests.events import given

__all__ = ["programme", "real_time"]


# For how long an answer counts


class Slow(Stamps):
    """Asks as many times as it says, and tells which time it was."""

    times = 0

    def _read(self) -> Stamp | None:
        self.times += 1
        return str(self.times), None


def test_an_answer_counts_for_a_moment_and_not_after_a_change_of_this_process(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "AGE", 60)
    asked = Slow(db.engine)
    assert [asked.read(), asked.read()] == [("1", None)] * 2
    with transaction() as session:
        clock.set_to(session, given.NOW)
    assert [asked.read(), asked.read()] == [("2", None)] * 2
    monkeypatch.setattr(stamps, "AGE", 0)
    forget()
    assert [asked.read(), asked.read()] == [("3", None), ("4", None)]


def test_an_answer_that_a_change_of_this_process_overtook_counts_for_its_asker_alone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "AGE", 60)

    class Overtaken(Slow):
        def _read(self) -> Stamp | None:
            found = super()._read()
            if self.times == 1:
                forget()
            return found

    asked = Overtaken(db.engine)
    assert [asked.read(), asked.read(), asked.read()] == [("1", None), ("2", None), ("2", None)]


def test_another_process_is_heard_of_a_moment_later(app: Flask, programme: given.Programme) -> None:
    """Its commit is none of ours: nothing is forgotten here."""
    add(programme)
    before = fetch(app, ALL)
    db.session.rollback()
    with db.engine.begin() as elsewhere:
        elsewhere.execute(sa.text("UPDATE events SET edition = edition + 1"))
        elsewhere.execute(sa.text("UPDATE feed_versions SET version = 'another'"))
    time.sleep(stamps.AGE)
    _again, sent = asks(app, ALL)
    assert (before.status_code, len(sent) > 0) == (200, True)


# PostgreSQL: the connection on which the stamp is asked for


def backends() -> list[int]:
    """PostgreSQL's processes that were last asked for the stamp."""
    found = db.session.scalars(sa.text("SELECT pid FROM pg_stat_activity WHERE query = :stamp"), {"stamp": STAMP})
    return list(found)


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_polls_ask_on_one_connection_which_is_opened_anew_when_it_is_lost_and_closed_with_the_engine(
    app: Flask, programme: given.Programme
) -> None:
    add(programme)
    first = fetch(app, ALL)
    assert [fetch(app, ALL).data, fetch(app, ALL).data] == [first.data] * 2
    (lost,) = backends()
    db.session.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": lost})
    forget()
    again, sent = asks(app, ALL)
    assert (again.status_code, again.data, sent) == (200, first.data, [])
    (found,) = backends()
    assert found != lost
    db.session.remove()
    db.engine.dispose()
    for _try in range(100):  # PostgreSQL ends the process a moment after the connection
        if not backends():
            break
        db.session.execute(sa.text("SELECT pg_sleep(0.05)"))
    assert backends() == []
    forget()
    again, sent = asks(app, ALL)
    assert (again.data, sent, len(backends())) == (first.data, [], 1)


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_who_comes_while_the_stamp_is_asked_for_is_answered_by_the_next_asking(app: Flask) -> None:
    stamps = Held(db.engine)
    got: dict[str, Stamp | None] = {}
    polls = [Thread(target=lambda name=name: got.update({name: stamps.read()})) for name in ("first", "two", "three")]
    for poll in polls:
        poll.start()
        stamps.lock.came.acquire()
        assert stamps.asks.wait(30)
    stamps.goes_on.set()
    for poll in polls:
        poll.join()
    assert got == {"first": ("1", None), "two": ("2", None), "three": ("2", None)}


class Held(PostgresqlStamps):
    """Its first answer, which is a number, waits until it may go on."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine)
        self._lock = self.lock = Counting()  # type: ignore[assignment]
        self.asks, self.goes_on = Signal(), Signal()

    def _ask(self) -> Stamp | None:
        number = self._begun
        self.asks.set()
        assert self.goes_on.wait(30)
        return str(number), None


class Counting:
    """A lock that tells of everybody who wants it."""

    def __init__(self) -> None:
        self.came = Semaphore(0)
        self._one = Semaphore(1)

    def __enter__(self) -> None:
        self.came.release()
        self._one.acquire()

    def __exit__(self, *_error: object) -> None:
        self._one.release()
