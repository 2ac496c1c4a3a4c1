"""The table of occasions made equal to what the rules want. Called whenever a rule, an event or a run has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from eventsys.dates import to_utc
from eventsys.events.models import Event, Run
from eventsys.events.rules import DATED, EventStatus, RunStatus
from eventsys.workflows.models import Occasion, Rule
from eventsys.workflows.rules import OF_EVENTS, Anchor, OccasionState
from eventsys.workflows.rules.moments import Happened, Step, decide_moment, decide_step
from eventsys.workflows.standing import Standing, among, read_open, read_standings
from eventsys.workflows.timetable import list_lines, list_wanted, read_relative

BATCH = 500
log = structlog.get_logger()
ALWAYS = datetime.min.replace(tzinfo=UTC)
OVER = (OccasionState.FIRED, OccasionState.MISSED)
IS_OFF, IS_REPLACED = "the rule was switched off", "another rule took its place"
IS_CALLED_OFF, IS_NOT_PUBLISHED = "the event was called off", "the event is not published"
HAS_NO_DAY, HAS_PASSED = "the day is not set", "its new time had passed"

Key = tuple[int, int | None]


class Moment(NamedTuple):
    """When a rule fires, and for which run; without one, for the whole event."""

    run: Run | None
    due_at: datetime


def moments(rule: Rule, event: Event, runs: Sequence[Run], *, timezone: str) -> list[Moment]:
    """When the rule would fire for the event if it were on and published, whether it is kept already or not.

    `timezone` is the organiser's: of deadlines and of dates. A run's own times are in its own.
    """
    meant = [run for run in runs if rule.run_id in (None, run.id) and run.status is not RunStatus.CANCELLED]
    relative = read_relative(rule)
    if relative is None:
        if rule.at_local is None:
            return []
        at = to_utc(rule.at_local, timezone)
        return [Moment(run, at) for run in meant] if rule.run_id is not None else [Moment(None, at)]
    if relative.anchor in OF_EVENTS:
        last_days = {"closes_on": event.closes_on, "names_by": event.names_by or event.closes_on}
        due = decide_moment(relative, None, None, timezone, **last_days)
        return [Moment(None, due)] if due else []
    dated = [run for run in meant if run.precision in DATED]
    found = [
        (run, decide_moment(relative, run.starts_local or run.first_on, run.ends_local or run.last_on, run.timezone))
        for run in dated
    ]
    return [Moment(run, due) for run, due in found if due]


# --- plan -----------------------------------------------------------------------------------------------------------


def plan(session: Session, run_ids: Sequence[int] | None = None, *, now: datetime) -> int:
    """Adds, moves and drops occasions of these runs' events, or of all that are not long over; how many it changed.

    Planning again changes nothing. What has fired stays fired, and fires again only when it moves to the future. An event
    that goes wrong stays as it is and stops no other.
    """
    if run_ids is None:
        return plan_events(session, find_unplanned(session, now=now), now=now)
    event_ids = session.scalars(sa.select(Run.event_id).where(Run.id.in_(run_ids)).distinct()).all()
    return plan_events(session, sorted(event_ids), now=now)


def plan_event(session: Session, event_id: int, *, now: datetime) -> int:
    """The same for one event."""
    return plan_events(session, [event_id], now=now)


def plan_events(session: Session, event_ids: Sequence[int], *, now: datetime) -> int:
    """The same for these events, whose ids are in order."""
    return sum(
        _plan_batch(session, list(event_ids[start : start + BATCH]), now=now)
        for start in range(0, len(event_ids), BATCH)
    )


def find_unplanned(session: Session, *, now: datetime) -> list[int]:
    """The events whose occasions may not be what the rules want: a quick look that takes no lock and misses none.

    What is planned must be wanted, and what is wanted planned or over.
    """
    standings = read_open(session, now=now)
    planned, over = _read_lines(session, [standing.id for standing in standings])
    found = []
    for standing in standings:
        is_shown = standing.status is EventStatus.PUBLISHED
        try:
            wanted = list_lines(standing.wishes, standing.times, standing.runs) if is_shown else frozenset()
        except Exception as error:
            log.error("an event could not be planned", event_id=standing.id, exc_info=error)
            continue
        there = planned.get(standing.id, frozenset())
        if not there <= wanted or not (wanted - there) <= over.get(standing.id, frozenset()):
            found.append(standing.id)
    return found


def _read_lines(session: Session, event_ids: Sequence[int]) -> tuple[dict[int, frozenset[str]], ...]:
    """What is planned and what is over, for each event as the lines that the timetable writes.

    The database puts an event's occasions together: ten thousand rows on their own took most of the time.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    due = (
        sa.func.to_char(sa.func.timezone("UTC", Occasion.due_at), "YYYY-MM-DD HH24:MI:SS.US")
        if is_postgresql
        else sa.type_coerce(Occasion.due_at, sa.String())
    )
    slash = sa.literal("/")
    run = sa.cast(sa.func.coalesce(Occasion.run_id, 0), sa.String())
    line = sa.cast(Occasion.rule_id, sa.String()) + slash + run + slash + due
    joined = sa.func.string_agg(line, ",") if is_postgresql else sa.func.group_concat(line, ",")
    rows = session.execute(
        sa.select(
            Occasion.event_id,
            joined.filter(Occasion.state == OccasionState.PLANNED),
            joined.filter(Occasion.state.in_(OVER)),
        )
        .where(among(Occasion.event_id, event_ids))
        .group_by(Occasion.event_id)
    ).all()
    return tuple({row[0]: frozenset(row[place].split(",")) for row in rows if row[place]} for place in (1, 2))


