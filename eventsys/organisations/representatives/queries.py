"""Whose representatives an organiser may see, and how many there are. Names are read by `actions.read` alone, which leaves
a row of who did."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.organisations.models import Organisation, Representative
from eventsys.organisations.rules import OrganisationKind


def select_own_unions(organiser_id: int) -> sa.Select[int]:
    """The ids of the unions whose representatives the organiser may see: itself, or those of its confederation."""
    one, own = aliased(Organisation), aliased(Organisation)
    return (
        sa.select(one.id)
        .join(own, sa.or_(own.id == one.id, own.id == one.parent_id))
        .where(
            own.organiser_id == organiser_id,
            own.kind.in_((OrganisationKind.UNION, OrganisationKind.CONFEDERATION)),
            one.kind == OrganisationKind.UNION,
            one.valid_to.is_(None),
        )
    )


def list_own_unions(session: Session, organiser_id: int) -> list[Organisation]:
    """In Norwegian order; none for an organiser that is no union and no confederation."""
    unions = sa.select(Organisation).where(Organisation.id.in_(select_own_unions(organiser_id)))
    return list(session.scalars(unions.order_by(Organisation.sort_key)))


def lasts(on: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """The condition that somebody is representative on a day; the day on which it ends does not count."""
    return sa.and_(Representative.from_on <= on, sa.or_(Representative.to_on.is_(None), Representative.to_on > on))


class UnionCount(NamedTuple):
    """How many representatives a union has told of, and the next day on which some of it is erased."""

    union_id: int
    how_many: int
    erase_on: date


def count_by_union(session: Session, organiser_id: int, *, on: date) -> dict[int, UnionCount]:
    """Numbers alone, so that nothing is to be noted."""
    statement = (
        sa.select(Representative.union_id, sa.func.count(), sa.func.min(Representative.erase_on))
        .where(Representative.union_id.in_(select_own_unions(organiser_id)), lasts(on))
        .group_by(Representative.union_id)
    )
    return {row[0]: UnionCount(*row) for row in session.execute(statement)}
