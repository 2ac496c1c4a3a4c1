"""Erases who people are: what they were in organisations and groups, whom a union told of, and the keys of people of whom
nothing is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.actions import erase_words
from eventsys.invitations.models import Invitation
from eventsys.obligations.models import Excuse
from eventsys.organisations.models import Person, PersonWord, Position, Representative
from eventsys.programmes.models import Group, GroupMembership, ProjectChange
from eventsys.registrations.models import Delegation, HeldPlaces, Registration
from eventsys.visits.models import Visit, VisitChange
from eventsys.workflows.retention.periods import (
    ERASED,
    ORDINARY,
    STRAY,
    Groups,
    Periods,
    delete,
    for_each,
    select_going_on,
    update,
)

NOBODY = {"name": ERASED, "email": ERASED, "email_key": ERASED}


def erase_positions(session: Session, periods: Periods, *, now: datetime) -> dict[str, int]:
    """What somebody was in an organisation is erased two years after it ended, in a group after its organiser's period; a
    position that was asked for and never confirmed after three months; invitations the organiser's period after their
    event, but that a union was the reason as soon as what is sensitive; a union's representatives, and words of the log,
    on their day."""
    today = now.date()
    return {
        "unconfirmed positions": _erase_unconfirmed(session, is_never_confirmed(now)),
        "positions": _erase_ended(session, Position, Position.to_on < today - ORDINARY),
        "group members": _erase_ended(session, GroupMembership, _left_long_ago(periods.ordinary, today)),
        "invitations": _erase_invitations(session, select_going_on(periods.ordinary, today)),
        "reasons of invitations": _erase_reasons(session, select_going_on(periods.sensitive, today)),
        "representatives": delete(session, Representative, Representative.erase_on <= today),
        "words of the log": erase_words(session, on=today),
    }


def is_never_confirmed(now: datetime) -> sa.ColumnElement[bool]:
    """The condition that a position was asked for long ago and nobody has confirmed it."""
    return sa.and_(Position.confirmed_at.is_(None), Position.asked_at < now - STRAY)


def _erase_unconfirmed(session: Session, never: sa.ColumnElement[bool]) -> int:
    """The rows go; of one by which something was asked for all the same, who it was."""
    columns: tuple[Any, ...] = (
        Visit.position_id,
        VisitChange.position_id,
        Excuse.position_id,
        ProjectChange.position_id,
    )
    asked = sa.or_(*(sa.exists().where(column == Position.id) for column in columns))
    blanked = update(session, Position, never, asked, Position.email_key != ERASED, **NOBODY)
    return blanked + delete(session, Position, sa.and_(never, ~asked))


def _erase_ended(session: Session, model: Any, is_long_ago: sa.ColumnElement[bool]) -> int:
    return update(session, model, is_long_ago, model.email_key != ERASED, **NOBODY)


def _left_long_ago(groups: Groups, today: date) -> sa.ColumnElement[bool]:
    """Of the members of an organiser's groups."""
    its: Any = sa.select(Group.organiser_id).where(Group.id == GroupMembership.group_id).scalar_subquery()
    return for_each(groups, its, lambda period: GroupMembership.to_on < today - period)


def _erase_invitations(session: Session, goes_on: sa.Select[int]) -> int:
    """To events all of whose runs are long over."""
    over = Invitation.event_id.not_in(goes_on)
    return update(session, Invitation, over, Invitation.email_key != ERASED, words=ERASED, reasons=[], **NOBODY)


def _erase_reasons(session: Session, goes_on: sa.Select[int]) -> int:
    """That somebody was asked as a union's representative goes as soon as what they said of it at the event does."""
    over = Invitation.event_id.not_in(goes_on)
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
