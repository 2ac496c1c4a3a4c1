"""The book that places are taken from, read from rows: runs, quotas, and what is held."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Run
from eventsys.events.rules import RunStatus
from eventsys.programmes.models import CohortMembership
from eventsys.programmes.queries import lasts
from eventsys.registrations.limits.rules import Book, Dimension, Kind, QuotaFacts, Seat
from eventsys.registrations.models import (
    HeldPlaces,
    Quota,
    Registration,
)
from eventsys.registrations.rules import HOLDS_A_PLACE, State
from eventsys.venues.models import Room, RoomLayout, Venue

HOLDS = Registration.state.in_(HOLDS_A_PLACE)
AT_ONCE = 10_000
"""More seats than any one transaction makes."""


class Standing(NamedTuple):
    """A planned run as its places are given away. `capacity` is None, and `taken` not counted, where there is room for sure;
    `waits` says whether anybody stands in its queue, with a first or a second choice."""

    run_id: int
    starts_at: Any
    capacity: int | None
    taken: int
    waits: bool
    has_quotas: bool
    has_held: bool

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.taken >= self.capacity


def list_standings(session: Session, event_id: int, run_ids: Sequence[int] | None = None) -> dict[int, Standing]:
    """The event's planned runs, or those of them that are asked for, in one statement."""
    values: dict[str, Any] = {"event_id": event_id}
    if run_ids is not None:
        values["run_ids"] = list(run_ids)
    rows = session.execute(_standings(some=run_ids is not None), values)
    return {row[0]: Standing(*row) for row in rows}


@functools.cache
def _standings(*, some: bool) -> sa.Select[*tuple[Any, ...]]:
    capacity, is_sure = limit_of_run(), has_room_for_sure()
    waiting = Registration.state == State.WAITING
    statement = (
        sa.select(
            Run.id,
            Run.sort_at,
            sa.case((is_sure, sa.null()), else_=capacity),
            sa.case((is_sure, 0), else_=count_taken()),
            sa.or_(_first_waiting().is_not(None), sa.exists().where(Registration.second_run_id == Run.id, waiting)),
            sa.exists().where(Quota.event_id == Run.event_id, Quota.most_seats.is_not(None)),
            sa.exists().where(HeldPlaces.event_id == Run.event_id, HeldPlaces.released_at.is_(None)),
        )
        .outerjoin(Venue, Venue.id == Run.venue_id)
        .where(Run.event_id == sa.bindparam("event_id"), Run.status == RunStatus.PLANNED)
    )
    return statement.where(Run.id.in_(sa.bindparam("run_ids", expanding=True))) if some else statement


def _first_waiting() -> sa.ScalarSelect[int]:
    """Asked for in the queue's order: with statistics SQLite would look through all rows for one that there seldom is."""
    return (
        sa.select(Registration.id)
        .where(Registration.run_id == Run.id, Registration.state == State.WAITING)
        .order_by(Registration.priority, Registration.queued_at, Registration.id)
        .limit(1)
        .correlate(Run)
        .scalar_subquery()
    )


def limit_of_run() -> sa.ColumnElement[int | None]:
    """How many the run of the statement around it, joined with its venue, takes: its own capacity, else its room's as it
    is set up, else its room's, else its venue's."""
    as_set_up = sa.select(RoomLayout.capacity).where(RoomLayout.room_id == Run.room_id, RoomLayout.layout == Run.layout)
    of_room = sa.select(Room.capacity).where(Room.id == Run.room_id)
    rooms = (one.correlate(Run).scalar_subquery() for one in (as_set_up, of_room))
    return sa.func.coalesce(Run.capacity, *rooms, Venue.capacity)


def has_room_for_sure() -> sa.ColumnElement[bool]:
    """Whether nothing needs to be counted, with however many there already: the run of the statement around it has no
    capacity, or a greater one than all registrations together could take, and no places are held in its event."""
    highest = sa.select(sa.func.coalesce(sa.func.max(Registration.id), 0)).scalar_subquery()
    held = sa.exists().where(HeldPlaces.event_id == Run.event_id)
    capacity = limit_of_run()
    return sa.or_(capacity.is_(None), sa.and_(capacity > highest + AT_ONCE, sa.not_(held)))


def count_taken() -> sa.ScalarSelect[int]:
    """How many hold a place in the run of the statement around it."""
    return sa.select(sa.func.count()).where(Registration.run_id == Run.id, HOLDS).correlate(Run).scalar_subquery()


