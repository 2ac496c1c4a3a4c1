"""A calendar program of others that subscribes over HTTP: `vdirsyncer` fetches, `khal` shows what its user then sees."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.demo.commands import WEB
from eventsys.events import actions
from eventsys.events.models import Event, Run
from eventsys.events.rules import RunFacts
from eventsys.extensions import transaction
from tests.events import given
from tests.stories.serving import BIN, free_ports, programs, wait_for

LATER = given.NOW + timedelta(hours=3)
SEMINAR = given.exact(date(2008, 9, 1), time(10), time(15, 30), date(2008, 9, 2))
CONFERENCE = given.days(date(2008, 11, 26), date(2008, 11, 27))
KEPT = "vdirsyncer.conf"
SHOWN = "khal.conf"
FIELDS = ("title", "start-long", "end-long", "status", "location")
OCTOBER = "oktober 2008, dagen er ikke bestemt"
Line = tuple[str, ...]

# What another program shows does not hang on which database it came from.
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture
def programme(app: Flask) -> given.Programme:
    """A seminar, a conference whose hours are not known, and a gathering some time in October, all of cohort II."""
    with transaction() as session:
        clock.set_to(session, given.NOW)
        programme = given.programme(session)
        cohort: dict[str, Any] = {"cohorts": programme.cohorts[1:2]}
        hotel = given.venue(session, "Hotell Fjord; Ålesund", address="Kaia 1, 6002 Ålesund")
        given.event(
            session, programme.organiser_id, replace(SEMINAR, venue_id=hotel), title="Læringsseminar, del 2", **cohort
        )
        given.event(session, programme.organiser_id, CONFERENCE, title="Kvalitetskonferanse", **cohort)
        given.event(session, programme.organiser_id, given.OCTOBER, title="Nettverkssamling", **cohort)
        given.event(session, programme.organiser_id, SEMINAR, title="En annen puljes", cohorts=programme.cohorts[:1])
    return programme


@pytest.fixture
def base(programme: given.Programme, database_url: str) -> Iterator[str]:
    """The real web server on the test's own database."""
    (port,) = free_ports(1)
    base = f"http://127.0.0.1:{port}"
    surroundings = {
        "DATABASE_URL": database_url, "SECRET_KEY": "a secret of the tests alone", "BASE_URL": base, "DEVELOPMENT": "1",
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    with programs([[BIN / "gunicorn", *WEB, "--bind", f"127.0.0.1:{port}"]], surroundings) as processes:
        wait_for(f"{base}/calendars/", processes)
        yield base


def subscribe(folder: Path, address: str) -> None:
    """The settings of the two programs, as their user writes them."""
    (folder / KEPT).write_text(
        f"""
[general]
status_path = "{folder}/status/"
[pair events]
a = "here"
b = "there"
collections = null
conflict_resolution = "b wins"
partial_sync = "ignore"
[storage here]
type = "filesystem"
path = "{folder}/entries/"
fileext = ".ics"
[storage there]
type = "http"
url = "{address}"
""",
        encoding="utf-8",
    )
    (folder / SHOWN).write_text(
        f"""
[calendars]
[[events]]
path = {folder}/entries/
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = Europe/Oslo
default_timezone = Europe/Oslo
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
""",
        encoding="utf-8",
    )
    (folder / "entries").mkdir()
    run(folder, "vdirsyncer", "-c", KEPT, "discover", "events", answers="y\n")


def run(folder: Path, program: str, *arguments: str, answers: str = "") -> str:
    """What the program says; its home is the folder, and no proxy stands between it and this machine."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [BIN / program, *arguments], cwd=folder, env={**kept, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        input=answers, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def synchronise(folder: Path) -> list[Line]:
    """Fetches, and returns what the calendar then shows."""
    run(folder, "vdirsyncer", "-c", KEPT, "sync")
    return read_autumn(folder)


def read_autumn(folder: Path) -> list[Line]:
    """Every entry that the calendar shows from August to December, once."""
    fields = [part for field in FIELDS for part in ("--json", field)]
    said = run(folder, "khal", "-c", SHOWN, "list", "--once", *fields, "2008-08-01", "2008-12-31")
    return [
        tuple(str(entry[field]).strip() for field in FIELDS) for line in said.splitlines() for entry in json.loads(line)
    ]


def change(title: str, facts: RunFacts) -> None:
    with transaction() as session:
        actions.change_run(session, find_run(session, title), facts=facts, base_url=given.BASE, now=LATER)


def find_run(session: Session, title: str) -> Run:
    return session.scalars(sa.select(Run).join(Event).where(Event.title["nb"].as_string() == title)).one()


def test_a_subscriber_sees_what_is_moved_what_is_cancelled_and_what_becomes_exact(base: str, tmp_path: Path) -> None:
    subscribe(tmp_path, f"{base}/calendars/cohorts/pulje-ii.ics")
    there = "Hotell Fjord; Ålesund, Kaia 1, 6002 Ålesund"
    assert synchronise(tmp_path) == [
        ("Læringsseminar, del 2", "2008-09-01 10:00", "2008-09-02 15:30", "CONFIRMED", there),
        (f"Nettverkssamling ({OCTOBER})", "2008-10-01", "2008-10-31", "TENTATIVE", ""),
        ("Kvalitetskonferanse", "2008-11-26", "2008-11-27", "CONFIRMED", ""),
    ]
    change("Læringsseminar, del 2", given.exact(date(2008, 9, 3), time(9), time(16), date(2008, 9, 4)))
    change("Nettverkssamling", given.exact(date(2008, 10, 28), time(8, 30), time(12)))
    with transaction() as session:
        conference = find_run(session, "Kvalitetskonferanse")
        actions.cancel_run(session, conference, base_url=given.BASE, now=LATER)
    after = [
        ("Læringsseminar, del 2", "2008-09-03 09:00", "2008-09-04 16:00", "CONFIRMED", ""),
        ("Nettverkssamling", "2008-10-28 08:30", "2008-10-28 12:00", "CONFIRMED", ""),
        ("Avlyst: Kvalitetskonferanse", "2008-11-26", "2008-11-27", "CANCELLED", ""),
    ]
    assert synchronise(tmp_path) == after
    entries = {path.name for path in (tmp_path / "entries").iterdir()}
    assert synchronise(tmp_path) == after
    assert {path.name for path in (tmp_path / "entries").iterdir()} == entries
    assert len(entries) == 3


def test_who_takes_an_events_file_again_has_one_entry_at_its_new_time(base: str, tmp_path: Path) -> None:
    """`vdirsyncer` gives what it fetches names of its own; a file that is imported is known by its UID."""
    subscribe(tmp_path, f"{base}/calendars/all.ics")
    title, address = "Kvalitetskonferanse", f"{base}/events/kvalitetskonferanse-pulje-ii.ics"
    assert take(tmp_path, address) == [(title, "2008-11-26", "2008-11-27", "CONFIRMED", "")]
    change(title, given.exact(date(2008, 11, 25), time(10), time(15), date(2008, 11, 26)))
    assert take(tmp_path, address) == [(title, "2008-11-25 10:00", "2008-11-26 15:00", "CONFIRMED", "")]


def take(folder: Path, address: str) -> list[Line]:
    """Downloads a file, imports it, and returns what the calendar then shows."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        (folder / "one.ics").write_bytes(answer.read())
    run(folder, "khal", "-c", SHOWN, "import", "--batch", "one.ics")
    return read_autumn(folder)
