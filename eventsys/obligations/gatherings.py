"""Reads which gatherings an obligation is about, and whom each of them is for. A few statements, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, EventClause, Run
from eventsys.events.rules import ClauseKind, EventStatus, EventType, Precision, RunStatus
from eventsys.extensions import AnyRow
from eventsys.obligations.models import Obligation, ObligationSide
from eventsys.obligations.rules import SIDES_ASKED, Time
from eventsys.programmes.models import Network, ProgrammeGrant
from eventsys.registrations.rules import Side

EXACT = (Precision.EXACT, Precision.DAYS)
"""Where the days themselves are known."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One of the ways to be meant by a gathering."""

    kind: ClauseKind
    cohort_id: int | None
    network_id: int | None
    programme_id: int | None
    organisation_id: int | None


@dataclass(frozen=True, slots=True)
class Gathering:
    """An event that somebody promised to come to: its times that go, and whom it is for; everybody without a clause."""

    event_id: int
    organiser_id: int
    slug: str
    title: dict[str, str]
    type: EventType
    series_id: int | None
    closes_on: date | None
    is_draft: bool
    times: tuple[Time, ...]
    spans: tuple[tuple[date | None, date | None], ...]
    clauses: tuple[Clause, ...]

    @property
    def first_on(self) -> date | None:
        return min((first for first, _last in self.spans if first is not None), default=None)

    @property
    def is_exact(self) -> bool:
        return all(time.last_on is not None for time in self.times)

    @property
    def order(self) -> tuple[bool, date, int]:
        return (self.first_on is None, self.first_on or date.max, self.event_id)


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation with the sides it asks for, in order."""

    id: int
    row: Obligation
    sides: tuple[Side, ...]

    def is_about(self, gathering: Gathering, organisers: Collection[int], networks: Collection[int]) -> bool:
        """Whether a gathering counts: of its series, or of its type for its cohort; within its period, or without a day."""
        if not any(self._is_within(first, last) for first, last in gathering.spans):
            return False
        if self.row.series_id is not None:
            return gathering.series_id == self.row.series_id
        if gathering.type is not self.row.event_type or gathering.organiser_id not in organisers:
            return False
        return any(self._names(clause, networks) for clause in gathering.clauses)

    def _is_within(self, first: date | None, last: date | None) -> bool:
        return first is None or last is None or (first <= self.row.last_on and last >= self.row.first_on)

    def _names(self, clause: Clause, networks: Collection[int]) -> bool:
        if clause.kind is ClauseKind.COHORT:
            return clause.cohort_id == self.row.cohort_id
        if clause.kind is ClauseKind.NETWORK:
            return clause.network_id in networks
        return clause.kind is ClauseKind.ANY_NETWORK and clause.programme_id == self.row.programme_id


def read_duties(session: Session, rows: Sequence[Obligation]) -> list[Duty]:
    statement = sa.select(ObligationSide).where(ObligationSide.obligation_id.in_([row.id for row in rows]))
    sides: dict[int, set[Side]] = defaultdict(set)
    for one in session.scalars(statement):
        sides[one.obligation_id].add(one.side)
    return [Duty(row.id, row, tuple(side for side in SIDES_ASKED if side in sides[row.id])) for row in rows]


def list_gatherings(session: Session, duties: Sequence[Duty]) -> dict[int, list[Gathering]]:
    """By obligation, in order of time. What is cancelled or closed is no gathering; drafts are told apart."""
    found = _read_events(session, duties)
    organisers, networks = _read_arranging(session, duties)
    return {
        duty.id: [one for one in found if duty.is_about(one, organisers[duty.id], networks[duty.row.programme_id])]
        for duty in duties
    }


def _read_events(session: Session, duties: Sequence[Duty]) -> list[Gathering]:
    series = {duty.row.series_id for duty in duties if duty.row.series_id is not None}
    types = {duty.row.event_type for duty in duties if duty.row.event_type is not None}
    wanted = sa.or_(Event.series_id.in_(series), Event.type.in_(types))
    columns: tuple[Any, ...] = (
        Event.id, Event.organiser_id, Event.slug, Event.title, Event.type, Event.series_id, Event.closes_on, Event.status,
        Run.id.label("run_id"), Run.precision, Run.first_on, Run.last_on, Run.attendance_at,
    )  # fmt: skip
    statement = (
        sa.select(*columns)
        .join(Run, Run.event_id == Event.id)
        .where(wanted, Event.status != EventStatus.CANCELLED, Run.status == RunStatus.PLANNED)
        .where(sa.not_(Event.is_closed))
        .order_by(Run.sort_at, Run.id)
    )
    rows: dict[int, list[AnyRow]] = defaultdict(list)
    for row in session.execute(statement):
        rows[row.id].append(row)
    clauses = _read_clauses(session, wanted)
    return sorted((_gather(runs, clauses[one]) for one, runs in rows.items()), key=lambda one: one.order)


def _gather(rows: Sequence[AnyRow], clauses: Sequence[Clause]) -> Gathering:
    event = rows[0]
    return Gathering(
        event.id, event.organiser_id, event.slug, event.title, event.type, event.series_id, event.closes_on,
        event.status is EventStatus.DRAFT,
        tuple(_time(row) for row in rows), tuple((row.first_on, row.last_on) for row in rows), tuple(clauses),
    )  # fmt: skip


def _time(row: AnyRow) -> Time:
    is_exact = row.precision in EXACT
    return Time(
        row.run_id, row.first_on if is_exact else None, row.last_on if is_exact else None, row.attendance_at is not None
    )


def _read_clauses(session: Session, wanted: sa.ColumnElement[bool]) -> dict[int, list[Clause]]:
    one = EventClause
    columns: tuple[Any, ...] = (one.kind, one.cohort_id, one.network_id, one.programme_id, one.organisation_id)
    statement = sa.select(one.event_id, *columns).join(Event, Event.id == one.event_id).where(wanted).order_by(one.id)
    found: dict[int, list[Clause]] = defaultdict(list)
    for row in session.execute(statement):
        found[row[0]].append(Clause(*row[1:]))
    return found


def _read_arranging(session: Session, duties: Sequence[Duty]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Whose events of a type count for each obligation: its organiser's, those of who was let into the programme and of
    the advisers of its networks; and the networks of each programme."""
    programmes = {duty.row.programme_id for duty in duties}
    organisers: dict[int, set[int]] = defaultdict(set)
    networks: dict[int, set[int]] = defaultdict(set)
    grants = sa.select(ProgrammeGrant.programme_id, ProgrammeGrant.organiser_id)
    for programme_id, organiser_id in session.execute(grants.where(ProgrammeGrant.programme_id.in_(programmes))):
        organisers[programme_id].add(organiser_id)
    statement = sa.select(Network).where(Network.programme_id.in_(programmes))
    for network in session.scalars(statement):
        networks[network.programme_id].add(network.id)
        if network.organiser_id is not None:
            organisers[network.programme_id].add(network.organiser_id)
    return {duty.id: organisers[duty.row.programme_id] | {duty.row.organiser_id} for duty in duties}, networks
