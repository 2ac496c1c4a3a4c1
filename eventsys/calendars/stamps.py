"""How the layer of kept feeds asks what the stamp is, at every poll."""

from __future__ import annotations

import threading
import time
from typing import Any
from weakref import WeakSet

import psycopg
import sqlalchemy as sa
from psycopg import pq
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

STAMP = "SELECT (SELECT version FROM feed_versions), (SELECT seconds FROM clock_offsets)"
NAME = b"feed_stamp"

AGE = 0.01
"""For so many seconds an answer counts: many programs poll at the same full hour. What another process changes is told
that much later; what this one commits, at once."""

Stamp = tuple[str | None, float | None]
"""The version, and the seconds that the clock is moved by."""

_all: WeakSet[Stamps] = WeakSet()


@sa.event.listens_for(Session, "after_commit")
def forget(_session: Session | None = None) -> None:
    """What was last answered counts no more."""
    for stamps in [*_all]:
        stamps.forget()


class Stamps:
    """By the bare driver, on a connection of the pool."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._error: type[Exception] = engine.dialect.loaded_dbapi.Error
        self._last: tuple[float, Stamp] | None = None
        self._forgotten = 0
        _all.add(self)

    def read(self) -> Stamp | None:
        """As it was at most `AGE` seconds ago, and after all that this process has committed; None where the database does
        not answer."""
        last = self._last
        if last is not None and time.monotonic() < last[0]:
            return last[1]
        forgotten, began = self._forgotten, time.monotonic()
        stamp = self._read()
        if stamp is not None and forgotten == self._forgotten:
            self._last = (began + AGE, stamp)
            if forgotten != self._forgotten:  # another thread has committed at this moment
                self._last = None
        return stamp

    def forget(self) -> None:
        self._forgotten += 1
        self._last = None

    def _read(self) -> Stamp | None:
        """As it is now or at any moment after this was asked."""
        try:
            connection = self._engine.raw_connection()
        except (self._error, SQLAlchemyError):
            return None
        try:
            cursor = connection.cursor()
            cursor.execute(STAMP)
            return cursor.fetchone()
        except self._error:
            connection.invalidate()
            return None
        finally:
            connection.close()


class PostgresqlStamps(Stamps):
    """On a connection of its own, where the statement stands prepared: a turn in the pool and a cursor take longer than
    the answer. Threads that come while another asks wait for it, and then one asks for all of them."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine)
        self._lock = threading.Lock()
        self._begun = 0
        self._stamp: Stamp | None = None
        self._connection: Any = None
        sa.event.listen(engine, "engine_disposed", self._disposed)

    def _read(self) -> Stamp | None:
        begun = self._begun
        with self._lock:
            # What was asked before this thread came may be too old for it; what has begun since is not, and has ended.
            if self._begun == begun:
                self._begun, self._stamp = begun + 1, None
                self._stamp = self._ask()
            return self._stamp

    def _ask(self) -> Stamp | None:
        # Twice, since the database may have been restarted after it last answered.
        for _try in range(2):
            try:
                return self._ask_once()
            except self._error:
                self._close()
        return None

    def _ask_once(self) -> Stamp:
        if self._connection is None:
            self._open()
        found = _rows(self._connection.pgconn.exec_prepared(NAME, []))
        version, seconds = found.get_value(0, 0), found.get_value(0, 1)
        return None if version is None else version.decode(), None if seconds is None else float(seconds)

    def _open(self) -> None:
        """Not one of the pool's, which after a restart are all broken."""
        dialect = self._engine.dialect
        args, options = dialect.create_connect_args(self._engine.url)
        self._connection = dialect.connect(*args, **options)
        _rows(self._connection.pgconn.prepare(NAME, STAMP.encode()))

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _disposed(self, _engine: sa.Engine) -> None:
        with self._lock:
            self._close()


def open_stamps(engine: sa.Engine) -> Stamps:
    return (PostgresqlStamps if engine.dialect.name == "postgresql" else Stamps)(engine)


def _rows(result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
        raise psycopg.OperationalError(result.error_message.decode("utf-8", "replace"))
    return result
