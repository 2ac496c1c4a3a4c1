"""Reads about contract deadlines: an organiser's own, and which of all a mail is due about."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.accounts.models import Account, Membership
from eventsys.accounts.rules import MemberRole
from eventsys.events.bookings.deadlines.rules import MOST_REMIND_DAYS, find_reminder
from eventsys.events.models import ContractDeadline, Event, EventContact
from eventsys.events.rules import EventStatus
from eventsys.extensions import Translated
from eventsys.organisers.models import Organiser
from eventsys.venues.models import Venue

DECIDE = (MemberRole.OWNER, MemberRole.ORGANISER)
FROM_HOUR = 8
"""Nobody is reminded before people are at work."""


class Listed(NamedTuple):
    """A deadline with the names around it; `event_slug` is empty for one of no event."""

    deadline: ContractDeadline
    venue: str
    venue_slug: str
    event_slug: str
    event_title: Translated


class Due(NamedTuple):
    """A deadline that a mail is due about; `reminder` is the day that makes it due."""

    deadline: ContractDeadline
    venue: str
    event_title: Translated
    organiser: Organiser
    reminder: date


def list_deadlines(session: Session, organiser_id: int, *, venue_id: int | None = None) -> list[Listed]:
    """All of the organiser's, or those at one venue: the open ones by day, then the done ones, newest first."""
    is_open = ContractDeadline.done_at.is_(None)
    order = sa.case((is_open, 0), else_=1), sa.case((is_open, ContractDeadline.due_on)), ContractDeadline.due_on.desc()
    statement = _listed(organiser_id).order_by(*order, ContractDeadline.id)
    if venue_id is not None:
        statement = statement.where(ContractDeadline.venue_id == venue_id)
    return [_list(row) for row in session.execute(statement)]


def list_open_deadlines(
    session: Session, organiser_id: int, *, until: date | None = None, event_id: int | None = None
) -> list[Listed]:
    """What the organiser has not told a venue yet, soonest first: what is over too, and what is due by the day `until`."""
    statement = _listed(organiser_id).where(ContractDeadline.done_at.is_(None))
    if until is not None:
        statement = statement.where(ContractDeadline.due_on <= until)
    if event_id is not None:
        statement = statement.where(ContractDeadline.event_id == event_id)
    rows = session.execute(statement.order_by(ContractDeadline.due_on, ContractDeadline.id))
    return [_list(row) for row in rows]


def find_deadline(session: Session, public_id: uuid.UUID, *, organiser_id: int) -> Listed | None:
    row = session.execute(_listed(organiser_id).where(ContractDeadline.public_id == public_id)).first()
    return None if row is None else _list(row)


def list_due(session: Session, *, now: datetime) -> list[Due]:
    """The open deadlines that should have been reminded of by now, at each organiser's own clock; events that are
    cancelled have none."""
    spread = timedelta(days=1)
    today = now.date()
    statement = (
        sa.select(ContractDeadline, Venue.name, Event.title, Organiser)
        .join(Venue, Venue.id == ContractDeadline.venue_id)
        .join(Organiser, Organiser.id == ContractDeadline.organiser_id)
        .outerjoin(Event, Event.id == ContractDeadline.event_id)
        .where(ContractDeadline.done_at.is_(None), sa.or_(Event.id.is_(None), Event.status != EventStatus.CANCELLED))
        .where(ContractDeadline.due_on.between(today - spread, today + timedelta(days=MOST_REMIND_DAYS) + spread))
        .order_by(ContractDeadline.id)
    )
    return list(_due(session.execute(statement).all(), now))


def _due(rows: Sequence[sa.Row[ContractDeadline, str, Translated, Organiser]], now: datetime) -> Iterable[Due]:
    for deadline, venue, title, organiser in rows:
        local = dates.to_local(now, organiser.timezone)
        made_on = dates.to_local(deadline.created_at, organiser.timezone).date()
        day = find_reminder(deadline.due_on, deadline.remind_days, made_on=made_on, on=local.date())
        if day is not None and (local.hour >= FROM_HOUR or day < local.date()):
            yield Due(deadline, venue, title or {}, organiser, day)


def list_recipients(session: Session, deadline: ContractDeadline) -> list[Account]:
    """The event's own people who sign in here; without any, who wrote the deadline down; else all who arrange."""
    members = (
        sa.select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organiser_id == deadline.organiser_id, Account.disabled_at.is_(None))
        .order_by(Account.id)
    )
    of_event = sa.select(EventContact.account_id).where(EventContact.event_id == deadline.event_id)
    for some in (
        members.where(Account.id.in_(of_event)),
        members.where(Account.id == deadline.account_id),
        members.where(Membership.role.in_(DECIDE)),
    ):
        if found := list(session.scalars(some)):
            return found
    return []


def _listed(organiser_id: int) -> sa.Select[ContractDeadline, str, str, str | None, Translated | None]:
    return (
        sa.select(ContractDeadline, Venue.name, Venue.slug, Event.slug, Event.title)
        .join(Venue, Venue.id == ContractDeadline.venue_id)
        .outerjoin(Event, Event.id == ContractDeadline.event_id)
        .where(ContractDeadline.organiser_id == organiser_id)
    )


def _list(row: sa.Row[ContractDeadline, str, str, str | None, Translated | None]) -> Listed:
    deadline, venue, venue_slug, event_slug, title = row
    return Listed(deadline, venue, venue_slug, event_slug or "", title or {})
