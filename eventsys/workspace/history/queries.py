"""Reads every history of an organiser as one list, newest first: a statement for each source, whatever is asked for."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from eventsys.accounts.models import Account, LogEntry, Membership
from eventsys.events.models import Event, EventChange
from eventsys.extensions import AnyRow
from eventsys.invitations.models import Invitation, InvitationChange
from eventsys.registrations.models import Registration, RegistrationChange, SensitiveAccess
from eventsys.workflows.models import MailTemplate, MailTemplateVersion

PAGE = 50


class Source(enum.StrEnum):
    """Where a line comes from; what happened at one moment is told in this order."""

    EVENT = "event"
    REGISTRATION = "registration"
    INVITATION = "invitation"
    SENSITIVE = "sensitive"
    TEXT = "text"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see. `object` is a source or a kind of object of the log, `key` one of them; `since` and
    `until` are moments, half open."""

    organiser_id: int
    account_id: int | None = None
    object: str = ""
    key: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done. `verb` is the source's own word; `event` the title of the event that it is about."""

    source: Source
    id: int
    at: datetime
    who: str | None
    verb: enum.StrEnum | str
    object: str
    key: str
    name: str
    event: dict[str, str] | None
    facts: dict[str, Any]


Place = tuple[datetime, Source, int]
"""A line's place in the list: its moment, its source, its number."""
Select = sa.Select[*tuple[Any, ...]]


def list_lines(session: Session, asked: Asked, *, before: Place | None = None) -> tuple[list[Line], Place | None]:
    """A page of what was done, from after the line at `before`, and the place where the next page begins."""
    wanted = [(source, read) for source, read in SOURCES.items() if _is_wanted(source, asked)]
    found = [line for source, read in wanted for line in _read(session, source, read, asked, before)]
    found.sort(key=lambda line: (-line.at.timestamp(), list(Source).index(line.source), -line.id))
    page = found[:PAGE]
    last = page[-1] if len(found) > PAGE else None
    return page, (last.at, last.source, last.id) if last else None


def _is_wanted(source: Source, asked: Asked) -> bool:
    if not asked.object:
        return True
    if asked.object == Source.EVENT and asked.key:
        return source not in (Source.TEXT, Source.LOG)
    return source == (asked.object if asked.object in set(Source) else Source.LOG)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a source is read by: whose a row is, when, by whom, and which one object it is of."""

    statement: Select
    id: InstrumentedAttribute[int]
    at: InstrumentedAttribute[datetime]
    account_id: InstrumentedAttribute[int | None]
    key: InstrumentedAttribute[str]
    make: Callable[[AnyRow], Line]


def _read(
    session: Session, source: Source, read: Callable[[Asked], Columns], asked: Asked, before: Place | None
) -> list[Line]:
    """The newest of a source. Rows of a history are numbered as they came, so the newest are found without sorting all."""
    columns = read(asked)
    statement = columns.statement.order_by(columns.id.desc()).limit(PAGE + 1)
    if asked.account_id is not None:
        statement = statement.where(columns.account_id == asked.account_id)
    if asked.key:
        statement = statement.where(columns.key == asked.key)
    if asked.since is not None:
        statement = statement.where(columns.at >= asked.since)
    if asked.until is not None:
        statement = statement.where(columns.at < asked.until)
    if before is not None:
        statement = statement.where(_after(columns, source, before))
    return [columns.make(row) for row in session.execute(statement)]


def _after(columns: Columns, source: Source, before: Place) -> sa.ColumnElement[bool]:
    """Whether a row stands further down than the place."""
    at, at_source, number = before
    order = list(Source)
    if order.index(source) < order.index(at_source):
        return columns.at < at
    if source is at_source:
        return sa.or_(columns.at < at, sa.and_(columns.at == at, columns.id < number))
    return columns.at <= at


def _of_events(asked: Asked) -> Columns:
    statement = (
        sa.select(EventChange, Event.slug, Event.title, Account.name.label("who"))
        .join(Event, Event.id == EventChange.event_id)
        .outerjoin(Account, Account.id == EventChange.account_id)
        .where(Event.organiser_id == asked.organiser_id)
    )

    def make(row: AnyRow) -> Line:
        change = row.EventChange
        return Line(
            Source.EVENT, change.id, change.at, row.who, change.kind, "event", row.slug, "", row.title, change.facts
        )

    return Columns(statement, EventChange.id, EventChange.at, EventChange.account_id, Event.slug, make)


def _of_registrations(asked: Asked) -> Columns:
    change, states = RegistrationChange, (RegistrationChange.from_state, RegistrationChange.to_state)
    statement = (
        sa.select(change.id, change.at, change.change, change.actor, *states, Registration.public_id, Registration.name,
                  Event.slug, Event.title, Account.name.label("who"))
        .join(Registration, Registration.id == change.registration_id)
        .join(Event, Event.id == Registration.event_id)
        .outerjoin(Account, Account.id == change.account_id)
        .where(Registration.organiser_id == asked.organiser_id)
    )  # fmt: skip

    def make(row: AnyRow) -> Line:
        states = {"state": {"from": row.from_state, "to": row.to_state}} if row.from_state != row.to_state else {}
        facts = {"slug": row.slug, "actor": row.actor, **(states if row.from_state is not None else {})}
        return Line(
            Source.REGISTRATION, row.id, row.at, row.who, row.change, "registration", str(row.public_id), row.name,
            row.title, facts,
        )  # fmt: skip

    return Columns(statement, change.id, change.at, change.account_id, Event.slug, make)


def _of_invitations(asked: Asked) -> Columns:
    """Who was asked as a union's representative is not named: that is read where it is noted."""
    change, name = InvitationChange, sa.case((Invitation.is_restricted, ""), else_=Invitation.name).label("name")
    statement = (
        sa.select(change.id, change.at, change.act, change.actor, Invitation.public_id, name, Event.slug, Event.title,
                  Account.name.label("who"))
        .join(Invitation, Invitation.id == change.invitation_id)
        .join(Event, Event.id == Invitation.event_id)
        .outerjoin(Account, Account.id == change.account_id)
        .where(Invitation.organiser_id == asked.organiser_id)
    )  # fmt: skip

    def make(row: AnyRow) -> Line:
        facts = {"slug": row.slug, "actor": row.actor}
        key = str(row.public_id)
        return Line(Source.INVITATION, row.id, row.at, row.who, row.act, "invitation", key, row.name, row.title, facts)

    return Columns(statement, change.id, change.at, change.account_id, Event.slug, make)


