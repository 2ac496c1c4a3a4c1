"""Every page of a programme with all municipalities and forty gatherings: `python -m bench.programme [--only SQLite]`.

Milliseconds of server time, as whoever each page is for asks for it. Files are timed too; the limit is of pages."""

from __future__ import annotations

import argparse
import gc
import sys
from dataclasses import dataclass, field

import flask_migrate
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bench import processes
from bench.outbox import sign_in, time_of
from bench.processes import DATABASES
from bench.programme_cases import build_cases
from bench.programme_pages import FILES, PAGES, list_addresses, list_forgotten
from bench.programme_values import find_values
from bench.programme_work import build_work
from bench.programme_world import build_programme
from config import Config
from eventsys import create_app
from eventsys.accounts.models import Account
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import db, refresh_statistics, transaction
from eventsys.programmes.intake import actions as intake

LIMIT = 200.0
TRIES, TRIES_OF_FILES = 5, 1
EMAIL = "eier@program.example"


@dataclass(frozen=True)
class Times:
    """Milliseconds by address, the ids and links in it named."""

    pages: dict[str, float] = field(default_factory=dict)
    files: dict[str, float] = field(default_factory=dict)

    def count_slow(self) -> int:
        return sum(one >= LIMIT for one in self.pages.values())

    def list_slowest(self, how_many: int) -> list[str]:
        """The addresses of pages, slowest first."""
        return sorted(self.pages, key=lambda page: -self.pages[page])[:how_many]


def measure_programme_on(name: str) -> Times:
    """On a database of its own."""
    with DATABASES[name]() as database_url:
        app = create_app(Config.from_environment(processes.surroundings(database_url, LOG_LEVEL="ERROR")).model_dump())
        try:
            return measure_programme(app)
        finally:
            with app.app_context():
                db.engine.dispose()


def measure_programme(app: Flask) -> Times:
    """Raises `RuntimeError` for a page that does not answer, or of which nobody has said whether it is measured."""
    if forgotten := list_forgotten(app):
        raise RuntimeError(f"measured or not? {', '.join(forgotten)}")
    client, values = prepare(app)
    found = [
        {
            line: time_of(client, address, tries)
            for line, address in zip(kind.split(), list_addresses(kind, values), strict=True)
        }
        for kind, tries in ((PAGES, TRIES), (FILES, TRIES_OF_FILES))
    ]
    return Times(*found)


def prepare(app: Flask) -> tuple[FlaskClient, dict[str, str]]:
    """The database filled, the owner signed in, and what the addresses hold."""
    with app.app_context(), app.test_request_context():
        flask_migrate.upgrade()
        with transaction() as session:
            made = build_programme(session)
            call = build_cases(session, made)
            meetings = build_work(session, made)
            values = find_values(session, made, call, meetings[0])
            call_id = call.id
        client = sign_in(app, EMAIL, MemberRole.OWNER)
        with transaction() as session:
            owner = session.scalars(sa.select(Account.id).where(Account.email_key == EMAIL)).one()
            intake.appoint(session, call_id=call_id, account_id=owner, may_decide=True)
            refresh_statistics(session)
        gc.collect()
        gc.freeze()  # as `wsgi.py` does
        return client, values


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.programme", description=__doc__)
    parser.add_argument("--only", choices=DATABASES)
    asked = parser.parse_args()
    slow = 0
    for name in [asked.only] if asked.only else DATABASES:
        times = measure_programme_on(name)
        slow += times.count_slow()
        for kind, found in (("", times.pages), ("file", times.files)):
            for what, milliseconds in sorted(found.items(), key=lambda item: -item[1]):
                is_slow = milliseconds >= LIMIT and not kind
                print(f"{name:<11} {what:<75} {milliseconds:7.1f} ms {kind}{'  TOO SLOW' if is_slow else ''}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
