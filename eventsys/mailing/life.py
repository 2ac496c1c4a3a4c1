"""Which workers are believed dead: who was not heard of itself, as when the database was away, cannot tell of others."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.mailing.models import Worker

UNHEARD = 2 / 3
"""The part of the time that makes a worker dead after which it may be the database that was away: two signs of three."""


def find_silent(worker_id: uuid.UUID, *, real_now: datetime, stale: timedelta) -> sa.Select[uuid.UUID]:
    """The workers that this one may believe dead; none as long as its own last sign is old."""
    own = aliased(Worker)
    is_unheard = sa.exists().where(own.id == worker_id, own.beat_at < real_now - stale * UNHEARD)
    return sa.select(Worker.id).where(Worker.beat_at < real_now - stale, sa.not_(is_unheard))


def spare_others(session: Session, worker_id: uuid.UUID, *, real_now: datetime, stale: timedelta) -> None:
    """Before a worker gives its next sign: where its last is old, those that lived then have their time once more.

    Otherwise whoever is first to reach a database that comes back would take over the mails of all others, who have
    sent some of them and are about to say so.
    """
    last = session.scalar(sa.select(Worker.beat_at).where(Worker.id == worker_id))
    if last is not None and last < real_now - stale * UNHEARD:
        lived = sa.update(Worker).where(Worker.beat_at >= last - stale).values(beat_at=real_now)
        session.execute(lived.execution_options(synchronize_session=False))
