"""Reads of what an organisation belongs and belonged to, and what an organiser can put it into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import AnyRow
from eventsys.programmes.models import Cohort, CohortMembership, Network, NetworkMembership, Programme
from eventsys.programmes.queries import covers, select_members_of


def list_cohort_places(session: Session, organisation_ids: Sequence[int]) -> list[AnyRow]:
    """Rows of CohortMembership, Cohort and Programme, the newest first."""
    columns: tuple[Any, ...] = (CohortMembership, Cohort, Programme)
    statement = (
        sa.select(*columns)
        .join(Cohort, Cohort.id == CohortMembership.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(CohortMembership.organisation_id.in_(organisation_ids))
        .order_by(CohortMembership.from_on.desc(), Cohort.ordinal, CohortMembership.id)
    )
    return list(session.execute(statement))


def list_network_places(session: Session, organisation_ids: Sequence[int]) -> list[AnyRow]:
    """Rows of NetworkMembership, Network and Programme, the newest first."""
    columns: tuple[Any, ...] = (NetworkMembership, Network, Programme)
    statement = (
        sa.select(*columns)
        .join(Network, Network.id == NetworkMembership.network_id)
        .join(Programme, Programme.id == Network.programme_id)
        .where(NetworkMembership.organisation_id.in_(organisation_ids))
        .order_by(NetworkMembership.from_on.desc(), Network.name, NetworkMembership.id)
    )
    return list(session.execute(statement))


def list_own_cohorts(session: Session, organiser_id: int) -> list[Cohort]:
    """Those of the organiser's own programmes."""
    statement = sa.select(Cohort).join(Programme, Programme.id == Cohort.programme_id)
    return list(
        session.scalars(
            statement.where(Programme.organiser_id == organiser_id).order_by(Cohort.programme_id, Cohort.ordinal)
        )
    )


def list_own_networks(session: Session, organiser_id: int) -> list[Network]:
    """Those of the organiser's own programmes. Who advises a network sees its members' people, and so does not say who
    they are."""
    statement = sa.select(Network).join(Programme, Programme.id == Network.programme_id)
    own = Programme.organiser_id == organiser_id
    return list(session.scalars(statement.where(own).order_by(Network.name, Network.id)))


def select_members_of_others(organiser_id: int, *, on: date) -> sa.Select[int]:
    """The ids of the organisations that are in a cohort of another organiser's programme on a day."""
    return (
        sa.select(CohortMembership.organisation_id)
        .join(Cohort, Cohort.id == CohortMembership.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Programme.organiser_id != organiser_id, covers(CohortMembership, on))
    )


def select_advised_members(organiser_id: int, *, on: date) -> sa.Select[int]:
    """The ids of the organisations that are in a network that the organiser advises on a day."""
    return (
        sa.select(NetworkMembership.organisation_id)
        .join(Network, Network.id == NetworkMembership.network_id)
        .where(Network.organiser_id == organiser_id, covers(NetworkMembership, on))
    )


def select_kept_members(organiser_id: int, *, on: date) -> sa.Select[int]:
    """The ids of the members of the organiser's own programmes that no other organiser placed in one of its own before,
    and has there still: whoever places an organisation first keeps it, whatever day is written on the place."""
    own = _select_first(Programme.organiser_id == organiser_id).subquery()
    of_others = CohortMembership.organisation_id.in_(select_members_of_others(organiser_id, on=on))
    others = _select_first(Programme.organiser_id != organiser_id, of_others).subquery()
    return (
        sa.select(own.c.organisation_id)
        .outerjoin(others, others.c.organisation_id == own.c.organisation_id)
        .where(
            own.c.organisation_id.in_(select_members_of(organiser_id, on=on)),
            sa.or_(others.c.first.is_(None), own.c.first < others.c.first),
        )
    )


def _select_first(*conditions: sa.ColumnElement[bool]) -> sa.Select[int, int]:
    """The number of each organisation's first place, of those that the conditions mean."""
    return (
        sa.select(CohortMembership.organisation_id, sa.func.min(CohortMembership.id).label("first"))
        .join(Cohort, Cohort.id == CohortMembership.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(*conditions)
        .group_by(CohortMembership.organisation_id)
    )
