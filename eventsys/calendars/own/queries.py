"""Reads secret addresses of calendars, and what stands in them. Rights are read at each fetch."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account, Membership
from eventsys.accounts.rules import MemberRole
from eventsys.calendars.models import CalendarLink
from eventsys.calendars.queries import CANCELLED_STAYS, Window
from eventsys.calendars.rules import LinkKind
from eventsys.events.helpers.queries import list_helped
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.extensions import AnyRow
from eventsys.organisations.models import Position
from eventsys.organisations.positions.queries import is_contact
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.people.queries import tells_no_union
from eventsys.registrations.rules import ENDED, Change, State

STANDING = (
    Change.REGISTERED, Change.PROMOTED, Change.OFFERED, Change.ACCEPTED, Change.DECLINED, Change.LAPSED, Change.CANCELLED,
    Change.RESTORED, Change.MOVED,
)  # fmt: skip
"""The changes by which somebody stands otherwise to a run."""


class Owner(NamedTuple):
    """Whose calendars: exactly one of an address, a contact's position, and an account at an organiser."""

    kind: LinkKind
    email_key: str | None = None
    position_id: int | None = None
    account_id: int | None = None
    organiser_id: int | None = None


class Seat(NamedTuple):
    """One seat in a run, or the run itself for who organises it (`state` None). `changes` counts how often those whom the
    calendar is of have come to stand otherwise at the event, `changed_at` is when last: of all their seats in it, those that
    left the run or the calendar too, so that neither ever falls."""

    run_id: int
    sequence: int
    revised_at: datetime
    is_draft: bool
    slug: str
    state: State | None = None
    name: str = ""
    changes: int = 0
    changed_at: datetime | None = None


def list_own(session: Session, owner: Owner) -> list[CalendarLink]:
    """Those that are in use, the oldest first."""
    statement = sa.select(CalendarLink).where(*_of(owner), CalendarLink.ended_at.is_(None))
    return list(session.scalars(statement.order_by(CalendarLink.id)))


def find_own(session: Session, owner: Owner, public_id: uuid.UUID) -> CalendarLink | None:
    statement = sa.select(CalendarLink).where(*_of(owner), CalendarLink.ended_at.is_(None))
    return session.scalar(statement.where(CalendarLink.public_id == public_id))


def _of(owner: Owner) -> list[sa.ColumnElement[bool]]:
    return [getattr(CalendarLink, name) == value for name, value in owner._asdict().items() if value is not None]


def find_link(session: Session, public_id: uuid.UUID, *, on: date) -> AnyRow | None:
    """A secret calendar with what it opens today: `organisation_id` of a contact who still is one, `role` of an account
    that still is a member. Ended ones too."""
    member = sa.and_(
        Membership.account_id == CalendarLink.account_id, Membership.organiser_id == CalendarLink.organiser_id
    )
    open_account = sa.exists().where(Account.id == Membership.account_id, Account.disabled_at.is_(None))
    statement = (
        sa.select(CalendarLink, Position.organisation_id, Membership.role)
        .outerjoin(Position, sa.and_(Position.id == CalendarLink.position_id, is_contact(on)))
        .outerjoin(Membership, sa.and_(member, open_account))
        .where(CalendarLink.public_id == public_id)
    )
    return session.execute(statement).one_or_none()


def list_seats(session: Session, row: AnyRow, window: Window) -> list[Seat]:
    """What stands in the calendar of a `find_link`, by date; several seats of one run after each other."""
    link: CalendarLink = row.CalendarLink
    if link.kind is LinkKind.ORGANISER:
        return _list_organised(session, link, row.role, window)
    if link.kind is LinkKind.CONTACT:
        whose = Registration.organisation_id == row.organisation_id
        shown: tuple[sa.ColumnElement[bool], ...] = (Registration.state.not_in(ENDED), tells_no_union())
    else:
        gone_by = window.today - CANCELLED_STAYS
        stays = sa.or_(Registration.state != State.CANCELLED, Run.last_on >= gone_by)
        whose = Registration.email_key == link.email_key
        shown = (Registration.name != "", Registration.state != State.DECLINED, stays)
    return _list_seats(session, whose, shown, window)


def _list_seats(
    session: Session, whose: sa.ColumnElement[bool], shown: tuple[sa.ColumnElement[bool], ...], window: Window
) -> list[Seat]:
    """Who waits stands at the second run that would do, too."""
    gone_through = _gone_through(whose).subquery()
    waits_there = sa.and_(Run.id == Registration.second_run_id, Registration.state == State.WAITING)
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            *_of_run(), Registration.state, Registration.name,
            sa.func.coalesce(gone_through.c.changes, 0), gone_through.c.changed_at,
        )
        .join(Registration, sa.or_(Run.id == Registration.run_id, waits_there))
        .join(Event, Event.id == Run.event_id)
        .outerjoin(gone_through, gone_through.c.event_id == Event.id)
        .where(whose, *shown, Event.status != EventStatus.DRAFT, *_in_window(window))
        .order_by(Run.sort_at, Run.id, Registration.name, Registration.id)
    )  # fmt: skip
    return [Seat(*row) for row in session.execute(statement)]


def _gone_through(whose: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """How often whose seats these are have come to stand otherwise, and when last, by event."""
    change = RegistrationChange
    often = sa.func.count(change.id) - sa.func.count(sa.distinct(Registration.id))
    return (
        sa.select(
            Registration.event_id.label("event_id"), often.label("changes"), sa.func.max(change.at).label("changed_at")
        )
        .join(change, change.registration_id == Registration.id)
        .where(whose, change.change.in_(STANDING))
        .group_by(Registration.event_id)
    )


def _list_organised(session: Session, link: CalendarLink, role: MemberRole, window: Window) -> list[Seat]:
    statement = (
        sa.select(*_of_run())
        .join(Event, Event.id == Run.event_id)
        .where(Event.organiser_id == link.organiser_id, *_in_window(window))
        .order_by(Run.sort_at, Run.id)
    )
    if role is MemberRole.HELPER:
        helped = list_helped(session, link.account_id or 0, link.organiser_id or 0)
        statement = statement.where(Event.slug.in_(helped))
    return [Seat(*row) for row in session.execute(statement)]


def _of_run() -> tuple[Any, ...]:
    return Run.id, Run.sequence, Run.revised_at, Event.status == EventStatus.DRAFT, Event.slug


def _in_window(window: Window) -> list[sa.ColumnElement[bool]]:
    gone_by = window.today - CANCELLED_STAYS
    conditions = [Run.first_on.is_not(None), sa.or_(Run.status != RunStatus.CANCELLED, Run.last_on >= gone_by)]
    if window.from_on is not None:
        conditions.append(Run.last_on >= window.from_on)
    if window.to_on is not None:
        conditions.append(Run.first_on <= window.to_on)
    return conditions
