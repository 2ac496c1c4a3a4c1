"""What a turn of a worker costs the database: the rows that it writes, however many others are being sent."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.mailing.ledger import BEGIN, PREPARED, RECORD, in_numbers
from tests.mailing.messages import addresses, put


def read_postgresql(connection: sa.Connection) -> list[str]:
    """How each table is searched in the plans that the statements keep, whatever their values."""
    plans = [connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {in_numbers(statement)}") for statement in PREPARED]
    lines = [line.strip() for plan in plans for line in plan.scalars()]
    searches = [number for number, line in enumerate(lines) if "Scan" in line]
    return [lines[number + 1].partition("$")[0] for number in searches]


def read_sqlite(connection: sa.Connection) -> list[str]:
    plans = [
        connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?"))
        for statement in (RECORD, BEGIN)
    ]
    return [str(step.detail).rpartition("(")[2] for plan in plans for step in plan]


def test_a_turn_finds_its_mails_by_number_where_the_statistics_know_of_none_being_sent(app: Flask) -> None:
    """As in the morning: all mails that the database has counted are sent, and a thousand are on their way since."""
    put(*addresses(300))
    with transaction() as session:
        session.execute(sa.text("UPDATE outbox SET state = 'sent'"))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE outbox"))
        if connection.dialect.name == "postgresql":
            assert read_postgresql(connection) == ["Index Cond: (id = "] * 4
        else:
            assert set(read_sqlite(connection)) <= {"rowid=?)", "id=?)"}
            assert len(read_sqlite(connection)) == 2
