"""Whose seat it is: a name for one without, another person in it, an address mended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.organisations.actions import find_or_add_person
from eventsys.registrations.actions.deadlines import require_in_time
from eventsys.registrations.actions.details import change_side
from eventsys.registrations.actions.history import record_change
from eventsys.registrations.actions.locking import lock_run
from eventsys.registrations.actions.options import forget_choices
from eventsys.registrations.actions.placing import has_live_seat
from eventsys.registrations.actions.serving import serve_queue
from eventsys.registrations.models import ChangeRequest, Delegation, Registration, RegistrationChange, UnionPosition
from eventsys.registrations.questions.actions import delete_answers
from eventsys.registrations.rules import (
    ENDED,
    LEAVABLE,
    Actor,
    AddressIsTaken,
    AlreadyNamed,
    Asked,
    Change,
    Side,
    WrongState,
)


def name_seat(
    session: Session,
    registration: Registration,
    *,
    name: str,
    email: str = "",
    side: Side | None = None,
    language: str | None = None,
    actor: Actor,
    account_id: int | None = None,
    silent: bool = False,
    now: datetime,
) -> None:
    """Says who is to have a seat without a name; without an own address the person has the registrar's.

    Raises `AlreadyNamed`, `WrongState`, `AddressIsTaken`, `TooLate` once the run has begun, and `QuotaIsFull` of the side.
    """
    run, event, organiser = lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.person_id is not None:
        raise AlreadyNamed
    if registration.state in ENDED:
        raise WrongState
    require_in_time(session, registration, run, organiser, Asked.HAND_OVER, None, actor=actor, now=now)
    _put_person(session, registration, name, email or _registrars(session, registration), now=now)
    registration.language = language or registration.language
    if side is not None and side is not registration.side:
        change_side(session, event, registration, side, now=now)
    session.flush()
    more: dict[str, Any] = {"account_id": account_id, "silent": silent}
    record_change(session, registration, Change.NAMED, actor, registration.state, now=now, **more)
    if side is not None:
        serve_queue(session, event, now=now)


def _registrars(session: Session, registration: Registration) -> str:
    assert registration.delegation_id is not None
    return session.get_one(Delegation, registration.delegation_id).email


def hand_over(
    session: Session,
    registration: Registration,
    *,
    name: str,
    email: str,
    language: str | None = None,
    actor: Actor,
    account_id: int | None = None,
    silent: bool = False,
    now: datetime,
) -> None:
    """Gives the seat to somebody else of the organisation, who gets none of the first one's answers.

    What was sent to the first one opens nothing any more. To who has it already it changes nothing, so that a button
    pressed twice is one hand-over. Raises `WrongState`, `TooLate` and `AddressIsTaken`.
    """
    run, event, organiser = lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.person_id is None or registration.state not in LEAVABLE:
        raise WrongState
    until = event.hand_over_by
    require_in_time(session, registration, run, organiser, Asked.HAND_OVER, until, actor=actor, now=now)
    old, first = registration.email, registration.person_id
    _put_person(session, registration, name, email, now=now)
    if registration.person_id == first:
        return
    registration.language = language
    registration.link_version += 1
    _forget(session, registration.id)
    session.flush()
    more: dict[str, Any] = {"account_id": account_id, "silent": silent, "facts": {"to": old}}
    record_change(session, registration, Change.HANDED_OVER, actor, registration.state, now=now, **more)


def _forget(session: Session, registration_id: int) -> None:
    """All that the first person answered, chose, represented and wrote to the organiser."""
    delete_answers(session, registration_id)
    forget_choices(session, registration_id)
    _forget_words(session, registration_id)
    session.execute(sa.delete(UnionPosition).where(UnionPosition.registration_id == registration_id))


def _forget_words(session: Session, registration_id: int) -> None:
    """What was asked of the organiser and is not answered is asked no more; of the rest no words are left."""
    asked = ChangeRequest.registration_id == registration_id
    session.execute(sa.delete(ChangeRequest).where(asked, ChangeRequest.decided_at.is_(None)))
    session.execute(sa.update(ChangeRequest).where(asked).values(words=""))


def _has_filled_in(session: Session, registration_id: int) -> bool:
    """Whether the person has done something at their own link."""
    own = RegistrationChange.actor == Actor.PARTICIPANT
    told = RegistrationChange.change.in_((Change.CHANGED, Change.ASKED))
    return bool(
        session.scalar(sa.select(sa.exists().where(RegistrationChange.registration_id == registration_id, own, told)))
    )


def readdress(
    session: Session,
    registration: Registration,
    *,
    email: str,
    actor: Actor = Actor.PARTICIPANT,
    account_id: int | None = None,
    now: datetime,
) -> None:
    """Mends the address: what was sent to the old one no longer opens anything, and the new one gets the mail.

    A registrar does not come by what the person has filled in so: that goes. The address that it has changes nothing.
    Raises `AddressIsTaken`, and `WrongState` for a seat without a name, which has its registrar's address.
    """
    lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.person_id is None:
        raise WrongState
    if email == registration.email:
        return
    _put_person(session, registration, registration.name, email, now=now)
    registration.link_version += 1
    if actor is Actor.REGISTRAR and _has_filled_in(session, registration.id):
        delete_answers(session, registration.id)
        _forget_words(session, registration.id)
    session.flush()
    record_change(session, registration, Change.READDRESSED, actor, registration.state, account_id=account_id, now=now)


def _put_person(session: Session, row: Registration, name: str, email: str, *, now: datetime) -> None:
    """The seat is the person's whom name and address make. Raises `AddressIsTaken`."""
    person_id = find_or_add_person(session, email=email, name=name, now=now)
    if row.state not in ENDED and has_live_seat(session, row.run_id, person_id, but_id=row.id):
        raise AddressIsTaken
    row.person_id, row.name = person_id, name
    row.email, row.email_key = email, email_key(email)
