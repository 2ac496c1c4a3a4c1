"""Counts of all that is limited, and what can be chosen beside a run with what is left of it."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager

from eventsys.events.models import EventSession, Run
from eventsys.registrations.limits.queries.books import HOLDS, count_held, count_taken, limit_of_run, read_quotas
from eventsys.registrations.limits.rules import QUOTAS, Book, Dimension, Kind, Limit
from eventsys.registrations.models import (
    Question,
    QuestionVersion,
    Registration,
    RegistrationNight,
    RoomBlock,
    RunNight,
    SessionSeat,
)
from eventsys.registrations.questions.queries import count_chosen
from eventsys.venues.models import Room, Venue


def count_limits(
    session: Session, event_id: int, *, on: date, kinds: Collection[Kind] = tuple(Kind)
) -> dict[Dimension, Limit]:
    """Everything of the event that is limited, and its runs even where they are not; `on` decides who is in a cohort.

    An organisation's quota stands here for those organisations that have a place.
    """
    limits: dict[Dimension, Limit] = {}
    if Kind.RUN in kinds:
        limits |= _count_runs(session, event_id)
    if set(QUOTAS) & set(kinds):
        counted = _count_quotas(session, event_id, on=on)
        limits |= {dimension: limit for dimension, limit in counted.items() if dimension.kind in kinds}
    if Kind.SESSION in kinds:
        limits |= _count_sessions(session, event_id)
    if Kind.CHOICE in kinds:
        limits |= _count_choices(session, event_id)
    if Kind.NIGHT in kinds:
        rows = session.execute(nights().where(RunNight.event_id == event_id))
        limits |= {Dimension(Kind.NIGHT, night.id): Limit(rooms, taken) for night, _venue, rooms, taken in rows}
    return limits


def _count_runs(session: Session, event_id: int) -> dict[Dimension, Limit]:
    rows = session.execute(
        sa.select(Run.id, limit_of_run(), count_taken(), count_held())
        .outerjoin(Venue, Venue.id == Run.venue_id)
        .where(Run.event_id == event_id)
        .order_by(Run.sort_at, Run.id)
    )
    return {Dimension(Kind.RUN, run_id): Limit(capacity, taken, held) for run_id, capacity, taken, held in rows}


def _count_quotas(session: Session, event_id: int, *, on: date) -> dict[Dimension, Limit]:
    book = Book({}, Counter())
    read_quotas(session, event_id, book, on=on)
    most = {quota.id: quota.most for quota in book.quotas}
    together = {
        Dimension(Kind.SIDE if quota.side else Kind.COHORT, quota.id): Limit(quota.most, 0)
        for quota in book.quotas
        if not quota.per_organisation
    }
    return together | {dimension: Limit(most[dimension.of], taken) for dimension, taken in book.taken.items()}


def _count_sessions(session: Session, event_id: int) -> dict[Dimension, Limit]:
    rows = session.execute(
        sa.select(EventSession.id, limit_of_session(), count_at_session())
        .outerjoin(Room, Room.id == EventSession.room_id)
        .where(EventSession.event_id == event_id, EventSession.chosen)
    )
    return {Dimension(Kind.SESSION, one): Limit(capacity, taken) for one, capacity, taken in rows}


def limit_of_session() -> sa.ColumnElement[int | None]:
    """The own capacity of the session of the statement around it, else its room's."""
    return sa.func.coalesce(EventSession.capacity, Room.capacity)


def count_at_session() -> sa.ScalarSelect[int]:
    """How many who hold a place in the run are at the session of the statement around it."""
    return (
        sa.select(sa.func.count())
        .select_from(SessionSeat)
        .join(Registration, Registration.id == SessionSeat.registration_id)
        .where(SessionSeat.session_id == EventSession.id, HOLDS)
        .correlate(EventSession)
        .scalar_subquery()
    )


def _count_choices(session: Session, event_id: int) -> dict[Dimension, Limit]:
    most = {(one, key): most for one, options in _list_options(session, event_id) for key, most in options.items()}
    taken = count_chosen(session, event_id) if most else {}
    return {
        Dimension(Kind.CHOICE, one, key): Limit(limit, taken.get((one, key), 0)) for (one, key), limit in most.items()
    }


def _list_options(session: Session, event_id: int) -> list[tuple[int, dict[str, int]]]:
    """The options with a limit of each question, by its newest words."""
    newer = aliased(QuestionVersion)
    newest = sa.select(sa.func.max(newer.number)).where(newer.question_id == Question.id).correlate(Question)
    rows = session.execute(
        sa.select(Question.id, QuestionVersion.options)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.event_id == event_id, QuestionVersion.number == newest.scalar_subquery())
        .order_by(Question.position, Question.id)
    )
    return [
        (one, {option["key"]: option["limit"] for option in options if option.get("limit") is not None})
        for one, options in rows
    ]


@functools.cache
def nights() -> sa.Select[RunNight, str, int | None, int]:
    """Nights of runs with the hotel's name, the organiser's rooms there (null: no limit), and how many are taken: by all
    events of the organiser, a person once."""
    other = aliased(RunNight)
    taken = (
        sa.select(sa.func.count(sa.distinct(sa.func.coalesce(Registration.person_id, -Registration.id))))
        .select_from(other)
        .join(RegistrationNight, RegistrationNight.night_id == other.id)
        .join(Registration, Registration.id == RegistrationNight.registration_id)
        .where(other.venue_id == RunNight.venue_id, other.on == RunNight.on)
        .where(other.organiser_id == RunNight.organiser_id, HOLDS)
        .correlate(RunNight)
        .scalar_subquery()
    )
    same_night = sa.and_(
        RoomBlock.organiser_id == RunNight.organiser_id,
        RoomBlock.venue_id == RunNight.venue_id,
        RoomBlock.on == RunNight.on,
    )
    return (
        sa.select(RunNight, Venue.name, RoomBlock.rooms, taken)
        .join(Venue, Venue.id == RunNight.venue_id)
        .outerjoin(RoomBlock, same_night)
        .order_by(RunNight.on, RunNight.id)
    )


class SessionOption(NamedTuple):
    """A session that can be chosen, and how full it is."""

    session: EventSession
    limit: Limit


class NightOption(NamedTuple):
    """A night that can be had, at which hotel, and how many rooms are taken."""

    night: RunNight
    hotel: str
    limit: Limit


class Options(NamedTuple):
    """What somebody chooses beside the run."""

    sessions: list[SessionOption]
    nights: list[NightOption]


def list_options(session: Session, run_id: int) -> Options:
    """The run's sessions to choose and its nights, each with what is left of it; two statements."""
    sessions = session.execute(
        sa.select(EventSession, limit_of_session(), count_at_session())
        .outerjoin(EventSession.room)
        .options(contains_eager(EventSession.room))
        .where(EventSession.run_id == run_id, EventSession.chosen)
        .order_by(EventSession.starts_local, EventSession.id)
    )
    hotel = session.execute(nights().where(RunNight.run_id == run_id))
    return Options(
        [SessionOption(row, Limit(capacity, taken)) for row, capacity, taken in sessions],
        [NightOption(night, venue, Limit(rooms, taken)) for night, venue, rooms, taken in hotel],
    )
