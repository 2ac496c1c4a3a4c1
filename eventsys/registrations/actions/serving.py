"""The queue is served: after every change of a run, the first it fits gets the place. The caller holds the event's lock."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus
from eventsys.organisers.models import Organiser
from eventsys.registrations.actions.history import record_change
from eventsys.registrations.actions.options import drop_full, drop_of_other_run, list_choosing
from eventsys.registrations.limits.queries import Standing, list_standings, read_book
from eventsys.registrations.limits.rules import Book
from eventsys.registrations.models import Registration
from eventsys.registrations.queue.queries import list_units
from eventsys.registrations.queue.rules import Unit
from eventsys.registrations.rules import ENDED, Actor, Change, State


def serve_queue(session: Session, event: Event, *, now: datetime) -> int:
    """Gives the free places of all the event's runs to those who wait, in order, and says how many got one.

    What does not fit is passed by and keeps its position. Where the event gives time to answer, the place is offered.
    """
    if event.status is not EventStatus.PUBLISHED:
        return 0
    standings = list_standings(session, event.id)
    giving = {row.run_id for row in standings.values() if not row.is_full and not has_stopped(event, row, now=now)}
    if not any(standings[run_id].waits for run_id in giving):
        return 0
    book = read_book(session, event.id, standings, on=find_today(session, event, now=now))
    units = list_units(session, giving)
    served = _choose(book, units, giving, _find_seated(session, units, giving))
    _give(session, event, served, standings, now=now)
    return sum(len(unit.members) for unit, _run_id in served)


def has_stopped(event: Event, standing: Standing, *, now: datetime) -> bool:
    """Whether it is so near the run's beginning that no place is given to who waits."""
    return bool(now >= standing.starts_at - timedelta(hours=event.promotion_stops_hours))


def find_today(session: Session, event: Event, *, now: datetime) -> date:
    """The day at the organiser's."""
    return dates.to_local(now, session.get_one(Organiser, event.organiser_id).timezone).date()


def _choose(
    book: Book, units: Sequence[Unit], giving: Collection[int], seated: Collection[tuple[int, int]]
) -> list[tuple[Unit, int]]:
    """Each unit that fits, with the run it gets: one pass is enough, because nothing in it frees a place."""
    served, seated = [], set(seated)
    for unit in units:
        for run_id in unit.runs:
            people = {(run_id, member.person_id) for member in unit.members if member.person_id is not None}
            if run_id not in giving or (run_id != unit.runs[0] and people & seated):
                continue
            if book.take_all_or_none(unit.seats, run_id):
                served.append((unit, run_id))
                seated |= people
                break
    return served


def _find_seated(session: Session, units: Sequence[Unit], run_ids: Collection[int]) -> set[tuple[int, int]]:
    """The runs in which somebody with a second choice has a live seat, or waits, already."""
    people = {
        member.person_id for unit in units for member in unit.members if member.second_run_id and member.person_id
    }
    if not people:
        return set()
    statement = sa.select(Registration.run_id, Registration.person_id).where(
        Registration.run_id.in_(run_ids), Registration.person_id.in_(people), Registration.state.not_in(ENDED)
    )
    return {(run_id, person_id) for run_id, person_id in session.execute(statement) if person_id is not None}


def _give(
    session: Session,
    event: Event,
    served: Sequence[tuple[Unit, int]],
    standings: dict[int, Standing],
    *,
    now: datetime,
) -> None:
    ids = [member.id for unit, _run_id in served for member in unit.members]
    rows = (
        {row.id: row for row in session.scalars(sa.select(Registration).where(Registration.id.in_(ids)))} if ids else {}
    )
    choosing = list_choosing(session, ids)
    for unit, run_id in served:
        act_id = uuid.uuid4() if len(unit.members) > 1 else None
        for member in unit.members:
            _promote(session, event, rows[member.id], standings[run_id], act_id, chooses=member.id in choosing, now=now)


def _promote(
    session: Session,
    event: Event,
    registration: Registration,
    standing: Standing,
    act_id: uuid.UUID | None,
    *,
    chooses: bool,
    now: datetime,
) -> None:
    left = enter_run(registration, standing.run_id)
    state, change = State.CONFIRMED, Change.PROMOTED
    if event.offer_hours is not None:
        state, change = State.OFFERED, Change.OFFERED
        registration.offered_until = min(now + timedelta(hours=event.offer_hours), standing.starts_at)
    before, registration.state = registration.state, state
    session.flush()
    dropped = fit_options(session, registration, left) if chooses else []
    facts: dict[str, Any] = {"dropped": dropped} if dropped else {}
    more: dict[str, Any] = {"act_id": act_id, "from_run_id": left, "facts": facts}
    record_change(session, registration, change, Actor.SYSTEM, before, now=now, **more)


def enter_run(registration: Registration, run_id: int) -> int | None:
    """Puts the seat into the run it gets, where it has no second choice any more; says which run it left, if it did."""
    left = registration.run_id if registration.run_id != run_id else None
    registration.run_id, registration.second_run_id = run_id, None
    return left


def fit_options(session: Session, registration: Registration, left_run_id: int | None) -> list[str]:
    """Lets go what belongs to the run that was left, and what is full now; says what."""
    dropped = drop_of_other_run(session, registration) if left_run_id is not None else []
    return [*dropped, *drop_full(session, registration)]
