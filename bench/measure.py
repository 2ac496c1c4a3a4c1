"""The measurements, each with its ceiling from the same minute: pages, registrations, the race, mails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice, repeat

from flask import Flask

from bench import bare, feeds, processes
from bench.load import Ask, Tally, Visit, drive
from bench.mails import TURNS, measure_mails
from bench.programme import Times
from bench.race import race
from bench.recording import count_page, count_statements, record_registration
from bench.visits import read, require, sign_up, tag_of
from bench.world import World

CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Length:
    """How long a run takes its time: rounds, the seconds of each measurement in a round, how many mails and how often."""

    rounds: int
    page: float
    registrations: float
    replay: float
    mails: int
    mailings: int


FULL = Length(rounds=5, page=0.7, registrations=2.0, replay=0.8, mails=5000, mailings=2)
QUICK = Length(rounds=1, page=0.5, registrations=1.0, replay=0.5, mails=300, mailings=1)
WARM_UP = 60


@dataclass
class Results:
    """What one database gave: rates by name, and what they are to be compared with."""

    database: str
    rates: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    statements: dict[str, int] = field(default_factory=dict)
    race: str = ""
    planning: dict[str, float] = field(default_factory=dict)
    outbox: dict[str, float] = field(default_factory=dict)
    crowd: dict[str, float] = field(default_factory=dict)
    workspace: dict[str, float] = field(default_factory=dict)
    feeds: dict[str, float] = field(default_factory=dict)
    programme: Times = field(default_factory=Times)
    generator: list[float] = field(default_factory=list)

    def note(self, name: str, rate: float) -> None:
        """The best round counts: in the others somebody else had the machine."""
        self.rates[name] = max(self.rates[name], rate)

    def note_drive(self, name: str, tally: Tally) -> None:
        self.note(name, tally.rate)
        self.generator.append(tally.cpu / tally.seconds)


def measure(database: str, database_url: str, app: Flask, world: World, length: Length) -> Results:
    """All of it on one database. Raises `WrongAnswer` as soon as an answer is not what it should be."""
    results = Results(database)
    results.statements = {
        "event page": count_page(app, world.page),
        "sign-up": count_statements(app, sign_up(world.page, next(world.people))),
    }
    scripts = [record_registration(app, place, world.people) for place in world.spread]
    environment = processes.surroundings(database_url)
    with processes.serving("wsgi:app", environment) as port:
        with processes.serving("bench.plain:app", environment) as plain_port:
            measure_pages(results, world, port, plain_port, length)
        for _round in range(length.rounds):
            measure_registrations(results, world, port, length)
            results.note("statements, several events", bare.measure(database_url, scripts, length.replay))
            results.note("statements, one event", bare.measure(database_url, scripts[:1], length.replay))
        results.race = race(app, world.race, world.race_run_id, world.people, port)
    turns = TURNS[database] * length.mailings
    for workers, rate, ready in measure_mails(app, database_url, mails=length.mails, turns=turns):
        results.note(f"mails, workers: {workers}", rate)
        results.note(f"ready mails, workers: {workers}", ready)
    return results


# --- pages ----------------------------------------------------------------------------------------------------------


def measure_pages(results: Results, world: World, port: int, plain_port: int, length: Length) -> None:
    """Every page in turn, several times over, so that a busy moment meets all alike."""
    visits = {
        "empty": (plain_port, lambda: read("/empty", b"empty")),
        "plain": (plain_port, lambda: read("/plain", b"50 kommuner")),
        **{name: (port, visit) for name, visit in _list_pages(port, world)},
    }
    for where, visit in visits.values():
        drive(where, islice(_endless(visit), WARM_UP), connections=CONNECTIONS)
    for _round in range(length.rounds):
        for name, (where, visit) in visits.items():
            tally = drive(where, _endless(visit), connections=CONNECTIONS, seconds=length.page)
            results.note_drive(name, tally)


def _list_pages(port: int, world: World) -> Iterator[tuple[str, Callable[[], Visit]]]:
    pages = {
        "event page": (f"/events/{world.page.slug}", world.page.run.encode()),
        "cohort feed": (f"/calendars/cohorts/{world.cohort}.ics", b"END:VCALENDAR"),
        "municipality feed": (f"/calendars/organisations/{world.municipality}.ics", b"END:VCALENDAR"),
        "feed of 200 runs": (feeds.PATH, b"END:VCALENDAR"),
    }
    for name, (path, marker) in pages.items():
        tag = find_tag(port, path)
        yield f"{name}, 200", lambda path=path, marker=marker: read(path, marker)  # type: ignore[misc]
        yield f"{name}, 304", lambda path=path, marker=marker, tag=tag: read(path, marker, tag=tag)  # type: ignore[misc]


def find_tag(port: int, path: str) -> str:
    found: list[str] = []

    def visit() -> Visit:
        answer = yield Ask(path)
        require(answer, 200, b"")
        found.append(tag_of(answer))

    drive(port, iter([visit()]), connections=1)
    return found[0]


def _endless(visit: Callable[[], Visit]) -> Iterator[Visit]:
    while True:
        yield visit()


# --- registrations --------------------------------------------------------------------------------------------------


def measure_registrations(results: Results, world: World, port: int, length: Length) -> None:
    for name, places in (("several events", cycle(world.spread)), ("one event", repeat(world.page))):
        visits = (sign_up(place, person) for place, person in zip(places, world.people, strict=False))
        tally = drive(port, visits, connections=CONNECTIONS, seconds=length.registrations)
        results.note_drive(f"registrations, {name}", tally)
