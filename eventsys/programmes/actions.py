"""Verbs on programmes: making cohorts and networks, and placing organisations in them."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import Translated
from eventsys.programmes.models import Cohort, CohortMembership, Network, NetworkMembership, Programme

M = TypeVar("M", CohortMembership, NetworkMembership)


def add_programme(session: Session, *, organiser_id: int, slug: str, name: Translated) -> Programme:
    programme = Programme(organiser_id=organiser_id, slug=slug, name=name)
    session.add(programme)
    session.flush()
    return programme


def add_cohort(
    session: Session, *, programme_id: int, slug: str, ordinal: int, name: Translated, ceiling: int | None = None
) -> Cohort:
    cohort = Cohort(programme_id=programme_id, slug=slug, ordinal=ordinal, name=name, ceiling=ceiling)
    session.add(cohort)
    session.flush()
    return cohort


def add_network(session: Session, *, programme_id: int, slug: str, name: str) -> Network:
    network = Network(programme_id=programme_id, slug=slug, name=name)
    session.add(network)
    session.flush()
    return network


def place_in_cohort(session: Session, *, cohort_id: int, organisation_id: int, from_on: date) -> CohortMembership:
    """Makes the organisation a member from that day on; one that is a member on that day already stays as it is."""
    there = session.scalar(
        _open_on(CohortMembership, organisation_id, from_on).where(CohortMembership.cohort_id == cohort_id)
    )
    return there or _added(
        session, CohortMembership(cohort_id=cohort_id, organisation_id=organisation_id, from_on=from_on)
    )


def place_in_network(session: Session, *, network_id: int, organisation_id: int, from_on: date) -> NetworkMembership:
    """Makes the organisation a member from that day on; one that is a member on that day already stays as it is."""
    there = session.scalar(
        _open_on(NetworkMembership, organisation_id, from_on).where(NetworkMembership.network_id == network_id)
    )
    return there or _added(
        session, NetworkMembership(network_id=network_id, organisation_id=organisation_id, from_on=from_on)
    )


def _open_on(membership: type[M], organisation_id: int, day: date) -> sa.Select[M]:
    return sa.select(membership).where(
        membership.organisation_id == organisation_id,
        membership.from_on <= day,
        sa.or_(membership.to_on.is_(None), membership.to_on >= day),
    )


def _added(session: Session, membership: M) -> M:
    session.add(membership)
    session.flush()
    return membership
