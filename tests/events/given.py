"""A small programme with an organiser and cohorts, and events in it, for tests of events and calendars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from eventsys.events import actions
from eventsys.events.models import Event
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventType, Precision, RunFacts
from eventsys.organisers.actions import add as add_organiser
from eventsys.programmes.actions import add_cohort, add_network, add_programme
from eventsys.venues.models import Venue

BASE = "http://127.0.0.1:5000"
NOW = datetime(2008, 8, 18, 8, tzinfo=UTC)
ROMAN = ("I", "II", "III")


@dataclass(frozen=True)
class Programme:
    organiser_id: int
    programme_id: int
    cohorts: tuple[int, ...]
    networks: tuple[int, ...]


def programme(session: Session) -> Programme:
    """The secretariat, its programme, three cohorts (`pulje-i` …) and two networks (`nord`, `sor`)."""
    organiser = add_organiser(session, slug="sekretariatet", name="Sekretariatet", email="post@sekretariat.example")
    row = add_programme(session, organiser_id=organiser.id, slug="program", name={"nb": "Programmet"})
    cohorts = [
        add_cohort(session, programme_id=row.id, slug=f"pulje-{name.lower()}", ordinal=n, name={"nb": f"Pulje {name}"})
        for n, name in enumerate(ROMAN, 1)
    ]
    networks = [
        add_network(session, programme_id=row.id, slug=slug, name=name)
        for slug, name in (("nord", "Nettverk nord"), ("sor", "Nettverk sør"))
    ]
    return Programme(organiser.id, row.id, tuple(c.id for c in cohorts), tuple(n.id for n in networks))


def venue(session: Session, name: str, *, address: str = "") -> int:
    row = Venue(slug=name.casefold().replace(" ", "-"), name=name, name_key=name.casefold(), address=address)
    session.add(row)
    session.flush()
    return row.id


def days(first: date, last: date | None = None, **more: object) -> RunFacts:
    return RunFacts(Precision.DAYS, first, last, **more)  # type: ignore[arg-type]


def exact(first: date, starts: time, ends: time, last: date | None = None, **more: object) -> RunFacts:
    return RunFacts(Precision.EXACT, first, last, starts, ends, **more)  # type: ignore[arg-type]


OCTOBER = RunFacts(Precision.MONTH, date(2008, 10, 1), date(2008, 10, 31))


def event(
    session: Session,
    organiser_id: int,
    *runs: RunFacts,
    title: str = "Læringsseminar",
    cohorts: Sequence[int] = (),
    networks: Sequence[int] = (),
    published: bool = True,
    now: datetime = NOW,
    **more: object,
) -> Event:
    """An event for these cohorts and networks, for everybody if there is none."""
    clauses = [ClauseFacts(ClauseKind.COHORT, cohort_id=number) for number in cohorts]
    clauses += [ClauseFacts(ClauseKind.NETWORK, network_id=number) for number in networks]
    facts = EventFacts(type=EventType.LEARNING_SEMINAR, title={"nb": title}, **more)  # type: ignore[arg-type]
    made = actions.create(
        session, organiser_id=organiser_id, facts=facts, clauses=clauses, runs=runs, base_url=BASE, now=now
    )
    if published:
        actions.publish(session, made, now=now)
    return made
