"""Verbs on programmes: making and changing them, their cohorts and networks, and placing organisations in those."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import Translated
from eventsys.organisations.rules import search_words
from eventsys.programmes.models import Cohort, CohortMembership, Network, NetworkMembership, Programme
from eventsys.programmes.queries import count_taken, covers
from eventsys.programmes.rules import NetworkFacts, ProgrammeFacts

M = TypeVar("M", CohortMembership, NetworkMembership)
LONGEST_SLUG = 70


def add_programme(session: Session, *, organiser_id: int, slug: str, name: Translated) -> Programme:
    programme = Programme(organiser_id=organiser_id, slug=slug, name=name)
    session.add(programme)
    session.flush()
    return programme


def change_programme(session: Session, programme: Programme, facts: ProgrammeFacts) -> bool:
    """The caller has locked it; its address stays. False where nothing is new: then it is in the same edition."""
    before = ProgrammeFacts(programme.name, programme.about, programme.begins_on, programme.ends_on)
    if facts == before:
        return False
    programme.name, programme.about = dict(facts.name), dict(facts.about)
    programme.begins_on, programme.ends_on = facts.begins_on, facts.ends_on
    programme.edition += 1
    session.flush()
    return True


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


def change_network(session: Session, network: Network, facts: NetworkFacts) -> None:
    """Its address and its adviser stay."""
    network.name, network.kind, network.about = facts.name, facts.kind, dict(facts.about)
    session.flush()


def free_slug(session: Session, column: Any, name: Mapping[str, str], *, fallback: str) -> str:
    """An address of the name's words that no row of this column has; never one that a page of the list has."""
    words = next((search_words(text) for text in name.values() if search_words(text)), [fallback])
    slug = "-".join(word for word in words if word.isascii())[:LONGEST_SLUG].strip("-") or fallback
    taken = {*session.scalars(sa.select(column).where(column.startswith(slug, autoescape=True))), "new"}
    numbered = (f"{slug}-{number}" for number in itertools.count(2))
    return slug if slug not in taken else next(one for one in numbered if one not in taken)


class CohortIsFull(Exception):
    """The cohort takes no more organisations than it has."""

    def __init__(self, cohort: Cohort) -> None:
        super().__init__(f"{cohort.slug} takes {cohort.ceiling}")
        self.cohort = cohort


def place_in_cohort(session: Session, *, cohort_id: int, organisation_id: int, from_on: date) -> CohortMembership:
    """Makes the organisation a member from that day on; one that has a place on that day already stays as it is, and one
    that was to begin later begins then.

    Of several who take the last place at once one gets it. Raises `CohortIsFull`.
    """
    cohort = lock_cohort(session, cohort_id)
    there = session.scalar(
        _covering(CohortMembership, organisation_id, from_on).where(CohortMembership.cohort_id == cohort_id)
    )
    if there is not None:
        return there
    later = session.scalars(_beginning_after(cohort_id, organisation_id, from_on)).first()
    if later is not None:
        later.from_on = from_on
        session.flush()
        return later
    if cohort.ceiling is not None and count_taken(session, cohort_id, on=from_on) >= cohort.ceiling:
        raise CohortIsFull(cohort)
    return _added(session, CohortMembership(cohort_id=cohort_id, organisation_id=organisation_id, from_on=from_on))


def _beginning_after(cohort_id: int, organisation_id: int, day: date) -> sa.Select[CohortMembership]:
    rows = sa.select(CohortMembership).filter_by(cohort_id=cohort_id, organisation_id=organisation_id)
    return rows.where(CohortMembership.from_on > day).order_by(CohortMembership.from_on)


def lock_cohort(session: Session, cohort_id: int) -> Cohort:
    """The cohort as it is now; whoever else changes who is in it waits until the transaction is over."""
    return session.get_one(Cohort, cohort_id, with_for_update=True, populate_existing=True)


def place_in_network(session: Session, *, network_id: int, organisation_id: int, from_on: date) -> NetworkMembership:
    """Makes the organisation a member from that day on; one that is a member on that day already stays as it is."""
    there = session.scalar(
        _covering(NetworkMembership, organisation_id, from_on).where(NetworkMembership.network_id == network_id)
    )
    return there or _added(
        session, NetworkMembership(network_id=network_id, organisation_id=organisation_id, from_on=from_on)
    )


def _covering(membership: type[M], organisation_id: int, day: date) -> sa.Select[M]:
    return sa.select(membership).where(membership.organisation_id == organisation_id, covers(membership, day))


def _added(session: Session, membership: M) -> M:
    session.add(membership)
    session.flush()
    return membership
