"""How Alembic meets this project: the app's engine and metadata, batch mode for SQLite, our types by their plain names."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from eventsys.extensions import LocalDateTime, UTCDateTime

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    if kind == "type" and isinstance(item, (UTCDateTime, LocalDateTime)):
        return f"sa.DateTime(timezone={isinstance(item, UTCDateTime)})"
    if kind == "type" and isinstance(item, sa.JSON):
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def run() -> None:
    arguments = {
        **current_app.extensions["migrate"].configure_args,
        "render_item": render_item,
        "transactional_ddl": True,
    }
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="READ COMMITTED")
        switch_foreign_keys(connection, on=False)
        with connection.begin():
            context.configure(connection=connection, target_metadata=database.metadata, **arguments)
            with context.begin_transaction():
                context.run_migrations()
        switch_foreign_keys(connection, on=True)


def switch_foreign_keys(connection: sa.Connection, *, on: bool) -> None:
    """SQLite copies a table to change it; that must not cascade, and the switch works outside a transaction only."""
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database, not into a script.")
run()
