"""Rows for tests of workflows, made directly: an organiser with rules, an event with a run, people registered in it."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventsys import clock, dates
from eventsys.accounts.models import Account, Membership
from eventsys.accounts.rules import MemberRole
from eventsys.events.models import Event, EventChange, EventClause, Run
from eventsys.events.rules import ChangeKind, ClauseKind, EventStatus, EventType, Precision, RunStatus
from eventsys.extensions import transaction
from eventsys.mailing.addresses import email_key
from eventsys.organisations.models import Organisation, Person
from eventsys.organisations.rules import LanguageForm, OrganisationKind, name_key
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Delegation, Registration, RegistrationChange
from eventsys.registrations.rules import Actor, Change, Side, State
from eventsys.venues.models import Venue
from eventsys.workflows.actions import add_default_rules
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import Audience, Relative, Trigger

MORNING = datetime(2008, 8, 18, 6, tzinfo=UTC)
"""Monday 18 August 2008 at eight in Oslo: two weeks before the learning seminar."""
_numbers = itertools.count(1)


def at(text: str) -> datetime:
    """The moment of a wall-clock time in Oslo: «2008-08-25 09:00»."""
    return dates.to_utc(datetime.fromisoformat(text), "Europe/Oslo")


def set_clock(moment: datetime) -> None:
    with transaction() as session:
        clock.set_to(session, moment)


def add_organiser(session: Session, *, slug: str = "sekretariatet", rules: bool = True, **more: Any) -> Organiser:
    values = {"name": "Sekretariatet", "email": f"post@{slug}.example", "language": "nb", **more}
    organiser = Organiser(slug=slug, **values)
    session.add(organiser)
    session.flush()
    if rules:
        add_default_rules(session, organiser_id=organiser.id, now=MORNING - timedelta(days=100))
    return organiser


def add_event(
    session: Session,
    organiser: Organiser,
    *,
    title: str = "Læringsseminar 2",
    status: EventStatus = EventStatus.PUBLISHED,
    shown_at: datetime = MORNING - timedelta(days=60),
    **more: Any,
) -> Event:
    """A published event, without runs. Its history is noticed already."""
    event = Event(
        organiser_id=organiser.id,
        slug=f"event-{next(_numbers)}",
        title={"nb": title, "nn": title, "en": title},
        status=status,
        created_at=shown_at,
        revised_at=shown_at,
        **{"type": EventType.LEARNING_SEMINAR, **more},
    )
    session.add(event)
    session.flush()
    if status is EventStatus.PUBLISHED:
        session.add(EventChange(event_id=event.id, kind=ChangeKind.PUBLISHED, at=shown_at, noticed_at=shown_at))
        session.flush()
    return event


def days(first_on: date, last_on: date, starts: time = time(10), ends: time = time(15)) -> dict[str, Any]:
    """The columns of a run with exact times in Oslo."""
    start, end = datetime.combine(first_on, starts), datetime.combine(last_on, ends)
    starts_at, ends_at = dates.to_utc(start, "Europe/Oslo"), dates.to_utc(end, "Europe/Oslo")
    return {
        "precision": Precision.EXACT, "first_on": first_on, "last_on": last_on, "starts_local": start,
        "ends_local": end, "starts_at": starts_at, "ends_at": ends_at, "sort_at": starts_at,
    }  # fmt: skip


SEMINAR = days(date(2008, 9, 1), date(2008, 9, 2))


def add_run(session: Session, event: Event, *, venue: Venue | None = None, **columns: Any) -> Run:
    """Monday 1 to Tuesday 2 September 2008, unless told otherwise."""
    run = Run(
        event_id=event.id,
        organiser_id=event.organiser_id,
        venue_id=venue.id if venue else None,
        created_at=event.created_at,
        revised_at=event.created_at,
        status=RunStatus.PLANNED,
        **{**SEMINAR, **columns},
    )
    session.add(run)
    session.flush()
    return run


def add_venue(session: Session, *, name: str = "Hotell Fjord", address: str = "Kaia 1, Bergen") -> Venue:
    venue = Venue(slug=f"venue-{next(_numbers)}", name=name, name_key=name.casefold(), address=address)
    session.add(venue)
    session.flush()
    return venue


def add_organisation(
    session: Session, label: str, *, form: LanguageForm = LanguageForm.UNKNOWN, **more: Any
) -> Organisation:
    organisation = Organisation(
        name=label,
        label=label,
        number=f"{next(_numbers):04}",
        sort_key=label.casefold(),
        language_form=form,
        **{"kind": OrganisationKind.MUNICIPALITY, **more},
    )
    session.add(organisation)
    session.flush()
    return organisation


def invite(session: Session, event: Event, organisation: Organisation) -> None:
    """Makes the event one for this organisation."""
    session.add(EventClause(event_id=event.id, kind=ClauseKind.ORGANISATION, organisation_id=organisation.id))
    session.flush()


def add_account(session: Session, organiser: Organiser, email: str, **more: Any) -> Account:
    """Somebody who works for the organiser."""
    account = Account(email=email, email_key=email_key(email), **{"name": "Ansatt", "created_at": MORNING, **more})
    session.add(account)
    session.flush()
    session.add(Membership(account_id=account.id, organiser_id=organiser.id, role=MemberRole.ORGANISER))
    session.flush()
    return account


def add_rule(session: Session, organiser: Organiser, key: str, relative: Relative | None = None, **more: Any) -> Rule:
    """A rule of the organiser's, on for a hundred days: by default a reminder to those with a place."""
    when: dict[str, Any] = {"trigger": Trigger.ABSOLUTE if "at_local" in more else Trigger.RELATIVE}
    if relative is not None:
        when |= {"anchor": relative.anchor, "offset_units": relative.offset}
        when |= {"unit": relative.unit, "clock_time": relative.clock_time}
    values = {"audience": Audience.CONFIRMED, "template": "reminder", "enabled_at": MORNING - timedelta(days=100)}
    rule = Rule(organiser_id=organiser.id, key=key, **{**values, **when, **more})
    session.add(rule)
    session.flush()
    return rule


