"""The verbs of runs: one more, moved in time or place, cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from eventsys.events import rules
from eventsys.events.actions.keeping import describe, keep, list_runs, record
from eventsys.events.bookings.actions import follow_run
from eventsys.events.models import Event, Run
from eventsys.events.rules import ChangeKind, RunFacts, RunStatus


def new_run(organiser_id: int, facts: RunFacts, now: datetime) -> Run:
    return Run(
        organiser_id=organiser_id,
        capacity=facts.capacity,
        layout=facts.layout,
        created_at=now,
        revised_at=now,
        **_when_and_where(facts),
    )


def add_run(
    session: Session, event: Event, *, facts: RunFacts, base_url: str, account_id: int | None = None, now: datetime
) -> Run:
    """One more run of the event. Raises `rules.RunIsWrong` for impossible times, and `RoomIsTaken`."""
    run = new_run(event.organiser_id, facts, now)
    run.event_id = event.id
    session.add(run)
    session.flush()
    to = describe(session, run)
    record(session, event, ChangeKind.RUN_ADDED, run=run, facts={"to": to}, account_id=account_id, now=now)
    follow_run(session, run, account_id=account_id, now=now)
    keep(session, [run], base_url)
    set_committed_value(event, "runs", list(list_runs(session, event)))
    return run


def change_run(
    session: Session,
    run: Run,
    *,
    facts: RunFacts,
    base_url: str,
    line: str = "",
    account_id: int | None = None,
    now: datetime,
) -> bool:
    """Moves the run in time or place; False and no trace if it stays where it is. The capacity is left alone, and how the
    room is set up is no move. `line` is the organiser's own word to those who are told.

    Raises `rules.RunIsWrong` for impossible times, and `RoomIsTaken`.
    """
    columns = _when_and_where(facts)
    event = session.get_one(Event, run.event_id)
    if run.layout != facts.layout:
        run.layout = facts.layout
        changed = {"fields": ["layout"]}
        record(session, event, ChangeKind.EDITED, run=run, facts=changed, account_id=account_id, now=now)
    if all(getattr(run, name) == value for name, value in columns.items()):
        session.flush()
        return False
    before = describe(session, run)
    for name, value in columns.items():
        setattr(run, name, value)
    _revise(run, now)
    moved = {"from": before, "to": describe(session, run), **({"line": line} if line else {})}
    record(session, event, ChangeKind.RUN_CHANGED, run=run, facts=moved, account_id=account_id, now=now)
    follow_run(session, run, account_id=account_id, now=now)
    keep(session, [run], base_url)
    return True


def cancel_run(
    session: Session, run: Run, *, base_url: str, line: str = "", account_id: int | None = None, now: datetime
) -> bool:
    """Cancels one run for good; False if it is cancelled already. It stays in calendars, as cancelled; its rooms are
    free. `line` is the organiser's own word to those who are told."""
    if run.status is RunStatus.CANCELLED:
        return False
    run.status = RunStatus.CANCELLED
    run.cancelled_at = now
    _revise(run, now)
    event = session.get_one(Event, run.event_id)
    facts = {"from": describe(session, run), **({"line": line} if line else {})}
    record(session, event, ChangeKind.RUN_CANCELLED, run=run, facts=facts, account_id=account_id, now=now)
    follow_run(session, run, account_id=account_id, now=now)
    keep(session, [run], base_url)
    return True


def _when_and_where(facts: RunFacts) -> dict[str, Any]:
    return {**rules.resolve(facts), "venue_id": facts.venue_id, "room_id": facts.room_id}


def _revise(run: Run, now: datetime) -> None:
    """Start, end, place or status changed: the one thing that raises SEQUENCE."""
    run.sequence += 1
    run.revised_at = now
