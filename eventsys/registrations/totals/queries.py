"""Reads that add up over events: beds and chairs per date and venue, and overlapping seats. Numbers, never names."""

from __future__ import annotations

import functools
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.models import Event, EventSession, Run
from eventsys.events.queries import is_public
from eventsys.events.rules import DATED, EventStatus, RunStatus, SessionKind
from eventsys.extensions import Translated
from eventsys.registrations.clashes.queries import overlap
from eventsys.registrations.limits.queries import HOLDS, limit_of_run
from eventsys.registrations.models import Registration, RegistrationNight, RoomBlock, RunNight
from eventsys.registrations.rules import HOLDS_A_PLACE, State
from eventsys.venues.models import Venue

MOST_DAYS = 62
FEWEST_TOLD = 5
"""A seat at a union's conference tells of membership: fewer overlapping seats than this are not told at all."""
LIVE = tuple(state for state in State if state not in (State.CANCELLED, State.DECLINED))


class Needed(NamedTuple):
    """What one hotel must have on one date. A chair is a seat that day, a lunch and a bed are a person, who counts once
    however many seats they have. `all_…` are those of every organiser together; `rooms` is what is set aside for own."""

    venue_id: int
    venue: str
    on: date
    chairs: int
    lunches: int
    beds: int
    rooms: int | None
    all_chairs: int
    all_lunches: int
    all_beds: int


Counts = dict[tuple[int, date], tuple[int, ...]]


def count_beds_and_chairs(
    session: Session, *, organiser_id: int, venue_id: int | None = None, first_on: date, last_on: date
) -> list[Needed]:
    """What is needed per venue and date, both days included, at the venues where the organiser itself has something then.

    Overlapping runs are added up: those of 1-2 and of 2-3 September share the 2nd. At most `MOST_DAYS` days.
    """
    days = [first_on + timedelta(days=n) for n in range(min((last_on - first_on).days + 1, MOST_DAYS))]
    if not days:
        return []
    chairs = _read(session, _chairs(days, organiser_id, venue_id))
    beds = _read(session, _beds(days, organiser_id, venue_id))
    rooms = _read(session, _rooms(days, organiser_id, venue_id))
    names = dict(session.execute(sa.select(Venue.id, Venue.name)).all())
    own = {place for place, _day in _own(chairs) | _own(beds) | set(rooms)}
    found = [key for key in chairs.keys() | beds.keys() | rooms.keys() if key[0] in own]
    return [_needed(key, names, chairs, beds, rooms) for key in sorted(found, key=lambda key: (names[key[0]], key))]


def _needed(key: tuple[int, date], names: dict[int, str], chairs: Counts, beds: Counts, rooms: Counts) -> Needed:
    own_chairs, own_lunches, all_chairs, all_lunches, _runs = chairs.get(key, (0, 0, 0, 0, 0))
    own_beds, all_beds, _nights = beds.get(key, (0, 0, 0))
    kept = rooms.get(key)
    return Needed(
        key[0], names[key[0]], key[1], own_chairs, own_lunches, own_beds, kept[0] if kept else None,
        all_chairs, all_lunches, all_beds,
    )  # fmt: skip


def _own(counts: Counts) -> set[tuple[int, date]]:
    """Where something is the organiser's own: the last number says how much is."""
    return {key for key, numbers in counts.items() if numbers[-1]}


def _read(session: Session, statement: sa.Select[*tuple[Any, ...]]) -> Counts:
    return {(row[0], row[1]): tuple(number or 0 for number in row[2:]) for row in session.execute(statement)}


def _days(days: list[date]) -> Any:
    """The dates as a table."""
    return sa.union_all(*(sa.select(sa.literal(day, sa.Date()).label("on")) for day in days)).subquery("days")


WHO = sa.func.coalesce(Registration.person_id, -Registration.id)
"""A person, who counts once; a seat without a name is somebody of its own."""


def _chairs(days: list[date], organiser_id: int, venue_id: int | None) -> sa.Select[*tuple[Any, ...]]:
    calendar = _days(days)
    is_own = Run.organiser_id == organiser_id
    statement = (
        sa.select(
            Run.venue_id,
            calendar.c.on,
            sa.func.count(sa.case((is_own, Registration.id))),
            sa.func.count(sa.distinct(sa.case((is_own, WHO)))),
            sa.func.count(Registration.id),
            sa.func.count(sa.distinct(WHO)),
            sa.func.count(sa.case((is_own, Run.id))),
        )
        .select_from(calendar)
        .join(Run, sa.and_(Run.first_on <= calendar.c.on, Run.last_on >= calendar.c.on))
        .join(Event, Event.id == Run.event_id)
        .outerjoin(Registration, sa.and_(Registration.run_id == Run.id, Registration.state.in_(HOLDS_A_PLACE)))
        .where(Run.venue_id.is_not(None), *_is_on())
        .group_by(Run.venue_id, calendar.c.on)
    )
    return statement if venue_id is None else statement.where(Run.venue_id == venue_id)


