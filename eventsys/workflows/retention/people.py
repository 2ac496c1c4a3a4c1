"""Erases who people are: what they were in organisations and groups, whom a union told of, and the keys of people of whom
nothing is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.actions import erase_words
from eventsys.invitations.models import Invitation
from eventsys.organisations.models import Person, PersonWord, Position, Representative
from eventsys.programmes.models import GroupMembership
from eventsys.registrations.models import Delegation, HeldPlaces, Registration
from eventsys.workflows.retention.periods import ERASED, ORDINARY, STRAY, delete, select_going_on, update

SENSITIVE = timedelta(days=14)
"""After the event."""
NOBODY = {"name": ERASED, "email": ERASED, "email_key": ERASED}


def erase_positions(session: Session, *, now: datetime) -> dict[str, int]:
    """What somebody was in an organisation or a group is erased two years after it ended; a position that was asked for
    and never confirmed after three months; invitations two years after their event, but that a union was the reason after
    two weeks; a union's representatives, and words of the log, on their day."""
    never = sa.and_(Position.confirmed_at.is_(None), Position.asked_at < now - STRAY)
    long_ago = now.date() - ORDINARY
    return {
        "unconfirmed positions": delete(session, Position, never),
        "positions": _erase_ended(session, Position, long_ago),
        "group members": _erase_ended(session, GroupMembership, long_ago),
        "invitations": _erase_invitations(session, long_ago),
        "reasons of invitations": _erase_reasons(session, now.date() - SENSITIVE),
        "representatives": delete(session, Representative, Representative.erase_on <= now.date()),
        "words of the log": erase_words(session, on=now.date()),
    }


def _erase_ended(session: Session, model: Any, long_ago: date) -> int:
    return update(session, model, model.to_on < long_ago, model.email_key != ERASED, **NOBODY)


def _erase_invitations(session: Session, long_ago: date) -> int:
    """To events all of whose runs are long over."""
    over = Invitation.event_id.not_in(select_going_on(long_ago))
    return update(session, Invitation, over, Invitation.email_key != ERASED, words=ERASED, reasons=[], **NOBODY)


def _erase_reasons(session: Session, day: date) -> int:
    """That somebody was asked as a union's representative goes as soon as what they said of it at the event does."""
    over = Invitation.event_id.not_in(select_going_on(day))
    told = sa.cast(Invitation.reasons, sa.String()) != "[]"
    return update(session, Invitation, over, Invitation.is_restricted.is_(True), told, reasons=[])


def erase_people(session: Session, *, now: datetime) -> int:
    """People of whom nothing is left but what has been erased lose their keys; those of whom nothing is left at all, as
    when a place was given away, after three months. The words that they are found by go with the keys."""
    named, kept = [], []
    for person, is_kept in _sources(now.date()):
        everybody = sa.select(person).where(person.is_not(None))
        named.append(everybody)
        kept.append(everybody.where(is_kept))
    was_somebody = sa.or_(*(Person.id.in_(rows) for rows in named))
    erased = update(
        session,
        Person,
        Person.email_key.is_not(None),
        *(Person.id.not_in(rows) for rows in kept),
        sa.or_(was_somebody, Person.created_at < now - STRAY),
        email_key=None,
        name_key=None,
    )
    nobody = sa.select(Person.id).where(Person.email_key.is_(None))
    delete(session, PersonWord, PersonWord.person_id.in_(nobody))
    return erased


def _sources(today: date) -> tuple[tuple[Any, sa.ColumnElement[bool]], ...]:
    """The column of every table that knows a person, and when a row of it still speaks of them."""
    return (
        (Registration.person_id, Registration.email_key != ERASED),
        (Delegation.registrar_id, Delegation.email_key != ERASED),
        (Position.person_id, Position.email_key != ERASED),
        (GroupMembership.person_id, GroupMembership.email_key != ERASED),
        (Representative.person_id, sa.true()),
        (Invitation.person_id, Invitation.email_key != ERASED),
        (HeldPlaces.person_id, HeldPlaces.held_until >= today),
    )
