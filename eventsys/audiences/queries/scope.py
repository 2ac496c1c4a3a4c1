"""What an organiser may aim at, as conditions: its own programmes and those granted to it, its groups, its unions.

What is not in scope matches nobody, whoever asks: a saved audience loses its people with the grant.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventsys.events.models import Event
from eventsys.organisations.models import Organisation
from eventsys.organisations.representatives.queries import select_own_unions
from eventsys.programmes.grants.queries import select_programmes
from eventsys.programmes.models import Cohort, CohortMembership, Group, Network, NetworkMembership, Programme
from eventsys.programmes.queries import lasts

Ids = sa.Select[Any]


def programmes(organiser_id: int) -> Ids:
    return select_programmes(organiser_id)


def cohorts(organiser_id: int) -> Ids:
    one = aliased(Cohort)
    return sa.select(one.id).where(one.programme_id.in_(programmes(organiser_id)))


def networks(organiser_id: int) -> Ids:
    """Those of its programmes, and those whose adviser it is."""
    one = aliased(Network)
    mine = sa.or_(one.organiser_id == organiser_id, one.programme_id.in_(programmes(organiser_id)))
    return sa.select(one.id).where(mine)


def groups(organiser_id: int) -> Ids:
    """Its own, and those of its own programmes. A grant opens no group: its members are there by name."""
    one, programme = aliased(Group), aliased(Programme)
    own = sa.select(programme.id).where(programme.organiser_id == organiser_id)
    return sa.select(one.id).where(sa.or_(one.organiser_id == organiser_id, one.programme_id.in_(own)))


def unions(organiser_id: int) -> Ids:
    return select_own_unions(organiser_id)


def events(organiser_id: int) -> Ids:
    one = aliased(Event)
    return sa.select(one.id).where(one.organiser_id == organiser_id)


def organisations(organiser_id: int, on: date) -> sa.CompoundSelect[Any]:
    """The organisations whose people it may know: members of what it may aim at on that day, itself and its unions."""
    in_cohorts = sa.select(CohortMembership.organisation_id).where(
        CohortMembership.cohort_id.in_(cohorts(organiser_id)), lasts(CohortMembership, on)
    )
    in_networks = sa.select(NetworkMembership.organisation_id).where(
        NetworkMembership.network_id.in_(networks(organiser_id)), lasts(NetworkMembership, on)
    )
    one = aliased(Organisation)
    itself = sa.select(one.id).where(one.organiser_id == organiser_id)
    return sa.union_all(in_cohorts, in_networks, itself, unions(organiser_id))
