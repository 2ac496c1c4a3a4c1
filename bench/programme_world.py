"""A programme as large as it can be: every municipality of 2008 a member, forty gatherings with delegations from most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.workspace import name_of
from bench.world import LIST, NOW
from eventsys import clock
from eventsys.accounts import actions as accounts
from eventsys.accounts.models import Account
from eventsys.accounts.rules import MemberRole
from eventsys.events import actions as events
from eventsys.events.models import Event, Run
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventType, Precision, RunFacts
from eventsys.events.series.actions import add_series
from eventsys.obligations import actions as obligations
from eventsys.obligations.actions import ObligationFacts
from eventsys.obligations.models import Excuse
from eventsys.obligations.rules import SIDES_ASKED, ExcuseState
from eventsys.organisations.actions import import_municipalities
from eventsys.organisations.imports import read_municipalities
from eventsys.organisations.models import LanguageFormChange, Organisation, Person, PersonWord, Position
from eventsys.organisations.rules import LanguageForm, PositionRole, name_key, search_words
from eventsys.organisers import actions as organisers
from eventsys.programmes import actions as programmes
from eventsys.programmes.models import CohortMembership, NetworkMembership
from eventsys.registrations.models import Delegation, Registration, RegistrationChange
from eventsys.registrations.rules import Actor, Change, State
from eventsys.venues import actions as venues
from eventsys.workflows.actions import add_default_rules

GATHERINGS, DAYS_BETWEEN, NEXT = 40, 20, 30
FIRST_ON, SINCE = date(2007, 2, 5), date(2007, 1, 1)
THEMES = ("Sykefravær", "Omsorg", "Oppvekst")
SIDES = tuple(SIDES_ASKED)
ROLES = (
    PositionRole.CONTACT, PositionRole.POLITICIAN, PositionRole.ADMINISTRATION, PositionRole.EMPLOYEE_REPRESENTATIVE,
)  # fmt: skip
FORMS = (LanguageForm.BOKMAL, LanguageForm.NYNORSK, LanguageForm.NEUTRAL)
BASE_URL = "http://127.0.0.1:5000"


@dataclass
class Made:
    """What the pages' addresses are made of, and what further rows hang on."""

    organiser_id: int
    programme_id: int
    account_ids: list[int]
    venue_id: int
    cohort_ids: list[int] = field(default_factory=list)
    members: list[Organisation] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    people: list[tuple[int, str, str]] = field(default_factory=list)
    """Four of each municipality, in order: id, name, address."""
    positions: list[int] = field(default_factory=list)


