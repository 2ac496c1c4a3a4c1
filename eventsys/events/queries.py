"""Reads about events: which are public, which concern an organisation."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.orm.interfaces import LoaderOption

from eventsys.events.models import Event, EventClause, Run
from eventsys.events.rules import ClauseKind, EventStatus
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Cohort, CohortMembership, Group, GroupMembership, Network, NetworkMembership
from eventsys.programmes.queries import lasts
from eventsys.venues.models import Room, Venue

Id = int | sa.BindParameter[int]
Day = date | sa.BindParameter[date]


def is_public(event: Any = Event) -> sa.ColumnElement[bool]:
    """The one condition for what strangers and other organisers may know of an event, of `Event`, an alias of it or its
    table's columns: published or cancelled, and not closed. Whoever has a link of their own is shown a closed one too."""
    return sa.and_(event.status != EventStatus.DRAFT, sa.not_(event.is_closed))


def find_public_event(session: Session, slug: str) -> Event | None:
    """A public event with all that its page tells of it, in one statement; None for a draft and for a closed one."""
    return session.scalars(public_event(), {"slug": slug}).unique().one_or_none()


@functools.cache
def public_event() -> sa.Select[Event]:
    """Put together once: building the statement took longer than the database needs to answer it. `slug` is a parameter;
    a page that asks for more beside the event adds columns."""
    return open_event().where(sa.not_(Event.is_closed))


@functools.cache
def open_event() -> sa.Select[Event]:
    """As `public_event`, and closed ones too: for whoever stands behind a link of their own."""
    statement = _whole(sa.select(Event)).options(*_what_is_shown())
    return statement.where(Event.slug == sa.bindparam("slug"), Event.status != EventStatus.DRAFT)


def find_open_event(session: Session, slug: str) -> Event | None:
    """As `find_public_event`, and closed ones too: the caller has looked at a link of the reader's own."""
    return session.scalars(open_event(), {"slug": slug}).unique().one_or_none()


def _what_is_shown() -> tuple[LoaderOption, ...]:
    """Of what a public event names only what its pages show; the rest is read where it is asked for."""
    clauses, runs = joinedload(Event.clauses), contains_eager(Event.runs)
    return (
        runs.joinedload(Run.venue).load_only(Venue.name, Venue.address, Venue.capacity),
        runs.joinedload(Run.room).load_only(Room.name, Room.capacity),
        clauses.joinedload(EventClause.cohort).load_only(Cohort.slug, Cohort.ordinal, Cohort.name),
        clauses.joinedload(EventClause.network).load_only(Network.slug, Network.name),
        clauses.joinedload(EventClause.organisation).load_only(Organisation.label, Organisation.name),
        clauses.joinedload(EventClause.group).load_only(Group.slug, Group.name),
    )


def _whole(statement: sa.Select[Event]) -> sa.Select[Event]:
    """Organiser, runs with venues, and clauses with what they name, joined: an event has few of each."""
    clauses = joinedload(Event.clauses)
    return (
        statement.outerjoin(Event.runs)
        .options(
            contains_eager(Event.runs).options(joinedload(Run.venue), joinedload(Run.room)),
            joinedload(Event.organiser),
            clauses.joinedload(EventClause.cohort),
            clauses.joinedload(EventClause.network),
            clauses.joinedload(EventClause.organisation),
            clauses.joinedload(EventClause.group),
        )
        .order_by(Run.sort_at, Run.id)
    )


def find_own_event(session: Session, slug: str, *, organiser_id: int) -> Event | None:
    """An organiser's own event in any state, as `find_public_event` gives a public one."""
    statement = _whole(sa.select(Event)).where(Event.slug == slug, Event.organiser_id == organiser_id)
    return session.scalars(statement).unique().one_or_none()


def list_public_events(
    session: Session, *, from_at: datetime, until: datetime | None = None, concern: sa.ColumnElement[bool] | None = None
) -> list[Event]:
    """Public events with a run whose days are not over at `from_at`, the runs in order."""
    ahead = sa.func.coalesce(Run.ends_at, Run.sort_at) >= from_at
    spans = sa.or_(ahead, Run.last_on >= from_at.date())
    statement = _whole(sa.select(Event)).where(is_public(), spans)
    if until is not None:
        statement = statement.where(Run.sort_at < until)
    if concern is not None:
        statement = statement.where(concern)
    return list(session.scalars(statement).unique())


