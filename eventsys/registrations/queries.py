"""Reads about registrations: how full a run is, who is where in the queue, what one person has."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, Run
from eventsys.events.queries import concerns
from eventsys.events.rules import DATED, EventStatus, RunStatus
from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation, Person
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration, RegistrationChange, SensitiveAccess, UnionPosition
from eventsys.registrations.rules import HOLDS_A_PLACE, Places, State
from eventsys.venues.models import Venue


class Choice(NamedTuple):
    """A run that a sign-up may be for, and whether the event asks for the union; the run is none where there is none."""

    asks_union: bool
    run_id: int | None
    uid: uuid.UUID | None


def list_choices(session: Session, slug: str) -> list[Choice]:
    """The planned runs with days of an event that is no draft; one without a run where it has none, else nothing."""
    return [Choice(*row) for row in session.execute(_choices(), {"slug": slug})]


@functools.cache
def _choices() -> sa.Select[bool, int, uuid.UUID]:
    is_choice = sa.and_(Run.event_id == Event.id, Run.status == RunStatus.PLANNED, Run.precision.in_(DATED))
    return (
        sa.select(Event.asks_union, Run.id, Run.uid)
        .outerjoin(Run, is_choice)
        .where(Event.slug == sa.bindparam("slug"), Event.status != EventStatus.DRAFT)
    )


def count_places(session: Session, run_ids: Sequence[int]) -> dict[int, Places]:
    """How full each run is, counted from rows: the run's own capacity, else its venue's, else none."""
    rows = session.execute(_places(), {"run_ids": list(run_ids)})
    return {run_id: Places(capacity, taken, waiting) for run_id, capacity, taken, waiting in rows}


@functools.cache
def _places() -> sa.Select[int, int, int, int]:
    return (
        sa.select(
            Run.id,
            sa.func.coalesce(Run.capacity, Venue.capacity),
            _count_of(HOLDS_A_PLACE),
            _count_of((State.WAITING,)),
        )
        .outerjoin(Venue, Venue.id == Run.venue_id)
        .where(Run.id.in_(sa.bindparam("run_ids", expanding=True)))
    )


def _count_of(states: Sequence[State]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(Registration)
        .where(Registration.run_id == Run.id, Registration.state.in_(states))
        .correlate(Run)
        .scalar_subquery()
    )


def find_registration(session: Session, public_id: uuid.UUID) -> AnyRow | None:
    """A registration with its run, event, venue, organiser and organisation's label, in one statement."""
    return session.execute(_registration(), {"public_id": public_id}).one_or_none()


@functools.cache
def _registration() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Registration, Run, Event, Venue, Organiser, Organisation.label.label("organisation"))
        .join(Run, Run.id == Registration.run_id)
        .join(Event, Event.id == Registration.event_id)
        .join(Organiser, Organiser.id == Registration.organiser_id)
        .outerjoin(Venue, Venue.id == Run.venue_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.public_id == sa.bindparam("public_id"))
    )


def find_own_registration(session: Session, public_id: uuid.UUID, *, organiser_id: int) -> Registration | None:
    """A registration at one of the organiser's own events."""
    return session.scalar(
        sa.select(Registration).where(Registration.public_id == public_id, Registration.organiser_id == organiser_id)
    )


def find_position(session: Session, registration: Registration) -> int:
    """The place in the waiting list, from 1: by priority, then by time of queueing."""
    ahead = sa.or_(
        Registration.priority > registration.priority,
        sa.and_(
            Registration.priority == registration.priority,
            sa.tuple_(Registration.queued_at, Registration.id) <= sa.tuple_(
                sa.literal(registration.queued_at, Registration.queued_at.type), sa.literal(registration.id)
            ),
        ),
    )  # fmt: skip
    return session.scalar(
        sa.select(sa.func.count()).where(
            Registration.run_id == registration.run_id, Registration.state == State.WAITING, ahead
        )
    ) or 1  # fmt: skip


def list_waiting(session: Session, run_id: int, *, limit: int | None = None) -> list[Registration]:
    """Those who wait for the run, in their order."""
    statement = (
        sa.select(Registration)
        .where(Registration.run_id == run_id, Registration.state == State.WAITING)
        .order_by(Registration.priority.desc(), Registration.queued_at, Registration.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def list_changes(session: Session, registration_id: int) -> list[RegistrationChange]:
    statement = (
        sa.select(RegistrationChange)
        .where(RegistrationChange.registration_id == registration_id)
        .order_by(RegistrationChange.id)
    )
    return list(session.scalars(statement))


def list_registrations(
    session: Session,
    *,
    organiser_id: int,
    event_id: int,
    run_id: int | None = None,
    states: Sequence[State] = (),
    search: str = "",
) -> list[AnyRow]:
    """The rows of an event's list of participants, in the order of the queue within each state; without unions."""
    columns = (
        Registration.id, Registration.public_id, Registration.name, Registration.email, Registration.side,
        Registration.state, Registration.run_id, Registration.queued_at, Registration.created_at,
        Organisation.label.label("organisation_label"), Organisation.number.label("organisation_number"),
        Person.public_id.label("person"),
    )  # fmt: skip
    statement = (
        sa.select(*columns)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.organiser_id == organiser_id, Registration.event_id == event_id)
        .order_by(
            Registration.run_id, Registration.state, Registration.priority.desc(), Registration.queued_at,
            Registration.id,
        )
    )  # fmt: skip
    if run_id is not None:
        statement = statement.where(Registration.run_id == run_id)
    if states:
        statement = statement.where(Registration.state.in_(states))
    if search.strip():
        like = f"%{search.strip().replace('%', '').replace('_', '')}%"
        statement = statement.where(
            sa.or_(Registration.name.ilike(like), Registration.email.ilike(like), Organisation.label.ilike(like))
        )
    return list(session.execute(statement))


def count_states(session: Session, *, organiser_id: int, event_id: int) -> dict[tuple[int, State], int]:
    """How many registrations there are of an event by run and state."""
    statement = (
        sa.select(Registration.run_id, Registration.state, sa.func.count().label("how_many"))
        .where(Registration.organiser_id == organiser_id, Registration.event_id == event_id)
        .group_by(Registration.run_id, Registration.state)
    )
    return {(row.run_id, row.state): row.how_many for row in session.execute(statement)}


def read_unions(session: Session, *, event_id: int, account_id: int, now: datetime) -> Mapping[int, str]:
    """The unions that an event's participants represent, by registration; leaves a row of who read them when."""
    session.add(SensitiveAccess(event_id=event_id, account_id=account_id, what="unions", at=now))
    statement = (
        sa.select(UnionPosition.registration_id, Organisation.name)
        .join(Organisation, Organisation.id == UnionPosition.union_id)
        .join(Registration, Registration.id == UnionPosition.registration_id)
        .where(Registration.event_id == event_id)
    )
    return dict(session.execute(statement).all())


def list_matching_events(session: Session, event: Event, *, organisation_id: int, on: date) -> list[Event]:
    """The published events of the same kind that are for this organisation, soonest first."""
    statement = (
        sa.select(Event)
        .join(Event.runs)
        .where(
            Event.status == "published",
            Event.type == event.type,
            Event.organiser_id == event.organiser_id,
            Event.id != event.id,
            Run.first_on >= on,
            concerns(organisation_id, on),
        )
        .order_by(Run.sort_at)
    )
    return list(session.scalars(statement).unique())
