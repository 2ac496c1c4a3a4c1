"""Verbs of positions: asking to be an organisation's contact, the link that confirms it, and ending it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import tokens
from eventsys.mailing.addresses import email_key
from eventsys.organisations.actions import find_or_add_person
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions.queries import lasts
from eventsys.organisations.positions.rules import (
    ASKED_AGAIN_AFTER,
    ASKED_AT_MOST,
    ASKED_WITHIN,
    CONFIRMATION_LIVES,
)
from eventsys.organisations.rules import PositionRole


class DayIsTaken(Exception):
    """The person began as the same in the organisation on that day already."""


def ask_to_be_contact(
    session: Session,
    organisation: Organisation,
    *,
    name: str,
    email: str,
    language: str | None,
    on: date,
    now: datetime,
) -> Position | None:
    """Somebody wants to be the organisation's contact: the position to confirm, or to be reminded of if they are it.

    None when nothing is to be mailed: they asked within the last day, or too many have asked within the hour.
    """
    _lock(session, organisation)
    person_id = find_or_add_person(session, email=email, name=name, now=now)
    position = _find(session, person_id, organisation.id, on)
    if position is not None and position.confirmed_at is not None:
        return position
    if position is not None and position.asked_at > now - ASKED_AGAIN_AFTER:
        return None
    if _count_asked(session, organisation.id, since=now - ASKED_WITHIN) >= ASKED_AT_MOST:
        return None
    if position is None:
        position = _take_up(session, person_id, organisation.id, on)
        position.name, position.email, position.email_key = name, email, email_key(email)
        position.language = language
    position.asked_at = now
    session.add(position)
    session.flush()
    return position


def add_contact(
    session: Session,
    organisation: Organisation,
    *,
    name: str,
    email: str,
    language: str | None = None,
    account_id: int | None = None,
    on: date,
    now: datetime,
) -> Position:
    """A contact whom an organiser knows already: confirmed at once."""
    _lock(session, organisation)
    person_id = find_or_add_person(session, email=email, name=name, now=now)
    position = _find(session, person_id, organisation.id, on) or _take_up(session, person_id, organisation.id, on)
    position.name, position.email, position.email_key = name, email, email_key(email)
    position.language, position.asked_at = language, now
    session.add(position)
    session.flush()
    confirm(session, position, account_id=account_id, now=now)
    return position


@dataclass(frozen=True, slots=True)
class PositionFacts:
    """What an organiser says of somebody in an organisation; `to_on` is the day from which it holds no more."""

    name: str
    email: str
    role: PositionRole
    from_on: date
    to_on: date | None = None
    language: str | None = None


def set_position(
    session: Session, organisation_id: int, facts: PositionFacts, *, account_id: int | None, now: datetime
) -> tuple[Position, bool]:
    """Makes somebody this in the organisation, or mends the days of who is it on the first of them; whether it is new.

    An organiser who says it knows: a contact is confirmed at once, and mailed by whoever calls this.
    """
    session.execute(sa.select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
    person_id = find_or_add_person(session, email=facts.email, name=facts.name, now=now)
    position = _find(session, person_id, organisation_id, facts.from_on, role=facts.role)
    is_new = position is None
    position = position or _take_up(session, person_id, organisation_id, facts.from_on, role=facts.role)
    position.name, position.email, position.email_key = facts.name, facts.email, email_key(facts.email)
    position.language = facts.language or position.language
    position.to_on = facts.to_on
    if position.confirmed_at is None:
        position.asked_at, position.confirmed_at, position.account_id = now, now, account_id
    session.add(position)
    session.flush()
    return position, is_new


def set_days(session: Session, position: Position, *, from_on: date, to_on: date | None) -> None:
    """Mends from when and to when. Raises `DayIsTaken` where the person has begun as the same on that day before."""
    session.refresh(position, with_for_update=True)
    same = sa.select(Position.id).where(
        Position.person_id == position.person_id,
        Position.organisation_id == position.organisation_id,
        Position.role == position.role,
        Position.from_on == from_on,
        Position.id != position.id,
    )
    if session.scalar(same) is not None:
        raise DayIsTaken
    position.from_on, position.to_on = from_on, to_on
    session.flush()


def issue_confirmation(session: Session, position: Position, *, real_now: datetime) -> str:
    """The token of the link that the official mailbox gets; it works once."""
    subject, expires_at = str(position.public_id), real_now + CONFIRMATION_LIVES
    return tokens.issue(session, tokens.Purpose.CONTACT, subject, expires_at=expires_at, now=real_now)


def confirm(session: Session, position: Position, *, account_id: int | None = None, now: datetime) -> bool:
    """Makes who asked a contact; false when they are it already or the position has ended."""
    session.refresh(position, with_for_update=True)
    if position.confirmed_at is not None or position.to_on is not None:
        return False
    position.confirmed_at, position.account_id = now, account_id
    session.flush()
    return True


def end(session: Session, position: Position, *, on: date) -> bool:
    """Ends the position at once: its link opens nothing more. Also a no to who asked. False when it has ended."""
    session.refresh(position, with_for_update=True)
    if position.to_on is not None:
        return False
    position.to_on = max(on, position.from_on)
    position.link_version += 1
    session.flush()
    return True


def set_mailbox(session: Session, organisation: Organisation, *, email: str) -> None:
    """The organisation's official mailbox, which is asked about its contacts from now on."""
    organisation.email = email
    session.flush()


def use_confirmation(session: Session, token: str, *, real_now: datetime) -> Position | None:
    """Uses the link up: the position that it speaks of; None if it is unknown, used or too old."""
    subject = tokens.use(session, tokens.Purpose.CONTACT, token, now=real_now)
    return session.scalar(sa.select(Position).where(Position.public_id == uuid.UUID(subject))) if subject else None


def _lock(session: Session, organisation: Organisation) -> None:
    session.execute(sa.select(Organisation.id).where(Organisation.id == organisation.id).with_for_update())


def _find(
    session: Session, person_id: int, organisation_id: int, on: date, role: PositionRole = PositionRole.CONTACT
) -> Position | None:
    return session.scalar(
        sa.select(Position)
        .where(
            Position.person_id == person_id,
            Position.organisation_id == organisation_id,
            Position.role == role,
            lasts(on),
        )
        .order_by(Position.from_on.desc())
        .limit(1)
    )


def _take_up(
    session: Session, person_id: int, organisation_id: int, on: date, role: PositionRole = PositionRole.CONTACT
) -> Position:
    """A new position from that day, or the one that began and ended on it, begun anew."""
    facts = {"person_id": person_id, "organisation_id": organisation_id, "role": role, "from_on": on}
    ended = session.scalar(sa.select(Position).filter_by(**facts))
    if ended is None:
        return Position(**facts)
    ended.to_on = ended.confirmed_at = ended.account_id = None
    return ended


def _count_asked(session: Session, organisation_id: int, *, since: datetime) -> int:
    statement = sa.select(sa.func.count()).where(
        Position.organisation_id == organisation_id, Position.role == PositionRole.CONTACT, Position.asked_at > since
    )
    return session.scalar(statement) or 0
