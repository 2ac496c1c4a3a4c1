"""Reads about positions: who is an organisation's contact, and what an address is contact of."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account
from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions.links import opens
from eventsys.organisations.rules import PositionRole
from eventsys.tokens import public_id_of

Change = TypeVar("Change")


@dataclass(frozen=True, slots=True)
class Happened(Generic[Change]):
    """A row of a history, and who did it: a contact of the organisation, or somebody who organises."""

    change: Change
    who: str


def lasts(on: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """The condition that a position holds on a day. The day on which one is ended does not count: it ends at once."""
    return sa.and_(Position.from_on <= on, sa.or_(Position.to_on.is_(None), Position.to_on > on))


def is_contact(on: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """The condition that a position lets its person look after the organisation's seats on a day."""
    return sa.and_(Position.role == PositionRole.CONTACT, Position.confirmed_at.is_not(None), lasts(on))


def list_happened(session: Session, change: Any, whose: sa.ColumnElement[bool]) -> list[Happened[Any]]:
    """The rows of a history whose table has `at`, `position_id` and `account_id`, the newest first."""
    statement = (
        sa.select(change, sa.func.coalesce(Position.name, Account.name, ""))
        .outerjoin(Position, Position.id == change.position_id)
        .outerjoin(Account, Account.id == change.account_id)
        .where(whose)
        .order_by(change.at.desc(), change.id.desc())
    )
    return [Happened(*row) for row in session.execute(statement)]


def find_position(session: Session, public_id: uuid.UUID) -> AnyRow | None:
    """A position with its organisation, ended and unconfirmed ones too."""
    return session.execute(_with_organisation().where(Position.public_id == public_id)).one_or_none()


def find_contact(session: Session, number: str, token: str, *, on: date) -> AnyRow | None:
    """The position and organisation that a contact's link opens, at this organisation's address. Raises
    `LinkIsRevoked`."""
    public_id = public_id_of(token)
    row = find_position(session, public_id) if public_id else None
    if row is None or row.Organisation.address != number or not opens(token, row.Position, on=on):
        return None
    return row


def list_contacts(session: Session, organisation_id: int, *, on: date) -> list[Position]:
    """Those who may look after the organisation's seats, by name."""
    statement = sa.select(Position).where(Position.organisation_id == organisation_id, is_contact(on))
    return list(session.scalars(statement.order_by(Position.name, Position.id)))


def list_positions(session: Session, email_key: str, *, on: date) -> list[AnyRow]:
    """What the people behind an address are, each with its organisation; those who are not confirmed yet too."""
    statement = _with_organisation().where(Position.email_key == email_key, lasts(on))
    return list(session.execute(statement.order_by(Organisation.sort_key, Position.name, Position.id)))


def list_of_organisation(session: Session, organisation_id: int, *, on: date) -> list[Position]:
    """What people are and were in an organisation and is not erased: those who are it on that day first, by name."""
    statement = sa.select(Position).where(Position.organisation_id == organisation_id, Position.email_key != "")
    return list(
        session.scalars(
            statement.order_by(lasts(on).desc(), Position.role, Position.name, Position.from_on.desc(), Position.id)
        )
    )


def list_of_people(session: Session, person_ids: Collection[int], among: sa.Select[int]) -> list[AnyRow]:
    """What people are and were in some organisations, each with its organisation; the newest first."""
    statement = _with_organisation().where(
        Position.person_id.in_(person_ids), Position.organisation_id.in_(among), Position.email_key != ""
    )
    return list(session.execute(statement.order_by(Position.from_on.desc(), Organisation.sort_key, Position.id)))


def list_asked(session: Session, among: Collection[int], *, on: date) -> list[AnyRow]:
    """Who asks to be a contact of one of the organisations and is not confirmed, who has waited longest first."""
    statement = _with_organisation().where(*_asks(), lasts(on), Position.organisation_id.in_(among))
    return list(session.execute(statement.order_by(Position.asked_at, Position.id)))


def list_asked_of(session: Session, organisation_id: int, *, on: date) -> list[Position]:
    """Who asks to be the contact of one organisation and is not confirmed."""
    statement = sa.select(Position).where(Position.organisation_id == organisation_id, *_asks(), lasts(on))
    return list(session.scalars(statement.order_by(Position.id)))


def list_all_contacts(session: Session, among: Collection[int], *, on: date) -> list[AnyRow]:
    """Every confirmed contact of these organisations, in Norwegian order."""
    statement = _with_organisation().where(is_contact(on), Position.organisation_id.in_(among))
    return list(session.execute(statement.order_by(Organisation.sort_key, Position.name, Position.id)))


def count_asked(session: Session, among: sa.Select[int], *, on: date) -> int:
    """How many wait to be confirmed as contacts of one of the organisations."""
    asks = sa.select(sa.func.count()).where(*_asks(), lasts(on), Position.organisation_id.in_(among))
    return session.scalar(asks) or 0


def _asks() -> tuple[sa.ColumnElement[bool], ...]:
    return Position.role == PositionRole.CONTACT, Position.confirmed_at.is_(None)


def _with_organisation() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Position, Organisation).join(Organisation, Organisation.id == Position.organisation_id)
