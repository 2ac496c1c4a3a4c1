"""Whom an event is for, as an audience: its clauses turned into those that people are found by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from eventsys.audiences.rules import Clause, Condition, Kind
from eventsys.events.models import EventClause
from eventsys.events.rules import ClauseKind


def make_clauses(rows: Sequence[EventClause], networks: Mapping[int, Sequence[int]]) -> tuple[Clause, ...]:
    """An event's clauses as an audience's; `networks` are those of each programme. None for an event for everybody."""
    return tuple(clause for row in rows for clause in _make(row, networks))


def _make(row: EventClause, networks: Mapping[int, Sequence[int]]) -> Iterator[Clause]:
    said = _of(row, networks)
    if said is None:
        return
    is_role = row.role is not None and said.kind not in (Kind.UNION, Kind.GROUP)
    role = (Condition(kind=Kind.ROLE, words=(row.role.value,)),) if is_role and row.role else ()
    yield Clause(conditions=(said, *role))


def _of(row: EventClause, networks: Mapping[int, Sequence[int]]) -> Condition | None:
    if row.kind is ClauseKind.COHORT and row.cohort_id:
        return Condition(kind=Kind.COHORT, ids=(row.cohort_id,))
    if row.kind is ClauseKind.NETWORK and row.network_id:
        return Condition(kind=Kind.NETWORK, ids=(row.network_id,))
    if row.kind is ClauseKind.ANY_NETWORK and row.programme_id:
        ids = tuple(networks.get(row.programme_id, ()))
        return Condition(kind=Kind.NETWORK, ids=ids) if ids else None
    if row.kind is ClauseKind.GROUP and row.group_id:
        return Condition(kind=Kind.GROUP, ids=(row.group_id,))
    if row.organisation_id is None:
        return None
    kind = Kind.UNION if row.kind is ClauseKind.REPRESENTATIVES else Kind.ORGANISATION
    return Condition(kind=kind, ids=(row.organisation_id,))
