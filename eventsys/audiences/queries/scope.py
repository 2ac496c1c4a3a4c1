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
from eventsys.organisations.rules import OrganisationKind
from eventsys.programmes.models import (
    Cohort,
    CohortMembership,
    Group,
    Network,
    NetworkMembership,
    Programme,
    ProgrammeGrant,
)
from eventsys.programmes.queries import lasts

Ids = sa.Select[Any]


def programmes(organiser_id: int) -> Ids:
    """The ids of the organiser's own programmes and of those that are granted to it."""
    one = aliased(Programme)
    granted = sa.select(ProgrammeGrant.programme_id).where(ProgrammeGrant.organiser_id == organiser_id)
    return sa.select(one.id).where(sa.or_(one.organiser_id == organiser_id, one.id.in_(granted)))


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
    """The unions whose representatives it may know: its own, and those of its confederation."""
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
