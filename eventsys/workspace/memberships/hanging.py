"""What hangs on a programme, a cohort or a network, in counts: as long as there is anything, it is not taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.rules import Kind
from eventsys.events.models import Event, EventClause, Series
from eventsys.invitations.models import InvitationRound
from eventsys.obligations.models import Obligation
from eventsys.programmes.models import (
    Call,
    Cohort,
    CohortMembership,
    Group,
    Intake,
    Network,
    NetworkMembership,
    Programme,
    Project,
)
from eventsys.registrations.models import Quota
from eventsys.visits.models import Visit
from eventsys.workflows.models import Rule

KINDS: dict[type[Any], Kind] = {Programme: Kind.PROGRAMME, Cohort: Kind.COHORT, Network: Kind.NETWORK}
AIMING = (AudienceRecord, Rule, Call, InvitationRound)
"""What keeps clauses as a document, which no foreign key looks into."""


def count_hanging(session: Session, row: Programme | Cohort | Network) -> dict[str, int]:
    """How many of each, by name; what there is none of is left out. Events of every organiser count."""
    found = session.execute(sa.select(*(count.scalar_subquery().label(name) for name, count in _counts(row).items())))
    counts = dict(found.one()._mapping) | {"audiences": _count_aiming(session, row)}
    return {name: count for name, count in counts.items() if count}


def _counts(row: Programme | Cohort | Network) -> Mapping[str, sa.Select[int]]:
    if isinstance(row, Programme):
        tables: dict[str, Any] = {
            "cohorts": Cohort, "networks": Network, "calls": Call, "obligations": Obligation, "projects": Project,
            "series": Series, "groups": Group, "visits": Visit,
        }  # fmt: skip
        of = {name: _count(table.programme_id == row.id) for name, table in tables.items()}
        meant = sa.select(EventClause.event_id).where(EventClause.programme_id == row.id)
        return {**of, "events": _count(sa.or_(Event.programme_id == row.id, Event.id.in_(meant)))}
    if isinstance(row, Cohort):
        tables = {
            "members": CohortMembership, "events": EventClause, "series": Series, "intakes": Intake,
            "obligations": Obligation, "quotas": Quota,
        }  # fmt: skip
        return {name: _count(table.cohort_id == row.id) for name, table in tables.items()}
    tables = {"members": NetworkMembership, "events": EventClause}
    return {name: _count(table.network_id == row.id) for name, table in tables.items()}


def _count(condition: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(sa.func.count()).where(condition)


def _count_aiming(session: Session, row: Programme | Cohort | Network) -> int:
    """Audiences, mail and invitations that are for it, or for everybody but it."""
    kind = KINDS[type(row)]
    kept = (clauses for table in AIMING for clauses in session.scalars(_select_clauses(table, kind)))
    return sum(_names(clauses or (), kind, row.id) for clauses in kept)


def _select_clauses(table: type[Any], kind: Kind) -> sa.Select[Any]:
    rows = sa.select(table.clauses).where(sa.cast(table.clauses, sa.String()).contains(f'"{kind.value}"'))
    return rows.where(table.removed_at.is_(None)) if table is Rule else rows


def _names(clauses: Iterable[Mapping[str, Any]], kind: Kind, one: int) -> bool:
    conditions = (condition for clause in clauses for condition in clause.get("conditions", ()))
    return any(each.get("kind") == kind.value and one in each.get("ids", ()) for each in conditions)
