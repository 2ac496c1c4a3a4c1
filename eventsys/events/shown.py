"""A public event as its page shows it, read as columns: entities of them all take longer to make than the page."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.events.models import Event, EventClause, EventContact, EventSession, Material, Run
from eventsys.events.queries import is_public
from eventsys.events.rules import ClauseKind, EventStatus, EventType, Precision, Role, RunStatus
from eventsys.extensions import Base, Translated
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Cohort, Group, Network
from eventsys.venues.models import Room, Venue

# Each is a part of a row: a model's columns by their names, the id first. What hangs on a part comes after them.


class ShownVenue(NamedTuple):
    id: int
    name: str
    address: str
    capacity: int | None


class ShownRoom(NamedTuple):
    id: int
    name: str


class ShownRun(NamedTuple):
    id: int
    uid: uuid.UUID
    status: RunStatus
    precision: Precision
    timezone: str
    first_on: date | None
    last_on: date | None
    starts_local: datetime | None
    ends_local: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    venue_id: int | None
    venue: ShownVenue | None
    room: ShownRoom | None


class ShownNamed(NamedTuple):
    """A cohort or a group."""

    id: int
    name: Translated
    ordinal: int = 0


class ShownNetwork(NamedTuple):
    id: int
    name: str


class ShownOrganisation(NamedTuple):
    id: int
    name: str
    label: str


class ShownClause(NamedTuple):
    id: int
    kind: ClauseKind
    role: Role | None
    cohort: ShownNamed | None
    network: ShownNetwork | None
    group: ShownNamed | None
    organisation: ShownOrganisation | None


class ShownOrganiser(NamedTuple):
    id: int
    name: str
    email: str


class ShownEvent(NamedTuple):
    """What the pages' functions read of an `Event`, under the same names."""

    id: int
    slug: str
    type: EventType
    title: Translated
    description: Translated
    status: EventStatus
    asks_union: bool
    by_invitation: bool
    asks_approval: bool
    opens_on: date | None
    closes_on: date | None
    organiser: ShownOrganiser
    runs: list[ShownRun]
    clauses: list[ShownClause]


class PublicEvent(NamedTuple):
    """An event as its page shows it, a `ShownEvent`, and whether there is a programme, a paper or a name to read beside
    it."""

    event: Any
    has_sessions: bool
    has_materials: bool
    has_contacts: bool


HANGING = ("venue", "room", "cohort", "network", "group", "organisation", "organiser", "runs", "clauses")
PARTS: tuple[tuple[type[Base], Any], ...] = (
    (Event, ShownEvent),
    (Organiser, ShownOrganiser),
    (Run, ShownRun),
    (Venue, ShownVenue),
    (Room, ShownRoom),
    (EventClause, ShownClause),
    (Cohort, ShownNamed),
    (Network, ShownNetwork),
    (Group, ShownNamed),
    (Organisation, ShownOrganisation),
)
FLAGS = 4


def find_public_event(session: Session, slug: str) -> PublicEvent | None:
    """A published or cancelled event with all that its page tells of it, in one statement; None for a draft
    and for a closed one."""
    rows = [tuple(row) for row in session.execute(_statement(), {"slug": slug})]
    if not rows:
        return None
    *flags, offset = rows[0][-FLAGS:]
    clock.learn(offset)
    return PublicEvent(_gather(rows), *flags)


def _gather(rows: Sequence[Sequence[Any]]) -> Any:
    """The event of the join's rows: each run in as many of them as there are clauses, and the other way round."""
    event, organiser, run, venue, room, clause, *targets = SLICES
    runs: dict[int, ShownRun] = {}
    clauses: dict[int, ShownClause] = {}
    for row in rows:
        run_id, clause_id = row[run.start], row[clause.start]
        if run_id is not None and run_id not in runs:
            runs[run_id] = _part(ShownRun, row[run], _part(ShownVenue, row[venue]), _part(ShownRoom, row[room]))
        if clause_id is not None and clause_id not in clauses:
            named = (_part(make, row[place]) for (_model, make), place in zip(PARTS[-4:], targets, strict=True))
            clauses[clause_id] = _part(ShownClause, row[clause], *named)
    first = rows[0]
    arranging = _part(ShownOrganiser, first[organiser])
    return _part(ShownEvent, first[event], arranging, [*runs.values()], [*clauses.values()])


def _part(make: Any, values: Sequence[Any], *hanging: Any) -> Any:
    """One part with what hangs on it; None where the join found none."""
    return make(*values, *hanging) if values[0] is not None else None


def _find_slices() -> tuple[slice, ...]:
    """Where in a row each part stands."""
    found, start = [], 0
    for model, shown in PARTS:
        end = start + len([*_columns(model, shown)])
        found.append(slice(start, end))
        start = end
    return tuple(found)


def _columns(model: type[Base], shown: Any) -> Iterator[sa.ColumnElement[Any]]:
    columns = model.__table__.c
    return (columns[name] for name in shown._fields if name not in HANGING and name in columns)


SLICES = _find_slices()


@functools.cache
def _statement() -> sa.Select[*tuple[Any, ...]]:
    """Put together once: building it took longer than the database needs to answer it."""
    event, organiser, run, venue, room, clause, cohort, network, group, organisation = (
        model.__table__.c for model, _shown in PARTS
    )
    joined = Event.__table__.join(Organiser.__table__, organiser.id == event.organiser_id)
    for model, condition in (
        (Run, run.event_id == event.id),
        (Venue, venue.id == run.venue_id),
        (Room, room.id == run.room_id),
        (EventClause, clause.event_id == event.id),
        (Cohort, cohort.id == clause.cohort_id),
        (Network, network.id == clause.network_id),
        (Group, group.id == clause.group_id),
        (Organisation, organisation.id == clause.organisation_id),
    ):
        joined = joined.outerjoin(model.__table__, condition)
    return (
        sa.select(*(column for model, shown in PARTS for column in _columns(model, shown)), *_flags())
        .select_from(joined)
        .where(event.slug == sa.bindparam("slug"), is_public(event))
        .order_by(run.sort_at, run.id, clause.id)
    )


def _flags() -> tuple[sa.ColumnElement[Any], ...]:
    event = Event.__table__
    sessions, materials, contacts = EventSession.__table__.c, Material.__table__.c, EventContact.__table__.c
    return (
        sa.exists().where(sessions.event_id == event.c.id).correlate(event),
        sa.exists().where(materials.event_id == event.c.id, materials.published_at.is_not(None)).correlate(event),
        sa.exists().where(contacts.event_id == event.c.id, contacts.is_public).correlate(event),
        clock.OFFSET,
    )
