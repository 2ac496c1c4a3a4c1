"""Reads about the outbox and the workers, for whoever runs the installation."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.outbox import WAITS
from eventsys.mailing.rules import MailState


def count_states(session: Session) -> dict[MailState, int]:
    """How many mails there are in each state."""
    statement = sa.select(OutboxMessage.state, sa.func.count().label("how_many")).group_by(OutboxMessage.state)
    return {row.state: row.how_many for row in session.execute(statement)}


def find_oldest_due(session: Session, *, now: datetime) -> datetime | None:
    """Since when the oldest mail that could be sent now has waited; none if all is sent."""
    due = sa.select(sa.func.min(OutboxMessage.next_try_at)).where(WAITS, OutboxMessage.next_try_at <= now)
    return session.scalar(due)
