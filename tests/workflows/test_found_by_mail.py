"""What mails are about is found by the mails themselves, however many there are: an index of all rows leads to it."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import Base, db

ABOUT_MAILS = sorted(
    table.name for table in Base.metadata.sorted_tables if "outbox_id" in table.c and table.name.endswith("_causes")
)


def list_ways(table: str) -> list[str]:
    """The first columns of the keys and indexes that hold every row of the table."""
    found = sa.inspect(db.engine)
    whole = [one for one in found.get_indexes(table) if not any(k.endswith("_where") for k in one["dialect_options"])]
    return [
        *found.get_pk_constraint(table)["constrained_columns"][:1],
        *(one["column_names"][0] or "" for one in whole),
    ]


def test_an_index_leads_from_mails_to_what_they_are_about(app: Flask) -> None:
    assert ABOUT_MAILS == ["case_causes", "mail_causes"]
    assert [table for table in ABOUT_MAILS if "outbox_id" not in list_ways(table)] == []
