"""Reads of the sign-up forms: the event with what more it asks, in one statement; and the light one of a post."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, EventClause, EventSession, Run
from eventsys.events.queries import is_public, open_event, public_event
from eventsys.events.rules import DATED, ClauseKind, EventStatus, RunStatus
from eventsys.organisations.models import Person
from eventsys.programmes.models import CohortMembership
from eventsys.programmes.queries import lasts
from eventsys.registrations.models import HeldPlaces, Question, Quota, Registration, RegistrationChange, RunNight
from eventsys.registrations.rules import ENDED, HOLDS_A_PLACE, Change

TOLD_AT_MOST = timedelta(hours=1)
"""How often somebody is mailed of being signed up already."""


class Form(NamedTuple):
    """An event with its runs, whether it has questions of its own, and sessions to choose or nights."""

    event: Event
    has_questions: bool
    has_options: bool


def find_form(session: Session, slug: str, *, is_invited: bool = False) -> Form | None:
    """What the form of a public event asks, or of a closed one that the reader is invited to; None for any other."""
    row = session.execute(_form(is_invited), {"slug": slug}).unique().one_or_none()
    return Form(*row) if row else None


@functools.cache
def _form(is_invited: bool) -> sa.Select[*tuple[Any, ...]]:
    return (open_event() if is_invited else public_event()).add_columns(*flags())


def flags() -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Whether the statement's event has questions of its own, and whether it has sessions to choose or nights."""
    questions = sa.exists().where(Question.event_id == Event.id, Question.removed_at.is_(None)).correlate(Event)
    sessions = sa.exists().where(EventSession.event_id == Event.id, EventSession.chosen).correlate(Event)
    nights = sa.exists().where(RunNight.event_id == Event.id).correlate(Event)
    return questions, sa.or_(sessions, nights)


class Choice(NamedTuple):
    """A run that a sign-up may be for, and what its event asks; the run is none where there is none."""

    event_id: int
    asks_union: bool
    has_questions: bool
    has_options: bool
    run_id: int | None
    uid: uuid.UUID | None


def list_choices(session: Session, slug: str, *, is_invited: bool = False) -> list[Choice]:
    """The planned runs with days of a public event, or of a closed one that the reader is invited to; one without a run
    where it has none, else nothing."""
    return [Choice(*row) for row in session.execute(_choices(is_invited), {"slug": slug})]


@functools.cache
def _choices(is_invited: bool) -> sa.Select[*tuple[Any, ...]]:
    is_choice = sa.and_(Run.event_id == Event.id, Run.status == RunStatus.PLANNED, Run.precision.in_(DATED))
    return (
        sa.select(Event.id, Event.asks_union, *flags(), Run.id, Run.uid)
        .outerjoin(Run, is_choice)
        .where(Event.slug == sa.bindparam("slug"), Event.status != EventStatus.DRAFT if is_invited else is_public())
    )


def find_confederation(session: Session, event_id: int) -> int | None:
    """The id of the confederation whose unions' representatives an event is for."""
    statement = sa.select(EventClause.organisation_id).where(
        EventClause.event_id == event_id, EventClause.kind == ClauseKind.REPRESENTATIVES
    )
    return session.scalar(statement.order_by(EventClause.id).limit(1))


def list_told(session: Session, run_id: int, names: Sequence[str], *, at: datetime) -> set[str]:
    """Which of the names, folded, somebody has who is signed up for the run and was mailed of a form that was sent then.

    Not merely who is signed up: a form sent once more with other names would tell that to anybody.
    """
    statement = (
        sa.select(Person.name_key)
        .join(Registration, Registration.person_id == Person.id)
        .join(RegistrationChange, RegistrationChange.registration_id == Registration.id)
        .where(Registration.run_id == run_id, Registration.state.not_in(ENDED), Person.name_key.in_(names))
        .where(RegistrationChange.change == Change.REPEATED)
        .where(RegistrationChange.at > at - TOLD_AT_MOST, RegistrationChange.at <= at)
    )
    return set(session.scalars(statement))


class OwnPlaces(NamedTuple):
    """What an event gives an organisation: `most` and `free` of its seats where that is limited, `taken` those it has,
    and the places held for it and not used yet, by run and last day."""

    taken: int
    most: int | None
    free: int | None
    held: list[tuple[Run, date, int]]


def read_own_places(session: Session, event_id: int, organisation_id: int, *, on: date) -> OwnPlaces | None:
    """None where nothing is limited or held for the organisation."""
    cohorts = sa.select(CohortMembership.cohort_id).where(
        CohortMembership.organisation_id == organisation_id, lasts(CohortMembership, on)
    )
    mine = sa.or_(Quota.cohort_id.is_(None), Quota.cohort_id.in_(cohorts))
    most, free = session.execute(
        sa.select(sa.func.min(Quota.most_seats), sa.func.min(Quota.free_seats)).where(
            Quota.event_id == event_id, Quota.per_organisation, mine
        )
    ).one()
    held = session.execute(
        sa.select(Run, HeldPlaces.held_until, HeldPlaces.places)
        .join(Run, Run.id == HeldPlaces.run_id)
        .where(HeldPlaces.event_id == event_id, HeldPlaces.organisation_id == organisation_id)
        .where(HeldPlaces.released_at.is_(None))
        .order_by(Run.sort_at, Run.id)
    ).all()
    if most is None and free is None and not held:
        return None
    taken = _count_by_run(session, event_id, organisation_id)
    unused = [(run, until, max(places - taken.get(run.id, 0), 0)) for run, until, places in held]
    return OwnPlaces(sum(taken.values()), most, free, [row for row in unused if row[2]])


def _count_by_run(session: Session, event_id: int, organisation_id: int) -> dict[int, int]:
    statement = (
        sa.select(Registration.run_id, sa.func.count())
        .where(Registration.event_id == event_id, Registration.organisation_id == organisation_id)
        .where(Registration.state.in_(HOLDS_A_PLACE))
        .group_by(Registration.run_id)
    )
    return dict(session.execute(statement).all())
