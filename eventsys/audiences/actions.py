"""Verbs of audiences that have a name. The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

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


def retire(session: Session, row: AudienceRecord, *, on: date, now: datetime) -> None:
    """Nobody is in it any more and nothing offers it; its name, with the day, stays for the mail that once went to it."""
    told = f"{row.name[:170]} (–{on:%d.%m.%Y})"
    numbered = (told, *(f"{told} {number}" for number in range(2, 1000)))
    row.name = next(name for name in numbered if not _is_taken(session, row.organiser_id, name))
    row.clauses, row.revised_at = [], now
    session.flush()


def _require_free(session: Session, organiser_id: int, name: str, *, but_id: int = 0) -> None:
    if _is_taken(session, organiser_id, name, but_id=but_id):
        raise NameIsTaken(name)


def _is_taken(session: Session, organiser_id: int, name: str, *, but_id: int = 0) -> bool:
    taken = sa.exists().where(
        AudienceRecord.organiser_id == organiser_id, AudienceRecord.name == name, AudienceRecord.id != but_id
    )
    return bool(session.scalar(sa.select(taken)))
