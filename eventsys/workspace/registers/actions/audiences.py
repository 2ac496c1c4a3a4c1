"""Saved audiences and standing rounds name people and organisations: one is put there instead of those that are no more."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.rules import Kind
from eventsys.invitations.models import InvitationRound


def put_instead(
    session: Session, kind: Kind, old: Collection[int], new: int, *, organiser_id: int | None = None
) -> None:
    """In what one organiser has saved, or everybody."""
    saved = sa.select(AudienceRecord)
    standing = sa.select(InvitationRound).where(InvitationRound.follows, InvitationRound.stopped_at.is_(None))
    if organiser_id is not None:
        saved = saved.where(AudienceRecord.organiser_id == organiser_id)
        standing = standing.where(InvitationRound.organiser_id == organiser_id)
    for row in (*session.scalars(saved), *session.scalars(standing)):
        clauses = [_replace_in(clause, kind, old, new) for clause in row.clauses]
        if clauses != row.clauses:
            row.clauses = clauses
    session.flush()


def _replace_in(clause: dict[str, Any], kind: Kind, old: Collection[int], new: int) -> dict[str, Any]:
    conditions = [
        {**one, "ids": list(dict.fromkeys(new if number in old else number for number in one.get("ids", [])))}
        if one.get("kind") == kind.value
        else one
        for one in clause.get("conditions", [])
    ]
    return {**clause, "conditions": conditions}
