"""The history of a registration: every change is a row, and a change of state is never without one."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import Actor, Change, State


def record_change(
    session: Session,
    registration: Registration,
    change: Change,
    actor: Actor,
    before: State | None,
    *,
    act_id: uuid.UUID | None = None,
    account_id: int | None = None,
    from_run_id: int | None = None,
    why: str | None = None,
    facts: dict[str, Any] | None = None,
    silent: bool = False,
    now: datetime,
) -> RegistrationChange:
    """Adds the row that says what became of the registration; `before` is its state until now. `silent`: no mail."""
    row = RegistrationChange(
        registration_id=registration.id,
        act_id=act_id,
        change=change,
        at=now,
        actor=actor,
        account_id=account_id,
        from_state=before,
        to_state=registration.state,
        from_run_id=from_run_id,
        why=why or None,
        facts=facts or {},
        noticed_at=now if silent else None,
    )
    session.add(row)
    session.flush()
    return row


def set_state(
    session: Session,
    registration: Registration,
    state: State,
    change: Change,
    actor: Actor,
    *,
    now: datetime,
    **more: Any,
) -> None:
    """Changes the state and records it; `more` as in `record_change`. An offer's deadline goes with the offer."""
    before, registration.state = registration.state, state
    if state is not State.OFFERED:
        registration.offered_until = None
    session.flush()
    record_change(session, registration, change, actor, before, now=now, **more)
