"""Reads for the organisers' pages. Every one that tells of an organiser's rows takes the organiser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from eventsys.events.models import Event, Run
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import OrganisationKind
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Cohort, Network, Programme
from eventsys.registrations.models import ChangeRequest, Registration
from eventsys.registrations.rules import State
from eventsys.venues.queries import list_by_name
from eventsys.workspace.pasted import Known, Twin

MOST_EVENTS = 500


def list_events(
    session: Session, organiser_id: int, *, status: EventStatus | None = None, from_on: date | None = None
) -> list[Event]:
    """The organiser's events with runs and venues, soonest first; with `from_on` those not over on that day."""
    first_run = sa.select(sa.func.min(Run.sort_at)).where(Run.event_id == Event.id).scalar_subquery()
    statement = (
        sa.select(Event)
        .where(Event.organiser_id == organiser_id)
        .options(selectinload(Event.runs).joinedload(Run.venue))
        .order_by(first_run, Event.id)
        .limit(MOST_EVENTS)
    )
    if status is not None:
        statement = statement.where(Event.status == status)
    if from_on is not None:
        ahead = sa.or_(Run.last_on.is_(None), Run.last_on >= from_on)
        statement = statement.where(sa.exists().where(Run.event_id == Event.id, ahead))
    return list(session.scalars(statement))


def count_events(session: Session, organiser_id: int) -> dict[EventStatus, int]:
    statement = (
        sa.select(Event.status, sa.func.count().label("how_many"))
        .where(Event.organiser_id == organiser_id)
        .group_by(Event.status)
    )
    return {row.status: row.how_many for row in session.execute(statement)}


class Requested(NamedTuple):
    """An event at which somebody waits for an answer: `how_many` have asked to come, `asking` ask for something after its
    deadline."""

    slug: str
    title: dict[str, str]
    how_many: int
    asking: int


def list_requested(session: Session, organiser_id: int) -> list[Requested]:
    coming = _by_event(Registration.organiser_id == organiser_id, Registration.state == State.REQUESTED).subquery()
    still_open = _by_event(ChangeRequest.organiser_id == organiser_id, ChangeRequest.decided_at.is_(None))
    asking = still_open.join(ChangeRequest, ChangeRequest.registration_id == Registration.id).subquery()
    how_many, asked = (sa.func.coalesce(one.c.how_many, 0) for one in (coming, asking))
    statement = (
        sa.select(Event.slug, Event.title, how_many, asked)
        .outerjoin(coming, coming.c.event_id == Event.id)
        .outerjoin(asking, asking.c.event_id == Event.id)
        .where(Event.organiser_id == organiser_id, Event.status == EventStatus.PUBLISHED, how_many + asked > 0)
        .order_by(Event.id)
    )
    return [Requested(*row) for row in session.execute(statement)]


def _by_event(*conditions: sa.ColumnElement[bool]) -> sa.Select[int, int]:
    how_many = sa.func.count().label("how_many")
    return sa.select(Registration.event_id, how_many).where(*conditions).group_by(Registration.event_id)


def count_addresses(session: Session, run_ids: Sequence[int]) -> int:
    """To how many addresses a mail goes when these runs change: whoever has a place, waits, or has asked to come."""
    live = (State.CONFIRMED, State.OFFERED, State.WAITING, State.REQUESTED)
    statement = sa.select(sa.func.count(sa.distinct(Registration.email_key))).where(
        Registration.run_id.in_(run_ids), Registration.state.in_(live)
    )
    return session.scalar(statement) or 0


class Audiences(NamedTuple):
    """What an event can be for: cohorts, networks, whole programmes' networks, confederations' representatives."""

    cohorts: list[Cohort]
    networks: list[Network]
    programmes: list[Programme]
    confederations: list[Organisation]


def list_audiences(session: Session) -> Audiences:
    """Programmes are for all organisers to point at; none of this is somebody's own."""
    confederations = (
        sa.select(Organisation)
        .where(Organisation.kind == OrganisationKind.CONFEDERATION, Organisation.valid_to.is_(None))
        .order_by(Organisation.sort_key)
    )
    return Audiences(
        cohorts=list(session.scalars(sa.select(Cohort).order_by(Cohort.programme_id, Cohort.ordinal))),
        networks=list(session.scalars(sa.select(Network).order_by(Network.name))),
        programmes=list(session.scalars(sa.select(Programme).order_by(Programme.id))),
        confederations=list(session.scalars(confederations)),
    )


def list_twins(session: Session, organiser_ids: Sequence[int]) -> set[Twin]:
    """What there is already of these organisers, cancelled events not counted."""
    statement = (
        sa.select(Event)
        .where(Event.organiser_id.in_(organiser_ids), Event.status != EventStatus.CANCELLED)
        .options(selectinload(Event.runs), selectinload(Event.clauses))
    )
    return {_twin_of(event) for event in session.scalars(statement) if event.runs}


def _twin_of(event: Event) -> Twin:
    cohort_ids = frozenset(clause.cohort_id for clause in event.clauses if clause.cohort_id is not None)
    first = event.runs[0]
    return Twin(event.organiser_id, event.type, event.ordinal, first.first_on, first.last_on, cohort_ids)


def find_just_made(session: Session, organiser_id: int, title: dict[str, str], *, now: datetime) -> Event | None:
    """The draft of this title made a moment ago: a button pressed twice."""
    recent = sa.select(Event).where(Event.organiser_id == organiser_id, Event.created_at > now - timedelta(minutes=1))
    return next((event for event in session.scalars(recent) if event.title == title), None)


def find_known(session: Session, organiser: Organiser, *, owners: Sequence[Organiser], venues: Sequence[str]) -> Known:
    """What the lines of a pasted programme may name. Cohorts are those of the organiser's programme, else of any."""
    audiences = list_audiences(session)
    own = [programme for programme in audiences.programmes if programme.organiser_id == organiser.id]
    programme = next(iter(own or audiences.programmes), None)
    cohorts = [row for row in audiences.cohorts if programme is not None and row.programme_id == programme.id]
    return Known(
        organiser=organiser,
        owners=[organiser, *(owner for owner in owners if owner.id != organiser.id)],
        cohorts={cohort.ordinal: cohort for cohort in cohorts},
        programme=programme,
        confederations=audiences.confederations,
        venues=list_by_name(session, venues),
    )


def count_runs_by_venue(session: Session, organiser_id: int) -> dict[int, int]:
    """How many of the organiser's runs that are on take place at each venue."""
    statement = (
        sa.select(Run.venue_id, sa.func.count().label("how_many"))
        .where(Run.organiser_id == organiser_id, Run.venue_id.is_not(None), Run.status == RunStatus.PLANNED)
        .group_by(Run.venue_id)
    )
    return {row.venue_id: row.how_many for row in session.execute(statement)}
