"""Reads for one's own page and the registrar's: a delegation, its seats, what was asked, what happened, other dates."""

from __future__ import annotations

import functools
import uuid
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.models import Event, Run
from eventsys.events.rules import DATED, RunStatus
from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.registrations.limits.queries import count_held, count_taken, limit_of_run
from eventsys.registrations.models import (
    ChangeRequest,
    Delegation,
    Registration,
    RegistrationChange,
    RegistrationNight,
    SessionSeat,
)
from eventsys.registrations.own.rules import BY_MAIL
from eventsys.registrations.queries import find_registration
from eventsys.registrations.rules import Change, Places, State
from eventsys.venues.models import Venue

FromRun, ToRun = aliased(Run, name="from_run"), aliased(Run, name="to_run")


def find_delegation(session: Session, public_id: uuid.UUID) -> AnyRow | None:
    """A delegation with its event, organiser and organisation's label, in one statement."""
    return session.execute(
        sa.select(Delegation, Event, Organiser, Organisation.label.label("organisation"))
        .join(Event, Event.id == Delegation.event_id)
        .join(Organiser, Organiser.id == Delegation.organiser_id)
        .join(Organisation, Organisation.id == Delegation.organisation_id)
        .where(Delegation.public_id == public_id)
    ).one_or_none()


def find_delegation_of(session: Session, registration: Registration) -> Delegation | None:
    """Who signed the seat up, where somebody did."""
    if registration.delegation_id is None:
        return None
    return session.get(Delegation, registration.delegation_id)


def list_seats(session: Session, delegation_id: int) -> list[AnyRow]:
    """The seats of a delegation with run and venue, in the order in which they were signed up."""
    return list(
        session.execute(
            sa.select(Registration, Run, Venue)
            .join(Run, Run.id == Registration.run_id)
            .outerjoin(Venue, Venue.id == Run.venue_id)
            .where(Registration.delegation_id == delegation_id)
            .order_by(Registration.created_at, Registration.id)
        )
    )


def find_seat(session: Session, delegation_id: int, public_id: uuid.UUID) -> AnyRow | None:
    """One seat of the delegation, as `queries.find_registration` gives it."""
    row = find_registration(session, public_id)
    return row if row is not None and row.Registration.delegation_id == delegation_id else None


def list_history(session: Session, registration_id: int) -> list[AnyRow]:
    """What happened to a registration, oldest first: the change, and `from_run` that was left where the seat moved."""
    return list(session.execute(_history(), {"registration_id": registration_id}))


@functools.cache
def _history() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(RegistrationChange, FromRun)
        .outerjoin(FromRun, FromRun.id == RegistrationChange.from_run_id)
        .where(RegistrationChange.registration_id == sa.bindparam("registration_id"))
        .order_by(RegistrationChange.id)
    )


def has_closed_receipts(session: Session, registration: Registration) -> bool:
    """Whether something was filled in by the link that is mailed now, so that no other opens the page."""
    changed = sa.select(RegistrationChange.facts).where(
        RegistrationChange.registration_id == registration.id, RegistrationChange.change == Change.CHANGED
    )
    return any(facts.get(BY_MAIL) == registration.link_version for facts in session.scalars(changed))


def list_requests(session: Session, registration_id: int) -> list[AnyRow]:
    """What was asked of the organiser after a deadline, newest first, with `to_run` that was asked for."""
    return list(session.execute(_requests(), {"registration_id": registration_id}))


@functools.cache
def _requests() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(ChangeRequest, ToRun)
        .outerjoin(ToRun, ToRun.id == ChangeRequest.run_id)
        .where(ChangeRequest.registration_id == sa.bindparam("registration_id"))
        .order_by(ChangeRequest.id.desc())
    )


class Day(NamedTuple):
    """One of the event's dates, and how full it is."""

    run: Run
    places: Places


def list_dates(session: Session, event_id: int, *, but: int = 0) -> list[Day]:
    """The planned runs of an event whose days are known, in their order; one statement. Who is at the run `but` is not
    counted: somebody who is there asks how full the others are."""
    rows = session.execute(_dates(), {"event_id": event_id, "but": but})
    return [Day(run, Places(capacity, taken, waiting, held)) for run, capacity, taken, waiting, held in rows]


@functools.cache
def _dates() -> sa.Select[*tuple[Any, ...]]:
    waits = sa.select(sa.func.count()).where(Registration.run_id == Run.id, Registration.state == State.WAITING)
    but: sa.BindParameter[int] = sa.bindparam("but")
    return (
        sa.select(
            Run,
            limit_of_run(),
            sa.case((Run.id == but, 0), else_=count_taken()),
            sa.case((Run.id == but, 0), else_=waits.correlate(Run).scalar_subquery()),
            count_held(),
        )
        .outerjoin(Venue, Venue.id == Run.venue_id)
        .where(Run.event_id == sa.bindparam("event_id"), Run.status == RunStatus.PLANNED, Run.precision.in_(DATED))
        .order_by(Run.sort_at, Run.id)
    )


def list_chosen(session: Session, registration_id: int) -> tuple[set[int], set[int]]:
    """The ids of the sessions and of the nights that a seat has."""
    rows = session.execute(_chosen(), {"registration_id": registration_id}).all()
    sessions = {chosen for kind, chosen in rows if kind == "session"}
    return sessions, {chosen for kind, chosen in rows if kind == "night"}


@functools.cache
def _chosen() -> sa.CompoundSelect[str, int]:
    of: sa.BindParameter[int] = sa.bindparam("registration_id")
    return sa.union_all(
        sa.select(sa.literal("session"), SessionSeat.session_id).where(SessionSeat.registration_id == of),
        sa.select(sa.literal("night"), RegistrationNight.night_id).where(RegistrationNight.registration_id == of),
    )
