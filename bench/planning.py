"""How long planning takes, how long to see that there is nothing to plan, and how long a reminder to a hundred thousand.

`python -m bench.planning` prints the seconds on both databases.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from bench import processes
from bench.processes import DATABASES
from config import Config
from eventsys import clock, create_app
from eventsys.events.models import Event, EventChange, Run
from eventsys.events.rules import ChangeKind, EventStatus, EventType, Precision, RunStatus
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Person
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from eventsys.workflows import actions
from eventsys.workflows.jobs import plan_all
from eventsys.workflows.models import Occasion, Rule
from eventsys.workflows.rules import Anchor, Audience, OccasionState, Trigger, Unit

NOW = datetime(2008, 8, 18, 6, tzinfo=UTC)
EVENTS = 1_000
RULES = 10
PEOPLE = 100_000
TIMES = 5
FIRST_DAY = date(2008, 10, 1)


def measure_planning(app: Flask, *, events: int = EVENTS, people: int = PEOPLE) -> dict[str, float]:
    """Seconds, and mebibytes, by what they are of; builds its own rows beside whatever there is."""
    with app.app_context():
        run_id = _build(events, people)
    first = _time(lambda: plan_all(app))
    idle = min(_time(lambda: plan_all(app)) for _try in range(TIMES))
    with app.app_context():
        planned = db.session.scalar(sa.select(sa.func.count()).select_from(Occasion))
        assert (planned or 0) >= events * RULES, planned
        due_at = db.session.scalar(
            sa.select(sa.func.max(Occasion.due_at)).where(Occasion.run_id == run_id, Occasion.state == "planned")
        )
    assert due_at is not None
    before = _peak()
    fired = _time(lambda: _fire(app, run_id, due_at))
    return {
        "plan from nothing": first,
        "plan with nothing to do": idle,
        "expand to all": fired,
        "memory of expanding, MiB": _peak() - before,
    }


def _fire(app: Flask, run_id: int, due_at: datetime) -> None:
    """One reminder of the run, alone."""
    with app.app_context(), transaction() as session:
        others = sa.or_(Occasion.run_id != run_id, Occasion.due_at != due_at)
        session.execute(sa.update(Occasion).where(others).values(state=OccasionState.DROPPED))
        session.execute(sa.update(Occasion).where(sa.not_(others)).values(state=OccasionState.PLANNED))
    with app.app_context(), transaction() as session:
        assert actions.expand(session, now=due_at) == 1
    with app.app_context():
        made = db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage))
        assert (made or 0) > 0, made


def _build(events: int, people: int) -> int:
    """Published events with a run each, and one of them with many people; the id of its run."""
    long_ago = NOW - timedelta(days=100)
    with transaction() as session:
        clock.set_to(session, NOW)
        organiser = Organiser(slug="planning", name="Planning", email="post@planning.example")
        session.add(organiser)
        session.flush()
        session.execute(sa.insert(Rule), [_rule(organiser.id, number, long_ago) for number in range(RULES)])
        first_id = (session.scalar(sa.select(sa.func.max(Event.id))) or 0) + 1
        event_ids = range(first_id, first_id + events)
        session.execute(sa.insert(Event), [_event(organiser.id, number, long_ago) for number in event_ids])
        shown = [
            {"event_id": number, "kind": ChangeKind.PUBLISHED, "at": long_ago, "noticed_at": long_ago}
            for number in event_ids
        ]
        session.execute(sa.insert(EventChange), shown)
        session.execute(
            sa.insert(Run), [_run(organiser.id, number, number - first_id, long_ago) for number in event_ids]
        )
        run_id = session.scalar(sa.select(Run.id).where(Run.event_id == first_id + events - 1))
        assert run_id is not None
        _add_people(session, organiser.id, first_id + events - 1, run_id, people)
    if db.engine.dialect.name == "postgresql":
        with transaction() as session:
            session.execute(sa.text("ANALYZE"))
    db.session.remove()
    return run_id


def _rule(organiser_id: int, number: int, at: datetime) -> dict[str, Any]:
    return {
        "organiser_id": organiser_id,
        "key": f"rule-{number}",
        "trigger": Trigger.RELATIVE,
        "audience": Audience.CONFIRMED,
        "template": "reminder",
        "anchor": Anchor.END if number == 0 else Anchor.START,
        "offset_units": number - RULES + 1 or 1,
        "unit": (Unit.DAYS, Unit.WEEKS, Unit.WORKING_DAYS, Unit.HOURS)[number % 4],
        "enabled_at": at,
    }


def _event(organiser_id: int, number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "organiser_id": organiser_id,
        "slug": f"planning-{number}",
        "type": EventType.LEARNING_SEMINAR,
        "title": {"nb": f"Seminar {number}"},
        "status": EventStatus.PUBLISHED,
        "created_at": at,
        "revised_at": at,
    }


def _run(organiser_id: int, event_id: int, number: int, at: datetime) -> dict[str, Any]:
    day = FIRST_DAY + timedelta(days=number % 700)
    starts = datetime(day.year, day.month, day.day, 8 + number % 8, number % 60)
    in_utc = starts.replace(tzinfo=UTC)
    return {
        "event_id": event_id,
        "organiser_id": organiser_id,
        "status": RunStatus.PLANNED,
        "precision": Precision.EXACT,
        "first_on": day,
        "last_on": day,
        "starts_local": starts,
        "ends_local": starts + timedelta(hours=5),
        "starts_at": in_utc,
        "ends_at": in_utc + timedelta(hours=5),
        "sort_at": in_utc,
        "created_at": at,
        "revised_at": at,
    }


def _add_people(session: Any, organiser_id: int, event_id: int, run_id: int, people: int) -> None:
    first_id = (session.scalar(sa.select(sa.func.max(Person.id))) or 0) + 1
    for start in range(first_id, first_id + people, 10_000):
        numbers = range(start, min(start + 10_000, first_id + people))
        people_rows = [
            {"id": n, "email_key": f"p{n}@kommune.example", "name_key": f"p {n}", "created_at": NOW} for n in numbers
        ]
        session.execute(sa.insert(Person), people_rows)
        session.execute(
            sa.insert(Registration),
            [
                {
                    "organiser_id": organiser_id,
                    "event_id": event_id,
                    "run_id": run_id,
                    "person_id": number,
                    "name": f"Person {number}",
                    "email": f"p{number}@kommune.example",
                    "email_key": f"p{number}@kommune.example",
                    "language": "nb",
                    "state": State.CONFIRMED,
                    "queued_at": NOW,
                    "form_token": f"planning-{number}",
                    "created_at": NOW,
                }
                for number in numbers
            ],
        )


def _time(do: Callable[[], None]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _peak() -> float:
    """The most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def prepared(name: str) -> Iterator[Flask]:
    """The application on an empty database of its own."""
    with DATABASES[name]() as database_url:
        config = Config.from_environment(processes.surroundings(database_url, LOG_LEVEL="ERROR"))
        app = create_app(config.model_dump())
        with app.app_context():
            flask_migrate.upgrade()
        try:
            yield app
        finally:
            with app.app_context():
                db.engine.dispose()


def main() -> int:
    for name in DATABASES:
        with prepared(name) as app:
            for what, figure in measure_planning(app).items():
                print(f"{name:<12}{what:<28}{figure:10.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
