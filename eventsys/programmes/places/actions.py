"""Verbs on the places of organisations in cohorts and networks: ending one, and passing them on to a successor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.programmes.actions import place_in_cohort, place_in_network
from eventsys.programmes.models import CohortMembership, GroupMembership, NetworkMembership

Place = CohortMembership | NetworkMembership
A_DAY = timedelta(days=1)


def end_place(session: Session, place: Place, *, on: date) -> bool:
    """Out of it from that day. False when it has ended already. What began that day never was."""
    session.refresh(place, with_for_update=True)
    if place.to_on is not None and place.to_on < on:
        return False
    if place.from_on >= on:
        session.delete(place)
    else:
        place.to_on = on - A_DAY
    session.flush()
    return True


def pass_on_places(session: Session, ended: Sequence[int], successor_id: int, *, on: date) -> int:
    """The successor is in every cohort and network that one of those ended was in on the day, from it on; how many."""
    begins: dict[tuple[type[Place], int], date] = {}
    for place in [
        *_list_lasting(session, CohortMembership, ended, on),
        *_list_lasting(session, NetworkMembership, ended, on),
    ]:
        where = _where(place)
        begins[where] = min(begins.get(where, date.max), max(on, place.from_on))
        end_place(session, place, on=on)
    for (kind, number), first in begins.items():
        if kind is CohortMembership:
            place_in_cohort(session, cohort_id=number, organisation_id=successor_id, from_on=first)
        else:
            place_in_network(session, network_id=number, organisation_id=successor_id, from_on=first)
    return len(begins)


def _where(place: Place) -> tuple[type[Place], int]:
    return type(place), place.cohort_id if isinstance(place, CohortMembership) else place.network_id


def _list_lasting(
    session: Session, kind: type[CohortMembership] | type[NetworkMembership], organisation_ids: Sequence[int], on: date
) -> list[Place]:
    statement = sa.select(kind).where(
        kind.organisation_id.in_(organisation_ids), sa.or_(kind.to_on.is_(None), kind.to_on >= on)
    )
    return list(session.scalars(statement.order_by(kind.id)))


def pass_on_members(session: Session, ended: Sequence[int], successor_id: int, *, on: date) -> None:
    """Who is in a group for one of those ended is in it for the successor."""
    session.execute(
        sa.update(GroupMembership)
        .where(
            GroupMembership.organisation_id.in_(ended),
            sa.or_(GroupMembership.to_on.is_(None), GroupMembership.to_on >= on),
        )
        .values(organisation_id=successor_id)
        .execution_options(synchronize_session=False)
    )
