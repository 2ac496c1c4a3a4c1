"""Verbs of registrations. Each takes the event's lock first, then counts rows, then decides; the caller commits."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event, EventChange, Run
from eventsys.events.queries import is_for
from eventsys.events.rules import ChangeKind, EventStatus, RunStatus
from eventsys.mailing.addresses import email_key
from eventsys.organisations.actions import find_or_add_person
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration, RegistrationChange, UnionPosition
from eventsys.registrations.queries import count_places, list_waiting
from eventsys.registrations.rules import (
    LEAVABLE,
    Actor,
    AddressIsTaken,
    CannotBeCancelled,
    Change,
    NewRegistration,
    NotForThisOrganisation,
    RegistrationIsClosed,
    State,
    TooSmall,
    count_promotable,
    decide_accepted,
    decide_open,
    decide_place,
    decide_window,
)

LOCKED_RUN = (
    sa.select(Run, Event, Organiser)
    .join(Event, Event.id == Run.event_id)
    .join(Organiser, Organiser.id == Event.organiser_id)
    .where(Run.id == sa.bindparam("run_id"))
    .with_for_update(of=Event)
    .execution_options(populate_existing=True)
)
SENSITIVE_LIVES = timedelta(days=14)
REPEATED_AT_MOST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Registered:
    """`own` says that this very form made the registration, so that its page may be shown to who sent it."""

    registration: Registration
    own: bool


def register(session: Session, form: NewRegistration, *, now: datetime) -> Registered:
    """Gives the person a seat, a place in the waiting list, or a request that waits for the organiser.

    Raises `RegistrationIsClosed`, and `NotForThisOrganisation` unless the form asks. A repeated form gives the same
    registration; a person who has one already gets no second one, only a mail with the link to it. One who cancelled
    takes up the same registration again, at the end of the queue.
    """
    run, event, organiser = lock_run(session, form.run_id)
    today = dates.to_local(now, organiser.timezone).date()
    require_open(event, run, today=today)
    person_id = find_or_add_person(session, email=form.email, name=form.name, now=now)
    earlier = _find_earlier(session, form, person_id)
    if earlier is not None and (earlier.form_token == form.form_token or earlier.state not in _ENDED):
        return _repeat(session, earlier, form, now=now)
    meant = is_for(session, event.id, form.organisation_id, today, union_id=form.union_id)
    if not meant and not form.asks:
        raise NotForThisOrganisation
    state = decide_place(count_places(session, [run.id])[run.id], asks=not meant)
    registration = earlier or Registration(organiser_id=event.organiser_id, event_id=event.id, run_id=run.id)
    left = earlier.state if earlier else None
    _fill_in(registration, form, person_id, state, now=now)
    session.add(registration)
    session.flush()
    if event.asks_union and form.union_id is not None:
        erase_on = (run.last_on or today) + SENSITIVE_LIVES
        session.merge(UnionPosition(registration_id=registration.id, union_id=form.union_id, erase_on=erase_on))
    _record(session, registration, Change.REGISTERED, Actor.PARTICIPANT, left, now=now)
    return Registered(registration, own=earlier is None)


_ENDED = (State.CANCELLED, State.DECLINED)


def lock_run(session: Session, run_id: int) -> tuple[Run, Event, Organiser]:
    """The run with its event and organiser, the event's row locked: every count that follows holds until commit.

    Raises `sqlalchemy.exc.NoResultFound`. On SQLite the transaction itself is the lock.
    """
    run, event, organiser = session.execute(LOCKED_RUN, {"run_id": run_id}).one()
    return run, event, organiser


def require_open(event: Event, run: Run, *, today: date) -> None:
    """Raises `RegistrationIsClosed` unless the run takes registrations on that local day."""
    window = decide_window(event.opens_on, event.closes_on, run.first_on, today=today)
    if not decide_open(event.status, run.status, run.precision, window):
        raise RegistrationIsClosed


def _find_earlier(session: Session, form: NewRegistration, person_id: int) -> Registration | None:
    """What this form made before, else this person's live registration in the run, else the latest ended one."""
    return session.scalar(_earlier(), {"token": form.form_token, "run_id": form.run_id, "person_id": person_id})


@functools.cache
def _earlier() -> sa.Select[Registration]:
    same_form = Registration.form_token == sa.bindparam("token")
    return (
        sa.select(Registration)
        .where(
            sa.or_(
                same_form,
                sa.and_(
                    Registration.run_id == sa.bindparam("run_id"), Registration.person_id == sa.bindparam("person_id")
                ),
            )
        )
        .order_by(sa.case((same_form, 0), (Registration.state.not_in(_ENDED), 1), else_=2), Registration.id.desc())
        .limit(1)
    )


def _repeat(session: Session, earlier: Registration, form: NewRegistration, *, now: datetime) -> Registered:
    own = earlier.form_token == form.form_token
    if not own and not _mailed_lately(session, earlier, now=now):
        _record(session, earlier, Change.REPEATED, Actor.PARTICIPANT, earlier.state, now=now)
    return Registered(earlier, own=own)


def _mailed_lately(session: Session, registration: Registration, *, now: datetime) -> bool:
    """So that nobody can flood a mailbox by signing its owner up again and again."""
    return bool(
        session.scalar(
            sa.select(sa.func.count()).where(
                RegistrationChange.registration_id == registration.id,
                RegistrationChange.change == Change.REPEATED,
                RegistrationChange.at > now - REPEATED_AT_MOST,
            )
        )
    )


