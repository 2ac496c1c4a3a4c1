"""Feeds: what a calendar program's polls cost beside an empty route, and what 10,000 runs cost that nothing is kept of.

`python -m bench.feeds` prints the seconds of the latter on both databases.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from datetime import time as Clock
from typing import Any

import flask_migrate
import icalendar
import sqlalchemy as sa
from flask import Flask

from bench import processes
from bench.processes import DATABASES
from bench.world import NOW
from config import Config
from eventsys import clock, create_app
from eventsys.calendars.serving import PIECE
from eventsys.events import actions, ics
from eventsys.events.actions import keep_calendar_bytes
from eventsys.events.calendar_facts import find_calendar_facts
from eventsys.events.models import Run
from eventsys.events.rules import EventFacts, EventType, Precision, RunFacts
from eventsys.extensions import db, transaction
from eventsys.organisers import actions as organisers

BASE = "http://127.0.0.1:5000"
EVENTS, RUNS = 100, 2
MANY = 10_000
TEXT = "To dager om *kvalitet* i kommunen.\n\n- erfaringer\n- gruppearbeid\n\nVel møtt til alle."
TITLES = {"nb": "Læringsseminar {}", "nn": "Læringsseminar {}", "en": "Learning seminar {}"}
COLD, SERIALISED = "feed of 10,000 runs, nothing kept", "icalendar serialises 10,000"
FIRST = "feed of 10,000 runs, first time"
PATH = "/calendars/organisers/kalender.ics"
"""A feed of 200 runs; of an organiser of its own, so that nothing else that is measured has more to read."""


def build_feed() -> None:
    """A hundred events of two days each, by an organiser of their own."""
    with transaction() as session:
        clock.set_to(session, NOW)
        organiser = organisers.add(session, slug="kalender", name="Kalender", email="post@kalender.example")
        for number in range(EVENTS):
            _add_event(session, organiser.id, number, RUNS)


def _add_event(session: Any, organiser_id: int, number: int, runs: int) -> int:
    days = [date(2008, 9, 1) + timedelta(days=number + 7 * place) for place in range(runs)]
    event = actions.create(
        session,
        organiser_id=organiser_id,
        facts=EventFacts(
            EventType.LEARNING_SEMINAR,
            {language: title.format(number) for language, title in TITLES.items()},
            description={"nb": TEXT},
        ),
        clauses=[],
        runs=[RunFacts(Precision.EXACT, day, day, Clock(10), Clock(15, 30)) for day in days],
        base_url=BASE,
        now=NOW,
    )
    actions.publish(session, event, now=NOW)
    return event.id


def measure_cold(app: Flask) -> dict[str, float]:
    """Seconds, by what they are of; on a database of its own."""
    with app.app_context():
        run_ids = _build_many()
        serialised = _time_serialising(run_ids)
        started = time.perf_counter()
        body = _build_cold(run_ids)
        cold = time.perf_counter() - started
        assert body.count(b"BEGIN:VEVENT") == MANY
        db.session.remove()
    started = time.perf_counter()
    answer = app.test_client().get("/calendars/organisers/mange.ics?from=2008-01-01&to=2099-01-01")
    assert answer.data.count(b"BEGIN:VEVENT") == MANY, answer.data[:300]
    return {COLD: cold, FIRST: time.perf_counter() - started, SERIALISED: serialised}


def _build_many() -> list[int]:
    """One event with very many runs: written at once, then its entries."""
    with transaction() as session:
        clock.set_to(session, NOW)
        organiser = organisers.add(session, slug="mange", name="Mange", email="post@mange.example")
        event_id = _add_event(session, organiser.id, 1, 1)
        rows = [_run(event_id, organiser.id, number) for number in range(1, MANY)]
        session.execute(sa.insert(Run), rows)
        session.expire_all()
        run_ids = list(session.scalars(sa.select(Run.id).where(Run.event_id == event_id).order_by(Run.id)))
        keep_calendar_bytes(session, base_url=BASE, run_ids=run_ids)
        return run_ids


def _run(event_id: int, organiser_id: int, number: int) -> dict[str, Any]:
    day = date(2008, 9, 1) + timedelta(days=number)
    starts, ends = (datetime.combine(day, at) for at in (Clock(10), Clock(15, 30)))
    in_utc = {"starts_at": _aware(starts), "ends_at": _aware(ends), "sort_at": _aware(starts)}
    return {
        "event_id": event_id, "organiser_id": organiser_id, "precision": Precision.EXACT, "first_on": day, "last_on": day,
        "starts_local": starts, "ends_local": ends, **in_utc, "created_at": NOW, "revised_at": NOW,
    }  # fmt: skip


def _aware(local: datetime) -> datetime:
    return local.replace(tzinfo=NOW.tzinfo)


def _build_cold(run_ids: list[int]) -> bytes:
    """From the tables to the bytes of the feed, in one language."""
    entries = []
    for start in range(0, len(run_ids), PIECE):
        found = find_calendar_facts(db.session(), run_ids[start : start + PIECE], base_url=BASE)
        entries += [ics.vevent(facts, "nb") for facts in found.values()]
        db.session.expunge_all()
    return ics.calendar(ics.Head(name="Mange", description="Alt", url=BASE, source=""), entries)


def _time_serialising(run_ids: list[int]) -> float:
    """What the library alone needs for as many events as these, made ready before."""
    facts = find_calendar_facts(db.session(), run_ids[:1], base_url=BASE)[run_ids[0]]
    calendar = icalendar.Calendar()
    for _run in run_ids:
        calendar.add_component(icalendar.Event.from_ical(ics.vevent(facts, "nb")))
    started = time.perf_counter()
    calendar.to_ical()
    return time.perf_counter() - started


def measure_on(name: str) -> dict[str, float]:
    with DATABASES[name]() as database_url:
        app = create_app(Config.from_environment(processes.surroundings(database_url, LOG_LEVEL="ERROR")).model_dump())
        try:
            with app.app_context():
                flask_migrate.upgrade()
            return measure_cold(app)
        finally:
            with app.app_context():
                db.engine.dispose()


def main() -> None:
    for name in DATABASES:
        print(name, {what: f"{seconds:.2f} s" for what, seconds in measure_on(name).items()})


if __name__ == "__main__":
    main()