def _beds(days: list[date], organiser_id: int, venue_id: int | None) -> sa.Select[*tuple[Any, ...]]:
    is_own = RunNight.organiser_id == organiser_id
    has_a_place = Registration.state.in_(HOLDS_A_PLACE)
    statement = (
        sa.select(
            RunNight.venue_id,
            RunNight.on,
            sa.func.count(sa.distinct(sa.case((sa.and_(is_own, has_a_place), WHO)))),
            sa.func.count(sa.distinct(sa.case((has_a_place, WHO)))),
            sa.func.count(sa.case((is_own, RunNight.id))),
        )
        .join(Run, Run.id == RunNight.run_id)
        .join(Event, Event.id == Run.event_id)
        .outerjoin(RegistrationNight, RegistrationNight.night_id == RunNight.id)
        .outerjoin(Registration, Registration.id == RegistrationNight.registration_id)
        .where(RunNight.on.between(days[0], days[-1]), *_is_on())
        .group_by(RunNight.venue_id, RunNight.on)
    )
    return statement if venue_id is None else statement.where(RunNight.venue_id == venue_id)


def _rooms(days: list[date], organiser_id: int, venue_id: int | None) -> sa.Select[*tuple[Any, ...]]:
    statement = sa.select(RoomBlock.venue_id, RoomBlock.on, RoomBlock.rooms).where(
        RoomBlock.organiser_id == organiser_id, RoomBlock.on.between(days[0], days[-1])
    )
    return statement if venue_id is None else statement.where(RoomBlock.venue_id == venue_id)


def _is_on() -> tuple[sa.ColumnElement[bool], ...]:
    return Run.status == RunStatus.PLANNED, Run.precision.in_(DATED), Event.status == EventStatus.PUBLISHED


class Meal(NamedTuple):
    """A meal of a run's programme, and how many have a place in the run."""

    venue_id: int
    starts_local: datetime
    title: Translated
    people: int


def list_meals(session: Session, *, organiser_id: int, first_on: date, last_on: date) -> list[Meal]:
    """The meals that stand in the programmes of the organiser's events, with the venue of each run, in order of time."""
    people = sa.select(sa.func.count(sa.distinct(WHO))).where(Registration.run_id == Run.id, HOLDS).correlate(Run)
    from_at, until = datetime.combine(first_on, time.min), datetime.combine(last_on, time.max)
    statement = (
        sa.select(Run.venue_id, EventSession.starts_local, EventSession.title, people.scalar_subquery())
        .join(Run, Run.id == EventSession.run_id)
        .join(Event, Event.id == EventSession.event_id)
        .where(EventSession.kind == SessionKind.MEAL, EventSession.starts_local.between(from_at, until))
        .where(Run.organiser_id == organiser_id, Run.venue_id.is_not(None), *_is_on())
        .order_by(EventSession.starts_local, EventSession.id)
    )
    return [Meal(*row) for row in session.execute(statement)]


def count_offered(
    session: Session, *, organiser_id: int, first_on: date, last_on: date
) -> dict[tuple[int, date], int | None]:
    """How many could be signed up per venue and date at the organiser's own events: all limits together, None where one of
    them has none."""
    days = [first_on + timedelta(days=n) for n in range(min((last_on - first_on).days + 1, MOST_DAYS))]
    if not days:
        return {}
    calendar, limit = _days(days), limit_of_run()
    rows = session.execute(
        sa.select(Run.venue_id, calendar.c.on, sa.func.sum(limit), sa.func.count(sa.case((limit.is_(None), Run.id))))
        .select_from(calendar)
        .join(Run, sa.and_(Run.first_on <= calendar.c.on, Run.last_on >= calendar.c.on))
        .join(Event, Event.id == Run.event_id)
        .join(Venue, Venue.id == Run.venue_id)
        .where(Run.organiser_id == organiser_id, *_is_on())
        .group_by(Run.venue_id, calendar.c.on)
    )
    return {(venue_id, on): None if unlimited else int(most) for venue_id, on, most, unlimited in rows}


def count_clashes(session: Session, event_id: int) -> list[tuple[Event, int]]:
    """How many who are signed up for the event are so for another at the same time too, by event, most first.

    From `FEWEST_TOLD` upwards only, and never who; of another organiser's events those that are public.
    """
    rows = session.execute(_clashing(), {"event_id": event_id})
    return [(event, how_many) for event, how_many in rows]


@functools.cache
def _clashing() -> sa.Select[Event, int]:
    here, there = aliased(Registration), aliased(Registration)
    run, other = aliased(Run), aliased(Run)
    how_many = sa.func.count(sa.distinct(here.person_id)).label("how_many")
    clashing = (
        sa.select(there.event_id, how_many)
        .select_from(here)
        .join(run, run.id == here.run_id)
        .join(there, sa.and_(there.person_id == here.person_id, there.event_id != here.event_id))
        .join(other, other.id == there.run_id)
        .where(
            here.event_id == sa.bindparam("event_id"),
            here.state.in_(LIVE),
            there.state.in_(LIVE),
            run.status == RunStatus.PLANNED,
            other.status == RunStatus.PLANNED,
            overlap(run, other),
        )
        .group_by(there.event_id)
        .having(how_many >= FEWEST_TOLD)
        .subquery()
    )
    same = aliased(Event)
    own = sa.select(same.organiser_id).where(same.id == sa.bindparam("event_id")).scalar_subquery()
    return (
        sa.select(Event, clashing.c.how_many)
        .join(clashing, clashing.c.event_id == Event.id)
        .where(Event.status == EventStatus.PUBLISHED, sa.or_(is_public(), Event.organiser_id == own))
        .order_by(clashing.c.how_many.desc(), Event.id)
    )
