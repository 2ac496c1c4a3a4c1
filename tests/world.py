"""A small world for tests: two organisers, three cohorts, five municipalities, a seminar with two runs, a conference."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.events import actions as events
from eventsys.events.models import Event
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventType, Precision, RunFacts
from eventsys.extensions import db, transaction
from eventsys.organisations import actions as organisations
from eventsys.organisations.rules import OrganisationKind
from eventsys.organisers import actions as organisers
from eventsys.programmes import actions as programmes
from eventsys.registrations.rules import NewRegistration, Side
from eventsys.workflows.actions import add_default_rules
from tests.tables import build_once

NOW = datetime(2008, 8, 18, 6, tzinfo=UTC)
BASE_URL = "http://127.0.0.1:5000"
MUNICIPALITIES = {
    "0821": ("Bø", "Telemark", 2),
    "1867": ("Bø", "Nordland", None),
    "2021": ("Karasjok", "Finnmark", 1),
    "1119": ("Hå", "Rogaland", 3),
    "0301": ("Oslo", "Oslo", 2),
}


@dataclass
class World:
    """Ids and slugs of what `build` made."""

    secretariat: int
    unio: int
    cohorts: dict[int, int]
    municipalities: dict[str, int]
    confederation: int
    unions: list[int]
    events: dict[str, Event] = field(default_factory=dict)

    def run_id(self, name: str, place: int = 0) -> int:
        return self.events[name].runs[place].id


def build(*, capacity: int | None = 3, now: datetime = NOW) -> World:
    """The world at `now`, committed, the clock set to it; the seminar's first run takes `capacity` people."""
    with transaction() as session:
        clock.set_to(session, now)
    return build_once(db.engine, ("world", capacity, now), lambda: _build(capacity, now))


def _build(capacity: int | None, now: datetime) -> World:
    with transaction() as session:
        world = _organisations(session, now)
        _events(session, world, capacity, now)
    db.session.expunge_all()
    return world


def _organisations(session: Session, now: datetime) -> World:
    secretariat = organisers.add(session, slug="sekretariatet", name="Sekretariatet", email="post@program.example")
    unio = organisers.add(session, slug="unio", name="Unio", email="post@unio.example")
    for organiser in (secretariat, unio):
        add_default_rules(session, organiser_id=organiser.id, now=now)
    programme = programmes.add_programme(
        session, organiser_id=secretariat.id, slug="program", name={"nb": "Programmet"}
    )
    cohorts = {
        ordinal: programmes.add_cohort(
            session,
            programme_id=programme.id,
            slug=f"pulje-{roman.lower()}",
            ordinal=ordinal,
            name={"nb": f"Pulje {roman}"},
        ).id
        for ordinal, roman in enumerate(("I", "II", "III"), 1)
    }
    placed = {}
    for number, (name, county, cohort) in MUNICIPALITIES.items():
        row = organisations.add(
            session, kind=OrganisationKind.MUNICIPALITY, name=name, number=number, county=county,
            valid_from=date(2008, 1, 1),
        )  # fmt: skip
        placed[number] = row.id
        if cohort:
            programmes.place_in_cohort(
                session, cohort_id=cohorts[cohort], organisation_id=row.id, from_on=date(2008, 1, 1)
            )
    organisations.set_labels(session, OrganisationKind.MUNICIPALITY)
    confederation = organisations.add(session, kind=OrganisationKind.CONFEDERATION, name="Unio", organiser_id=unio.id)
    unions = [
        organisations.add(session, kind=OrganisationKind.UNION, name=name, parent_id=confederation.id).id
        for name in ("Forskerforbundet", "Utdanningsforbundet")
    ]
    return World(secretariat.id, unio.id, cohorts, placed, confederation.id, unions)


def _events(session: Session, world: World, capacity: int | None, now: datetime) -> None:
    def exact(first: date, last: date, places: int | None = None) -> RunFacts:
        return RunFacts(Precision.EXACT, first, last, time(10), time(15, 30), capacity=places)

    def make(name: str, type_: EventType, title: str, runs: list[RunFacts], clauses: list[ClauseFacts]) -> None:
        event = events.create(
            session, organiser_id=world.unio if name == "unio" else world.secretariat,
            facts=EventFacts(type_, {"nb": title, "nn": f"{title} (nn)"}, asks_union=name == "unio"),
            clauses=clauses, runs=runs, base_url=BASE_URL, now=now,
        )  # fmt: skip
        events.publish(session, event, now=now)
        world.events[name] = event

    def cohort(ordinal: int) -> ClauseFacts:
        return ClauseFacts(ClauseKind.COHORT, cohort_id=world.cohorts[ordinal])

    seminar = [
        exact(date(2008, 9, 1), date(2008, 9, 2), capacity),
        exact(date(2008, 9, 2), date(2008, 9, 3), 100),
    ]
    make("seminar", EventType.LEARNING_SEMINAR, "Læringsseminar 2", seminar, [cohort(2)])
    third = [exact(date(2008, 9, 8), date(2008, 9, 9))]
    make("seminar3", EventType.LEARNING_SEMINAR, "Læringsseminar 3", third, [cohort(1)])
    everybody = [cohort(ordinal) for ordinal in (1, 2, 3)]
    make(
        "conference",
        EventType.CONFERENCE,
        "Kvalitetskonferanse",
        [exact(date(2008, 11, 26), date(2008, 11, 27))],
        everybody,
    )
    representatives = [ClauseFacts(ClauseKind.REPRESENTATIVES, organisation_id=world.confederation)]
    make(
        "unio",
        EventType.CONFERENCE,
        "Unios konferanse",
        [exact(date(2008, 11, 27), date(2008, 11, 28))],
        representatives,
    )


def somebody(world: World, number: int = 1, *, run_id: int | None = None, **more: object) -> NewRegistration:
    """A made-up person's form for the seminar's first run, from Bø (Telemark) unless said otherwise."""
    facts: dict[str, object] = {
        "run_id": run_id or world.run_id("seminar"),
        "name": f"Person Nummer{number}",
        "email": f"person{number}@kommune.example",
        "organisation_id": world.municipalities["0821"],
        "form_token": f"form-{number}",
        "side": Side.ADMINISTRATION,
        **more,
    }
    return NewRegistration(**facts)  # type: ignore[arg-type]
