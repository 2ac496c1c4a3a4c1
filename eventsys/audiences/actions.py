"""Verbs of audiences that have a name. The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.rules import Clause, NameIsTaken, keep_clauses


def save(
    session: Session, *, organiser_id: int, name: str, clauses: Sequence[Clause], account_id: int | None, now: datetime
) -> AudienceRecord:
    """A new audience. Raises `NameIsTaken`."""
    _require_free(session, organiser_id, name)
    row = AudienceRecord(
        organiser_id=organiser_id,
        name=name,
        clauses=keep_clauses(clauses),
        created_at=now,
        revised_at=now,
        account_id=account_id,
    )
    session.add(row)
    session.flush()
    return row


def change(
    session: Session,
    row: AudienceRecord,
    *,
    name: str,
    clauses: Sequence[Clause],
    account_id: int | None,
    now: datetime,
) -> bool:
    """What it is called and whom it means from now on; False and no trace if both are as before. Raises `NameIsTaken`."""
    kept = keep_clauses(clauses)
    if (row.name, row.clauses) == (name, kept):
        return False
    _require_free(session, row.organiser_id, name, but_id=row.id)
    row.name, row.clauses, row.revised_at, row.account_id = name, kept, now, account_id
    session.flush()
    return True


def remove(session: Session, row: AudienceRecord) -> None:
    """Nothing may name it any more."""
    session.delete(row)
    session.flush()


def _require_free(session: Session, organiser_id: int, name: str, *, but_id: int = 0) -> None:
    taken = sa.exists().where(
        AudienceRecord.organiser_id == organiser_id, AudienceRecord.name == name, AudienceRecord.id != but_id
    )
    if session.scalar(sa.select(taken)):
        raise NameIsTaken(name)
