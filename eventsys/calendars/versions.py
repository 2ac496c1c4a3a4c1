"""One stamp for all that public feeds are made of: the database itself makes a new one when any of it changes."""

from __future__ import annotations

import sqlalchemy as sa

from eventsys.extensions import Base

WATCHED = (
    "organisers", "organisations", "programmes", "cohorts", "networks", "cohort_memberships", "network_memberships",
    "group_memberships", "venues", "events", "event_clauses", "runs",
)  # fmt: skip
"""The tables that `calendars.queries` reads for a feed. A test reads the statements for it."""

_SQLITE = """
CREATE TRIGGER feeds_of_{table}_{act} AFTER {act} ON {table} BEGIN
    INSERT INTO feed_versions (id, version) VALUES (1, lower(hex(randomblob(16))))
    ON CONFLICT (id) DO UPDATE SET version = excluded.version;
END"""
# Once a transaction, at its end: what is locked last is never waited for by somebody who holds what we wait for.
_FUNCTION = """
CREATE OR REPLACE FUNCTION feeds_have_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM feed_versions WHERE id = 1 AND xmin = pg_current_xact_id()::xid
    ) THEN
        INSERT INTO feed_versions (id, version) VALUES (1, replace(gen_random_uuid()::text, '-', ''))
        ON CONFLICT (id) DO UPDATE SET version = excluded.version;
    END IF;
    RETURN NULL;
END $$"""
_POSTGRESQL = """
CREATE CONSTRAINT TRIGGER feeds_of_{table} AFTER INSERT OR UPDATE OR DELETE ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION feeds_have_changed()"""


def list_statements(dialect: str) -> list[str]:
    """What makes the triggers, for migrations and for a database made from the models."""
    if dialect == "postgresql":
        return [_FUNCTION, *(_POSTGRESQL.format(table=table) for table in WATCHED)]
    return [_SQLITE.format(table=table, act=act) for table in WATCHED for act in ("insert", "update", "delete")]


@sa.event.listens_for(Base.metadata, "after_create")
def _add_triggers(_metadata: sa.MetaData, connection: sa.Connection, **_more: object) -> None:
    for statement in list_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