def _fill_in(registration: Registration, form: NewRegistration, person_id: int, state: State, *, now: datetime) -> None:
    registration.person_id = person_id
    registration.organisation_id = form.organisation_id
    registration.name = form.name
    registration.email = form.email
    registration.email_key = email_key(form.email)
    registration.language = form.language
    registration.side = form.side
    registration.state = state
    registration.queued_at = now
    registration.form_token = form.form_token
    registration.created_at = registration.created_at or now


def cancel(
    session: Session, registration: Registration, *, actor: Actor, account_id: int | None = None, now: datetime
) -> None:
    """Frees the place and gives it to the first who waits. Raises `CannotBeCancelled`."""
    run, event, organiser = lock_run(session, registration.run_id)
    session.refresh(registration)
    started = run.first_on is not None and dates.to_local(now, run.timezone).date() >= run.first_on
    if registration.state not in LEAVABLE or (started and actor is Actor.PARTICIPANT):
        raise CannotBeCancelled
    _move(session, registration, State.CANCELLED, Change.CANCELLED, actor, account_id=account_id, now=now)
    promote(session, run, event, organiser, now=now)


def promote(session: Session, run: Run, event: Event, organiser: Organiser, *, now: datetime) -> int:
    """Gives free places to those who wait, in order, and says how many. The caller holds the event's lock."""
    if event.status is not EventStatus.PUBLISHED or run.status is not RunStatus.PLANNED:
        return 0
    if run.first_on is not None and dates.to_local(now, organiser.timezone).date() >= run.first_on:
        return 0
    how_many = count_promotable(count_places(session, [run.id])[run.id])
    for registration in list_waiting(session, run.id, limit=how_many) if how_many else ():
        _move(session, registration, State.CONFIRMED, Change.PROMOTED, Actor.SYSTEM, now=now)
    return how_many


def accept(session: Session, registration: Registration, *, account_id: int, now: datetime) -> State:
    """An organiser lets somebody come who asked: to a place if there is one, else to the end of the waiting list."""
    lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.state is not State.REQUESTED:
        return registration.state
    state = decide_accepted(count_places(session, [registration.run_id])[registration.run_id])
    registration.queued_at = now
    _move(session, registration, state, Change.ACCEPTED, Actor.ORGANISER, account_id=account_id, now=now)
    return state


def decline(session: Session, registration: Registration, *, account_id: int, now: datetime) -> State:
    """An organiser says no to somebody who asked to come."""
    lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.state is State.REQUESTED:
        _move(session, registration, State.DECLINED, Change.DECLINED, Actor.ORGANISER, account_id=account_id, now=now)
    return registration.state


def readdress(session: Session, registration: Registration, *, email: str, now: datetime) -> None:
    """Mends the address: what was sent to the old one no longer opens anything, and the new one gets the mail.

    Raises `AddressIsTaken`.
    """
    lock_run(session, registration.run_id)
    session.refresh(registration)
    person_id = find_or_add_person(session, email=email, name=registration.name, now=now)
    if registration.state not in _ENDED and _has_another(session, registration, person_id):
        raise AddressIsTaken
    registration.person_id = person_id
    registration.email, registration.email_key = email, email_key(email)
    registration.link_version += 1
    session.flush()
    _record(session, registration, Change.READDRESSED, Actor.PARTICIPANT, registration.state, now=now)


def _has_another(session: Session, registration: Registration, person_id: int) -> bool:
    return bool(
        session.scalar(
            sa.select(sa.func.count()).where(
                Registration.run_id == registration.run_id,
                Registration.person_id == person_id,
                Registration.state.not_in(_ENDED),
                Registration.id != registration.id,
            )
        )
    )


def change_capacity(session: Session, run: Run, capacity: int | None, *, account_id: int, now: datetime) -> int:
    """Sets the run's own limit (None: the venue's) and promotes as many as now fit; says how many.

    Raises `TooSmall` when more people hold a place than that.
    """
    run, event, organiser = lock_run(session, run.id)
    before, run.capacity = run.capacity, capacity
    session.flush()
    places = count_places(session, [run.id])[run.id]
    if places.capacity is not None and places.taken > places.capacity and before != capacity:
        raise TooSmall(places.taken)
    if before != capacity:
        facts: dict[str, Any] = {"from": {"capacity": before}, "to": {"capacity": capacity}}
        change = EventChange(
            event_id=event.id, run_id=run.id, kind=ChangeKind.EDITED, at=now, account_id=account_id, facts=facts
        )
        session.add(change)
    return promote(session, run, event, organiser, now=now)


def _move(
    session: Session,
    registration: Registration,
    state: State,
    change: Change,
    actor: Actor,
    *,
    account_id: int | None = None,
    now: datetime,
) -> None:
    before, registration.state = registration.state, state
    session.flush()
    _record(session, registration, change, actor, before, account_id=account_id, now=now)


def _record(
    session: Session,
    registration: Registration,
    change: Change,
    actor: Actor,
    before: State | None,
    *,
    account_id: int | None = None,
    now: datetime,
) -> None:
    session.add(
        RegistrationChange(
            registration_id=registration.id,
            change=change,
            at=now,
            actor=actor,
            account_id=account_id,
            from_state=before,
            to_state=registration.state,
        )
    )
    session.flush()
