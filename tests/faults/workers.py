"""Real worker processes for killing. They are forked from a warm server of processes, so that twenty start in seconds."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from flask import Flask

from config import Config
from eventsys import create_app, jobs

HURRIED = 0.05
"""Seconds between two looks for mail, instead of one second, which would be most of such a test."""

# The server of processes imports this module: with one app made, every other is made in a moment.
create_app(Config.model_validate({"DATABASE_URL": "sqlite:///:memory:"}).model_dump())


class Worker:
    """A worker process on the app's database that sends to a port, and counts as dead after a silent second.

    It is made ready at once, and works when `begin` is called.
    """

    def __init__(self, app: Flask, mail_port: int) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        settings = {name: app.config[name] for name in Config.model_fields}
        settings |= {"MAIL_PORT": mail_port, "WORKER_STALE_SECONDS": 1}
        waits, self._says = context.Pipe(duplex=False)
        self.process = context.Process(target=_work, args=(settings, waits), daemon=True)
        self.process.start()
        waits.close()

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def begin(self) -> None:
        self._says.send("begin")

    def kill(self) -> None:
        """`kill -9`, if it still runs."""
        self.process.kill()
        self.process.join()
        self._says.close()


def _work(settings: dict[str, Any], waits: Connection) -> None:
    """What `eventsys worker` does, in a hurry."""
    jobs.TIMETABLE = tuple((name, job, HURRIED if name == "mail" else every) for name, job, every in jobs.TIMETABLE)
    app = create_app(settings)
    waits.recv()
    jobs.run_worker(app)


@contextmanager
def worker(app: Flask, mail_port: int) -> Iterator[Worker]:
    """A worker for as long as the body runs; then it is killed."""
    worker = Worker(app, mail_port)
    worker.begin()
    try:
        yield worker
    finally:
        worker.kill()
