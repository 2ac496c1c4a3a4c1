"""What mails are about is found by the mails themselves, however many there are: an index leads to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import Base, db

ABOUT_MAILS = sorted(
    table.name for table in Base.metadata.sorted_tables if "outbox_id" in table.c and table.name.endswith("_causes")
)


@pytest.fixture
def plan(app: Flask) -> Iterator[str]:
    """How the database goes about finding the causes of some mails, all kinds of causes one after another."""
    words = []
    for table in ABOUT_MAILS:
        find = f"SELECT * FROM {table} WHERE outbox_id IN (1, 2, 3)"
        if db.engine.dialect.name == "postgresql":
            # Of a table with no rows all of it is always the quickest, so that way is closed.
            db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
            words += [row[0] for row in db.session.execute(sa.text(f"EXPLAIN {find}"))]
        else:
            words += [row[3] for row in db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {find}"))]
    yield "\n".join(words)
    db.session.rollback()


def test_an_index_leads_from_mails_to_what_they_are_about(plan: str) -> None:
    assert ABOUT_MAILS == ["case_causes", "mail_causes"]
    assert [name for name in ABOUT_MAILS if name not in plan] == []
    assert [line for line in plan.splitlines() if "SCAN " in line or "Seq Scan" in line] == []