def concerns(organisation_id: Id, on: Day, *, union_id: Id | None = None) -> sa.ColumnElement[bool]:
    """A condition on `Event`: whether it is for this organisation's people on that day.

    An event without a clause is for everybody. `union_id` is the union somebody represents: it opens what is for the
    representatives of the confederation that the union belongs to.
    """
    ids = [organisation_id] if union_id is None else [organisation_id, union_id]
    clause = sa.select(EventClause.id).where(EventClause.event_id == Event.id)
    meant = clause.where(
        sa.or_(
            sa.and_(EventClause.kind == ClauseKind.COHORT, _in_cohort(organisation_id, on)),
            sa.and_(EventClause.kind == ClauseKind.NETWORK, _in_network(organisation_id, on)),
            sa.and_(EventClause.kind == ClauseKind.ANY_NETWORK, _in_any_network(organisation_id, on)),
            sa.and_(EventClause.kind == ClauseKind.ORGANISATION, EventClause.organisation_id.in_(ids)),
            sa.and_(EventClause.kind == ClauseKind.REPRESENTATIVES, _represents(ids)),
            sa.and_(EventClause.kind == ClauseKind.GROUP, _sends_to_group(organisation_id, on)),
        )
    )
    return sa.or_(sa.not_(clause.exists()), meant.exists())


def _in_cohort(organisation_id: Id, on: Day) -> sa.ColumnElement[bool]:
    of = CohortMembership.organisation_id == organisation_id
    return EventClause.cohort_id.in_(sa.select(CohortMembership.cohort_id).where(of, lasts(CohortMembership, on)))


def _in_network(organisation_id: Id, on: Day) -> sa.ColumnElement[bool]:
    of = NetworkMembership.organisation_id == organisation_id
    return EventClause.network_id.in_(sa.select(NetworkMembership.network_id).where(of, lasts(NetworkMembership, on)))


def _in_any_network(organisation_id: Id, on: Day) -> sa.ColumnElement[bool]:
    of = NetworkMembership.organisation_id == organisation_id
    programmes = sa.select(Network.programme_id).join(NetworkMembership).where(of, lasts(NetworkMembership, on))
    return EventClause.programme_id.in_(programmes)


def _represents(ids: Sequence[Id]) -> sa.ColumnElement[bool]:
    parents = sa.select(Organisation.parent_id).where(Organisation.id.in_(ids), Organisation.parent_id.is_not(None))
    return sa.or_(EventClause.organisation_id.in_(ids), EventClause.organisation_id.in_(parents))


def _sends_to_group(organisation_id: Id, on: Day) -> sa.ColumnElement[bool]:
    """A group is of people by name: an organisation is concerned by its events where a member comes from there."""
    member = GroupMembership
    lasts_on = sa.and_(member.from_on <= on, sa.or_(member.to_on.is_(None), member.to_on >= on))
    return EventClause.group_id.in_(
        sa.select(member.group_id).where(member.organisation_id == organisation_id, lasts_on)
    )


def is_for(session: Session, event_id: int, organisation_id: int, on: date, *, union_id: int | None = None) -> bool:
    """Whether the event is for this organisation's people; see `concerns`."""
    values = {"event_id": event_id, "organisation_id": organisation_id, "on_day": on, "union_id": union_id}
    return bool(session.scalar(_is_for(), values))


@functools.cache
def _is_for() -> sa.Select[bool]:
    """Put together once, for every sign-up; an empty union matches nothing."""
    condition = concerns(
        sa.bindparam("organisation_id", type_=sa.Integer()),
        sa.bindparam("on_day", type_=sa.Date()),
        union_id=sa.bindparam("union_id", type_=sa.Integer()),
    )
    return sa.select(sa.exists().where(Event.id == sa.bindparam("event_id", type_=sa.Integer()), condition))


def list_arranging(session: Session) -> list[Organiser]:
    """The organisers who have something public, by name: whom a visitor may write to."""
    statement = (
        sa.select(Organiser)
        .where(sa.exists().where(Event.organiser_id == Organiser.id, is_public()))
        .order_by(Organiser.name)
    )
    return list(session.scalars(statement))
