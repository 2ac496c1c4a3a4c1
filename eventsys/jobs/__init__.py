"""The worker: its timetable, its scheduler and its sign of life. Who does what is decided in the database, not here."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from eventsys import clock
from eventsys.calendars.own.actions import erase_links, erase_links_of_unconfirmed
from eventsys.events.bookings.deadlines.jobs import remind_of_deadlines
from eventsys.events.materials.jobs import announce_due
from eventsys.extensions import transaction
from eventsys.invitations.jobs import follow_audiences, send_rounds
from eventsys.mailing import life, outbox
from eventsys.mailing.models import Worker
from eventsys.mailing.returns.jobs import read_mailbox
from eventsys.privacy.actions import note
from eventsys.privacy.rules import ErasureKind
from eventsys.registrations.jobs import end_offers
from eventsys.site.orders.actions import erase as erase_orders
from eventsys.workflows.cases.jobs import nudge_called
from eventsys.workflows.erasure import erase_expired
from eventsys.workflows.jobs import plan_all, tick, tick_until_idle

__all__ = ["TIMETABLE", "run_worker", "tick", "tick_until_idle"]

log = structlog.get_logger()
FORGET_AFTER = timedelta(days=1)


class Work:
    """One worker process: its id in the database, and whether it has been asked to stop."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.id = uuid.uuid4()
        self.started_at = clock.real_now()
        self.ticked_at: datetime | None = None
        self.stopping = threading.Event()

    def goes_on(self) -> bool:
        return not self.stopping.is_set()

    def mail(self) -> None:
        """Everything that is due. A batch that takes long is no reason to wait for the next tick."""
        goes_on = True
        while goes_on and self.goes_on():
            goes_on = tick(self.app, worker_id=self.id, goes_on=self.goes_on)
            self.ticked_at = clock.real_now()

    def plan(self) -> None:
        plan_all(self.app)

    def end_offers(self) -> None:
        end_offers(self.app)

    def remind(self) -> None:
        remind_of_deadlines(self.app)

    def announce(self) -> None:
        announce_due(self.app)

    def invite(self) -> None:
        send_rounds(self.app)

    def follow(self) -> None:
        follow_audiences(self.app)

    def nudge(self) -> None:
        nudge_called(self.app)

    def read_returned(self) -> None:
        read_mailbox(self.app, goes_on=self.goes_on)

    def erase(self) -> None:
        """What is kept about people goes when its time is over, whoever forgets to think of it."""
        with self.app.app_context(), transaction() as session:
            stray = erase_links_of_unconfirmed(session, now=clock.now())
            counts = erase_expired(session, now=clock.now(), real_now=clock.real_now())
            counts["orders"] = erase_orders(session, now=clock.now())
            counts |= erase_links(session, now=clock.now(), real_now=clock.real_now())
            counts["calendars"] += stray
            note(session, ErasureKind.TIME, counts, now=clock.now())
        log.info("erased", **{name.replace(" ", "_"): count for name, count in counts.items() if count})

    def beat(self) -> None:
        """Tells the others that this worker lives and when it last was through, and keeps the messages it has taken."""
        now, stale = clock.real_now(), timedelta(seconds=self.app.config["WORKER_STALE_SECONDS"])
        with self.app.app_context(), transaction() as session:
            life.spare_others(session, self.id, real_now=now, stale=stale)
            host, pid = socket.gethostname()[:200], os.getpid()
            signs = {"started_at": self.started_at, "beat_at": now, "ticked_at": self.ticked_at}
            session.merge(Worker(id=self.id, host=host, pid=pid, **signs))
            outbox.keep_leases(session, worker_id=self.id, real_now=now)

    def begin(self) -> None:
        """Signs in, and forgets workers that ended long ago."""
        self.beat()
        with self.app.app_context(), transaction() as session:
            session.execute(sa.delete(Worker).where(Worker.beat_at < clock.real_now() - FORGET_AFTER))

    def end(self) -> None:
        """Signs out: what was not tried has been given back."""
        with self.app.app_context(), transaction() as session:
            session.execute(sa.delete(Worker).where(Worker.id == self.id))


TIMETABLE: tuple[tuple[str, Callable[[Work], None], float], ...] = (
    ("mail", Work.mail, 1),
    ("offers", Work.end_offers, 1),
    ("materials", Work.announce, 30),
    ("invitations", Work.invite, 5),
    ("audiences", Work.follow, 300),
    ("beat", Work.beat, 10),
    ("deadlines", Work.remind, 60),
    ("calls", Work.nudge, 30),
    ("plan", Work.plan, 3600),
    ("erase", Work.erase, 3600),
    ("returns", Work.read_returned, 60),
)
"""What the worker does, and every how many seconds. Real time: the demo's clock moves what is due, not the worker."""


def run_worker(app: Flask, *, ready: Callable[[], None] = lambda: None) -> None:
    """Works until SIGTERM or SIGINT; then finishes the mail that is being sent and gives the others back."""
    work = Work(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: work.stopping.set())
    work.begin()
    work.plan()
    # As in wsgi.py: what stands by now stays, and the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    scheduler = start_scheduler(work)
    log.info("the worker has begun", worker=str(work.id))
    ready()
    work.stopping.wait()
    scheduler.shutdown(wait=True)
    work.end()
    log.info("the worker has ended", worker=str(work.id))


def start_scheduler(work: Work) -> Any:
    """An interval for each line of the timetable. Late runs become one, are never dropped, and never overlap."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone=UTC)
    for name, job, seconds in TIMETABLE:
        scheduler.add_job(
            guarded(name, job, work),
            "interval",
            seconds=seconds if name != "beat" else beat_interval(work.app),
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    return scheduler


def beat_interval(app: Flask) -> float:
    """Three signs of life in the time after which a worker counts as dead."""
    stale: int = app.config["WORKER_STALE_SECONDS"]
    return min(10.0, stale / 3)


def guarded(name: str, job: Callable[[Work], None], work: Work) -> Callable[[], None]:
    """A job that logs what goes wrong: the next tick tries again."""

    def run() -> None:
        try:
            job(work)
        except Exception as error:
            log.error("a job of the worker failed", job=name, exc_info=error)

    return run
