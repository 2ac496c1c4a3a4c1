"""Writes the log, and erases its words when their day has come. Rows are never changed otherwise, and never removed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.rules import LONGEST_KEY, LONGEST_NAME
from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import LogVerb


def note(
    session: Session,
    *,
    organiser_id: int,
    account_id: int | None,
    verb: LogVerb,
    object: str,
    key: str,
    name: str = "",
    facts: dict[str, Any] | None = None,
    erase_on: date | None = None,
    now: datetime,
) -> None:
    """A row of what was just done; `name` is what people call the thing, `erase_on` the day on which its words go."""
    session.add(
        LogEntry(
            organiser_id=organiser_id,
            account_id=account_id,
            at=now,
            verb=verb,
            object=object,
            key=key[:LONGEST_KEY],
            name=name[:LONGEST_NAME],
            facts=facts or {},
            erase_on=erase_on,
        )
    )
    session.flush()


def erase_words(session: Session, *, on: date) -> int:
    """Takes names and facts out of the rows whose day has come; that something was done stays. How many rows."""
    due = sa.update(LogEntry).where(LogEntry.erase_on <= on)
    statement = due.values(name="", facts={}, erase_on=None).execution_options(synchronize_session=False)
    result: Any = session.execute(statement)
    return int(result.rowcount)
