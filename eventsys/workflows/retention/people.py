"""Erases who people are: positions that ended long ago, and the keys of people of whom nothing is kept."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.models import Person, Position
from eventsys.registrations.models import Delegation, Registration
from eventsys.workflows.retention.periods import ERASED, ORDINARY, STRAY, delete, update


def erase_positions(session: Session, *, now: datetime) -> dict[str, int]:
    """A position is erased two years after it ended; one that was asked for and never confirmed after three months."""
    never = sa.and_(Position.confirmed_at.is_(None), Position.asked_at < now - STRAY)
    ended = Position.to_on < now.date() - ORDINARY
    nobody = {"name": ERASED, "email": ERASED, "email_key": ERASED}
    return {
        "unconfirmed positions": delete(session, Position, never),
        "positions": update(session, Position, ended, Position.email_key != ERASED, **nobody),
    }


def erase_people(session: Session, *, now: datetime) -> int:
    """People of whom nothing is left but what has been erased lose their keys; those of whom nothing is left at all, as
    when a place was given away, after three months."""
    seats, groups, positions = (
        sa.select(Registration.person_id).where(Registration.email_key != ERASED, Registration.person_id.is_not(None)),
        sa.select(Delegation.registrar_id).where(Delegation.email_key != ERASED, Delegation.registrar_id.is_not(None)),
        sa.select(Position.person_id).where(Position.email_key != ERASED),
    )
    was_somebody = sa.or_(
        Person.id.in_(sa.select(Registration.person_id)),
        Person.id.in_(sa.select(Delegation.registrar_id)),
        Person.id.in_(sa.select(Position.person_id)),
    )
    return update(
        session,
        Person,
        Person.email_key.is_not(None),
        Person.id.not_in(seats),
        Person.id.not_in(groups),
        Person.id.not_in(positions),
        sa.or_(was_somebody, Person.created_at < now - STRAY),
        email_key=None,
        name_key=None,
    )
