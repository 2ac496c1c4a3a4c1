"""Verbs of contract deadlines. The caller owns the transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsys.events.bookings.deadlines.rules import DeadlineFacts
from eventsys.events.models import ContractDeadline


def add(
    session: Session,
    *,
    organiser_id: int,
    venue_id: int,
    event_id: int | None,
    facts: DeadlineFacts,
    account_id: int | None,
    now: datetime,
) -> ContractDeadline:
    """A new deadline; `event_id` names one of the organiser's own events, whose people are reminded."""
    deadline = ContractDeadline(
        organiser_id=organiser_id, venue_id=venue_id, event_id=event_id, account_id=account_id, created_at=now
    )
    _describe(deadline, facts)
    session.add(deadline)
    session.flush()
    return deadline


def edit(
    session: Session, deadline: ContractDeadline, *, venue_id: int, event_id: int | None, facts: DeadlineFacts
) -> None:
    """Makes it what is said. One that is moved is reminded of again."""
    deadline.venue_id, deadline.event_id = venue_id, event_id
    _describe(deadline, facts)
    session.flush()


def set_done(session: Session, deadline: ContractDeadline, *, is_done: bool, now: datetime) -> bool:
    """Notes that the venue has been told, or that it has not after all; False if that was known."""
    if (deadline.done_at is not None) == is_done:
        return False
    deadline.done_at = now if is_done else None
    session.flush()
    return True


def remove(session: Session, deadline: ContractDeadline) -> None:
    session.delete(deadline)
    session.flush()


def _describe(deadline: ContractDeadline, facts: DeadlineFacts) -> None:
    deadline.kind, deadline.due_on = facts.kind, facts.due_on
    deadline.remind_days, deadline.words = facts.remind_days, facts.words
