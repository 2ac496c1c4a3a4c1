"""Starts the real thing on free ports of this machine: all of it as `eventsys run` does, or on a database of one's own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eventsys.demo.commands import WEB
from eventsys.demo.mails import mail_folder

BIN = Path(sys.executable).parent
Process = subprocess.Popen[bytes]
Command = Sequence[str | Path]
STARTS_WITHIN = 60
ENDS_WITHIN = 30


@dataclass(frozen=True)
class Site:
    """A running installation: where it answers, and the folder of the mail that it sent."""

    base: str
    mails: Path


def free_ports(how_many: int) -> list[int]:
    sockets = [socket.socket() for _number in range(how_many)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def demo(folder: Path) -> Iterator[Site]:
    """The demo as `make run` starts it, on a new database in the folder."""
    port, mail_port = free_ports(2)
    database_url = f"sqlite:///{folder}/demo.db"
    surroundings = {"DATABASE_URL": database_url, "PORT": str(port), "MAIL_PORT": str(mail_port), "BASE_URL": ""}
    base = f"http://127.0.0.1:{port}"
    with programs([[BIN / "eventsys", "run"]], surroundings) as processes:
        wait_for(f"{base}/readyz", processes)
        yield Site(base, mail_folder(database_url))


@contextmanager
def installation(database_url: str) -> Iterator[Site]:
    """Web server, worker and mail catcher on a database that is there already, which need not hold the demo."""
    port, mail_port = free_ports(2)
    site = Site(f"http://127.0.0.1:{port}", mail_folder(database_url))
    surroundings = {
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a secret of the tests alone",
        "BASE_URL": site.base,
        "DEVELOPMENT": "1",
        "MAIL_PORT": str(mail_port),
        "LOG_LEVEL": "ERROR",
    }
    commands: list[Command] = [
        [sys.executable, "-m", "eventsys.demo.catcher", site.mails, str(mail_port)],
        [BIN / "gunicorn", *WEB, "--bind", f"127.0.0.1:{port}"],
        [BIN / "eventsys", "worker"],
    ]
    with programs(commands, surroundings) as processes:
        wait_for(f"{site.base}/readyz", processes)
        yield site


@contextmanager
def programs(commands: Sequence[Command], surroundings: dict[str, str]) -> Iterator[list[Process]]:
    """Processes of their own while the body runs; then asked to end all at once, and made to."""
    environment = {**os.environ, **surroundings}
    processes = [
        subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, process_group=0) for command in commands
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            end(process)


def end(process: Process) -> None:
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(address: str, processes: Sequence[Process]) -> None:
    """Returns when the address answers 200."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert [process.poll() for process in processes] == [None] * len(processes), "a process ended at the start"
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)
