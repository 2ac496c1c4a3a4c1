"""The race for the last places: `make race` runs it a hundred times on each database and stops at the first miss.

Two hundred people hold the form of an event with fifty places, then all send it at once over HTTP.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import sqlalchemy as sa
from flask import Flask

from bench import processes
from bench.load import Visit, WrongAnswer, drive
from bench.visits import Opened, Person, Place, open_form, send_form
from bench.world import RACE_PLACES, World, add_race
from eventsys.extensions import db, transaction
from eventsys.registrations.models import Registration
from eventsys.registrations.queries import count_places, list_waiting
from eventsys.registrations.rules import Places, State

RACERS = 200
CONNECTIONS = 16
ROUNDS = 100


def race(app: Flask, place: Place, run_id: int, people: Iterator[Person], port: int) -> str:
    """One race, in words. Raises `WrongAnswer` unless exactly fifty get in and the rest stand in order."""
    opened: list[Opened] = []
    drive(port, (_open(place, opened) for _person in range(RACERS)), connections=CONNECTIONS)
    visits = (send_form(place, person, form) for person, form in zip(islice(people, RACERS), opened, strict=True))
    tally = drive(port, visits, connections=RACERS)
    with app.app_context():
        check(run_id)
    return f"{RACE_PLACES} of {RACE_PLACES} places to {RACERS} people in {tally.seconds:.1f} s, in strict order"


def _open(place: Place, opened: list[Opened]) -> Visit:
    opened.append((yield from open_form(place)))


def check(run_id: int) -> None:
    session = db.session()
    columns = (Registration.id, Registration.state, Registration.person_id, Registration.queued_at)
    rows = session.execute(sa.select(*columns).where(Registration.run_id == run_id).order_by(Registration.id)).all()
    wanted = {State.CONFIRMED: RACE_PLACES, State.WAITING: RACERS - RACE_PLACES}
    waiting = [(row.queued_at, row.id) for row in list_waiting(session, run_id)]
    facts = {
        "exactly fifty are in": Counter(row.state for row in rows) == wanted,
        "nobody is there twice": len({row.person_id for row in rows}) == RACERS,
        "the first fifty are in": all(row.state is State.CONFIRMED for row in rows[:RACE_PLACES]),
        "the rest stand in order": waiting == sorted(set(waiting)),
        "the counts agree": count_places(session, [run_id])[run_id]
        == Places(RACE_PLACES, RACE_PLACES, RACERS - RACE_PLACES),
    }
    broken = [fact for fact, holds in facts.items() if not holds]
    if broken:
        raise WrongAnswer(f"the race broke: not so: {', '.join(broken)}")


def main() -> int:
    from bench.__main__ import prepare
    from bench.processes import DATABASES

    parser = argparse.ArgumentParser(prog="python -m bench.race", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how many on each database")
    parser.add_argument("--only", choices=DATABASES, help="one database")
    asked = parser.parse_args()
    for name in [asked.only] if asked.only else list(DATABASES):
        with DATABASES[name]() as database_url:
            app, world = prepare(database_url)
            try:
                run_rounds(name, app, world, database_url, asked.rounds)
            except WrongAnswer as error:
                print(f"race on {name}: {error}", file=sys.stderr)
                return 1
            finally:
                with app.app_context():
                    db.engine.dispose()
    return 0


def run_rounds(name: str, app: Flask, world: World, database_url: str, rounds: int) -> None:
    with processes.serving("wsgi:app", processes.surroundings(database_url)) as port:
        for number in range(1, rounds + 1):
            with app.app_context(), transaction() as session:
                place, run_id = add_race(session, world, number)
            told = race(app, place, run_id, world.people, port)
            print(f"{name}, round {number} of {rounds}: {told}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
