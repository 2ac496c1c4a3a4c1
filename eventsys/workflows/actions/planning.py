"""The table of occasions made equal to what the rules want of the runs. Called whenever either has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, EventChange, Run
from eventsys.events.rules import DATED, ChangeKind, EventStatus, RunStatus
from eventsys.workflows.models import Occasion, Rule
from eventsys.workflows.rules import (
    Happened,
    OccasionState,
    Relative,
    Step,
    Trigger,
    decide_moment,
    decide_step,
)

LONGEST_BACK = timedelta(days=60)


class _Pair(NamedTuple):
    """A rule and a run that it may fire for. `shown_at` is when people could first know of the run."""

    rule: Rule
    run: Run
    event: Event
    shown_at: datetime
    newest: Occasion | None


def plan(session: Session, run_ids: Sequence[int] | None = None, *, now: datetime) -> int:
    """Adds, moves and drops occasions of these runs, or of all that are not long over; how many it changed.

    Planning again changes nothing. What has fired stays fired, and fires again only when it moves to the future.
    """
    changed = 0
    for pair in list(_pairs(session, run_ids, now)):
        changed += _apply(session, pair, now)
    session.flush()
    return changed


def _pairs(session: Session, run_ids: Sequence[int] | None, now: datetime) -> Iterator[_Pair]:
    runs = session.execute(_runs(run_ids, now)).all()
    organisers = {event.organiser_id for _run, event, _shown_at in runs}
    rules = session.scalars(
        sa.select(Rule).where(Rule.organiser_id.in_(organisers), Rule.trigger == Trigger.RELATIVE).order_by(Rule.id)
    ).all()
    newest = _newest(session, [run.id for run, _event, _shown_at in runs])
    for run, event, shown_at in runs:
        for rule in rules:
            if rule.organiser_id == event.organiser_id:
                yield _Pair(rule, run, event, shown_at, newest.get((rule.id, run.id)))


def _runs(run_ids: Sequence[int] | None, now: datetime) -> sa.Select[Run, Event, datetime]:
    """The runs with their events and when each was first shown, locked in one order against a second planner."""
    published = (
        sa.select(sa.func.max(EventChange.at))
        .where(EventChange.event_id == Event.id, EventChange.kind == ChangeKind.PUBLISHED)
        .scalar_subquery()
    )
    statement = (
        sa.select(Run, Event, sa.func.coalesce(published, Event.created_at))
        .join(Event, Event.id == Run.event_id)
        .order_by(Run.id)
        .with_for_update(of=Run, key_share=True)
        .execution_options(populate_existing=True)
    )
    if run_ids is not None:
        return statement.where(Run.id.in_(run_ids))
    open_ones = sa.select(Occasion.run_id).where(Occasion.state == OccasionState.PLANNED)
    return statement.where(sa.or_(Run.last_on >= (now - LONGEST_BACK).date(), Run.id.in_(open_ones)))


def _newest(session: Session, run_ids: Sequence[int]) -> dict[tuple[int, int], Occasion]:
    rows = session.scalars(
        sa.select(Occasion)
        .where(Occasion.run_id.in_(run_ids))
        .order_by(Occasion.generation)
        .execution_options(populate_existing=True)
    )
    return {(occasion.rule_id, occasion.run_id): occasion for occasion in rows if occasion.run_id is not None}


def _apply(session: Session, pair: _Pair, now: datetime) -> bool:
    rule, run, _event, shown_at, newest = pair
    why_not = _why_not(pair)
    wanted = None if why_not else _wanted(rule, run)
    not_before = max(rule.enabled_at or now, shown_at, run.created_at)
    happened = Happened(newest.generation, newest.due_at, newest.state) if newest else None
    step = decide_step(wanted, happened, not_before=not_before, now=now)
    if step is Step.ADD and wanted is not None:
        generation = newest.generation + 1 if newest else 0
        session.add(
            Occasion(rule_id=rule.id, event_id=run.event_id, run_id=run.id, generation=generation, due_at=wanted)
        )
    elif step is Step.MOVE and newest is not None and wanted is not None:
        newest.due_at, newest.state, newest.why = wanted, OccasionState.PLANNED, None
    elif step is Step.DROP and newest is not None:
        newest.state, newest.why = OccasionState.DROPPED, why_not or "its new time had passed"
    return step is not Step.NOTHING


def _why_not(pair: _Pair) -> str | None:
    """Why the rule has no moment for the run, for the organiser to read."""
    if pair.rule.enabled_at is None:
        return "the rule was switched off"
    if pair.run.status is RunStatus.CANCELLED or pair.event.status is EventStatus.CANCELLED:
        return "the event was called off"
    if pair.event.status is not EventStatus.PUBLISHED:
        return "the event is not published"
    return None if pair.run.precision in DATED else "the day is not set"


def _wanted(rule: Rule, run: Run) -> datetime | None:
    assert rule.anchor is not None
    assert rule.unit is not None
    assert rule.offset_units is not None
    starts, ends = run.starts_local or run.first_on, run.ends_local or run.last_on
    assert starts is not None
    assert ends is not None
    relative = Relative(rule.anchor, rule.offset_units, rule.unit, rule.clock_time)
    return decide_moment(relative, starts, ends, run.timezone)
