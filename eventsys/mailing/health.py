"""Whether anybody delivers: the workers' signs of life, and what is wrong with them. Real time throughout."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.models import Worker

SILENT = timedelta(minutes=5)
STUCK = timedelta(minutes=20)
"""A mail server may keep a worker waiting for ten minutes and a half (see `smtp.Timeouts`); this is longer."""
GONE = timedelta(days=1)


class Trouble(enum.StrEnum):
    """What is wrong with the workers, the worst first."""

    NO_WORKER = "no worker runs"
    ALL_SILENT = "no worker has been heard of for five minutes"
    ONE_SILENT = "one of the workers has not been heard of for five minutes"
    STUCK = "a worker has not finished looking for mail for twenty minutes"


def list_workers(session: Session) -> list[Worker]:
    """Those that have not signed out, oldest first."""
    return list(session.scalars(sa.select(Worker).order_by(Worker.started_at, Worker.id)))


def find_trouble(workers: Sequence[Worker], *, real_now: datetime) -> Trouble | None:
    """What is wrong; nothing about a silent worker after whose last sign of life another began, or of a day ago."""
    if not workers:
        return Trouble.NO_WORKER
    living = [worker for worker in workers if not is_silent(worker, real_now=real_now)]
    if not living:
        return Trouble.ALL_SILENT
    if any(is_missed(worker, living, real_now=real_now) for worker in workers):
        return Trouble.ONE_SILENT
    return Trouble.STUCK if any(is_stuck(worker, real_now=real_now) for worker in living) else None


def is_silent(worker: Worker, *, real_now: datetime) -> bool:
    return real_now - worker.beat_at > SILENT


def is_missed(worker: Worker, living: Sequence[Worker], *, real_now: datetime) -> bool:
    """Whether the worker is silent and nobody has taken its place."""
    replaced = any(other.started_at >= worker.beat_at for other in living)
    return SILENT < real_now - worker.beat_at <= GONE and not replaced


def is_stuck(worker: Worker, *, real_now: datetime) -> bool:
    """Whether it lives, but a round of its mail does not end."""
    return real_now - (worker.ticked_at or worker.started_at) > STUCK
