"""What became of each mail, written durably before the next is handed over: the deliverer's own short transactions."""

from __future__ import annotations

import contextlib
import itertools
import re
import select
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import pq

from eventsys.extensions import db, turn
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState

PAUSES = (0.2, 1.0, 5.0, 10.0, 20.0, None)
"""What the server has taken must not be forgotten: a database that is away is waited for."""
VALUES = ("state", "answer", "attempts", "next_try_at", "sent_at", "subject", "text", "html", "calendar")
RECORD = """
UPDATE outbox SET state = ?, answer = ?, attempts = ?, next_try_at = COALESCE(?, next_try_at),
  sent_at = COALESCE(?, sent_at), subject = COALESCE(?, subject), text = COALESCE(?, text), html = COALESCE(?, html),
  calendar = COALESCE(?, calendar), worker_id = NULL, leased_until = NULL
WHERE id = ? AND state = 'sending' AND worker_id = ?"""
BEGIN = """
UPDATE outbox SET began_at = ? WHERE id = ? AND state = 'sending' AND worker_id = ? RETURNING id"""
RECORD_AND_BEGIN = f"WITH recorded AS ({RECORD}){BEGIN}"
"""Two rows at once for a database that takes one statement as one transaction."""
PREPARED = {RECORD: b"outbox_record", BEGIN: b"outbox_begin", RECORD_AND_BEGIN: b"outbox_record_and_begin"}
PASSING = ("08", "40", "53", "55", "57", "58")
"""Classes of PostgreSQL's errors that are over after a while: connection, conflict, resources, operator, system."""
IS_PREPARED = "42P05"
Step = tuple[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Result:
    """What a message has come to. What is None stays as it is."""

    outbox_id: int
    state: MailState
    answer: str
    attempts: int
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    subject: str | None = None
    text: str | None = None
    html: str | None = None
    calendar: str | None = None


class Ledger:
    """One connection for a batch. `extensions.transaction` would take more time than the mail itself: the statements
    stand here ready for the driver. A turn is begun, and something else may be done until it is finished."""

    leaves_time = False
    """Whether a turn that has begun is committed by somebody else, who needs nothing more from this process."""

    def __init__(self, worker_id: uuid.UUID) -> None:
        self._engine = db.engine
        self._dialect = db.engine.dialect
        self._binds = _make_binds(self._dialect)
        self._worker_id = self._binds["worker_id"](worker_id)
        self._connection: Any = None
        self._steps: list[Step] = []
        self.is_under_way = False

    def begin_turn(self, results: Sequence[Result], *, begin: int | None, now: datetime) -> None:
        """Writes what messages have come to, and with the last of them that another is now handed over."""
        self._steps = [(RECORD, self._values(result)) for result in results]
        if begin is not None:
            self._steps.append((BEGIN, (self._binds["began_at"](now), begin, self._worker_id)))
        with contextlib.suppress(*self._errors()):
            self._begin()

    def end_turn(self) -> bool:
        """Returns when all of it is committed; whether the other message is still this worker's.

        It is not when the worker slept so long that another took it, and then nothing is to be sent. Tried again while
        the database is away; raises its error in the end.
        """
        steps, self._steps = self._steps, []
        for pause in PAUSES:
            try:
                if not self.is_under_way:
                    self._steps = steps
                    self._begin()
                return bool(steps) and bool(self._end())
            except self._errors():
                self._drop()
                if pause is None:
                    raise
                time.sleep(pause)
        return False

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if self.is_under_way:
            self._connection = connection
            self._drop()
        elif connection is not None:
            connection.close()

    def _begin(self) -> None:
        if not self._steps:
            return
        if self._connection is None:
            self._connection = self._engine.raw_connection()
            self._make_ready(self._connection.driver_connection)
        self._start(self._connection.driver_connection)
        self.is_under_way = True

    def _end(self) -> list[Any]:
        rows = self._finish(self._connection.driver_connection)
        self.is_under_way = False
        return rows

    def _make_ready(self, driver: Any) -> None:
        """What a connection needs before its first turn."""

    def _start(self, driver: Any) -> None:
        raise NotImplementedError

    def _finish(self, driver: Any) -> list[Any]:
        raise NotImplementedError

    def _errors(self) -> tuple[type[Exception], ...]:
        dbapi = self._dialect.dbapi
        assert dbapi is not None
        return (dbapi.OperationalError, dbapi.InterfaceError, sa.exc.OperationalError)

    def _values(self, result: Result) -> list[Any]:
        values = [self._binds[name](getattr(result, name)) for name in VALUES]
        return [*values, result.outbox_id, self._worker_id]

    def _drop(self) -> None:
        self.is_under_way = False
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.invalidate()


class SqliteLedger(Ledger):
    """Behind the lock that all writers of the file queue for; nothing else can be done meanwhile."""

    _rows: Sequence[Any] = ()

    def _start(self, driver: Any) -> None:
        with turn(self._engine):
            driver.execute("BEGIN IMMEDIATE")
            try:
                for statement, values in self._steps:
                    self._rows = driver.execute(statement, values).fetchall()
                driver.execute("COMMIT")
            except BaseException:
                driver.execute("ROLLBACK")
                raise

    def _finish(self, driver: Any) -> list[Any]:
        return list(self._rows)


class PostgresqlLedger(Ledger):
    """Each statement is a transaction; the last result and the beginning of the next mail are one. The server is given
    that one, and what it says is read at the end of the turn."""

    leaves_time = True

    def _make_ready(self, driver: Any) -> None:
        for statement, name in PREPARED.items():
            result = driver.pgconn.prepare(name, in_numbers(statement).encode())
            # The pool's connection may have them from a batch before.
            if result.status != pq.ExecStatus.COMMAND_OK and _state_of(result) != IS_PREPARED:
                raise _error_of(driver.pgconn, result)

    def _start(self, driver: Any) -> None:
        line: pq.abc.PGconn = driver.pgconn
        steps = list(self._steps)
        if len(steps) > 1 and steps[-1][0] is BEGIN:
            steps[-2:] = [(RECORD_AND_BEGIN, [*steps[-2][1], *steps[-1][1]])]
        for statement, values in steps[:-1]:
            _send(line, statement, values)
            _read(line)
        _send(line, *steps[-1])

    def _finish(self, driver: Any) -> list[Any]:
        return [1] * _read(driver.pgconn)


def in_numbers(statement: str) -> str:
    """The statement with its values as libpq names them: $1 and on."""
    numbers = itertools.count(1)
    return re.sub(r"\?", lambda _mark: f"${next(numbers)}", statement)


def open_ledger(worker_id: uuid.UUID) -> Ledger:
    """The ledger of a worker, on the application's database."""
    return (PostgresqlLedger if db.engine.dialect.name == "postgresql" else SqliteLedger)(worker_id)


def _send(line: pq.abc.PGconn, statement: str, values: Sequence[Any]) -> None:
    """Gives the statement to the server without waiting."""
    line.send_query_prepared(PREPARED[statement], [_encode(value) for value in values])
    while line.flush():
        select.select([line.socket], [line.socket], [])
        line.consume_input()


def _read(line: pq.abc.PGconn) -> int:
    """How many rows the statement gave back, once it is committed. Raises the driver's errors."""
    rows = 0
    while True:
        while line.is_busy():
            select.select([line.socket], [], [])
            line.consume_input()
        result = line.get_result()
        if result is None:
            return rows
        if result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
            raise _error_of(line, result)
        rows = result.ntuples


def _error_of(line: pq.abc.PGconn, result: pq.abc.PGresult) -> Exception:
    state = _state_of(result)
    words = result.error_message.decode("utf-8", "replace").strip()
    passes = line.status != pq.ConnStatus.OK or state.startswith(PASSING)
    return psycopg.OperationalError(words) if passes else psycopg.DatabaseError(words)


def _state_of(result: pq.abc.PGresult) -> str:
    return (result.error_field(pq.DiagnosticField.SQLSTATE) or b"08000").decode()


def _encode(value: Any) -> bytes | None:
    """As libpq takes text: PostgreSQL has no text with a zero character."""
    if value is None:
        return None
    return (value.isoformat() if isinstance(value, datetime) else str(value)).replace("\0", "").encode()


def _make_binds(dialect: sa.Dialect) -> Mapping[str, Any]:
    """How a value of each column is given to the driver."""
    columns = OutboxMessage.__table__.c
    found = {}
    for name in (*VALUES, "worker_id", "began_at"):
        processor = columns[name].type.dialect_impl(dialect).bind_processor(dialect)
        found[name] = processor or (lambda value: value)
    return found
