"""Reads of cohorts and networks: which an organiser may read, how many are in each, and who is in one on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.grants.queries import select_programmes
from eventsys.programmes.models import Cohort, CohortMembership, Network, NetworkMembership, Programme
from eventsys.programmes.queries import covers
from eventsys.programmes.rules import MembershipStatus


def find_cohort(session: Session, slug: str, *, organiser_id: int) -> AnyRow | None:
    """A Cohort with its Programme, of the organiser's own or one that it was granted."""
    columns: tuple[Any, ...] = (Cohort, Programme)
    rows = sa.select(*columns).join(Programme, Programme.id == Cohort.programme_id)
    readable = Programme.id.in_(select_programmes(organiser_id))
    return session.execute(rows.where(Cohort.slug == slug, readable)).one_or_none() if "\0" not in slug else None


def find_network(session: Session, slug: str, *, organiser_id: int) -> AnyRow | None:
    """A Network with its Programme: as `find_cohort`, and of those that the organiser advises."""
    columns: tuple[Any, ...] = (Network, Programme)
    rows = sa.select(*columns).join(Programme, Programme.id == Network.programme_id)
    readable = sa.or_(Programme.id.in_(select_programmes(organiser_id)), Network.organiser_id == organiser_id)
    return session.execute(rows.where(Network.slug == slug, readable)).one_or_none() if "\0" not in slug else None


def list_cohorts(session: Session, programme_ids: Sequence[int], *, on: date) -> list[AnyRow]:
    """Cohorts in order, each with how many places are `taken` on the day, and how many of those are `paused`."""
    is_taken = covers(CohortMembership, on)
    taken = (
        sa.select(
            CohortMembership.cohort_id,
            sa.func.count().label("taken"),
            sa.func.sum(sa.case((CohortMembership.status == MembershipStatus.PAUSED, 1), else_=0)).label("paused"),
        )
        .where(is_taken)
        .group_by(CohortMembership.cohort_id)
        .subquery()
    )
    columns: tuple[Any, ...] = (
        Cohort, sa.func.coalesce(taken.c.taken, 0).label("taken"), sa.func.coalesce(taken.c.paused, 0).label("paused"),
    )  # fmt: skip
    rows = sa.select(*columns).outerjoin(taken, taken.c.cohort_id == Cohort.id)
    of = rows.where(Cohort.programme_id.in_(programme_ids))
    return list(session.execute(of.order_by(Cohort.programme_id, Cohort.ordinal)))


def list_networks(session: Session, programme_ids: Sequence[int], *, on: date) -> list[AnyRow]:
    """Networks by name, each with its adviser (an Organiser, or None) and how many are in it on the day."""
    taken = (
        sa.select(NetworkMembership.network_id, sa.func.count().label("members"))
        .where(covers(NetworkMembership, on))
        .group_by(NetworkMembership.network_id)
        .subquery()
    )
    columns: tuple[Any, ...] = (Network, Organiser, sa.func.coalesce(taken.c.members, 0).label("members"))
    rows = (
        sa.select(*columns)
        .outerjoin(taken, taken.c.network_id == Network.id)
        .outerjoin(Organiser, Organiser.id == Network.organiser_id)
    )
    of = rows.where(Network.programme_id.in_(programme_ids))
    return list(session.execute(of.order_by(Network.programme_id, Network.kind, Network.name, Network.id)))


def list_cohort_members(session: Session, cohort_id: int, *, on: date) -> list[AnyRow]:
    """Rows of CohortMembership and Organisation of those with a place on the day, in Norwegian order."""
    return _list_members(
        session, CohortMembership, CohortMembership.cohort_id == cohort_id, covers(CohortMembership, on)
    )


def list_former_members(session: Session, cohort_id: int, *, on: date) -> list[AnyRow]:
    """As `list_cohort_members`, the last row of each who had a place before the day and has none on it."""
    there = sa.select(CohortMembership.organisation_id).where(
        CohortMembership.cohort_id == cohort_id, covers(CohortMembership, on)
    )
    last = (
        sa.select(sa.func.max(CohortMembership.from_on))
        .where(CohortMembership.cohort_id == cohort_id, CohortMembership.organisation_id == Organisation.id)
        .correlate(Organisation)
        .scalar_subquery()
    )
    over = sa.and_(
        CohortMembership.cohort_id == cohort_id, CohortMembership.to_on < on,
        CohortMembership.organisation_id.not_in(there), CohortMembership.from_on == last,
    )  # fmt: skip
    return _list_members(session, CohortMembership, over)


def list_coming_members(session: Session, cohort_id: int, *, on: date) -> list[AnyRow]:
    """As `list_cohort_members`, of those whose place begins after the day."""
    of = CohortMembership.cohort_id == cohort_id
    here = sa.select(CohortMembership.organisation_id).where(of, covers(CohortMembership, on))
    later = CohortMembership.organisation_id.not_in(here)
    return _list_members(session, CohortMembership, of, CohortMembership.from_on > on, later)


def list_network_members(session: Session, network_id: int, *, on: date) -> list[AnyRow]:
    """Rows of NetworkMembership and Organisation of those in it on the day, in Norwegian order."""
    of = NetworkMembership.network_id == network_id
    return _list_members(session, NetworkMembership, of, covers(NetworkMembership, on))


def list_rows_of(session: Session, cohort_id: int, organisation_id: int) -> list[CohortMembership]:
    """All that an organisation was in a cohort, the newest first."""
    rows = sa.select(CohortMembership).filter_by(cohort_id=cohort_id, organisation_id=organisation_id)
    return list(session.scalars(rows.order_by(CohortMembership.from_on.desc(), CohortMembership.id.desc())))


def _list_members(session: Session, membership: Any, *conditions: sa.ColumnElement[bool]) -> list[AnyRow]:
    columns: tuple[Any, ...] = (membership, Organisation)
    rows = sa.select(*columns).join(Organisation, Organisation.id == membership.organisation_id).where(*conditions)
    return list(session.execute(rows.order_by(Organisation.sort_key, Organisation.id, membership.from_on)))
