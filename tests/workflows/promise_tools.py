"""What the play of random rules reads of the database, and how it kills a worker."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventsys import clock
from eventsys.events.models import EventChange
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage, Worker
from eventsys.workflows.models import MailCause, Occasion
from eventsys.workflows.rules import OccasionState

LONG_AGO = datetime(2008, 1, 1, tzinfo=UTC)


class Killed(BaseException):
    """What `kill -9` is inside a process: nothing behind it is done."""


class Sent(NamedTuple):
    """A mail of the outbox: which it is, how it stands, and its Message-ID."""

    key: tuple[str, int, int, datetime, str]
    state: str
    message_id: str


def read_mails() -> list[Any]:
    db.session.rollback()
    return list(
        db.session.execute(
            sa.select(
                Occasion.rule_id, Occasion.run_id, Occasion.generation, Occasion.due_at, OutboxMessage.email_key,
                OutboxMessage.state, OutboxMessage.message_id,
            )
            .join(MailCause, MailCause.occasion_id == Occasion.id)
            .join(OutboxMessage, OutboxMessage.id == MailCause.outbox_id)
            .group_by(Occasion.id, OutboxMessage.id)
        )
    )  # fmt: skip


def has_unnoticed_event_changes() -> bool:
    db.session.rollback()
    return db.session.scalar(sa.select(EventChange.id).where(EventChange.noticed_at.is_(None)).limit(1)) is not None


def has_due_occasions(now: datetime) -> bool:
    due = sa.select(Occasion.id).where(Occasion.state == OccasionState.PLANNED, Occasion.due_at <= now)
    return db.session.scalar(due.limit(1)) is not None


def dies_at(calls: int) -> Callable[[], bool]:
    """Asked whether it goes on for so many times, the worker is dead."""
    left = iter(range(calls))

    def goes_on() -> bool:
        if next(left, None) is None:
            raise Killed
        return True

    return goes_on


def bury(worker_id: uuid.UUID) -> None:
    """The worker has been silent for an hour."""
    long_ago = clock.real_now() - timedelta(hours=1)
    with transaction() as session:
        session.add(Worker(id=worker_id, host="tests", pid=1, started_at=long_ago, beat_at=long_ago))