def count_held() -> sa.ScalarSelect[int]:
    """How many free places of the run of the statement around it are held for organisations and people."""
    had = (
        sa.select(sa.func.count())
        .where(Registration.run_id == HeldPlaces.run_id, HOLDS)
        .where(
            sa.or_(
                Registration.organisation_id == HeldPlaces.organisation_id,
                Registration.person_id == HeldPlaces.person_id,
            )
        )
        .correlate(HeldPlaces)
        .scalar_subquery()
    )
    unused = sa.case((HeldPlaces.places > had, HeldPlaces.places - had), else_=0)
    return (
        sa.select(sa.cast(sa.func.coalesce(sa.func.sum(unused), 0), sa.Integer))
        .where(HeldPlaces.run_id == Run.id, HeldPlaces.released_at.is_(None))
        .correlate(Run)
        .scalar_subquery()
    )


def read_book(session: Session, event_id: int, standings: dict[int, Standing], *, on: date) -> Book:
    """What is taken of these runs and of the event's quotas, which are read only where there are any."""
    book = Book(
        {row.run_id: row.capacity for row in standings.values()},
        Counter({Dimension(Kind.RUN, row.run_id): row.taken for row in standings.values()}),
    )
    if any(row.has_quotas for row in standings.values()):
        read_quotas(session, event_id, book, on=on)
    if any(row.has_held for row in standings.values()):
        _read_held(session, event_id, book)
    return book


def read_quotas(session: Session, event_id: int, book: Book, *, on: date) -> None:
    """Puts the event's quotas that have a most into the book, with what is taken of them in all its runs."""
    rows = session.scalars(
        sa.select(Quota).where(Quota.event_id == event_id, Quota.most_seats.is_not(None)).order_by(Quota.id)
    )
    book.quotas = [
        QuotaFacts(row.id, row.most_seats or 0, row.per_organisation, row.cohort_id, row.side) for row in rows
    ]
    book.cohorts = _read_cohorts(session, [row.cohort_id for row in book.quotas if row.cohort_id], on=on)
    statement = (
        sa.select(Registration.organisation_id, Registration.side, sa.func.count())
        .where(Registration.event_id == event_id, HOLDS)
        .group_by(Registration.organisation_id, Registration.side)
    )
    for organisation_id, side, many in session.execute(statement) if book.quotas else ():
        for dimension, _most in book.list_quotas(Seat(organisation_id, side)):
            book.taken[dimension] += many


def _read_cohorts(session: Session, cohort_ids: Collection[int], *, on: date) -> dict[int, frozenset[int]]:
    """Which of the cohorts each organisation belongs to."""
    if not cohort_ids:
        return {}
    members: dict[int, set[int]] = defaultdict(set)
    statement = sa.select(CohortMembership.organisation_id, CohortMembership.cohort_id).where(
        CohortMembership.cohort_id.in_(cohort_ids), lasts(CohortMembership, on)
    )
    for organisation_id, cohort_id in session.execute(statement):
        members[organisation_id].add(cohort_id)
    return {organisation_id: frozenset(ids) for organisation_id, ids in members.items()}


def _read_held(session: Session, event_id: int, book: Book) -> None:
    """What is held in the event's runs, and what of it has been taken."""
    held: dict[int, dict[int, int]] = defaultdict(dict)
    people: dict[int, set[int]] = defaultdict(set)
    rows = session.execute(
        sa.select(HeldPlaces.run_id, HeldPlaces.organisation_id, HeldPlaces.person_id, HeldPlaces.places).where(
            HeldPlaces.event_id == event_id,
            HeldPlaces.released_at.is_(None),
        )
    )
    for run_id, organisation_id, person_id, places in rows:
        if organisation_id is not None:
            held[run_id][organisation_id] = places
        elif person_id is not None:
            people[run_id].add(person_id)
    book.held = held
    book.had = _count_had(session, held)
    seated = _list_seated(session, people)
    book.waited_for = {run_id: frozenset(ids - seated[run_id]) for run_id, ids in people.items()}


def _count_had(session: Session, run_ids: Collection[int]) -> Counter[tuple[int, int | None]]:
    statement = (
        sa.select(Registration.run_id, Registration.organisation_id, sa.func.count())
        .where(Registration.run_id.in_(run_ids), HOLDS)
        .group_by(Registration.run_id, Registration.organisation_id)
    )
    return Counter({(run_id, one): many for run_id, one, many in session.execute(statement)}) if run_ids else Counter()


def _list_seated(session: Session, people: dict[int, set[int]]) -> dict[int, set[int]]:
    """Who of the people has a place in the run already."""
    seated: dict[int, set[int]] = defaultdict(set)
    asked = set().union(*people.values()) if people else set()
    if asked:
        statement = sa.select(Registration.run_id, Registration.person_id).where(
            Registration.run_id.in_(people), Registration.person_id.in_(asked), HOLDS
        )
        for run_id, person_id in session.execute(statement):
            if person_id is not None:
                seated[run_id].add(person_id)
    return seated
