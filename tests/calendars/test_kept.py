"""Feeds that a process has written already: answered again from what it keeps, and never when anything has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread, current_thread
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from eventsys import clock, create_app
from eventsys.calendars.kept import Shelf
from eventsys.calendars.models import FeedVersion
from eventsys.calendars.stamps import forget
from eventsys.events import actions
from eventsys.events.models import Event, Run
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventType
from eventsys.extensions import db, transaction
from tests.calendars.test_feeds import ALL, LATER, add, fetch, move_to, titles
from tests.conftest import settings
from tests.events import given
from tests.statements import counted

PACKED = {"Accept_Encoding": "gzip"}


@pytest.fixture
def programme(app: Flask) -> given.Programme:
    with transaction() as session:
        clock.set_to(session, given.NOW)
        return given.programme(session)


@pytest.fixture(autouse=True)
def real_time(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()


def asks(app: Flask, path: str, **headers: str) -> tuple[TestResponse, list[str]]:
    """The answer, and the statements that SQLAlchemy sent for it."""
    with counted(db.engine) as sent:
        answer = fetch(app, path, **headers)
    return answer, sent


def stamp() -> str | None:
    db.session.rollback()
    found: str | None = db.session.scalar(sa.select(FeedVersion.version))
    return found


def all_headers(answer: TestResponse) -> dict[str, str]:
    return dict(answer.headers.items())


# What is kept


@pytest.mark.parametrize("packed", [{}, PACKED], ids=["plain", "gzip"])
def test_a_second_poll_asks_for_nothing_but_the_stamp(
    app: Flask, programme: given.Programme, packed: dict[str, str]
) -> None:
    add(programme)
    first, sent = asks(app, ALL, **packed)
    assert (first.status_code, len(sent)) == (200, 3)
    again, sent = asks(app, ALL, **packed)
    assert (again.status_code, again.data, all_headers(again), sent) == (200, first.data, all_headers(first), [])
    known, sent = asks(app, ALL, If_None_Match=first.headers["ETag"], **packed)
    assert (known.status_code, known.data, sent) == (304, b"", [])


def test_what_is_kept_has_the_headers_of_what_was_written(app: Flask, programme: given.Programme) -> None:
    add(programme)
    tag = fetch(app, ALL).headers["ETag"]
    add(programme)
    written = {}
    for method, headers in (("GET", {"If_None_Match": '"other"'}), ("HEAD", {})):
        written[method] = fetch(app, f"{ALL}?lang=nb&fresh={method}", method=method, **headers)
        again = fetch(app, f"{ALL}?lang=nb&fresh={method}", method=method, **headers)
        assert (again.status_code, all_headers(again)) == (200, all_headers(written[method]))
    assert all_headers(written["HEAD"]) == all_headers(written["GET"])
    tag = fetch(app, ALL).headers["ETag"]
    asked, sent = asks(app, f"{ALL}?fresh=304", If_None_Match=tag)
    assert (asked.status_code, len(sent)) == (304, 2)
    again, sent = asks(app, f"{ALL}?fresh=304", If_None_Match=tag)
    assert (again.status_code, all_headers(again), sent) == (304, all_headers(asked), [])
    kept = fetch(app, ALL, If_None_Match=tag)
    assert (kept.status_code, all_headers(kept)) == (304, all_headers(asked))


def test_head_after_get_is_answered_from_what_is_kept(app: Flask, programme: given.Programme) -> None:
    add(programme)
    got = fetch(app, ALL)
    with counted(db.engine) as sent:
        asked = fetch(app, ALL, method="HEAD")
    assert (asked.status_code, asked.data, all_headers(asked), sent) == (200, b"", all_headers(got), [])


def test_a_body_is_given_to_who_asks_for_one_after_answers_without(app: Flask, programme: given.Programme) -> None:
    add(programme)
    assert fetch(app, ALL, method="HEAD").data == b""
    got = fetch(app, ALL)
    assert got.data.endswith(b"END:VCALENDAR\r\n")
    assert fetch(app, ALL, If_None_Match=got.headers["ETag"]).status_code == 304
    assert fetch(app, ALL).data == got.data


def test_errors_are_not_kept(app: Flask, programme: given.Programme) -> None:
    path = "/calendars/cohorts/ny.ics"
    assert [fetch(app, path).status_code, fetch(app, f"{ALL}?from=x").status_code] == [404, 400]
    with transaction() as session:
        session.execute(sa.text("UPDATE cohorts SET slug = 'ny' WHERE slug = 'pulje-i'"))
    assert fetch(app, path).status_code == 200


# What makes it anew


def test_a_change_is_in_the_next_answer_and_the_bytes_of_other_feeds_are_found_again(
    app: Flask, programme: given.Programme
) -> None:
    one, two = "/calendars/cohorts/pulje-i.ics", "/calendars/cohorts/pulje-ii.ics"
    event = add(programme, title="EN", cohorts=programme.cohorts[:1])
    add(programme, title="TO", cohorts=programme.cohorts[1:2])
    first = {path: fetch(app, path) for path in (one, two)}
    rename(event, programme, "ENDRET")
    other, sent = asks(app, two)
    assert (other.data, other.headers["ETag"], len(sent)) == (first[two].data, first[two].headers["ETag"], 2)
    assert not any("ics" in statement for statement in sent)
    assert asks(app, two)[1] == []
    assert titles(app, one) == ["ENDRET"]
    assert fetch(app, one, If_None_Match=first[one].headers["ETag"]).status_code == 200


def rename(event: int, programme: given.Programme, title: str) -> None:
    clauses = [ClauseFacts(ClauseKind.COHORT, cohort_id=programme.cohorts[0])]
    with transaction() as session:
        facts = EventFacts(EventType.LEARNING_SEMINAR, {"nb": title})
        row = session.get_one(Event, event)
        actions.edit(session, row, facts=facts, clauses=clauses, base_url=given.BASE, now=LATER)


def test_a_new_day_is_seen_although_nothing_changed(app: Flask, programme: given.Programme) -> None:
    add(programme)
    today = given.NOW.date()
    add(programme, given.days(today - timedelta(days=90)), title="ELDSTE")
    assert titles(app, ALL) == ["ELDSTE", "Læringsseminar"]
    move_to(given.NOW + timedelta(days=1))
    assert titles(app, ALL) == ["Læringsseminar"]


def test_a_new_day_is_told_in_every_header_to_those_who_have_the_bytes_and_those_who_do_not(
    app: Flask, programme: given.Programme
) -> None:
    add(programme)
    tag = fetch(app, ALL).headers["ETag"]
    move_to(given.NOW + timedelta(days=1))
    assert fetch(app, ALL, If_None_Match=tag).status_code == 304
    anew = fetch(app, f"{ALL}?fresh=1")
    assert anew.headers["Last-Modified"] == "Mon, 18 Aug 2008 22:00:00 GMT"
    for answer in (fetch(app, ALL), fetch(app, ALL)):
        assert all_headers(answer) == all_headers(anew)


def test_what_is_rolled_back_makes_no_stamp(app: Flask, programme: given.Programme) -> None:
    add(programme)
    before = stamp()
    with transaction() as session:
        session.execute(sa.update(Run).values(sequence=9))
        session.rollback()
    assert stamp() == before
    with transaction() as session:
        session.execute(sa.update(Run).values(sequence=9))
    assert stamp() != before


@pytest.mark.parametrize("place", range(4))
def test_what_changes_while_a_feed_is_written_is_in_the_next_answer(
    app: Flask, programme: given.Programme, place: int
) -> None:
    """Another process commits before the statement at that place, the last time after them all."""
    event = add(programme, title="FØR", cohorts=programme.cohorts[:1])
    reached: list[str] = []

    def change() -> None:
        with app.app_context():
            rename(event, programme, "ETTER")

    def interrupt(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if current_thread() is not here or not statement.startswith("SELECT"):
            return
        reached.append(statement)
        if len(reached) == place + 1:
            other = Thread(target=change)
            other.start()
            other.join()

    here = current_thread()
    sa.event.listen(db.engine, "before_cursor_execute", interrupt)
    try:
        first = fetch(app, ALL)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", interrupt)
    assert (first.status_code, len(reached)) == (200, 3)
    if place == 3:
        change()
    assert [titles(app, ALL), titles(app, f"{ALL}?lang=nb"), titles(app, ALL)] == [["ETTER"]] * 3


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_writers_wait_for_each_others_rows_and_never_for_the_stamp(app: Flask, programme: given.Programme) -> None:
    """One changes A, another B, and then the first B too: with a stamp written at once, each would wait for the other."""
    one, other = add(programme, title="A"), add(programme, title="B")
    options = {"isolation_level": "READ COMMITTED"}
    with (
        db.engine.connect().execution_options(**options) as first,
        db.engine.connect().execution_options(**options) as (second),
    ):
        for connection in (first, second):
            connection.execute(sa.text("SET lock_timeout = '5s'"))
        touch(first, one)
        touch(second, other)
        waits = Thread(target=touch, args=(first, other))
        waits.start()
        second.commit()
        waits.join()
        first.commit()
        for connection in (first, second):
            connection.execute(sa.text("RESET lock_timeout"))
    assert set(db.session.scalars(sa.select(Event.edition))) == {10, 18}


def touch(connection: sa.Connection, event: int) -> None:
    connection.execute(sa.update(Event).where(Event.id == event).values(edition=Event.edition + 8))


# What does not answer


@pytest.fixture
def answering(app: Flask) -> Iterator[None]:
    """Errors are answered, not raised, as for visitors."""
    app.testing = False
    yield
    app.testing = True


@pytest.mark.usefixtures("answering")
def test_a_database_that_gives_no_stamp_is_told_by_the_application_and_not_kept(
    app: Flask, programme: given.Programme
) -> None:
    add(programme)
    first = fetch(app, ALL)
    table = FeedVersion.__table__
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(sa.schema.DropTable(table))
    forget()
    try:
        assert [fetch(app, ALL).status_code, fetch(app, ALL).status_code] == [500, 500]
    finally:
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(sa.schema.CreateTable(table))
    again = fetch(app, ALL)
    assert (again.status_code, again.data) == (200, first.data)


def test_a_database_that_cannot_be_reached_is_told_by_the_application(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    app = create_app(settings(f"sqlite:///{folder}/own.db"))
    with app.app_context():
        flask_migrate.upgrade()
        with transaction() as session:
            given.programme(session)
        assert fetch(app, ALL).status_code == 200
        app.testing = False
        db.session.remove()
        db.engine.dispose()
        folder.rename(tmp_path / "away")
        assert fetch(app, ALL).status_code == 500
        (tmp_path / "away").rename(folder)
        assert fetch(app, ALL).status_code == 200
        db.session.remove()
        db.engine.dispose()


# The shelf


def test_the_shelf_keeps_what_was_used_last_and_never_more_bytes_than_it_may() -> None:
    shelf: Shelf[str, str] = Shelf(most_bytes=10)
    for key in "abc":
        shelf.put(key, key.upper(), 3)
    assert shelf.find("a") == "A"
    shelf.put("d", "D", 3)
    assert [shelf.find(key) for key in "abcd"] == ["A", None, "C", "D"]
    shelf.put("a", "AA", 9)
    assert [shelf.find(key) for key in "abcd"] == ["AA", None, None, None]
    shelf.put("e", "E", 11)
    assert [shelf.find(key) for key in "abcde"] == [None] * 5
    shelf.put("f", "F", 10)
    assert shelf.find("f") == "F"
