"""All tables of a test's database at once: emptied, and filled again with the rows that they held before.

What a fixture builds by the product's own actions it builds once for each database; later tests get the same rows, which
takes a tenth of the time.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from eventsys.calendars.stamps import forget
from eventsys.extensions import Base

ABOUT_NOW = {"clock_offsets", "feed_versions"}
"""Said anew each time: the clock, and the stamp that the triggers make."""
FROM_ONE = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences
WHERE last_value IS NOT NULL"""
LAST_NUMBERS = """
SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences WHERE last_value IS NOT NULL"""
Rows = Sequence[Any]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Kept:
    """What was built, pickled, and the rows of each table as its database gives them out."""

    made: bytes
    rows: dict[str, Any]
    numbers: Rows


_kept: dict[tuple[object, ...], Kept] = {}


def list_names() -> list[str]:
    """Parents first."""
    return [table.name for table in Base.metadata.sorted_tables]


def empty(engine: sa.Engine) -> None:
    """As after the migrations: no rows, numbers from 1, and on PostgreSQL no room of rows that were."""
    forget()
    if engine.dialect.name == "postgresql":
        _empty_postgresql(engine)
        return
    with engine.begin() as connection:
        connection.execute(sa.text("PRAGMA defer_foreign_keys=ON"))
        for name in reversed(list_names()):
            connection.execute(sa.text(f"DELETE FROM {name}"))


def _empty_postgresql(engine: sa.Engine) -> None:
    """The tables that hold something, each by itself: TRUNCATE of all of them makes hundreds of files anew."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if full := list_full(connection):
            deletes = "; ".join(f"DELETE FROM {name}" for name in full)
            connection.exec_driver_sql(
                f"SET session_replication_role = replica; {deletes}; RESET session_replication_role"
            )
            connection.exec_driver_sql(f"VACUUM {', '.join(full)}")
        connection.execute(sa.text(FROM_ONE))


def list_full(connection: sa.Connection) -> list[str]:
    """The tables that hold something, parents first."""
    selects = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in list_names())
    # SQLite takes at most five hundred of them in one statement.
    found = set(connection.scalars(sa.text(" UNION ALL ".join(selects))))
    return [name for name in list_names() if name in found]


def build_once(engine: sa.Engine, key: tuple[object, ...], build: Callable[[], Made]) -> Made:
    """What `build` makes of an empty database; from the second time on, its rows are put back and a copy is given."""
    key = (str(engine.url), *key)
    with engine.connect() as connection:
        is_empty = not set(list_full(connection)) - ABOUT_NOW
    if not is_empty:
        return build()
    if key in _kept:
        _put_back(engine, _kept[key])
        copy: Made = pickle.loads(_kept[key].made)
        return copy
    made = build()
    _kept[key] = _read(engine, pickle.dumps(made))
    return made


def _read(engine: sa.Engine, made: bytes) -> Kept:
    with engine.connect() as connection:
        names = [name for name in list_full(connection) if name not in ABOUT_NOW]
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "postgresql":
            numbers = connection.execute(sa.text(LAST_NUMBERS)).all()
            return Kept(made, {name: _copy_out(driver, name) for name in names}, numbers)
        return Kept(made, {name: driver.execute(f"SELECT * FROM {name}").fetchall() for name in names}, ())


def _copy_out(driver: Any, name: str) -> bytes:
    with driver.cursor().copy(f"COPY {name} TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy)


def _put_back(engine: sa.Engine, kept: Kept) -> None:
    with engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "postgresql":
            for name, rows in kept.rows.items():
                with driver.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                    copy.write(rows)
            for sequence, last in kept.numbers:
                driver.execute("SELECT setval(%s, %s)", (sequence, last))
            return
        connection.execute(sa.text("PRAGMA defer_foreign_keys=ON"))
        for name, rows in kept.rows.items():
            marks = ", ".join("?" * len(rows[0]))
            driver.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
