"""The database and the other extensions, bound to an app by the factory; `transaction()` is the only commit."""

from __future__ import annotations

import enum
import fcntl
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, registry

ROOT = Path(__file__).resolve().parent.parent
WRITES = "eventsys_writes"


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """A moment: aware, in UTC, on every database. A naive value raises `ValueError`."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class LocalDateTime(sa.types.TypeDecorator[datetime]):
    """Wall-clock time at a place: naive; the row beside it names the time zone."""

    impl = sa.DateTime(timezone=False)
    cache_ok = True


AnyRow = sa.Row[*tuple[Any, ...]]
"""A row of a query whose columns are read by name."""

Json = sa.JSON().with_variant(JSONB(), "postgresql")
Translated = dict[str, str]
"""A text that an organiser writes: language code (nb, nn, en) to text; a missing language is not a key."""


def _values(members: type[enum.Enum]) -> list[str]:
    return [member.value for member in members]


def enum_type(members: type[enum.Enum], name: str | None = None) -> sa.Enum:
    """Strings kept to the enum's values by a check constraint; `name` where a table has two columns of one enum."""
    return sa.Enum(members, native_enum=False, create_constraint=True, length=32, values_callable=_values, name=name)


class Base(DeclarativeBase):
    registry = registry(
        type_annotation_map={
            datetime: UTCDateTime(),
            uuid.UUID: sa.Uuid(),
            Translated: Json,
            dict[str, Any]: Json,
            list[dict[str, Any]]: Json,
            enum.StrEnum: enum_type(enum.StrEnum),
        }
    )
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": False})
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()


@contextmanager
def transaction() -> Iterator[Session]:
    """The one way to write, but for the deliverer's ledger: yields the session, commits at the end, rolls back when the
    body raises.

    What the session read before is let go first, so the body reads everything its decision uses again. On SQLite the
    body runs behind a file lock, in the order of asking, and in BEGIN IMMEDIATE; on PostgreSQL in READ COMMITTED.
    """
    session = db.session()
    session.rollback()
    with turn(db.engine):
        session.connection(execution_options=_write_options(db.engine))
        session.info[WRITES] = True
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(WRITES, None)


def dialect_of(session: Session) -> str:
    return session.get_bind().dialect.name


def is_among(column: Any, name: str, dialect: str) -> sa.ColumnElement[bool]:
    """Whether the column is one of the values that the parameter `name` lists, of which there may be hundreds. PostgreSQL
    takes them as one array: the statement stays the same however many there are, and is read and planned once."""
    if dialect == "postgresql":
        found: sa.ColumnElement[bool] = column == sa.any_(sa.bindparam(name, type_=ARRAY(column.type)))
        return found
    among: sa.ColumnElement[bool] = column.in_(sa.bindparam(name, expanding=True))
    return among


def refresh_statistics(session: Session) -> None:
    """After many rows at once: PostgreSQL guesses badly until its statistics are taken, by itself a minute later."""
    if dialect_of(session) == "postgresql":
        session.execute(sa.text("ANALYZE"))


def refuse_write(session: Session) -> None:
    """A write outside `transaction` would be lost on one database and kept without a lock on the other."""
    if WRITES not in session.info:
        raise RuntimeError("a write outside transaction()")


@sa.event.listens_for(Session, "before_flush")
def before_flush(session: Session, _context: object, _instances: object) -> None:
    if session.new or session.dirty or session.deleted:
        refuse_write(session)


@sa.event.listens_for(Session, "do_orm_execute")
def before_execute(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        refuse_write(state.session)


def _write_options(engine: sa.Engine) -> dict[str, Any]:
    if engine.dialect.name == "postgresql":
        return {WRITES: True, "isolation_level": "READ COMMITTED"}
    return {WRITES: True}


@contextmanager
def turn(engine: sa.Engine) -> Iterator[None]:
    """The turn of one writer: SQLite's busy handler starves one for seconds; the kernel's queue for a file lock is fair."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        yield
        return
    lock = os.open(engine.url.database + ".lock", os.O_WRONLY | os.O_CREAT, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def prepare_engine(engine: sa.Engine) -> None:
    """SQLite as the design asks: WAL, foreign keys, full sync, and our own BEGIN instead of the driver's guess."""
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def init_database(app: Flask) -> None:
    """Binds the database to `app`; the URL may say `postgresql://`, the driver is psycopg 3."""
    url = sa.make_url(app.config["DATABASE_URL"])
    # What people gave is no part of an error's text, which is logged.
    options: dict[str, Any] = {"hide_parameters": True}
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
        # Reads need no transaction around them: no BEGIN and ROLLBACK to wait for, and psycopg throws its prepared
        # statements away at every ROLLBACK, so that each page would be planned anew. Writes: see `transaction`.
        options["isolation_level"] = "AUTOCOMMIT"
    elif url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    with app.app_context():
        prepare_engine(db.engine)
