"""A feed of very many runs: sent as it is read, out of one state of the database, in little memory."""

from __future__ import annotations

import gzip
import tracemalloc
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from eventsys import clock
from eventsys.calendars import serving
from eventsys.events.models import Run
from eventsys.extensions import Base, db, transaction
from tests.calendars.test_feeds import ALL, add, fetch, titles
from tests.events import given
from tests.statements import counted

FEW = serving.PIECE + 20
PADDING = "X-PADDING:" + "x" * 1200 + "\r\n"


@pytest.fixture
def programme(app: Flask) -> Iterator[given.Programme]:
    with transaction() as session:
        clock.set_to(session, given.NOW)
        made = given.programme(session)
    add(made, given.days(date(2008, 9, 1)), title="Mange")
    yield made
    db.session.rollback()


def multiply(many: int, *, padding: str = "") -> None:
    """So many runs more, like the one there is, each with an entry of its own."""
    table = Base.metadata.tables["runs"]
    with transaction() as session:
        row = dict(session.execute(sa.select(table)).mappings().one())
        uid = str(row["uid"])
        for start in range(0, many, 1000):
            session.execute(
                sa.insert(table), [copy_of(row, uid, padding, n) for n in range(start, min(start + 1000, many))]
            )


def copy_of(row: dict[str, Any], uid: str, padding: str, number: int) -> dict[str, Any]:
    other = uuid.UUID(int=number + 1)
    entries = {
        language: text.replace(uid, str(other)).replace("END:VEVENT", f"{padding}END:VEVENT")
        for language, text in row["ics"].items()
    }
    at = row["sort_at"] + timedelta(minutes=number)
    return {**{key: value for key, value in row.items() if key != "id"}, "uid": other, "ics": entries, "sort_at": at}


def checked_out() -> int:
    db.session.remove()
    return int(db.engine.pool.checkedout())  # type: ignore[attr-defined]


def test_a_long_feed_is_the_bytes_of_one_written_at_once(
    app: Flask, programme: given.Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    multiply(FEW)
    sent = fetch(app, ALL)
    packed = fetch(app, ALL, Accept_Encoding="gzip")
    assert (sent.status_code, "Content-Length" in sent.headers, sent.data.count(b"BEGIN:VEVENT")) == (
        200,
        False,
        FEW + 1,
    )
    assert (packed.headers["Content-Encoding"], gzip.decompress(packed.data)) == ("gzip", sent.data)
    monkeypatch.setattr(serving, "PIECE", FEW + 1)
    whole = fetch(app, ALL)
    assert (whole.data, whole.headers["ETag"]) == (sent.data, sent.headers["ETag"])


def test_who_has_a_long_feed_gets_304_until_a_run_changes(app: Flask, programme: given.Programme) -> None:
    multiply(FEW)
    first = fetch(app, ALL)
    tag = first.headers["ETag"]
    known, asked = fetch(app, ALL, If_None_Match=tag), fetch(app, ALL, method="HEAD")
    assert (known.status_code, known.data) == (304, b"")
    assert (asked.status_code, asked.data, asked.headers["ETag"]) == (200, b"", tag)
    with transaction() as session:
        last = sa.select(sa.func.max(Run.id)).scalar_subquery()
        values = {"sequence": 1, "revised_at": given.NOW + timedelta(hours=1)}
        session.execute(sa.update(Run).where(Run.id == last).values(values))
    assert fetch(app, ALL, If_None_Match=tag).status_code == 200
    assert checked_out() == 0


def test_a_long_feed_is_read_in_pieces(app: Flask, programme: given.Programme) -> None:
    multiply(FEW)
    with counted(db.engine) as sent:
        fetch(app, ALL)
    assert len([statement for statement in sent if "ics" in statement]) == 2


def test_a_change_in_the_middle_of_sending_is_in_the_next_answer_alone(app: Flask, programme: given.Programme) -> None:
    multiply(FEW)
    environ = EnvironBuilder(path=ALL).get_environ()
    answer, status, headers = run_wsgi_app(app, environ)
    pieces = iter(answer)
    begun = [next(pieces), next(pieces)]

    def change() -> None:
        with app.app_context(), transaction() as session:
            later = {"sequence": 7, "ics": {"nb": "BEGIN:VEVENT\r\nSUMMARY:ENDRET\r\nEND:VEVENT\r\n"}}
            session.execute(sa.update(Run).values({**later, "revised_at": given.NOW + timedelta(hours=1)}))

    other = Thread(target=change)
    other.start()
    other.join()
    body = b"".join([*begun, *pieces])
    answer.close()  # type: ignore[attr-defined]
    assert (status, b"ENDRET" in body, body.count(b"BEGIN:VEVENT")) == ("200 OK", False, FEW + 1)
    assert set(titles(app, ALL)) == {"ENDRET"}
    assert fetch(app, ALL).headers["ETag"] != headers["ETag"]
    assert checked_out() == 0


def test_a_client_that_goes_away_gives_its_connection_back(app: Flask, programme: given.Programme) -> None:
    multiply(FEW)
    for pieces in (0, 1, 2):
        answer, _status, _headers = run_wsgi_app(app, EnvironBuilder(path=ALL).get_environ())
        for _piece in range(pieces):
            next(iter(answer))
        answer.close()  # type: ignore[attr-defined]
        assert checked_out() == 0
    with db.engine.connect() as connection:
        assert connection.get_isolation_level() != "REPEATABLE READ"


def test_ten_thousand_runs_are_sent_in_a_fraction_of_their_size(app: Flask, programme: given.Programme) -> None:
    multiply(10_000, padding=PADDING)
    path = f"{ALL}?lang=nb"
    fetch(app, path, method="HEAD")
    environ = EnvironBuilder(path="/calendars/all.ics", query_string="lang=nb").get_environ()
    tracemalloc.start()
    try:
        answer, _status, _headers = run_wsgi_app(app, environ)
        sent = sum(len(piece) for piece in answer)
        answer.close()  # type: ignore[attr-defined]
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent > 10_000_000
    assert most < sent / 2
