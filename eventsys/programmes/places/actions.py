"""Verbs on the places of organisations in cohorts and networks: ending one, and passing them on to a successor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.programmes.models import CohortMembership, GroupMembership, NetworkMembership
from eventsys.programmes.queries import covers, goes_on
from eventsys.programmes.rules import MembershipStatus

Place = CohortMembership | NetworkMembership
A_DAY = timedelta(days=1)


def end_place(
    session: Session, place: Place, *, on: date, status: MembershipStatus | None = None, reason: str = ""
) -> bool:
    """Out of it from that day; of a place in a cohort `status` and `reason` may say why, and a pause
    stays a pause. False when it has ended already. What began that day never was."""
    session.refresh(place, with_for_update=True)
    if place.to_on is not None and place.to_on < on:
        return False
    if place.from_on >= on:
        session.delete(place)
    else:
        place.to_on = on - A_DAY
        if isinstance(place, CohortMembership) and status is not None and place.status is not MembershipStatus.PAUSED:
            place.status, place.reason = status, reason
    session.flush()
    return True


def pass_on_places(session: Session, ended: Sequence[int], successor_id: int, *, on: date) -> int:
    """The successor is in every cohort and network that one of those ended was in on the day, from it on; how many.

    A ceiling refuses nobody who only takes over: of several places it needs one.
    """
    found: dict[tuple[type[Place], int], list[Place]] = {}
    for kind in (CohortMembership, NetworkMembership):
        for place in _list_going_on(session, kind, ended, on):
            found.setdefault(_where(place), []).append(place)
    for (kind, number), places in found.items():
        of = _of_successor(places, on)
        for place in places:
            end_place(session, place, on=on, status=MembershipStatus.MERGED)
        _take_over(session, kind, number, successor_id, of)
    return len(found)


def _where(place: Place) -> tuple[type[Place], int]:
    return type(place), place.cohort_id if isinstance(place, CohortMembership) else place.network_id


def _of_successor(places: Sequence[Place], on: date) -> dict[str, Any]:
    """What the successor's place is: from the first day of any of them to the last, as the best of them stands."""
    values: dict[str, Any] = {
        "from_on": min(max(on, place.from_on) for place in places),
        "to_on": None if any(place.to_on is None for place in places) else max(place.to_on or on for place in places),
    }
    cohort = [place for place in places if isinstance(place, CohortMembership)]
    if cohort:
        order = list(MembershipStatus)
        best = min(cohort, key=lambda place: (place.to_on is not None, order.index(place.status)))
        values |= {"status": best.status, "reason": best.reason}
    return values


def _take_over(session: Session, kind: type[Place], number: int, successor_id: int, of: dict[str, Any]) -> None:
    """Leaves the successor as it is where it has a place already."""
    where = {"cohort_id": number} if kind is CohortMembership else {"network_id": number}
    own = sa.select(kind).filter_by(organisation_id=successor_id, **where).where(covers(kind, of["from_on"]))
    if session.scalar(own) is None:
        session.add(kind(organisation_id=successor_id, **where, **of))
        session.flush()


def _list_going_on(
    session: Session, kind: type[CohortMembership] | type[NetworkMembership], organisation_ids: Sequence[int], on: date
) -> list[Place]:
    statement = sa.select(kind).where(kind.organisation_id.in_(organisation_ids), goes_on(kind, on))
    return list(session.scalars(statement.order_by(kind.id)))


def pass_on_members(session: Session, ended: Sequence[int], successor_id: int, *, on: date) -> None:
    """Who is in a group for one of those ended is in it for the successor."""
    session.execute(
        sa.update(GroupMembership)
        .where(GroupMembership.organisation_id.in_(ended), goes_on(GroupMembership, on))
        .values(organisation_id=successor_id)
        .execution_options(synchronize_session=False)
    )
