"""The database of a bench: the municipalities of 2008, two dozen events with room for all, one with fifty places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import count, cycle

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.visits import Person, Place
from eventsys import clock
from eventsys.events import actions as events
from eventsys.events.models import Event
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventType, Precision, RunFacts
from eventsys.extensions import ROOT, transaction
from eventsys.organisations.actions import find_or_add_person, import_municipalities
from eventsys.organisations.imports import read_municipalities
from eventsys.organisations.models import Organisation
from eventsys.organisers import actions as organisers
from eventsys.programmes import actions as programmes
from eventsys.registrations.actions import register
from eventsys.registrations.rules import NewRegistration, Side
from eventsys.venues import actions as venues
from eventsys.workflows.actions import add_default_rules

NOW = datetime(2008, 8, 18, 6, tzinfo=UTC)
EVENTS = 24
SPREAD = 12
ROOM = 1_000_000
RACE_PLACES = 50
THERE_ALREADY = 100
LIST = ROOT / "eventsys" / "demo" / "data" / "municipalities-2008.csv"
TEXT = "To dagar om *kvalitet* i kommunen.\n\n- erfaringar\n- gruppearbeid\n- vegen vidare\n\nVel møtt til alle."


@dataclass(frozen=True)
class World:
    """Where things are. `page` is the event whose page is read, `spread` those people sign up to, `race` the small one."""

    page: Place
    spread: list[Place]
    race: Place
    race_run_id: int
    cohort: str
    municipality: str
    people: Iterator[Person]
    organiser_id: int
    cohort_ids: list[int]
    venue_id: int


def build() -> World:
    """Fills an empty database, commits, and sets the clock to a day when registration is open."""
    with transaction() as session:
        clock.set_to(session, NOW)
        organiser = organisers.add(session, slug="sekretariatet", name="Sekretariatet", email="post@program.example")
        add_default_rules(session, organiser_id=organiser.id, now=NOW)
        cohorts = _add_cohorts(session, organiser.id)
        municipalities = _place_municipalities(session, cohorts)
        hall = venues.add(session, name="Storsalen", capacity=ROOM, address="Torget 1, 0155 Oslo", now=NOW)
        made = [_add_event(session, organiser.id, cohorts, hall.id, number) for number in range(1, EVENTS + 1)]
        race = _add_event(session, organiser.id, cohorts, hall.id, EVENTS + 1, capacity=RACE_PLACES)
        race_run_id, page, page_runs = race.runs[0].id, _place(made[-1]), [run.id for run in made[-1].runs]
        spread, race_place = [_place(event) for event in made[:SPREAD]], _place(race)
        _fill(session, page_runs, municipalities)
        people = map(Person, count(1), cycle(municipality.label for municipality in municipalities))
        return World(
            page=page,
            spread=spread,
            race=race_place,
            race_run_id=race_run_id,
            cohort="pulje-ii",
            municipality=str(municipalities[1].number),
            people=people,
            organiser_id=organiser.id,
            cohort_ids=cohorts,
            venue_id=hall.id,
        )


def add_race(session: Session, world: World, number: int) -> tuple[Place, int]:
    """One more event with fifty places, and the id of the run that is raced for."""
    event = add_event(session, world, EVENTS + 1 + number, capacity=RACE_PLACES)
    return _place(event), event.runs[0].id


def add_event(session: Session, world: World, number: int, *, capacity: int = ROOM) -> Event:
    return _add_event(session, world.organiser_id, world.cohort_ids, world.venue_id, number, capacity=capacity)


def _place(event: Event) -> Place:
    return Place(event.slug, str(event.runs[0].uid))


def _add_cohorts(session: Session, organiser_id: int) -> list[int]:
    programme = programmes.add_programme(session, organiser_id=organiser_id, slug="program", name={"nb": "Programmet"})
    return [
        programmes.add_cohort(
            session,
            programme_id=programme.id,
            slug=f"pulje-{roman.lower()}",
            ordinal=ordinal,
            name={"nb": f"Pulje {roman}"},
        ).id
        for ordinal, roman in enumerate(("I", "II", "III"), 1)
    ]


def _place_municipalities(session: Session, cohorts: list[int]) -> list[Organisation]:
    rows, _bad = read_municipalities(LIST.read_bytes())
    import_municipalities(session, rows)
    found = list(session.scalars(sa.select(Organisation).order_by(Organisation.number)))
    for place, organisation in enumerate(found):
        programmes.place_in_cohort(
            session,
            cohort_id=cohorts[place % len(cohorts)],
            organisation_id=organisation.id,
            from_on=date(2008, 1, 1),
        )
    return found


def _add_event(
    session: Session, organiser_id: int, cohorts: list[int], venue_id: int, number: int, *, capacity: int = ROOM
) -> Event:
    days = [date(2008, 9 + number % 3, 1 + number % 20), date(2008, 9 + number % 3, 3 + number % 20)]
    runs = [
        RunFacts(Precision.EXACT, day, day, time(10), time(15, 30), venue_id=venue_id, capacity=capacity)
        for day in days
    ]
    title = {"nb": f"Læringsseminar {number}", "nn": f"Læringsseminar {number}", "en": f"Learning seminar {number}"}
    event = events.create(
        session,
        organiser_id=organiser_id,
        facts=EventFacts(EventType.LEARNING_SEMINAR, title, ordinal=number, description={"nb": TEXT}),
        clauses=[ClauseFacts(ClauseKind.COHORT, cohort_id=cohort) for cohort in cohorts],
        runs=runs,
        base_url="http://127.0.0.1:5000",
        now=NOW,
    )
    events.publish(session, event, now=NOW)
    return event


def _fill(session: Session, run_ids: list[int], municipalities: list[Organisation]) -> None:
    """A page is read of an event that people have signed up to. One person more than that makes the ids of people and of
    registrations differ, so that a recording can tell them apart."""
    find_or_add_person(session, email="ingen@kommune.example", name="Ingen Steder", now=NOW)
    for number in range(THERE_ALREADY):
        form = NewRegistration(
            run_id=run_ids[number % 2],
            name=f"Tidlig Person{number}",
            email=f"tidlig{number}@kommune.example",
            organisation_id=municipalities[number].id,
            form_token=f"there-already-{number}",
            side=Side.ADMINISTRATION,
        )
        register(session, form, now=NOW)
