"""Reads about programmes: cohorts, networks, and what an organisation belonged to on a day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.rules import sort_key
from eventsys.programmes.intake.rules import LetterState, Outcome
from eventsys.programmes.models import (
    Application,
    Cohort,
    CohortMembership,
    Decision,
    DecisionLetter,
    GroupMembership,
    Intake,
    Network,
    NetworkMembership,
    Programme,
)
from eventsys.programmes.rules import MembershipStatus

Day = date | sa.BindParameter[date]
AnyMembership = type[CohortMembership] | type[NetworkMembership] | type[GroupMembership]


class Memberships(NamedTuple):
    """What an organisation belongs to: cohorts by ordinal, networks by name."""

    cohorts: list[Cohort]
    networks: list[Network]


def list_memberships(session: Session, organisation_id: int, *, on: date, told: bool = False) -> Memberships:
    """What the organisation belonged to on that day; `told` leaves only what everybody may know of."""
    cohorts = (
        sa.select(Cohort)
        .join(CohortMembership, CohortMembership.cohort_id == Cohort.id)
        .where(CohortMembership.organisation_id == organisation_id, lasts(CohortMembership, on))
        .order_by(Cohort.ordinal, Cohort.id)
    )
    if told:
        cohorts = cohorts.where(is_told())
    networks = (
        sa.select(Network)
        .join(NetworkMembership, NetworkMembership.network_id == Network.id)
        .where(NetworkMembership.organisation_id == organisation_id, lasts(NetworkMembership, on))
    )
    return Memberships(list(session.scalars(cohorts).unique()), _by_name(list(session.scalars(networks).unique())))


def lasts(membership: type[CohortMembership] | type[NetworkMembership], on: Day) -> sa.ColumnElement[bool]:
    """The condition that a membership holds on a day; both its days are inclusive. One that is paused holds not."""
    if membership is CohortMembership:
        return sa.and_(CohortMembership.status != MembershipStatus.PAUSED, covers(membership, on))
    return covers(membership, on)


def is_told() -> sa.ColumnElement[bool]:
    """The condition that a membership of a cohort may be told of: one that an application brought is when its letter has
    been sent, so that nobody reads of it elsewhere first."""
    letter = sa.select(DecisionLetter.id).where(
        DecisionLetter.decision_id == Decision.id, DecisionLetter.state == LetterState.SENT
    )
    untold = (
        sa.select(Decision.id)
        .join(Intake, Intake.id == Decision.intake_id)
        .join(Application, Application.id == Decision.application_id)
        .where(
            Application.organisation_id == CohortMembership.organisation_id,
            Intake.cohort_id == CohortMembership.cohort_id,
            Decision.outcome == Outcome.ADMITTED,
            Decision.reversed_at.is_(None),
            ~letter.exists(),
        )
    )
    return ~untold.correlate(CohortMembership).exists()


def covers(membership: AnyMembership, on: Day) -> sa.ColumnElement[bool]:
    """The condition that a day is one of those that a membership, paused or not, is about."""
    return sa.and_(membership.from_on <= on, goes_on(membership, on))


def goes_on(membership: AnyMembership, on: Day) -> sa.ColumnElement[bool]:
    """The condition that a membership is not over on a day; it may begin later."""
    return sa.or_(membership.to_on.is_(None), membership.to_on >= on)


def count_taken(session: Session, cohort_id: int, *, on: date) -> int:
    """How many of a cohort's places are taken on a day or promised later. Who is paused keeps the place."""
    taken = sa.select(sa.func.count(sa.distinct(CohortMembership.organisation_id))).where(
        CohortMembership.cohort_id == cohort_id, goes_on(CohortMembership, on)
    )
    return session.scalar(taken) or 0


def select_members_of(organiser_id: int, *, on: date) -> sa.Select[int]:
    """The ids of the organisations with a place, paused or not, in a cohort of the organiser's own programmes on a day."""
    return (
        sa.select(CohortMembership.organisation_id)
        .join(Cohort, Cohort.id == CohortMembership.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Programme.organiser_id == organiser_id, covers(CohortMembership, on))
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
