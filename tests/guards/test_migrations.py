"""The migrations make what the models say, by the databases' own definitions, up and down, on both databases."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import psycopg
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from eventsys import create_app
from eventsys.extensions import Base, db
from tests.conftest import settings
from tests.guards.schema import read_definitions, split_at_commas
from tests.guards.source import ROOT


def new_database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of this test alone."""
    name = f"guard_{uuid.uuid4().hex[:8]}"
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/{name}.db"
    url: str = request.getfixturevalue("postgresql_url")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(settings(new_database(request.param, request, tmp_path)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def definitions() -> dict[str, object]:
    return read_definitions(db.engine)


def empty_again() -> None:
    flask_migrate.downgrade(revision="base")


def list_tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_the_migrations_make_what_the_models_say(empty_app: Flask) -> None:
    flask_migrate.upgrade()
    migrated = definitions()
    assert list_tables() == {table.name for table in Base.metadata.sorted_tables}
    empty_again()
    Base.metadata.create_all(db.engine)
    assert definitions() == migrated


def test_down_to_nothing_leaves_nothing_and_up_again_is_the_same(empty_app: Flask) -> None:
    flask_migrate.upgrade()
    first = definitions()
    empty_again()
    assert definitions() == {}
    flask_migrate.upgrade()
    assert definitions() == first


PLANTED = [
    "DROP INDEX uq_registrations_live",
    "CREATE UNIQUE INDEX uq_registrations_live ON registrations (run_id, person_id) WHERE state != 'cancelled'",
    "ALTER TABLE venues ADD COLUMN beds INTEGER",
    "CREATE TABLE more (id INTEGER PRIMARY KEY)",
]
PLANTED_ON_POSTGRESQL = [
    "ALTER TABLE venues DROP CONSTRAINT ck_venues_capacity;"
    "ALTER TABLE venues ADD CONSTRAINT ck_venues_capacity CHECK (capacity IS NULL OR capacity >= 0)",
    "ALTER TABLE events DROP CONSTRAINT fk_events_organiser_id",
    "ALTER TABLE venues ALTER COLUMN address DROP NOT NULL",
    "ALTER TABLE venues ALTER COLUMN name TYPE varchar(201)",
    "CREATE TYPE mood AS ENUM ('good')",
    "CREATE SEQUENCE numbers",
]


def test_a_planted_difference_is_seen(empty_app: Flask) -> None:
    Base.metadata.create_all(db.engine)
    on_postgresql = db.engine.dialect.name == "postgresql"
    seen = [definitions()]
    for statements in [*PLANTED, *(PLANTED_ON_POSTGRESQL if on_postgresql else [])]:
        with db.engine.begin() as connection:
            for statement in statements.split(";"):
                connection.execute(sa.text(statement))
        assert definitions() not in seen, statements
        seen.append(definitions())


def test_a_changed_check_is_seen_in_what_sqlite_keeps_of_a_table() -> None:
    body = "a VARCHAR(32) CHECK (a IN ('x, y', 'z')), CONSTRAINT c CHECK (b > 0), b INTEGER"
    assert split_at_commas(body) == ["a VARCHAR(32)CHECK(a IN('x,y','z'))", "CONSTRAINT c CHECK(b > 0)", "b INTEGER"]
    assert split_at_commas(body) != split_at_commas(body.replace("> 0", ">= 0"))


def list_heads(folder: Path) -> list[str]:
    return list(ScriptDirectory(str(folder)).get_heads())


def test_there_is_one_newest_migration() -> None:
    assert len(list_heads(ROOT / "migrations")) == 1


def test_two_newest_migrations_are_seen(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    (head,) = list_heads(tmp_path / "migrations")
    for name in ("left", "right"):
        file = tmp_path / "migrations" / "versions" / f"{name}.py"
        file.write_text(f"revision = {name!r}\ndown_revision = {head!r}\n")
    assert sorted(list_heads(tmp_path / "migrations")) == ["left", "right"]
