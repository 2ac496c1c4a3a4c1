"""Limits that are set: never below what is taken, and what a higher one frees goes to those who wait."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsys.events.models import EventChange, Run
from eventsys.events.rules import ChangeKind
from eventsys.registrations.actions.locking import lock_run
from eventsys.registrations.actions.serving import serve_queue
from eventsys.registrations.actions.within import require_within
from eventsys.registrations.limits.rules import Kind


def change_capacity(session: Session, run: Run, capacity: int | None, *, account_id: int, now: datetime) -> int:
    """Sets the run's own limit (None: the venue's) and promotes as many as now fit; says how many.

    Raises `TooSmall` when more people hold a place, or have one held for them, than that.
    """
    run, event, _organiser = lock_run(session, run.id)
    before, run.capacity = run.capacity, capacity
    session.flush()
    if before != capacity:
        require_within(session, event.id, [Kind.RUN], of=[run.id], now=now)
        facts: dict[str, Any] = {"from": {"capacity": before}, "to": {"capacity": capacity}}
        change = EventChange(
            event_id=event.id, run_id=run.id, kind=ChangeKind.EDITED, at=now, account_id=account_id, facts=facts
        )
        session.add(change)
        session.flush()
    return serve_queue(session, event, now=now)
