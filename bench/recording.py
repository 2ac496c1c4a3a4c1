"""Records the statements of a registration as the application sends them, and counts those of a page. In-process."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from psycopg.types.json import Json, Jsonb

from bench.bare import Fresh, Kind, Script, Step
from bench.load import Answer, Ask, Visit
from bench.visits import Person, Place, read, sign_up
from eventsys.extensions import WRITES, db

MOMENT = re.compile(r"\d{4}-\d\d-\d\d")
HEX = re.compile(r"[0-9a-f]{32}")


def make(app: Flask, visit: Visit) -> None:
    """Makes the visit in this process, without a server."""
    client = app.test_client(use_cookies=False)
    try:
        ask = next(visit)
        while True:
            ask = visit.send(_answer(client, ask))
    except StopIteration:
        return


def _answer(client: Any, ask: Ask) -> Answer:
    fields = dict(line.split(": ", 1) for line in ask.fields)
    kind = None if ask.body is None else "application/x-www-form-urlencoded"
    method = "GET" if ask.body is None else "POST"
    got = client.open(ask.path, method=method, headers=fields, data=ask.body, content_type=kind)
    head = "\r\n".join(["", *(f"{name}: {value}" for name, value in got.headers)])
    return Answer(got.status_code, head.encode(), got.data)


@contextmanager
def recorded(engine: sa.Engine) -> Iterator[list[Step]]:
    """A list that fills with all that is sent to the database while the body runs."""
    steps: list[Step] = []

    def statement(_connection: Any, _cursor: Any, text: str, values: Any, *_rest: Any) -> None:
        steps.append(Step("statement", text, values))

    def begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            steps.append(Step("begin"))

    def commit(_connection: Any) -> None:
        steps.append(Step("commit"))

    def rollback(_connection: Any) -> None:
        steps.append(Step("rollback"))

    listeners: list[tuple[str, Callable[..., Any]]] = [
        ("before_cursor_execute", statement),
        ("begin", begin),
        ("commit", commit),
        ("rollback", rollback),
    ]
    for name, listener in listeners:
        sa.event.listen(engine, name, listener)
    try:
        yield steps
    finally:
        for name, listener in listeners:
            sa.event.remove(engine, name, listener)


def count_statements(app: Flask, visit: Visit) -> int:
    """How many statements a visit takes; what opens and closes transactions is not counted."""
    return sum(step.is_counted for step in record(app, visit))


def record(app: Flask, visit: Visit) -> list[Step]:
    with app.app_context():
        engine = db.engine
    with recorded(engine) as steps:
        make(app, visit)
    return steps


def count_page(app: Flask, place: Place) -> int:
    return count_statements(app, read(f"/events/{place.slug}", b"<h1"))


def record_registration(app: Flask, place: Place, people: Iterator[Person]) -> Script:
    """The steps of a registration; what differs between two people's is marked as fresh."""
    one, other = next(people), next(people)
    # A name of two words is searched for by another statement, so both are from the same municipality.
    neighbours = (one, other._replace(municipality=one.municipality))
    first, second = (record(app, sign_up(place, person)) for person in neighbours)
    if [step.text for step in first] != [step.text for step in second]:
        raise ValueError("two registrations took different statements")
    kinds: dict[tuple[Any, Any], Fresh] = {}
    return [
        Step(one.kind, one.text, _mark(one.values, other.values, kinds))
        for one, other in zip(first, second, strict=True)
    ]


def _mark(one: Any, other: Any, kinds: dict[tuple[Any, Any], Fresh]) -> Any:
    if isinstance(one, list):
        return [_mark(a, b, kinds) for a, b in zip(one, other, strict=True)]
    if isinstance(one, dict):
        return {name: _fresh(one[name], other[name], kinds) for name in one}
    return tuple(_fresh(a, b, kinds) for a, b in zip(one, other, strict=True))


def _fresh(one: Any, other: Any, kinds: dict[tuple[Any, Any], Fresh]) -> Any:
    if one == other or not _identifies(one):
        return one
    return kinds.setdefault((one, other), Fresh(len(kinds), _kind(one, kinds), one))


def _identifies(value: Any) -> bool:
    """Moments differ too, and the driver's wrappings of documents are never equal, but nothing hangs on them."""
    return not isinstance(value, (float, Json, Jsonb)) and not MOMENT.match(str(value))


def _kind(value: Any, kinds: dict[tuple[Any, Any], Fresh]) -> Kind:
    if isinstance(value, int):
        # The person is the first row whose id is used again, the registration the second.
        ids = [fresh for fresh in kinds.values() if isinstance(fresh.example, int)]
        return "registration" if ids else "person"
    if isinstance(value, str):
        return "hex" if HEX.fullmatch(value) else "text"
    return "uuid"