def add_all(session: Session, model: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """The ids of the new rows, in order."""
    return list(session.scalars(sa.insert(model).returning(model.id, sort_by_parameter_order=True), rows))


def build_programme(session: Session) -> Made:
    """Fills an empty database. The caller commits."""
    clock.set_to(session, NOW)
    organiser = organisers.add(session, slug="sekretariatet", name="Sekretariatet", email="post@program.example")
    add_default_rules(session, organiser_id=organiser.id, now=NOW)
    programme = programmes.add_programme(session, organiser_id=organiser.id, slug="program", name={"nb": "Programmet"})
    hall = venues.add(session, name="Storsalen", capacity=5000, address="Torget 1, 0155 Oslo", now=NOW)
    made = Made(organiser.id, programme.id, [_add_account(session, organiser.id, n).id for n in range(3)], hall.id)
    _add_members(session, made)
    _add_networks(session, made)
    _add_people(session, made)
    _add_gatherings(session, made)
    for number, (event, run) in enumerate(zip(made.events, made.runs, strict=True)):
        _add_seats(session, made, number, event, run)
    _add_excuses(session, made)
    return made


def _add_account(session: Session, organiser_id: int, number: int) -> Account:
    email = f"saksbehandler{number}@program.example"
    return accounts.add(
        session, email=email, key=email, name=name_of(number), organiser_id=organiser_id, role=MemberRole.ORGANISER,
        language="nb", now=NOW,
    )  # fmt: skip


def _add_members(session: Session, made: Made) -> None:
    rows, _bad = read_municipalities(LIST.read_bytes())
    import_municipalities(session, rows)
    made.members = list(session.scalars(sa.select(Organisation).order_by(Organisation.number)))
    for number, one in enumerate(made.members):
        one.email, one.language_form = f"postmottak-{one.number}@kommune.example", FORMS[number % len(FORMS)]
        one.language_form_source, one.language_form_on = "Forskrift", SINCE
    made.cohort_ids = [
        programmes.add_cohort(
            session, programme_id=made.programme_id, slug=f"pulje-{roman.lower()}", ordinal=ordinal,
            name={"nb": f"Pulje {roman}"},
        ).id
        for ordinal, roman in enumerate(("I", "II", "III"), 1)
    ]  # fmt: skip
    places = [
        {"organisation_id": one.id, "cohort_id": made.cohort_ids[n % 3], "from_on": SINCE}
        for n, one in enumerate(made.members)
    ]
    session.execute(sa.insert(CohortMembership), places)
    forms = [
        {
            "organisation_id": one.id,
            "from_on": on,
            "form": FORMS[(n + turn) % 3],
            "source": "Forskrift",
            "noted_at": NOW,
        }
        for n, one in enumerate(made.members)
        for turn, on in enumerate((SINCE, date(2006, 1, 1)))
    ]
    session.execute(sa.insert(LanguageFormChange), forms)


def _add_networks(session: Session, made: Made) -> None:
    counties = sorted({one.county or "" for one in made.members})
    ids = {
        name: programmes.add_network(session, programme_id=made.programme_id, slug=f"nettverk-{n}", name=name).id
        for n, name in enumerate((*counties, *THEMES))
    }
    rows = [
        {"organisation_id": one.id, "network_id": ids[name], "from_on": SINCE}
        for n, one in enumerate(made.members)
        for name in (one.county or "", THEMES[n % len(THEMES)])
    ]
    session.execute(sa.insert(NetworkMembership), rows)


def _add_people(session: Session, made: Made) -> None:
    count = len(made.members) * len(ROLES)
    named = [(name_of(n), f"person{n}@kommune.example") for n in range(count)]
    rows = [{"email_key": email, "name_key": name_key(name), "created_at": NOW} for name, email in named]
    ids = add_all(session, Person, rows)
    made.people = [(one, *known) for one, known in zip(ids, named, strict=True)]
    words = [{"person_id": one, "word": word} for one, name, _email in made.people for word in set(search_words(name))]
    session.execute(sa.insert(PersonWord), words)
    positions = [
        {
            "person_id": one, "organisation_id": made.members[n // len(ROLES)].id, "role": ROLES[n % len(ROLES)],
            "name": name, "email": email, "email_key": email, "from_on": SINCE, "asked_at": NOW, "confirmed_at": NOW,
        }
        for n, (one, name, email) in enumerate(made.people)
    ]  # fmt: skip
    made.positions = add_all(session, Position, positions)


def _add_gatherings(session: Session, made: Made) -> None:
    """Two series of seminars, meetings of project leaders and conferences, ten of each, every twenty days."""
    series = [
        add_series(session, organiser_id=made.organiser_id, name={"nb": name}, programme_id=made.programme_id, now=NOW)
        for name in ("Læringsseminarer", "Fordypning")
    ]
    kinds = (
        (EventType.LEARNING_SEMINAR, series[0].id), (EventType.LEARNING_SEMINAR, series[1].id),
        (EventType.PROJECT_LEADERS, None), (EventType.CONFERENCE, None),
    )  # fmt: skip
    clauses = [ClauseFacts(ClauseKind.COHORT, cohort_id=cohort) for cohort in made.cohort_ids]
    for number in range(GATHERINGS):
        type_, series_id = kinds[number % len(kinds)]
        first = FIRST_ON + timedelta(days=DAYS_BETWEEN * number)
        facts = EventFacts(
            type_, dict.fromkeys(("nb", "nn"), f"Samling {number + 1}"), programme_id=made.programme_id,
            series_id=series_id,
        )  # fmt: skip
        run = RunFacts(
            Precision.EXACT, first, first + timedelta(days=1), time(10), time(15), venue_id=made.venue_id, capacity=5000
        )
        event = events.create(
            session, organiser_id=made.organiser_id, facts=facts, clauses=clauses, runs=[run], base_url=BASE_URL, now=NOW
        )  # fmt: skip
        events.publish(session, event, now=NOW)
        made.events.append(event)
        made.runs.append(event.runs[0])
    for cohort in made.cohort_ids:
        for name, (type_, series_id) in zip(("Seminarer", "Fordypning", "Ledere", "Konferanser"), kinds, strict=True):
            promised = ObligationFacts(
                cohort, series_id, None if series_id else type_, {"nb": name}, 4, SINCE, date(2009, 12, 31)
            )
            obligations.create(session, organiser_id=made.organiser_id, facts=promised, sides=SIDES, now=NOW)


def _add_seats(session: Session, made: Made, number: int, event: Event, run: Run) -> None:
    """Three from nearly everybody; who was there is known of all past gatherings but each tenth."""
    is_past = run.last_on is not None and run.last_on < NOW.date()
    is_taken = is_past and number % 10 != 9
    if is_taken:
        run.attendance_at = NOW
    comers = [n for n in range(len(made.members)) if (n + number) % 25]
    at = datetime.combine(min(FIRST_ON + timedelta(days=DAYS_BETWEEN * number - 30), NOW.date()), time(6), UTC)
    of_all = {"organiser_id": made.organiser_id, "event_id": event.id}
    delegations = [
        {
            **of_all, "organisation_id": made.members[n].id, "registrar_id": made.people[4 * n][0],
            "name": made.people[4 * n][1], "email": made.people[4 * n][2], "email_key": made.people[4 * n][2],
            "form_token": f"samling-{number}-{n}", "created_at": at,
        }
        for n in comers
    ]  # fmt: skip
    ids = dict(zip(comers, add_all(session, Delegation, delegations), strict=True))
    seats = [
        {
            **of_all, "run_id": run.id, "delegation_id": ids[n], "person_id": person, "name": name, "email": email,
            "organisation_id": made.members[n].id, "email_key": email, "language": "nb", "side": SIDES[place],
            "state": _state(n, number, place, is_taken=is_taken), "queued_at": at, "created_at": at,
            "form_token": f"samling-{number}-{n}-{place}",
        }
        for n in comers
        for place, (person, name, email) in enumerate(made.people[4 * n + 1 : 4 * n + 4])
    ]  # fmt: skip
    session.execute(sa.insert(Registration), seats)
    session.execute(
        sa.insert(RegistrationChange).from_select(
            ["registration_id", "change", "at", "actor", "to_state", "facts", "noticed_at"],
            sa.select(
                Registration.id, sa.literal(Change.REGISTERED.value), Registration.created_at,
                sa.literal(Actor.REGISTRAR.value), sa.literal(State.CONFIRMED.value),
                sa.literal({}, RegistrationChange.facts.type), Registration.created_at,
            ).where(Registration.event_id == event.id),
        )
    )  # fmt: skip


def _state(member: int, number: int, place: int, *, is_taken: bool) -> State:
    if (member + place + number) % 40 == 0:
        return State.CANCELLED
    if not is_taken:
        return State.CONFIRMED
    return State.ABSENT if (member + 3 * place + number) % 12 == 0 else State.ATTENDED


def _add_excuses(session: Session, made: Made) -> None:
    """Of each second one who did not come; some are not answered."""
    states = (ExcuseState.ASKED, ExcuseState.GRANTED, ExcuseState.REFUSED)
    rows = [
        {
            "organiser_id": made.organiser_id, "event_id": event.id, "organisation_id": made.members[n].id,
            "state": states[n % 3], "words": "Kommunestyremøte.", "asked_at": NOW, "position_id": made.positions[4 * n],
            "decided_at": NOW if n % 3 else None, "account_id": made.account_ids[0] if n % 3 else None,
        }
        for number, event in enumerate(made.events)
        for n in range(len(made.members))
        if (n + number) % 50 == 0
    ]  # fmt: skip
    session.execute(sa.insert(Excuse), rows)
