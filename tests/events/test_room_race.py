"""Two at once want one room: one gets it, whichever database; and PostgreSQL refuses it even where nobody looks."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from eventsys.events.bookings import actions, queries
from eventsys.events.bookings.actions import RoomIsTaken
from eventsys.events.models import Event, RoomBooking
from eventsys.extensions import db, transaction
from tests.events import given
from tests.events.rooms import Hotel, arrange, exact, hotel, list_booked, utc
from tests.tables import empty

PEOPLE = 8
PATIENCE = 1.0
"""How long who has seen the room free waits for the others to have seen it too: with the lock, in vain."""


@pytest.fixture
def plaza(app: Flask) -> Hotel:
    with transaction() as session:
        return hotel(session)


def book_at_once(app: Flask, plaza: Hotel) -> Counter[str]:
    """Each in a thread and a session of its own; what came of it."""

    def book(number: int) -> str:
        with app.app_context():
            try:
                arrange(plaza, plaza.secretariat, f"Møte {number}", exact(plaza, plaza.hall, 10, 11 + number))
            except RoomIsTaken:
                return "refused"
            finally:
                db.session.remove()
        return "booked"

    with ThreadPoolExecutor(PEOPLE) as pool:
        return Counter(pool.map(book, range(PEOPLE)))


def look_before_anybody_books(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody sees the room free before anybody takes it, if nothing keeps them from it."""
    barrier, look = threading.Barrier(PEOPLE), queries.find_clash

    def find_clash(*args: Any, **more: Any) -> Any:
        found = look(*args, **more)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(PATIENCE)
        return found

    monkeypatch.setattr(queries, "find_clash", find_clash)


def test_of_eight_who_want_one_room_at_once_one_gets_it(
    app: Flask, plaza: Hotel, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_before_anybody_books(monkeypatch)
    assert book_at_once(app, plaza) == {"booked": 1, "refused": PEOPLE - 1}
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == len(list_booked()) == 1


def test_without_the_lock_postgresql_still_gives_it_to_one(
    postgresql_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgresql_app.app_context(), emptied():
        with transaction() as session:
            plaza = hotel(session)
        monkeypatch.setattr(actions, "_lock_rooms", lambda _session, _rooms: None)
        look_before_anybody_books(monkeypatch)
        assert book_at_once(postgresql_app, plaza) == {"booked": 1, "refused": PEOPLE - 1}
        assert len(list_booked()) == 1


def test_without_the_lock_sqlite_would_give_it_to_several(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite_app.app_context(), emptied():
        with transaction() as session:
            plaza = hotel(session)
        monkeypatch.setattr("eventsys.extensions.turn", lambda _engine: nullcontext())
        look_before_anybody_books(monkeypatch)
        sa.event.listen(db.engine, "begin", end_at_once)
        try:
            assert book_at_once(sqlite_app, plaza)["booked"] > 1
        finally:
            sa.event.remove(db.engine, "begin", end_at_once)


@contextmanager
def emptied() -> Iterator[None]:
    """For a test of one database alone: the tables are empty after it."""
    try:
        yield
    finally:
        db.session.remove()
        empty(db.engine)


def end_at_once(connection: sa.Connection) -> None:
    """Each statement is a transaction of its own."""
    connection.exec_driver_sql("COMMIT")


def test_postgresql_refuses_an_overlap_by_itself(postgresql_app: Flask) -> None:
    with postgresql_app.app_context(), emptied():
        with transaction() as session:
            plaza = hotel(session)
        event = arrange(plaza, plaza.secretariat, "Konferanse", exact(plaza, plaza.hall, 10, 12))
        row = {
            "organiser_id": event.organiser_id, "event_id": event.id, "run_id": event.runs[0].id,
            "room_id": plaza.hall, "created_at": given.NOW,
        }  # fmt: skip
        with transaction() as session:
            session.add(RoomBooking(**row, starts_at=utc(11), ends_at=utc(12)))
        with pytest.raises(IntegrityError, match="ex_room_bookings_overlap"), transaction() as session:
            session.add(RoomBooking(**row, starts_at=utc(12) - timedelta(minutes=1), ends_at=utc(13)))
        assert list_booked() == [(plaza.hall, 9, 11), (plaza.hall, 11, 12)]
