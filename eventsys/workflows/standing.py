"""Reads how rules, events and runs stand, as the values that the timetable is made of; columns alone, for thousands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, EventChange, Run
from eventsys.events.rules import DATED, ChangeKind, EventStatus, EventType, RunStatus
from eventsys.extensions import AnyRow
from eventsys.organisers.models import Organiser
from eventsys.workflows.models import Occasion, Rule
from eventsys.workflows.rulebook import distance, reaches
from eventsys.workflows.rules import TIMED, OccasionState, Trigger, Unit
from eventsys.workflows.timetable import EventTimes, RunTimes, Wish

LONGEST_BACK = timedelta(days=60)
DAYS_OF = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.WORKING_DAYS: 3}
"""How many days a unit is at most, public holidays in a row included."""


class Standing(NamedTuple):
    """An event, what its rules of time are, and its runs. Nothing is wanted of one that is not published."""

    id: int
    status: EventStatus
    times: EventTimes
    wishes: tuple[Wish, ...]
    runs: tuple[RunTimes, ...]


def read_standings(session: Session, event_ids: Sequence[int]) -> list[Standing]:
    """These events by id, in three statements. No second planner has them until the transaction ends."""
    statement = _events().where(among(Event.id, event_ids))
    return _around(session, session.execute(statement.with_for_update(of=Event, key_share=True)).all())


def read_open(session: Session, *, now: datetime) -> list[Standing]:
    """The events for which a rule can want anything that is not long past, and those with something planned; no lock."""
    return _around(session, session.execute(_events().where(_is_open(session, now=now))).all())


def among(column: Any, ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """Whether it is one of these. They are written into the statement: there may be more than it can have parameters."""
    found: sa.ColumnElement[bool] = column.in_(
        sa.bindparam(None, ids, sa.Integer(), expanding=True, literal_execute=True)
    )
    return found


def _around(session: Session, events: Sequence[AnyRow]) -> list[Standing]:
    event_ids = [event.id for event in events]
    runs = _read_runs(session, event_ids)
    wishes = _read_wishes(session, events, event_ids)
    found = []
    for event_id, _organiser_id, _type, status, closes_on, names_by, timezone, shown_at in events:
        times = EventTimes(closes_on, names_by, timezone, shown_at)
        of_event = tuple(
            RunTimes(run_id, starts or first_on, ends or last_on, zone, max(created_at, shown_at))
            for run_id, starts, ends, first_on, last_on, zone, created_at in runs.get(event_id, ())
        )
        found.append(Standing(event_id, status, times, wishes[event_id], of_event))
    return found


def _events() -> sa.Select[*tuple[Any, ...]]:
    published = (
        sa.select(sa.func.max(EventChange.at))
        .where(EventChange.event_id == Event.id, EventChange.kind == ChangeKind.PUBLISHED)
        .correlate(Event)
        .scalar_subquery()
    )
    return (
        sa.select(
            Event.id,
            Event.organiser_id,
            Event.type,
            Event.status,
            Event.closes_on,
            sa.func.coalesce(Event.names_by, Event.closes_on),
            Organiser.timezone,
            sa.func.coalesce(published, Event.created_at),
        )
        .join(Organiser, Organiser.id == Event.organiser_id)
        .order_by(Event.id)
    )


def _read_runs(session: Session, event_ids: Sequence[int]) -> dict[int, list[Sequence[Any]]]:
    is_dated = Run.precision.in_(DATED)
    columns: tuple[Any, ...] = (
        Run.event_id,
        Run.id,
        sa.case((is_dated, Run.starts_local)),
        sa.case((is_dated, Run.ends_local)),
        sa.case((is_dated, Run.first_on)),
        sa.case((is_dated, Run.last_on)),
        Run.timezone,
        Run.created_at,
    )
    rows = session.execute(
        sa.select(*columns).where(among(Run.event_id, event_ids), Run.status != RunStatus.CANCELLED).order_by(Run.id)
    )
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for event_id, *run in rows:
        found[event_id].append(run)
    return found


# --- rules ----------------------------------------------------------------------------------------------------------


def _read_wishes(session: Session, events: Iterable[AnyRow], event_ids: Sequence[int]) -> dict[int, tuple[Wish, ...]]:
    """The rules of time that count for each event and are on. Events without rules of their own share one answer."""
    by_organiser: dict[int, list[AnyRow]] = defaultdict(list)
    by_event: dict[int, list[AnyRow]] = defaultdict(list)
    for rule in session.execute(_rules(event_ids)):
        if rule.event_id is None:
            by_organiser[rule.organiser_id].append(rule)
        else:
            by_event[rule.event_id].append(rule)
    shared: dict[tuple[int, EventType], tuple[Wish, ...]] = {}
    found = {}
    for event in events:
        whose = (event.organiser_id, event.type)
        wide = by_organiser[event.organiser_id]
        if event.id in by_event:
            found[event.id] = list_wishes([*wide, *by_event[event.id]], event_id=event.id, event_type=event.type)
        elif whose in shared:
            found[event.id] = shared[whose]
        else:
            found[event.id] = shared[whose] = list_wishes(wide, event_id=event.id, event_type=event.type)
    return found


def _rules(event_ids: Sequence[int]) -> sa.Select[*tuple[Any, ...]]:
    """With those that were removed: what they hid counts from then on."""
    return (
        sa.select(
            Rule.id,
            Rule.organiser_id,
            Rule.event_type,
            Rule.event_id,
            Rule.key,
            Rule.trigger,
            Rule.anchor,
            Rule.offset_units,
            Rule.unit,
            Rule.clock_time,
            Rule.at_local,
            Rule.run_id,
            Rule.enabled_at,
            Rule.removed_at,
        )
        .where(sa.or_(Rule.event_id.is_(None), among(Rule.event_id, event_ids)))
        .order_by(Rule.id)
    )


def list_wishes(rules: Iterable[AnyRow], *, event_id: int, event_type: EventType) -> tuple[Wish, ...]:
    """Of the rules that reach the event the nearest of each key, if it is one of time and on.

    Where a nearer one was removed, the farther counts from that moment and not from before.
    """
    nearest: dict[str, AnyRow] = {}
    removed: dict[str, list[AnyRow]] = defaultdict(list)
    for rule in rules:
        if not reaches(rule, event_id=event_id, event_type=event_type):
            continue
        if rule.removed_at is not None:
            removed[rule.key].append(rule)
        elif rule.key not in nearest or distance(rule) < distance(nearest[rule.key]):
            nearest[rule.key] = rule
    return tuple(
        _wish(rule, [gone.removed_at for gone in removed[key] if distance(gone) < distance(rule)])
        for key, rule in nearest.items()
        if rule.trigger in TIMED and rule.enabled_at is not None
    )


def _wish(rule: AnyRow, hidden_until: list[datetime]) -> Wish:
    return Wish(
        rule_id=rule.id,
        anchor=rule.anchor.value if rule.anchor else None,
        offset=rule.offset_units or 0,
        unit=rule.unit.value if rule.unit else None,
        clock_time=rule.clock_time,
        at_local=rule.at_local,
        run_id=rule.run_id,
        since=max(rule.enabled_at, *hidden_until) if hidden_until else rule.enabled_at,
    )


# --- which events ---------------------------------------------------------------------------------------------------


def _is_open(session: Session, *, now: datetime) -> sa.ColumnElement[bool]:
    back = (now - LONGEST_BACK - _find_longest(session)).date()
    ahead = sa.select(Run.event_id).where(Run.last_on >= back)
    of_a_day = sa.select(Rule.event_id).where(
        Rule.trigger == Trigger.ABSOLUTE, Rule.enabled_at.is_not(None), Rule.at_local >= datetime.combine(back, time())
    )
    can_want = sa.or_(Event.id.in_(ahead), Event.closes_on >= back, Event.names_by >= back, Event.id.in_(of_a_day))
    planned = sa.select(Occasion.event_id).where(Occasion.state == OccasionState.PLANNED)
    return sa.or_(sa.and_(Event.status == EventStatus.PUBLISHED, can_want), Event.id.in_(planned))


def _find_longest(session: Session) -> timedelta:
    """How long after a run the latest rule fires."""
    by_unit = sa.case(*((Rule.unit == unit, days) for unit, days in DAYS_OF.items()), else_=1)
    longest = sa.select(sa.func.max(Rule.offset_units * by_unit)).where(Rule.enabled_at.is_not(None))
    return timedelta(days=min(max(session.scalar(longest) or 0, 0), 3650))
