"""Reads about people over several events: who came last time, what is under an address, what an organisation has."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, EventClause, Run, Speaker
from eventsys.events.rules import ClauseKind
from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions.links import opens
from eventsys.organisations.positions.queries import find_position
from eventsys.organisations.rules import name_key, sort_key
from eventsys.programmes.models import ApplicationMember, GroupMembership
from eventsys.registrations.links import check_delegation
from eventsys.registrations.models import Delegation, Registration
from eventsys.registrations.rules import ENDED, Side
from eventsys.tokens import OneTimeToken, Purpose, digest, public_id_of
from eventsys.venues.models import Venue


class LastPerson(NamedTuple):
    """Somebody who was signed up before. `email` is empty for one who had no address but the registrar's."""

    name: str
    email: str
    side: Side | None


@dataclass(frozen=True, slots=True)
class Behind:
    """What a registrar's or a contact's link stands for at a sign-up: the organisation, who signs up, and the people."""

    organisation_id: int
    organisation: str
    name: str
    email: str
    people: list[LastPerson]


def find_behind(session: Session, token: str, *, on: date) -> Behind | None:
    """Whom the link of an earlier delegation, or of an organisation's contact, would sign up again; None for no link.

    Raises `LinkIsRevoked`. A registrar gets the people of that delegation, a contact those whom the organisation had
    at its latest event.
    """
    public_id = public_id_of(token)
    if public_id is None:
        return None
    registrar = session.execute(_delegation().where(Delegation.public_id == public_id)).one_or_none()
    if registrar is not None:
        delegation = registrar.Delegation
        if not check_delegation(token, delegation):
            return None
        people = list_last_people(session, delegation_id=delegation.id)
        return _behind(registrar.Organisation, delegation, people)
    contact = find_position(session, public_id)
    if contact is None or not opens(token, contact.Position, on=on):
        return None
    people = list_last_people(session, organisation_id=contact.Organisation.id)
    return _behind(contact.Organisation, contact.Position, people)


def _behind(organisation: Organisation, who: Delegation | Position, people: list[LastPerson]) -> Behind:
    return Behind(organisation.id, organisation.label, who.name, who.email, people)


def _delegation() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Delegation, Organisation).join(Organisation, Organisation.id == Delegation.organisation_id)


def list_last_people(
    session: Session, *, organisation_id: int | None = None, delegation_id: int | None = None
) -> list[LastPerson]:
    """The named people of a delegation, or those whom an organisation had at its latest event, in Norwegian order.

    An event for representatives of unions is never an organisation's latest, for a seat there tells of membership; nor is
    a closed one, for a meeting of few is no delegation.
    """
    if delegation_id is not None:
        whose: sa.ColumnElement[bool] = Registration.delegation_id == delegation_id
    else:
        whose = sa.and_(
            Registration.organisation_id == organisation_id,
            Registration.event_id == _latest_event(organisation_id).scalar_subquery(),
        )
    own = sa.case((Registration.email_key == Delegation.email_key, ""), else_=Registration.email)
    statement = (
        sa.select(Registration.name, sa.func.coalesce(own, Registration.email), Registration.side)
        .outerjoin(Delegation, Delegation.id == Registration.delegation_id)
        .where(whose, *_named())
    )
    found = dict.fromkeys(LastPerson(*row) for row in session.execute(statement))
    return sorted(found, key=lambda person: (sort_key(person.name), person.email))


def _latest_event(organisation_id: int | None) -> sa.Select[int]:
    return (
        sa.select(Registration.event_id)
        .join(Run, Run.id == Registration.run_id)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.organisation_id == organisation_id, *_named(), tells_no_union(), Event.is_closed.is_(False))
        .order_by(Run.sort_at.desc(), Registration.event_id.desc())
        .limit(1)
    )


def _named() -> tuple[sa.ColumnElement[bool], ...]:
    return Registration.state.not_in(ENDED), Registration.name != ""


def tells_no_union() -> sa.ColumnElement[bool]:
    """The condition on `Event` that a seat there does not say that somebody is in a union."""
    for_unions = sa.exists().where(EventClause.event_id == Event.id, EventClause.kind == ClauseKind.REPRESENTATIVES)
    return sa.and_(Event.asks_union.is_(False), ~for_unions)