def register(
    session: Session,
    run: Run,
    *,
    name: str = "Kari Nordmann",
    email: str = "kari@kommune.example",
    state: State = State.CONFIRMED,
    language: str | None = "nb",
    organisation: Organisation | None = None,
    side: Side | None = None,
    delegation: Delegation | None = None,
    act_id: uuid.UUID | None = None,
    noticed: bool = False,
    now: datetime = MORNING,
) -> Registration:
    """A registration with the row of its history; `noticed` says that no mail is to come of it. Without a name it is a
    seat of the delegation that nobody has yet."""
    person_id = add_person(session, name, email, now=now).id if name else None
    registration = Registration(
        organiser_id=run.organiser_id,
        event_id=run.event_id,
        run_id=run.id,
        person_id=person_id,
        delegation_id=delegation.id if delegation else None,
        organisation_id=organisation.id if organisation else None,
        name=name,
        email=email,
        email_key=email_key(email),
        language=language,
        side=side,
        state=state,
        queued_at=now,
        offered_until=now + timedelta(days=2) if state is State.OFFERED else None,
        form_token=f"form-{next(_numbers)}",
        created_at=now,
    )
    session.add(registration)
    session.flush()
    actor = Actor.REGISTRAR if delegation else Actor.PARTICIPANT
    change(session, registration, Change.REGISTERED, None, noticed=noticed, actor=actor, act_id=act_id, now=now)
    return registration


def add_person(session: Session, name: str, email: str, *, now: datetime = MORNING) -> Person:
    """Somebody new, whoever else has that name and address."""
    person = Person(email_key=email_key(email), name_key=f"{name_key(name)} {next(_numbers)}", created_at=now)
    session.add(person)
    session.flush()
    return person


def add_delegation(
    session: Session, event: Event, organisation: Organisation, *, email: str = "post@bo.example", **more: Any
) -> Delegation:
    """Seats to come of an organisation, signed up by somebody who reads bokmål."""
    values = {"name": "Berit Registrator", "language": "nb", "form_token": f"form-{next(_numbers)}", **more}
    delegation = Delegation(
        organiser_id=event.organiser_id, event_id=event.id, organisation_id=organisation.id, email=email,
        email_key=email_key(email), created_at=MORNING, **values,
    )  # fmt: skip
    session.add(delegation)
    session.flush()
    return delegation


def change(
    session: Session,
    registration: Registration,
    what: Change,
    from_state: State | None,
    *,
    noticed: bool = False,
    actor: Actor = Actor.PARTICIPANT,
    now: datetime = MORNING,
    **more: Any,
) -> RegistrationChange:
    """A row of the registration's history, into the state that it has."""
    row = RegistrationChange(
        registration_id=registration.id,
        change=what,
        at=now,
        actor=actor,
        from_state=from_state,
        to_state=registration.state,
        noticed_at=now if noticed else None,
        **more,
    )
    session.add(row)
    session.flush()
    return row


def move(
    session: Session,
    registration: Registration,
    what: Change,
    state: State,
    *,
    actor: Actor = Actor.PARTICIPANT,
    now: datetime = MORNING,
    **more: Any,
) -> None:
    """Changes the registration's state, with its history."""
    before, registration.state = registration.state, state
    registration.offered_until = now + timedelta(days=2) if state is State.OFFERED else None
    session.flush()
    change(session, registration, what, before, actor=actor, now=now, **more)


def change_event(
    session: Session, run: Run, kind: ChangeKind, *, facts: dict[str, Any] | None = None, now: datetime = MORNING
) -> EventChange:
    row = EventChange(event_id=run.event_id, run_id=run.id, kind=kind, at=now, facts=facts or {})
    session.add(row)
    session.flush()
    return row
