"""A real worker process, killed and stopped in the middle of three hundred mails: none is lost, at most one goes twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage, Worker
from eventsys.workflows import actions
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING

HOW_MANY = 300
EVENTSYS = Path(sys.executable).parent / "eventsys"


@contextmanager
def worker(app: Flask, sink: Sink) -> Iterator[subprocess.Popen[bytes]]:
    """`eventsys worker` on the app's database, counted as dead after two silent seconds."""
    environ = {
        **os.environ,
        "DATABASE_URL": str(app.config["DATABASE_URL"]),
        "SECRET_KEY": str(app.config["SECRET_KEY"]),
        "MAIL_PORT": str(sink.port),
        "WORKER_STALE_SECONDS": "2",
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen([EVENTSYS, "worker"], env=environ, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)


def register_all() -> None:
    """Three hundred people who have just registered."""
    rows.set_clock(MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        for number in range(HOW_MANY):
            rows.register(session, run, name=f"Deltaker {number}", email=f"p{number}@kommune.example")
        actions.notice_changes(session, now=MORNING)
        actions.notice_changes(session, now=MORNING)


def count(state: str) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).where(OutboxMessage.state == state)) or 0


def test_a_killed_worker_loses_nothing_and_sends_at_most_one_mail_twice(app: Flask, sink: Sink) -> None:
    register_all()
    with worker(app, sink) as first:
        wait_until(lambda: len(sink.raw) >= HOW_MANY // 3)
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert len(sink.raw) < HOW_MANY
    with worker(app, sink):
        wait_until(lambda: count("sent") == HOW_MANY)
    times = Counter(sink.recipients)
    assert set(times) == {f"p{number}@kommune.example" for number in range(HOW_MANY)}
    assert sum(times.values()) - HOW_MANY <= 1
    ids = {(to, str(message["Message-ID"])) for to, message in zip(sink.recipients, sink.messages, strict=True)}
    assert len(ids) == len({message_id for _to, message_id in ids}) == HOW_MANY


def test_a_stopped_worker_finishes_its_mail_gives_the_others_back_and_signs_out(app: Flask, sink: Sink) -> None:
    register_all()
    with worker(app, sink) as first:
        wait_until(lambda: len(sink.raw) >= HOW_MANY // 3)
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=30) == 0
    sent = len(sink.raw)
    assert (count("sent"), count("queued"), count("sending")) == (sent, HOW_MANY - sent, 0)
    assert db.session.scalars(sa.select(Worker)).all() == []


def test_two_workers_share_the_work_and_send_each_mail_once(app: Flask, sink: Sink) -> None:
    register_all()
    with worker(app, sink), worker(app, sink):
        wait_until(lambda: count("sent") == HOW_MANY)
        assert len(db.session.scalars(sa.select(Worker)).all()) == 2
    assert sorted(sink.recipients) == sorted(f"p{number}@kommune.example" for number in range(HOW_MANY))
