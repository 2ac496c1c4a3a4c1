"""The organisers' first pages with much in them: `python -m bench.workspace`. Milliseconds of server time for the start page
with 500 events and 50,000 registrations, and for the search among 100,000 people of whom half are another organiser's."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from bench.outbox import sign_in, time_of
from bench.world import EVENTS, NOW, World, add_event
from eventsys.events.models import Event, Run
from eventsys.extensions import db, refresh_statistics, transaction
from eventsys.organisations.models import Organisation, Person, PersonWord
from eventsys.organisations.rules import name_key, search_words
from eventsys.organisers import actions as organisers
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import Actor, Change, Side, State

PEOPLE, OURS, MANY_EVENTS, BUSY = 100_000, 50_000, 500, 2_000
FIRST_NUMBER = 10_000
ROWS_AT_ONCE = 10_000
LIMITS = {"start page": 150.0, "search": 100.0, "figures": 150.0}
FIRST_NAMES = (
    "Anne Kari Inger Marit Ingrid Liv Eva Berit Astrid Bjørg Hilde Anna Solveig Marianne Randi Ida Nina Maria Kristin Åse"
    " Jan Per Bjørn Ole Lars Kjell Knut Arne Svein Thomas Hans Geir Tor Morten Terje Odd Erik Martin Andreas John Øyvind"
).split()
PLACES = (
    "Ask Bekk Dal Elv Fjell Gran Hegg Klokk Lyng Molt Nes Or Rogn Selje Tind Ulv Vass Øy Åker Bjørk Furu Sølv".split()
)
ENDINGS = "flaten gjerdstad haugrud moengen myrvoll stølrud tunhaug vikmo".split()
LAST_NAMES = [place + ending for place in PLACES for ending in ENDINGS]
MIDDLE_NAMES = ("", *(f"{place}land" for place in PLACES[:13]))
SEARCHES = {
    "a first name": "kari",
    "two letters": "an",
    "one letter": "k",
    "two names": "kari sel",
    "a whole name": "Øyvind Åkerstølrud",
    "without its letters": "oyvind akersto",
    "an address": "person77777@kommune.example",
    "the beginning of an address": "person7@",
    "nobody": "Zacharias",
    "an event": "læringsseminar 10123",
    "a municipality": "bø",
}


def measure_workspace(app: Flask, world: World) -> dict[str, float]:
    """Milliseconds of server time, the middle of some tries, by what is asked for."""
    with app.app_context():
        busy = fill(world)
        client = sign_in(app, "workspace@program.example")
    found = {"start page": time_of(client, "/manage/")}
    found["figures"] = time_of(client, f"/manage/events/{busy}/figures")
    for name, words in SEARCHES.items():
        found[f"search, {name}"] = time_of(client, f"/manage/search?q={quote(words)}")
    return found


def limit_of(what: str) -> float:
    return LIMITS[what.partition(",")[0]]


def fill(world: World) -> str:
    """The people, half of them at the organiser's own events; the slug of the event that most come to."""
    with transaction() as session:
        runs = _add_events(session, world)
        theirs = organisers.add(session, slug="andre", name="Andre", email="post@andre.example")
        other = _add_other(session, world, theirs.id)
        places = list(session.scalars(sa.select(Organisation.id).order_by(Organisation.id)))
        first = (session.scalar(sa.select(sa.func.max(Person.id))) or 0) + 1
        for start in range(0, PEOPLE, ROWS_AT_ONCE):
            numbers = range(start, min(start + ROWS_AT_ONCE, PEOPLE))
            _add_people(session, first, numbers)
            targets = [other if number >= OURS else _run_for(runs, number) for number in numbers]
            _add_seats(session, first, numbers, targets, places)
        _add_changes(session, runs[0].event_id)
        slug = session.scalars(sa.select(Event.slug).where(Event.id == runs[0].event_id)).one()
    with transaction() as session:
        refresh_statistics(session)
    return slug


def _add_events(session: Session, world: World) -> list[Run]:
    made = (add_event(session, world, FIRST_NUMBER + number, capacity=120) for number in range(MANY_EVENTS - EVENTS))
    return [event.runs[0] for event in made]


def _add_other(session: Session, world: World, organiser_id: int) -> Run:
    event = add_event(session, World(**{**vars(world), "organiser_id": organiser_id}), FIRST_NUMBER * 2)
    return event.runs[0]


def _run_for(runs: Sequence[Run], number: int) -> Run:
    """The first event gets many; the others about as many each."""
    return runs[0] if number < BUSY else runs[1 + number % (len(runs) - 1)]


def name_of(number: int) -> str:
    first, rest = number % len(FIRST_NAMES), number // len(FIRST_NAMES)
    last, middle = rest % len(LAST_NAMES), rest // len(LAST_NAMES) % len(MIDDLE_NAMES)
    return " ".join(part for part in (FIRST_NAMES[first], MIDDLE_NAMES[middle], LAST_NAMES[last]) if part)


def _add_people(session: Session, first: int, numbers: range) -> None:
    people = [
        {
            "id": first + n,
            "email_key": f"person{n}@kommune.example",
            "name_key": name_key(name_of(n)),
            "created_at": NOW,
        }
        for n in numbers
    ]
    words = [{"person_id": first + n, "word": word} for n in numbers for word in set(search_words(name_of(n)))]
    session.execute(sa.insert(Person), people)
    session.execute(sa.insert(PersonWord), words)


def _add_seats(session: Session, first: int, numbers: range, runs: Sequence[Run], organisations: Sequence[int]) -> None:
    sides = tuple(Side)
    rows = [
        {
            "organiser_id": run.organiser_id,
            "event_id": run.event_id,
            "run_id": run.id,
            "person_id": first + n,
            "organisation_id": organisations[n % len(organisations)],
            "name": name_of(n),
            "email": f"person{n}@kommune.example",
            "email_key": f"person{n}@kommune.example",
            "language": "nb",
            "side": sides[n % len(sides)],
            "state": State.CANCELLED if n % 50 == 0 else State.CONFIRMED,
            "queued_at": NOW - timedelta(hours=n % 700),
            "form_token": f"workspace-{n}",
            "created_at": NOW - timedelta(hours=n % 700),
        }
        for n, run in zip(numbers, runs, strict=True)
    ]
    session.execute(sa.insert(Registration), rows)


def _add_changes(session: Session, event_id: int) -> None:
    """The history of the busy event: what its curve is drawn from."""
    session.execute(
        sa.insert(RegistrationChange).from_select(
            ["registration_id", "change", "at", "actor", "to_state", "facts"],
            sa.select(
                Registration.id,
                sa.literal(Change.REGISTERED.value),
                Registration.created_at,
                sa.literal(Actor.PARTICIPANT.value),
                sa.literal(State.CONFIRMED.value),
                sa.literal({}, RegistrationChange.facts.type),
            ).where(Registration.event_id == event_id),
        )
    )


def main() -> int:
    from bench.__main__ import prepare
    from bench.processes import DATABASES

    slow = 0
    for name, database in DATABASES.items():
        with database() as database_url:
            app, world = prepare(database_url)
            for what, milliseconds in measure_workspace(app, world).items():
                is_slow = milliseconds >= limit_of(what)
                slow += is_slow
                print(f"{name:<11} {what:<40} {milliseconds:7.1f} ms{'  TOO SLOW' if is_slow else ''}")
            with app.app_context():
                db.engine.dispose()
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
