"""Reads about registrations: how full a run is, who waits for it, what one person has."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, Run
from eventsys.events.queries import concerns, is_public
from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation, Person
from eventsys.organisers.models import Organiser
from eventsys.registrations.limits.queries import count_held, count_taken, limit_of_run
from eventsys.registrations.models import Registration, RegistrationChange, SensitiveAccess, UnionPosition
from eventsys.registrations.queue.queries import find_position
from eventsys.registrations.rules import Change, Places, State
from eventsys.registrations.signup.queries import flags
from eventsys.venues.models import Venue

__all__ = [
    "count_places",
    "count_states",
    "find_own_registration",
    "find_position",
    "find_registration",
    "list_changes",
    "list_matching_events",
    "list_registrations",
    "list_waiting",
    "read_unions",
]


def count_places(session: Session, run_ids: Sequence[int]) -> dict[int, Places]:
    """How full each run is, counted from rows: the run's own capacity, else its room's, else its venue's, else none; who
    waits counts for the first choice."""
    rows = session.execute(_places(), {"run_ids": list(run_ids)})
    return {run_id: Places(*counts) for run_id, *counts in rows}


@functools.cache
def _places() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Run.id,
            limit_of_run(),
            count_taken(),
            _count_waiting(),
            count_held(),
        )
        .outerjoin(Venue, Venue.id == Run.venue_id)
        .where(Run.id.in_(sa.bindparam("run_ids", expanding=True)))
    )


def _count_waiting() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(Registration.run_id == Run.id, Registration.state == State.WAITING)
        .correlate(Run)
        .scalar_subquery()
    )


def find_registration(session: Session, public_id: uuid.UUID) -> AnyRow | None:
    """A registration with its run, event, venue, organiser and organisation's label, in one statement."""
    return session.execute(_registration(), {"public_id": public_id}).one_or_none()


@functools.cache
def _registration() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Registration, Run, Event, Venue, Organiser, Organisation.label.label("organisation"), *_flags())
        .join(Run, Run.id == Registration.run_id)
        .join(Event, Event.id == Registration.event_id)
        .join(Organiser, Organiser.id == Registration.organiser_id)
        .outerjoin(Venue, Venue.id == Run.venue_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.public_id == sa.bindparam("public_id"))
    )


def _flags() -> tuple[sa.ColumnElement[bool], ...]:
    """Whether there is more to read about the registration: questions, options, what was filled in."""
    has_questions, has_options = flags()
    changed = sa.exists().where(
        RegistrationChange.registration_id == Registration.id, RegistrationChange.change == Change.CHANGED
    )
    return has_questions.label("has_questions"), has_options.label("has_options"), changed.label("was_changed")


def find_own_registration(session: Session, public_id: uuid.UUID, *, organiser_id: int) -> Registration | None:
    """A registration at one of the organiser's own events."""
    return session.scalar(
        sa.select(Registration).where(Registration.public_id == public_id, Registration.organiser_id == organiser_id)
    )


def list_waiting(session: Session, run_id: int, *, limit: int | None = None) -> list[Registration]:
    """Those who wait for the run, as a first or a second choice, in their order."""
    statement = (
        sa.select(Registration)
        .where(sa.or_(Registration.run_id == run_id, Registration.second_run_id == run_id))
        .where(Registration.state == State.WAITING)
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
            is_public(),
            Event.type == event.type,
            Event.organiser_id == event.organiser_id,
            Event.id != event.id,
            Run.first_on >= on,
            concerns(organisation_id, on),
        )
        .order_by(Run.sort_at)
    )
    return list(session.scalars(statement).unique())
