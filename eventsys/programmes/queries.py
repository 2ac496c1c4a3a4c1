"""Reads about programmes: cohorts, networks, and what an organisation belonged to on a day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.rules import sort_key
from eventsys.programmes.models import Cohort, CohortMembership, Network, NetworkMembership, Programme


class Memberships(NamedTuple):
    """What an organisation belongs to: cohorts by ordinal, networks by name."""

    cohorts: list[Cohort]
    networks: list[Network]


def list_memberships(session: Session, organisation_id: int, *, on: date) -> Memberships:
    """What the organisation belonged to on that day."""
    cohorts = (
        sa.select(Cohort)
        .join(CohortMembership, CohortMembership.cohort_id == Cohort.id)
        .where(CohortMembership.organisation_id == organisation_id, lasts(CohortMembership, on))
        .order_by(Cohort.ordinal, Cohort.id)
    )
    networks = (
        sa.select(Network)
        .join(NetworkMembership, NetworkMembership.network_id == Network.id)
        .where(NetworkMembership.organisation_id == organisation_id, lasts(NetworkMembership, on))
    )
    return Memberships(list(session.scalars(cohorts).unique()), _by_name(list(session.scalars(networks).unique())))


def lasts(
    membership: type[CohortMembership] | type[NetworkMembership], on: date | sa.BindParameter[date]
) -> sa.ColumnElement[bool]:
    """The condition that a membership holds on a day; both its days are inclusive."""
    return sa.and_(membership.from_on <= on, sa.or_(membership.to_on.is_(None), membership.to_on >= on))


def select_members_of(organiser_id: int, *, on: date) -> sa.Select[int]:
    """The ids of the organisations that are in a cohort of the organiser's own programmes on a day."""
    return (
        sa.select(CohortMembership.organisation_id)
        .join(Cohort, Cohort.id == CohortMembership.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Programme.organiser_id == organiser_id, lasts(CohortMembership, on))
    )


def list_member_ids(session: Session, organiser_id: int, *, on: date) -> set[int]:
    return set(session.scalars(select_members_of(organiser_id, on=on)))


def list_programmes(session: Session) -> list[Programme]:
    return list(session.scalars(sa.select(Programme).order_by(Programme.id)))


def list_cohorts(session: Session) -> list[Cohort]:
    return list(session.scalars(sa.select(Cohort).order_by(Cohort.programme_id, Cohort.ordinal)))


def list_networks(session: Session) -> list[Network]:
    return _by_name(list(session.scalars(sa.select(Network))))


def _by_name(networks: list[Network]) -> list[Network]:
    return sorted(networks, key=lambda network: sort_key(network.name))