def list_of_address(session: Session, email_key: str) -> list[AnyRow]:
    """Every registration under an address, of all the people behind it, each with its run, event, venue and who signed it
    up; by date."""
    statement = (
        _seats(Delegation, Venue.name.label("venue"), Organisation.label.label("organisation"))
        .outerjoin(Delegation, Delegation.id == Registration.delegation_id)
        .outerjoin(Venue, Venue.id == Run.venue_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.email_key == email_key)
    )
    return list(session.execute(statement.order_by(Run.sort_at, Registration.name, Registration.id)))


def list_looked_after(session: Session, email_key: str) -> list[AnyRow]:
    """The delegations that an address looks after, each with its event, and how many of its seats live and lack a name.

    `ends_on` is the last day of the last run that it has seats in.
    """
    lives = Registration.state.not_in(ENDED)
    statement = (
        sa.select(
            Delegation, Event, Organisation.label.label("organisation"),
            sa.func.count(sa.case((lives, Registration.id))).label("seats"),
            sa.func.count(sa.case((sa.and_(lives, Registration.name == ""), Registration.id))).label("unnamed"),
            sa.func.max(Run.last_on).label("ends_on"),
        )
        .join(Event, Event.id == Delegation.event_id)
        .join(Organisation, Organisation.id == Delegation.organisation_id)
        .outerjoin(Registration, Registration.delegation_id == Delegation.id)
        .outerjoin(Run, Run.id == Registration.run_id)
        .where(Delegation.email_key == email_key)
        .group_by(Delegation.id, Event.id, Organisation.id)
        .order_by(sa.func.min(Run.sort_at), Delegation.id)
    )  # fmt: skip
    return list(session.execute(statement))


def list_seats_of(session: Session, organisation_id: int) -> list[AnyRow]:
    """An organisation's live seats at every event that tells no union, each with its run, event and delegation; by
    date, event, run and name, the unnamed last."""
    statement = (
        _seats(Delegation)
        .outerjoin(Delegation, Delegation.id == Registration.delegation_id)
        .where(Registration.organisation_id == organisation_id, Registration.state.not_in(ENDED), tells_no_union())
    )
    unnamed = sa.case((Registration.name == "", 1), else_=0)
    return list(
        session.execute(statement.order_by(Run.sort_at, Event.id, Run.id, unnamed, Registration.name, Registration.id))
    )


def find_seat_of(session: Session, organisation_id: int, public_id: uuid.UUID) -> AnyRow | None:
    """One of those that `list_seats_of` lists."""
    statement = _seats().where(
        Registration.public_id == public_id,
        Registration.organisation_id == organisation_id,
        Registration.state.not_in(ENDED),
        tells_no_union(),
    )
    return session.execute(statement).one_or_none()


def _seats(*more: Any) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Registration, Run, Event, *more)
        .join(Run, Run.id == Registration.run_id)
        .join(Event, Event.id == Registration.event_id)
    )


class Known(NamedTuple):
    """An address as it was given last, and the name of who is behind it; empty where there are several people."""

    email: str
    name: str


def find_known(session: Session, email_key: str) -> Known | None:
    """Whether anything is kept under an address that its owner gave or was placed with, and how to write to it."""
    tables: tuple[Any, ...] = (Registration, Delegation, Position, GroupMembership, ApplicationMember, Speaker)
    of_each = [sa.select(table.email, table.name).where(table.email_key == email_key) for table in tables]
    rows = session.execute(sa.union_all(*of_each)).all()
    names = {name_key(row.name): row.name for row in rows if row.name}
    return Known(rows[-1].email, names.popitem()[1] if len(names) == 1 else "") if rows else None


def find_subject(session: Session, token: str, purpose: Purpose) -> str | None:
    """Whom a one-time link was for, also when it was used or is too old: so that a new one goes to the same."""
    row = session.get(OneTimeToken, digest(token))
    return row.subject if row is not None and row.purpose == purpose else None


def find_usable(session: Session, token: str, purpose: Purpose, *, real_now: datetime) -> str | None:
    """Whom a one-time link, or a token that keeps pages open, works for now; uses nothing up."""
    row = session.get(OneTimeToken, digest(token))
    works = row is not None and row.purpose == purpose and row.used_at is None and row.expires_at > real_now
    return row.subject if row is not None and works else None
