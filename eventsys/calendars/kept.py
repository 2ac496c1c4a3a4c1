"""Feeds that this process has written already, answered again without asking more than whether anything has changed.

A layer before the application. What it keeps is the application's own answer, under the stamp that the database had
before any of it was read (`versions`), so it is never older than what it says. Another event's change makes the stamp new;
the bytes of a feed that it does not touch are found again by their tag.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from flask import Flask, Response, request
from werkzeug.wrappers import Request

from eventsys import clock, dates
from eventsys.calendars import answers, fetches
from eventsys.calendars.models import FeedVersion
from eventsys.calendars.stamps import open_stamps
from eventsys.events.rules import TIMEZONE
from eventsys.extensions import db
from eventsys.logs import log_request, new_number

MOST_BYTES = 32 * 2**20
KEEP = "eventsys.keep"
OF_A_BODY = ("content-type", "content-length", "content-encoding", "content-disposition", "last-modified")
"""What the application leaves out of a 304."""
_STAMP = sa.select(sa.select(FeedVersion.version).scalar_subquery().label("version"), clock.OFFSET.label("seconds"))

Headers = list[tuple[str, str]]
Start = Callable[..., Any]
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Shelf(Generic[Key, Value]):
    """What was used last, up to so many bytes. Several threads may use it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._bytes, self._lock = most_bytes, 0, threading.Lock()
        self._rows: OrderedDict[Key, tuple[Value, int]] = OrderedDict()

    def find(self, key: Key) -> Value | None:
        with self._lock:
            row = self._rows.get(key)
            if row is None:
                return None
            self._rows.move_to_end(key)
            return row[0]

    def put(self, key: Key, value: Value, size: int) -> None:
        with self._lock:
            self._bytes += size - self._rows.pop(key, (None, 0))[1]
            self._rows[key] = (value, size)
            while self._bytes > self._most:
                _key, (_value, gone) = self._rows.popitem(last=False)
                self._bytes -= gone


class Bodies:
    """The bytes of feeds by their tag."""

    def __init__(self) -> None:
        self._shelf: Shelf[str, bytes] = Shelf()

    def find(self, tag: str) -> tuple[str, bytes] | None:
        body = self._shelf.find(tag)
        return None if body is None else (tag, body)

    def keep(self, tag: str, body: bytes) -> tuple[str, bytes]:
        self._shelf.put(tag, body, len(body))
        return tag, body


bodies = Bodies()


class Kept(NamedTuple):
    """An answer: what it was made of, and its headers with a body and without one."""

    version: str
    today: date
    tag: str
    changed_at: datetime
    route: str
    headers: Headers
    body: bytes | None


def let_keep(environ: dict[str, Any]) -> Callable[[Response, str, datetime, date], None]:
    """Reads the stamp, first of all; gives what lets the layer keep the answer that is made under it."""
    row = db.session.execute(_STAMP).one()
    clock.learn(row.seconds)

    def keep(response: Response, tag: str, changed_at: datetime, today: date) -> None:
        if row.version is not None and not response.is_streamed:
            rule = request.url_rule
            environ[KEEP] = (row.version, today, response.get_etag()[0], changed_at, rule.rule if rule else "")

    return keep


class KeptFeeds:
    """The layer. It answers what it has if the stamp is still the same and the day too; all else it lets through."""

    def __init__(self, app: Flask, inner: Callable[..., Iterable[bytes]]) -> None:
        self._app, self._inner = app, inner
        self._shelf: Shelf[tuple[str, str, bool], Kept] = Shelf()
        with app.app_context():
            self._stamps = open_stamps(db.engine)

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.endswith(".ics") or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._inner(environ, start_response)
        started = time.perf_counter()
        asking = Request(environ)
        key = (path, environ.get("QUERY_STRING", ""), answers.takes_gzip(asking))
        kept = self._shelf.find(key)
        if kept is None or not self._is_fresh(kept):
            return self._ask(key, environ, start_response)
        known = answers.is_known(asking, kept.tag, kept.changed_at)
        if kept.body is None and not known:
            return self._ask(key, environ, start_response)
        self._note(environ)
        status, headers = ("304 NOT MODIFIED", without_body(kept.headers)) if known else ("200 OK", list(kept.headers))
        start_response(status, headers)
        log_request(new_number(), environ["REQUEST_METHOD"], kept.route, int(status[:3]), started)
        return [] if known or environ["REQUEST_METHOD"] == "HEAD" else [kept.body or b""]

    def _is_fresh(self, kept: Kept) -> bool:
        stamp = self._stamps.read()
        if stamp is None or stamp[0] != kept.version:
            return False
        now = clock.real_now() + timedelta(seconds=stamp[1] or 0)
        return dates.to_local(now, TIMEZONE).date() == kept.today

    def _ask(self, key: tuple[str, str, bool], environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        told: list[Any] = []

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            told[:] = (status[:3], headers)
            return start_response(status, headers, exc_info)

        answer = self._inner(environ, start)
        if told and told[0] in ("200", "304"):
            self._note(environ)
        if KEEP not in environ:
            return answer
        whole = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        self._keep(key, environ, told[0], told[1], whole)
        return [whole]

    def _keep(
        self, key: tuple[str, str, bool], environ: dict[str, Any], status: str, headers: Headers, whole: bytes
    ) -> None:
        version, today, tag, changed_at, route = environ.pop(KEEP)
        if status not in ("200", "304"):
            return
        body = whole if status == "200" and environ["REQUEST_METHOD"] == "GET" else None
        had = self._shelf.find(key)
        if body is None and had is not None and (had.tag, had.changed_at) == (tag, changed_at):
            body, headers = had.body, had.headers
        self._shelf.put(key, Kept(version, today, tag, changed_at, route, list(headers), body), len(body or b"") + 2000)

    def _note(self, environ: dict[str, Any]) -> None:
        fetches.note_public(self._app, environ)


def without_body(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in OF_A_BODY]
