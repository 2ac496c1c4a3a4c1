"""`eventsys run` starts everything on one machine, and Ctrl-C ends everything."""

import http.cookiejar
import os
import re
import signal
import smtplib
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import click
import pytest
from flask import Flask

from eventsys.demo.commands import refuse_taken_ports
from eventsys.demo.mails import list_mails
from eventsys.demo.running import answers

COMMAND_LINE = "from eventsys.commands import main; main()"
# A program of its own, for it changes how its process answers signals.
TWO = """
import signal, sys, time
from eventsys.demo.running import Processes

def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)

processes = Processes({})
processes.start("stubborn one", stubborn)
processes.start("short one", lambda: sys.exit(int(sys.argv[1])), "3")
print(processes.wait())
processes.end()
print([child.exitcode for child in processes.children.values()])
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A running `eventsys run` on its own database and ports, and a browser without scripts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.mail_port = free_port(), free_port()
        self.mark = f"sqlite:///{folder}/demo.db"
        environment = {
            **os.environ, "DATABASE_URL": self.mark, "PORT": str(self.port), "MAIL_PORT": str(self.mail_port),
            "BASE_URL": "",
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND_LINE, "run"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, process_group=0,
        )  # fmt: skip
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(cookies)

    def get(self, path: str) -> str:
        with self.browser.open(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, page: str, path: str, **fields: str) -> str:
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        form = urllib.parse.urlencode({"csrf_token": token[1], **fields}).encode()
        url = f"http://127.0.0.1:{self.port}{path}"
        with self.browser.open(urllib.request.Request(url, form), timeout=120) as answer:
            return str(answer.read().decode())

    def find_processes(self) -> set[int]:
        """Every process with this database in its environment, the first one apart."""
        return {pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self.is_ours(pid)}

    def is_ours(self, pid: int) -> bool:
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            return False
        return pid != self.process.pid and self.mark.encode() in environment

    def wait_for(self, what: Callable[[], bool], seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < until, "it took too long"
            assert self.process.poll() is None, self.process.communicate()[0]
            time.sleep(0.05)

    def is_up(self) -> bool:
        try:
            return bool(self.get("/"))
        except OSError:
            return False

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """The exit code and what was printed."""
        self.process.send_signal(number)
        printed, _nothing = self.process.communicate(timeout=20)
        return self.process.returncode, printed


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    if site.process.poll() is None:
        site.end(signal.SIGTERM)


def test_everything_starts_shows_its_mail_and_ends_with_ctrl_c(site: Site, tmp_path: Path) -> None:
    site.wait_for(site.is_up)
    start = site.get("/dev/")
    assert "mandag 18. august 2008" in site.get("/?lang=nb")
    manage = site.post(start, "/dev/sign-in", account="solveig.lyngflaten@program.example")
    assert "Sekretariatet" in manage
    site.post(manage, "/dev/clock", step="week")
    site.wait_for(lambda: len(list_mails(tmp_path / "mail", limit=1000)) >= 80)
    assert re.search(r"/dev/mail/\d+-\d+", site.get("/dev/mail/"))
    pids = site.find_processes()
    code, printed = site.end()
    ended = (code, printed.splitlines()[-1], site.find_processes())
    assert (ended, len(pids) >= 4) == ((0, "Everything is stopped.", set()), True)
    assert f"http://127.0.0.1:{site.port}/dev/mail/" in printed


def find_worker(database: Path) -> list[int]:
    """The process id that the worker has noted in the database."""
    with closing(sqlite3.connect(database)) as connection:
        return [pid for (pid,) in connection.execute("SELECT pid FROM workers")]


def test_when_one_process_dies_the_others_end_and_it_is_named(demo_app: Flask, site: Site, tmp_path: Path) -> None:
    site.wait_for(site.is_up)
    site.wait_for(lambda: bool(find_worker(tmp_path / "demo.db")))
    os.kill(find_worker(tmp_path / "demo.db")[0], signal.SIGKILL)
    printed, _nothing = site.process.communicate(timeout=20)
    assert (site.process.returncode, printed.splitlines()[-1], site.find_processes()) == (
        1, "Error: Everything is stopped, for the worker ended with exit code -9.", set(),
    )  # fmt: skip


def test_the_first_to_die_is_named_and_a_stubborn_one_is_ended() -> None:
    done = subprocess.run([sys.executable, "-c", TWO], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.splitlines() == ["the short one ended with exit code 3", "[-9, 3]"]


def test_a_port_in_use_is_named_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(click.ClickException) as refusal:
            refuse_taken_ports(free_port(), port)
    assert refusal.value.message == f"Port {port} is in use by another program. Choose another: MAIL_PORT={port + 1}"


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[int]:
    """The port of a mail catcher that keeps its mails in `tmp_path`."""
    port = free_port()
    with subprocess.Popen([sys.executable, "-m", "eventsys.demo.catcher", str(tmp_path), str(port)]) as process:
        until = time.monotonic() + 30
        while not answers(port) and time.monotonic() < until:
            time.sleep(0.05)
        yield port
        process.terminate()
        assert process.wait(10) == 0


def test_the_catcher_keeps_each_mail_as_it_came(tmp_path: Path, catcher: int) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Hei", "a@a.example", "åse@bø.example"
    message.set_content(".\nen linje\n")
    with smtplib.SMTP("127.0.0.1", catcher) as server:
        server.send_message(message, to_addrs=["åse@bø.example"], mail_options=["SMTPUTF8"])
    kept = list_mails(tmp_path)
    assert [(mail.subject, mail.to) for mail in kept] == [("Hei", "åse@bø.example")]
