"""Fifty people at once for the last three places, over HTTP, against the real server with two processes."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask

from eventsys import jobs
from eventsys.extensions import db
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.models import Registration
from eventsys.registrations.queries import count_places, list_waiting
from eventsys.registrations.rules import Places, State
from tests.world import build

PEOPLE = 50


def test_the_last_three_places_go_to_three_of_fifty(app: Flask, database_url: str) -> None:
    world = build(capacity=3)
    event = world.events["seminar"]
    with serving(database_url) as base:
        address = f"{base}/events/{event.slug}/registrations"
        with ThreadPoolExecutor(PEOPLE) as pool:
            ended_at = list(pool.map(lambda number: sign_up(address, str(event.runs[0].uid), number), range(PEOPLE)))
    db.session.rollback()
    rows = db.session.execute(sa.select(Registration.state, Registration.person_id)).all()
    assert Counter(row.state for row in rows) == {State.CONFIRMED: 3, State.WAITING: PEOPLE - 3}
    assert len({row.person_id for row in rows}) == PEOPLE == len(set(ended_at))
    assert count_places(db.session(), [event.runs[0].id]) == {event.runs[0].id: Places(3, 3, PEOPLE - 3)}
    assert_strict_order(event.runs[0].id)
    jobs.tick(app)
    db.session.rollback()
    mails = Counter(map(tuple, db.session.execute(sa.select(OutboxMessage.template, OutboxMessage.email_key))))
    assert Counter(template for template, _email in mails.elements()) == {"confirmed": 3, "waiting": PEOPLE - 3}
    assert set(mails.values()) == {1}


def assert_strict_order(run_id: int) -> None:
    """Nobody who waits came before somebody who has a place, and no two share a position."""
    waiting = [(row.queued_at, row.id) for row in list_waiting(db.session(), run_id)]
    confirmed = db.session.execute(
        sa.select(Registration.queued_at, Registration.id).where(Registration.state == State.CONFIRMED)
    ).all()
    assert waiting == sorted(set(waiting))
    assert max(row_id for _at, row_id in confirmed) < min(row_id for _at, row_id in waiting)


def sign_up(address: str, run: str, number: int) -> str:
    """One person's browser: the form, its token, the post, and the page it leads to, whose address is returned."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = browser.open(f"{address}/new", timeout=60).read().decode()
    hidden = dict(re.findall(r'name="(csrf_token|nonce)" value="([^"]+)"', form))
    typed = {
        "name": f"Person Nummer{number}",
        "email": f"person{number}@kommune.example",
        "organisation": "Bø (Telemark)",
        "side": "administration",
        "run": run,
    }
    with browser.open(address, urlencode({**hidden, **typed}).encode(), timeout=60) as answer:
        assert answer.status == 200
        return str(answer.url)


@contextmanager
def serving(database_url: str) -> Iterator[str]:
    """The site under gunicorn, as it is run for real, on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        Path(sys.executable).parent / "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}",
        "--workers", "2", "--threads", "8", "--log-level", "error",
    ]  # fmt: skip
    settings = {"DATABASE_URL": database_url, "SECRET_KEY": "a secret of the tests alone", "LOG_LEVEL": "ERROR"}
    server = subprocess.Popen(command, env={**os.environ, **settings})
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address: str) -> None:
    for _try in range(200):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)
