"""Two who are one person become one: every row of the other that may move does, and what would be there twice ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.rules import Kind
from eventsys.extensions import Base
from eventsys.invitations.models import Invitation, InvitationChange
from eventsys.invitations.rules import InvitationAct, InvitationState
from eventsys.organisations.models import Person, PersonWord, Position
from eventsys.registrations.rules import Actor
from eventsys.workspace.registers.actions.audiences import put_instead
from eventsys.workspace.registers.queries.merging import Fate, Move, Plan, plan_merge
from eventsys.workspace.registers.queries.people import Scope

PERSON_OF = {"delegations": "registrar_id"}
"""The column that says whose a row is, where it is not `person_id`."""


class CannotBeMerged(Exception):
    """The two are one already, or one of them is nobody any more."""


def merge(
    session: Session, keep_id: int, other_id: int, scope: Scope, *, account_id: int | None, now: datetime
) -> Plan:
    """Makes `other` part of `keep` and says what became of each row. Raises `CannotBeMerged`.

    Where rows of other organisers are left, the other stays somebody for them.
    """
    keep, other = _lock(session, keep_id, other_id)
    plan = plan_merge(session, keep.id, other.id, scope)
    for table, moves in plan.items():
        for move in moves:
            _carry_out(session, table, move, keep.id, scope, account_id, now)
    session.flush()
    put_instead(session, Kind.PERSON, [other.id], keep.id, organiser_id=scope.organiser_id)
    _share_words(session, keep.id, other.id)
    if not _has_rows(session, other.id, plan):
        _make_part_of(session, keep, other)
    return plan


def _lock(session: Session, keep_id: int, other_id: int) -> tuple[Person, Person]:
    """Both, against another merge and against whoever signs up as one of them just now."""
    ids = sorted({keep_id, other_id})
    people = {
        one.id: one
        for one in session.scalars(
            sa.select(Person)
            .where(Person.id.in_(ids), Person.email_key.is_not(None))
            .order_by(Person.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    if len(people) != 2:
        raise CannotBeMerged
    return people[keep_id], people[other_id]


def _carry_out(
    session: Session, table: str, move: Move, keep_id: int, scope: Scope, account_id: int | None, now: datetime
) -> None:
    if move.fate is Fate.GOES:
        session.delete(move.row)
    elif move.fate is Fate.ENDS and isinstance(move.row, Invitation):
        _withdraw(session, move.row, account_id, now)
    elif move.fate is Fate.ENDS:
        _end(move.row, keep_id, scope)
    elif move.fate is Fate.MOVES:
        setattr(move.row, PERSON_OF.get(table, "person_id"), keep_id)


def _end(row: Position, keep_id: int, scope: Scope) -> None:
    """What was sent to it opens nothing more: the one that is left has its own link."""
    row.person_id = keep_id
    row.to_on = max(scope.on, row.from_on)
    row.link_version += 1


def _withdraw(session: Session, row: Invitation, account_id: int | None, now: datetime) -> None:
    """Nobody is told: the person has the other one."""
    row.state = InvitationState.WITHDRAWN
    row.link_version += 1
    session.add(
        InvitationChange(
            invitation_id=row.id, act=InvitationAct.WITHDRAWN, at=now, actor=Actor.ORGANISER, account_id=account_id,
            noticed_at=now,
        )
    )  # fmt: skip


def _share_words(session: Session, keep_id: int, other_id: int) -> None:
    """Who is left is found by both names."""
    mine = set(session.scalars(sa.select(PersonWord.word).where(PersonWord.person_id == keep_id)))
    theirs = set(session.scalars(sa.select(PersonWord.word).where(PersonWord.person_id == other_id)))
    session.add_all(PersonWord(person_id=keep_id, word=word) for word in sorted(theirs - mine))
    session.flush()


def list_columns() -> list[sa.Column[Any]]:
    """Every column of every table that says which person a row is of."""
    people = Person.__table__
    return [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is people and table.name not in (people.name, PersonWord.__tablename__)
    ]


def _has_rows(session: Session, person_id: int, plan: Plan) -> bool:
    """Whether rows are left that were not looked at: those of other organisers. What stays as it is does not count."""
    left = sum(
        session.scalar(sa.select(sa.func.count()).where(column == person_id)) or 0 for column in list_columns()
    )  # fmt: skip
    stays = sum(move.fate is Fate.STAYS or _is_withdrawn(move) for moves in plan.values() for move in moves)
    return left > stays


def _is_withdrawn(move: Move) -> bool:
    """Withdrawn invitations stay the other's: the event has one for the person already."""
    return move.fate is Fate.ENDS and isinstance(move.row, Invitation)


def _make_part_of(session: Session, keep: Person, other: Person) -> None:
    session.execute(sa.delete(PersonWord).where(PersonWord.person_id == other.id))
    before = sa.update(Person).where(Person.merged_into_id == other.id)
    session.execute(before.values(merged_into_id=keep.id).execution_options(synchronize_session=False))
    other.merged_into_id, other.email_key, other.name_key = keep.id, None, None
    session.flush()