def _of_looks(asked: Asked) -> Columns:
    statement = (
        sa.select(SensitiveAccess, Event.slug, Event.title, Account.name.label("who"))
        .join(Event, Event.id == SensitiveAccess.event_id)
        .outerjoin(Account, Account.id == SensitiveAccess.account_id)
        .where(Event.organiser_id == asked.organiser_id)
    )

    def make(row: AnyRow) -> Line:
        look = row.SensitiveAccess
        facts = {"slug": row.slug}
        return Line(Source.SENSITIVE, look.id, look.at, row.who, look.what, "sensitive", row.slug, "", row.title, facts)

    look = SensitiveAccess
    return Columns(statement, look.id, look.at, look.account_id, Event.slug, make)


def _of_texts(asked: Asked) -> Columns:
    version = MailTemplateVersion
    statement = (
        sa.select(
            version.id, version.number, version.at, MailTemplate.key, MailTemplate.name, Account.name.label("who")
        )
        .join(MailTemplate, MailTemplate.id == version.template_id)
        .outerjoin(Account, Account.id == version.account_id)
        .where(MailTemplate.organiser_id == asked.organiser_id)
    )

    def make(row: AnyRow) -> Line:
        return Line(Source.TEXT, row.id, row.at, row.who, "", "text", row.key, row.name, None, {"number": row.number})

    return Columns(statement, version.id, version.at, version.account_id, MailTemplate.key, make)


def _of_log(asked: Asked) -> Columns:
    statement = (
        sa.select(LogEntry, Account.name.label("who"))
        .outerjoin(Account, Account.id == LogEntry.account_id)
        .where(LogEntry.organiser_id == asked.organiser_id)
    )
    if asked.object:
        statement = statement.where(LogEntry.object == asked.object)

    def make(row: AnyRow) -> Line:
        entry = row.LogEntry
        return Line(
            Source.LOG, entry.id, entry.at, row.who, entry.verb, entry.object, entry.key, entry.name, None, entry.facts
        )

    return Columns(statement, LogEntry.id, LogEntry.at, LogEntry.account_id, LogEntry.key, make)


SOURCES: dict[Source, Callable[[Asked], Columns]] = {
    Source.EVENT: _of_events,
    Source.REGISTRATION: _of_registrations,
    Source.INVITATION: _of_invitations,
    Source.SENSITIVE: _of_looks,
    Source.TEXT: _of_texts,
    Source.LOG: _of_log,
}


def list_people(session: Session, organiser_id: int) -> list[AnyRow]:
    """Who works for the organiser or has done something that the log tells: id and name, by name."""
    worked = sa.select(Membership.account_id).where(Membership.organiser_id == organiser_id)
    logged = sa.select(LogEntry.account_id).where(LogEntry.organiser_id == organiser_id)
    statement = sa.select(Account.id, Account.name).where(sa.or_(Account.id.in_(worked), Account.id.in_(logged)))
    return list(session.execute(statement.order_by(Account.name, Account.id)))
