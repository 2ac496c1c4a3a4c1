"""Who was a member of what on which day, with organisations that were merged told as the one they became."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.rules import ClauseKind
from eventsys.obligations.gatherings import Clause, Duty, Gathering
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import CohortMembership, Network, NetworkMembership
from eventsys.programmes.rules import MembershipStatus


class Span(NamedTuple):
    """That an organisation belonged to something from a day to a day, inclusive."""

    organisation_id: int
    from_on: date
    to_on: date | None


@dataclass(slots=True)
class Members:
    """The memberships that obligations ask about, by what an organisation has become."""

    became: dict[int, int]
    cohorts: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    networks: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    networks_of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    known: dict[tuple[str, int, frozenset[date]], frozenset[int]] = field(default_factory=dict)

    def now(self, organisation_id: int) -> int:
        """The organisation that this one has become."""
        return self.became.get(organisation_id, organisation_id)

    def before(self, organisation_ids: Collection[int]) -> set[int]:
        """These organisations and all that have become one of them."""
        return {*organisation_ids, *(one for one, now in self.became.items() if now in organisation_ids)}

    def of_period(self, cohort_id: int, first_on: date, last_on: date) -> list[int]:
        """All that were members on some day of a period."""
        inside = (
            span.organisation_id
            for span in self.cohorts[cohort_id]
            if span.from_on <= last_on and (span.to_on is None or span.to_on >= first_on)
        )
        return list(dict.fromkeys(inside))

    def asked(self, duty: Duty, gathering: Gathering, today: date) -> set[int]:
        """Who of the obligation's cohort a gathering is for, as of its own days."""
        days = _days_of(duty, gathering, today)
        cohort = set(self._in_cohort(duty.row.cohort_id, days))
        if not gathering.clauses:
            return cohort
        meant: set[int] = set()
        for clause in gathering.clauses:
            meant.update(self._meant(clause, days))
        return cohort & meant

    def _meant(self, clause: Clause, days: frozenset[date]) -> Collection[int]:
        if clause.kind is ClauseKind.COHORT and clause.cohort_id is not None:
            return self._in_cohort(clause.cohort_id, days)
        if clause.kind is ClauseKind.NETWORK and clause.network_id is not None:
            return self._in_network(clause.network_id, days)
        if clause.kind is ClauseKind.ANY_NETWORK and clause.programme_id is not None:
            return frozenset().union(*(self._in_network(one, days) for one in self.networks_of[clause.programme_id]))
        if clause.kind is ClauseKind.ORGANISATION and clause.organisation_id is not None:
            return {self.now(clause.organisation_id)}
        return ()

    def _in_cohort(self, cohort_id: int, days: frozenset[date]) -> frozenset[int]:
        return self._on("cohort", cohort_id, self.cohorts[cohort_id], days)

    def _in_network(self, network_id: int, days: frozenset[date]) -> frozenset[int]:
        return self._on("network", network_id, self.networks[network_id], days)

    def _on(self, kind: str, number: int, spans: Iterable[Span], days: frozenset[date]) -> frozenset[int]:
        """Who belonged to something on one of the days, worked out once."""
        key = (kind, number, days)
        if key not in self.known:
            self.known[key] = frozenset(
                organisation_id
                for day in days
                for organisation_id, from_on, to_on in spans
                if from_on <= day and (to_on is None or to_on >= day)
            )
        return self.known[key]


def _days_of(duty: Duty, gathering: Gathering, today: date) -> frozenset[date]:
    """The days on which one is to be a member: the first of each time, or today, within the period, of what has none."""
    today = min(max(today, duty.row.first_on), duty.row.last_on)
    return frozenset(time.first_on if time.first_on is not None else today for time in gathering.times)


def read_members(session: Session, duties: Sequence[Duty], gatherings: Iterable[Gathering]) -> Members:
    clauses = [clause for one in gatherings for clause in one.clauses]
    cohorts = {duty.row.cohort_id for duty in duties} | {one.cohort_id for one in clauses if one.cohort_id}
    programmes = {duty.row.programme_id for duty in duties} | {one.programme_id for one in clauses if one.programme_id}
    found = Members(read_successors(session))
    in_cohorts = sa.select(
        CohortMembership.cohort_id, CohortMembership.organisation_id, CohortMembership.from_on, CohortMembership.to_on
    ).where(CohortMembership.cohort_id.in_(cohorts), CohortMembership.status != MembershipStatus.PAUSED)
    for cohort_id, organisation_id, from_on, to_on in session.execute(in_cohorts):
        found.cohorts[cohort_id].append(Span(found.now(organisation_id), from_on, to_on))
    in_networks = (
        sa.select(
            Network.programme_id, Network.id, NetworkMembership.organisation_id, NetworkMembership.from_on,
            NetworkMembership.to_on,
        )
        .join(NetworkMembership, NetworkMembership.network_id == Network.id)
        .where(sa.or_(Network.programme_id.in_(programmes), Network.id.in_([one.network_id for one in clauses])))
    )  # fmt: skip
    for programme_id, network_id, organisation_id, from_on, to_on in session.execute(in_networks):
        found.networks[network_id].append(Span(found.now(organisation_id), from_on, to_on))
        if network_id not in found.networks_of[programme_id]:
            found.networks_of[programme_id].append(network_id)
    return found


def read_successors(session: Session) -> dict[int, int]:
    """What each organisation that was merged has become in the end."""
    statement = sa.select(Organisation.id, Organisation.successor_id).where(Organisation.successor_id.is_not(None))
    after: dict[int, int] = {one: successor for one, successor in session.execute(statement) if successor is not None}
    return {one: _follow(after, one) for one in after}


def _follow(after: dict[int, int], one: int) -> int:
    seen = {one}
    while one in after and after[one] not in seen:
        one = after[one]
        seen.add(one)
    return one
