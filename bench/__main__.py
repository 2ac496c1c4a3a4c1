"""`make bench`: measures both databases, prints the figures, keeps those of a full run in results.md.

`BENCH=--quick` takes half a minute and keeps nothing. Ends with 1 as soon as an answer is wrong.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from bench import processes, report
from bench.crowd import measure_crowd
from bench.feeds import build_feed, measure_on
from bench.load import WrongAnswer
from bench.measure import FULL, QUICK, Length, Results, measure
from bench.outbox import measure_outbox
from bench.planning import measure_planning, prepared
from bench.processes import DATABASES
from bench.programme import measure_programme_on
from bench.workspace import measure_workspace
from bench.world import World, build
from config import Config
from eventsys import create_app
from eventsys.extensions import db, transaction

RESULTS = Path(__file__).with_name("results.md")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="half a minute; the figures are not kept")
    parser.add_argument("--only", choices=DATABASES, help="one database; the figures are not kept")
    asked = parser.parse_args()
    names = [asked.only] if asked.only else list(DATABASES)
    try:
        results = [bench(name, QUICK if asked.quick else FULL) for name in names]
    except WrongAnswer as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print(report.render(results))
    if not asked.quick and not asked.only:
        report.write(RESULTS, results)
    return 0


def bench(name: str, length: Length) -> Results:
    with DATABASES[name]() as database_url:
        app, world = prepare(database_url)
        try:
            results = measure(name, database_url, app, world, length)
            if length is FULL:
                results.crowd = measure_crowd(app, world, database_url)
                results.outbox = measure_outbox(app)
                results.workspace = measure_workspace(app, world)
        finally:
            with app.app_context():
                db.engine.dispose()
    if length is FULL:
        with prepared(name) as planned:
            results.planning = measure_planning(planned)
        results.feeds = measure_on(name)
        results.programme = measure_programme_on(name)
    return results


def prepare(database_url: str) -> tuple[Flask, World]:
    """The application in this process, for building and looking; the one that is measured runs elsewhere."""
    config = Config.from_environment(processes.surroundings(database_url, LOG_LEVEL="ERROR"))
    app = create_app(config.model_dump())
    with app.app_context():
        flask_migrate.upgrade()
        world = build()
        build_feed()
        if db.engine.dialect.name == "postgresql":
            # Autovacuum does it within a minute of use; a bench is over before.
            with transaction() as session:
                session.execute(sa.text("ANALYZE"))
        return app, world


if __name__ == "__main__":
    sys.exit(main())