class _Newest(NamedTuple):
    id: int
    happened: Happened


@dataclass(slots=True)
class _Changes:
    """What is to be written: rows to add, and rows as they are to be."""

    added: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[dict[str, Any]] = field(default_factory=list)

    def take(self, event_id: int, key: Key, due: datetime | None, old: _Newest | None, step: Step) -> None:
        rule_id, run_id = key
        if step is Step.ADD:
            whose = {"rule_id": rule_id, "event_id": event_id, "run_id": run_id}
            generation = old.happened.generation + 1 if old else 0
            self.added.append({**whose, "generation": generation, "due_at": due, "state": OccasionState.PLANNED})
        elif old is not None and step is Step.MOVE:
            self.moved.append({"id": old.id, "due_at": due, "state": OccasionState.PLANNED, "why": None})
        elif old is not None and step is Step.DROP:
            why = HAS_PASSED if due else None
            self.dropped.append(
                {"id": old.id, "due_at": old.happened.due_at, "state": OccasionState.DROPPED, "why": why}
            )


def _plan_batch(session: Session, event_ids: list[int], *, now: datetime) -> int:
    standings = read_standings(session, event_ids)
    newest = _read_newest(session, event_ids)
    changes = _Changes()
    for standing in standings:
        try:
            wanted = _wanted(standing)
        except Exception as error:
            log.error("an event could not be planned", event_id=standing.id, exc_info=error)
            continue
        there = newest.get(standing.id, {})
        for key in [*wanted, *(key for key in there if key not in wanted)]:
            due, old = wanted.get(key), there.get(key)
            step = decide_step(due, old.happened if old else None, not_before=ALWAYS, now=now)
            changes.take(standing.id, key, due, old, step)
    _explain(session, [row for row in changes.dropped if row["why"] is None])
    if changes.added:
        session.execute(sa.insert(Occasion), changes.added)
    if changed := [*changes.moved, *changes.dropped]:
        session.execute(sa.update(Occasion), changed)
    return len(changes.added) + len(changed)


def _wanted(standing: Standing) -> dict[Key, datetime]:
    if standing.status is not EventStatus.PUBLISHED:
        return {}
    return {
        (one.rule_id, one.run_id): one.due_at for one in list_wanted(standing.wishes, standing.times, standing.runs)
    }


def _read_newest(session: Session, event_ids: list[int]) -> dict[int, dict[Key, _Newest]]:
    columns: tuple[Any, ...] = (Occasion.event_id, Occasion.rule_id, Occasion.run_id, Occasion.id)
    rows = session.execute(
        sa.select(*columns, Occasion.generation, Occasion.due_at, Occasion.state)
        .where(among(Occasion.event_id, event_ids))
        .order_by(Occasion.generation)
    )
    found: dict[int, dict[Key, _Newest]] = {}
    for event_id, rule_id, run_id, occasion_id, *happened in rows:
        found.setdefault(event_id, {})[rule_id, run_id] = _Newest(occasion_id, Happened(*happened))
    return found


def _explain(session: Session, dropped: Sequence[dict[str, Any]]) -> None:
    """Says why each of these has no moment any more, for the organiser to read."""
    if not dropped:
        return
    columns = (Occasion.id, Occasion.run_id, Rule.enabled_at, Rule.anchor, Event.status, Event.closes_on)
    rows = session.execute(
        sa.select(*columns, Event.names_by, Run.status.label("run_status"), Run.precision)
        .join(Rule, Rule.id == Occasion.rule_id)
        .join(Event, Event.id == Occasion.event_id)
        .outerjoin(Run, Run.id == Occasion.run_id)
        .where(Occasion.id.in_([row["id"] for row in dropped]))
    )
    whys = {row.id: _why(row) for row in rows}
    for row in dropped:
        row["why"] = whys[row["id"]]


def _why(row: Any) -> str:
    if row.enabled_at is None:
        return IS_OFF
    if row.run_status is RunStatus.CANCELLED or row.status is EventStatus.CANCELLED:
        return IS_CALLED_OFF
    if row.status is not EventStatus.PUBLISHED:
        return IS_NOT_PUBLISHED
    if row.anchor in OF_EVENTS and row.closes_on is None and (row.anchor is Anchor.DEADLINE or row.names_by is None):
        return HAS_NO_DAY
    if row.anchor is not None and row.run_id is not None and row.precision not in DATED:
        return HAS_NO_DAY
    return IS_REPLACED
