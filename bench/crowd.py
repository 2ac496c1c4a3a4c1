"""An event that many have signed up to: `python -m bench.crowd`. Signing up with 20,000 there already beside an empty one,
and the organisers' list with 5,000 rows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import repeat

import sqlalchemy as sa
from flask import Flask

from bench import processes
from bench.load import Visit, drive
from bench.outbox import IDS, NUMBERS, sign_in, time_of
from bench.visits import Place, sign_up
from bench.world import EVENTS, World, add_event
from eventsys.events.models import Run
from eventsys.extensions import db, transaction

CONNECTIONS = 16
THERE_ALREADY, ON_THE_LIST = 20_000, 5_000
ROUNDS, SECONDS = 6, 2.0
LIMIT = 100.0
FIRST_NUMBER = 100_000
AMONG_MANY, AMONG_FEW = "registrations, 20,000 there already", "registrations, few there"

PEOPLE = """
INSERT INTO people (public_id, email_key, name_key, created_at)
SELECT {id}, 'crowd' || n || '-{event}@kommune.example', 'person nummer' || n, :now FROM ({numbers}) AS numbers
"""
SEATS = """
INSERT INTO registrations (public_id, link_version, organiser_id, event_id, run_id, person_id, organisation_id, name, email,
                           email_key, side, state, priority, queued_at, form_token, created_at)
SELECT {id}, 0, :organiser_id, :event_id, :run_id, p.id,
       (SELECT min(id) FROM organisations) + p.id % (SELECT count(*) FROM organisations),
       'Person Nummer' || p.id, p.email_key, p.email_key,
       CASE p.id % 3 WHEN 0 THEN 'politician' WHEN 1 THEN 'administration' ELSE 'employee_representative' END,
       CASE WHEN p.id % 50 = 0 THEN 'cancelled' ELSE 'confirmed' END, 0, :now, 'crowd-' || p.id, :now
FROM people p WHERE p.email_key LIKE 'crowd%-{event}@kommune.example'
"""
LISTS = {
    "first page": "",
    "by state": "?state=confirmed",
    "by side": "?side=politician",
    "a name": "?q=nummer77",
    "a late page": "?page=40",
}


def measure_crowd(app: Flask, world: World, database_url: str) -> dict[str, float]:
    """Registrations a second into a full and an empty event, in turn, the best of some rounds of each; milliseconds of
    server time for the organisers' list, by the name of what is asked for."""
    with app.app_context():
        full, few, listed = (
            _make(world, number, people) for number, people in enumerate((THERE_ALREADY, 0, ON_THE_LIST))
        )
        client = sign_in(app, "crowd@program.example")
    found = {AMONG_MANY: 0.0, AMONG_FEW: 0.0}
    with processes.serving("wsgi:app", processes.surroundings(database_url)) as port:
        for place in (full, few):
            drive(port, _visits(place, world), connections=CONNECTIONS, seconds=1.0)
        for _round in range(ROUNDS):
            for name, place in ((AMONG_MANY, full), (AMONG_FEW, few)):
                tally = drive(port, _visits(place, world), connections=CONNECTIONS, seconds=SECONDS)
                found[name] = max(found[name], tally.rate)
    address = f"/manage/events/{listed.slug}/participants"
    return found | {f"list, {name}": time_of(client, address + query) for name, query in LISTS.items()}


def _visits(place: Place, world: World) -> Iterator[Visit]:
    return (sign_up(where, person) for where, person in zip(repeat(place), world.people, strict=False))


def _make(world: World, number: int, people: int) -> Place:
    """An event with so many who have signed up."""
    dialect = db.engine.dialect.name
    with transaction() as session:
        event = add_event(session, world, EVENTS + 500 + number)
        run: Run = event.runs[0]
        facts = {"id": IDS[dialect], "numbers": NUMBERS[dialect], "event": event.id}
        now = event.created_at.isoformat() if dialect == "postgresql" else f"{event.created_at:%Y-%m-%d %H:%M:%S.%f}"
        if people:
            session.execute(sa.text(PEOPLE.format(**facts)), {"mails": people, "now": now})
            ids = {"organiser_id": event.organiser_id, "event_id": event.id, "run_id": run.id, "now": now}
            session.execute(sa.text(SEATS.format(**facts)), ids)
    if dialect == "postgresql":
        with transaction() as session:
            session.execute(sa.text("ANALYZE"))
    return Place(event.slug, str(run.uid))


def main() -> int:
    from bench.__main__ import prepare
    from bench.processes import DATABASES

    slow = 0
    for name, database in DATABASES.items():
        with database() as database_url:
            app, world = prepare(database_url)
            for what, figure in measure_crowd(app, world, database_url).items():
                is_list = what.startswith("list")
                slow += is_list and figure >= LIMIT
                print(f"{name:<11} {what:<40} {figure:7.1f} {'ms' if is_list else 'a second'}")
            with app.app_context():
                db.engine.dispose()
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
