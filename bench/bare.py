"""Replays recorded registrations with the bare driver, each with fresh values: what the database can do at best."""

from __future__ import annotations

import fcntl
import multiprocessing
import sqlite3
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import psycopg

Kind = Literal["text", "hex", "uuid", "person", "registration"]
PROCESSES = 2
THREADS = 4
INSERTS = {"INSERT INTO people": "person", "INSERT INTO registrations ": "registration"}


class Fresh(NamedTuple):
    """A value that every registration has its own of. The same `place` is the same value."""

    place: int
    kind: Kind
    example: Any


class Step(NamedTuple):
    """One thing sent to the database: a statement with its values, or where a transaction begins or ends."""

    kind: Literal["statement", "begin", "commit", "rollback"]
    text: str = ""
    values: Any = ()

    @property
    def is_counted(self) -> bool:
        return self.kind == "statement" and not self.text.startswith(("BEGIN", "PRAGMA"))


Script = list[Step]


def measure(database_url: str, scripts: Sequence[Script], seconds: float) -> float:
    """Registrations a second by as many processes and threads as the server has, the scripts taken in turn."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES) as pool:
        return sum(pool.starmap(replay_in_threads, [(database_url, scripts, seconds)] * PROCESSES, chunksize=1))


def replay_in_threads(database_url: str, scripts: Sequence[Script], seconds: float) -> float:
    rates: list[float] = []
    threads = [
        threading.Thread(target=lambda: rates.append(_replay_for(database_url, scripts, seconds)))
        for _thread in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(rates) != THREADS:
        raise RuntimeError("a replay failed")
    return sum(rates)


def _replay_for(database_url: str, scripts: Sequence[Script], seconds: float) -> float:
    connection = _connect(database_url)
    replay = _Replay(connection, _lock_of(database_url))
    replay.run(scripts[0])
    start, made = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        made += 1
        replay.run(scripts[made % len(scripts)])
    rate = made / (time.perf_counter() - start)
    connection.close()
    return rate


def _lock_of(database_url: str) -> Any:
    """Writers queue behind the same file as the application's; PostgreSQL needs none."""
    path = database_url.removeprefix("sqlite:///")
    return open(path + ".lock", "w") if path != database_url else None


def _connect(database_url: str) -> Any:
    if not database_url.startswith("sqlite:///"):
        return psycopg.connect(database_url, autocommit=True)
    connection = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


@dataclass(slots=True)
class _Replay:
    """One connection that makes registrations."""

    connection: Any
    lock: Any

    def run(self, script: Script) -> None:
        known: dict[int, Any] = {}
        ids: dict[str, Any] = {}
        for step in script:
            if step.kind == "rollback" and self.lock is None:
                continue
            if step.kind == "statement":
                self._execute(step, known, ids)
            else:
                self._turn(step.kind)

    def _execute(self, step: Step, known: dict[int, Any], ids: dict[str, Any]) -> None:
        if step.text == "BEGIN IMMEDIATE" and self.lock is not None:
            fcntl.flock(self.lock, fcntl.LOCK_EX)
        cursor, values = self.connection.cursor(), _fill_in(step.values, known, ids)
        if isinstance(values, list):
            cursor.executemany(step.text, values)
        else:
            cursor.execute(step.text, values)
        rows = cursor.fetchall() if cursor.description else []
        for beginning, name in INSERTS.items():
            if step.text.startswith(beginning):
                ids[name] = rows[0][0] if rows else cursor.lastrowid

    def _turn(self, kind: str) -> None:
        """SQLite's own BEGIN is among its statements; on PostgreSQL a read is no transaction, so nothing is ended."""
        if self.lock is None:
            self.connection.execute("BEGIN" if kind == "begin" else "COMMIT")
        elif kind != "begin":
            self.connection.commit() if kind == "commit" else self.connection.rollback()
            fcntl.flock(self.lock, fcntl.LOCK_UN)


def _fill_in(values: Any, known: dict[int, Any], ids: dict[str, Any]) -> Any:
    """Several rows of values are a list."""
    if isinstance(values, list):
        return [_fill_in(row, known, ids) for row in values]
    if isinstance(values, dict):
        return {name: _value(value, known, ids) for name, value in values.items()}
    return tuple(_value(value, known, ids) for value in values)


def _value(value: Any, known: dict[int, Any], ids: dict[str, Any]) -> Any:
    if type(value) is not Fresh:
        return value
    if value.kind in ids:
        return ids[value.kind]
    if value.place not in known:
        known[value.place] = _make(value)
    return known[value.place]


def _make(fresh: Fresh) -> Any:
    if fresh.kind == "uuid":
        return uuid.uuid4()
    made = uuid.uuid4().hex
    if fresh.kind == "hex":
        return made
    return f"{made}@kommune.example" if "@" in fresh.example else (made * 2)[: max(len(fresh.example), 32)]
