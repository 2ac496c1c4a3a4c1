"""One person signs up several: seats of an organisation, with names or without, that get places one by one or together."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event, Run
from eventsys.events.queries import is_for
from eventsys.mailing.addresses import email_key
from eventsys.organisations.actions import find_or_add_person
from eventsys.registrations.actions.deadlines import is_going, require_invited, require_open
from eventsys.registrations.actions.history import record_change
from eventsys.registrations.actions.locking import lock_run
from eventsys.registrations.actions.options import Chosen
from eventsys.registrations.actions.placing import Placed, place_all
from eventsys.registrations.actions.seats import Entry, enter
from eventsys.registrations.actions.signing import find_earlier, find_second, mail_again
from eventsys.registrations.limits.rules import Seat
from eventsys.registrations.models import Delegation, Registration
from eventsys.registrations.rules import (
    ENDED,
    HOLDS_A_PLACE,
    Actor,
    Change,
    NewDelegation,
    NewSeat,
    NotForThisOrganisation,
    RegistrationIsClosed,
    State,
    WhenFull,
    WrongState,
)

People = dict[tuple[str, str], int]
"""Ids by address and name."""


@dataclass(frozen=True, slots=True)
class RegisteredDelegation:
    """`own` says that this very form made it. `repeated` are the places in the form of seats that were not made, because
    the person has a registration in the run already, or stands in the form twice; who has one got a mail about it."""

    delegation: Delegation
    registrations: list[Registration]
    own: bool
    repeated: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it and how: the same for every seat of a form."""

    event: Event
    delegation: Delegation
    run_ids: tuple[int, ...]
    when_full: WhenFull | None
    asks: bool
    actor: Actor
    account_id: int | None
    silent: bool
    form_token: str
    now: datetime


def register_delegation(
    session: Session,
    form: NewDelegation,
    *,
    actor: Actor = Actor.REGISTRAR,
    account_id: int | None = None,
    silent: bool = False,
    now: datetime,
) -> RegisteredDelegation:
    """Makes the delegation and its seats: places, places in the queue, or requests.

    Raises as `register` does, with the index of the seat, and `NotEnoughPlaces` where the form does not say what to do
    then. An organiser is bound by no day and no invitation. A repeated form gives the same delegation.
    """
    run, event, organiser = lock_run(session, form.run_id)
    made = session.scalar(sa.select(Delegation).where(Delegation.form_token == form.form_token))
    if made is not None:
        return RegisteredDelegation(made, list_seats(session, made.id), own=True)
    today = dates.to_local(now, organiser.timezone).date()
    if actor is not Actor.ORGANISER and not form.invited:
        require_invited(event)
    more: dict[str, Any] = {"invited": form.invited, "today": today}
    asks = _require_may(session, run, event, form.organisation_id, form.seats, form.asks, actor, **more)
    second = find_second(session, event, form.second_run_id, now=now)
    run_ids = (run.id,) if second is None or second == run.id else (run.id, second)
    people = find_people(session, form, form.seats, now=now)
    delegation = _make(session, event, form, people[_key(form.email, form.name)], now=now)
    act = Act(event, delegation, run_ids, form.when_full, asks, actor, account_id, silent, form.form_token, now)
    rows, repeated = _enter_all(session, act, form.seats, people)
    return RegisteredDelegation(delegation, rows, own=True, repeated=repeated)


def _require_may(
    session: Session,
    run: Run,
    event: Event,
    organisation_id: int,
    seats: Sequence[NewSeat],
    may_ask: bool,
    actor: Actor,
    *,
    invited: bool = False,
    today: date,
) -> bool:
    """Raises unless these may be signed up; says whether they ask for it. Who is `invited` may come from anywhere."""
    if actor is Actor.ORGANISER:
        if not is_going(event, run):
            raise RegistrationIsClosed
        return False
    asks = require_open(event, run, today=today, asks=may_ask) or event.asks_approval
    for union_id in () if invited else {seat.union_id for seat in seats}:
        if not is_for(session, event.id, organisation_id, today, union_id=union_id):
            if not may_ask:
                raise NotForThisOrganisation
            asks = True
    return asks


def _make(session: Session, event: Event, form: NewDelegation, registrar_id: int, *, now: datetime) -> Delegation:
    delegation = Delegation(
        organiser_id=event.organiser_id,
        event_id=event.id,
        organisation_id=form.organisation_id,
        registrar_id=registrar_id,
        name=form.name,
        email=form.email,
        email_key=email_key(form.email),
        language=form.language,
        waits_together=form.when_full is WhenFull.TOGETHER,
        form_token=form.form_token,
        created_at=now,
    )
    session.add(delegation)
    session.flush()
    return delegation


def add_seats(
    session: Session,
    delegation: Delegation,
    seats: Sequence[NewSeat],
    *,
    form_token: str,
    run_id: int | None = None,
    when_full: WhenFull | None = None,
    asks: bool = False,
    actor: Actor,
    account_id: int | None = None,
    silent: bool = False,
    now: datetime,
) -> RegisteredDelegation:
    """More seats for the delegation, in the run of its first live seat unless `run_id` says another.

    Those of a delegation that waits together join those who wait. Raises as `register_delegation`, and `WrongState` where
    there is no run to add to. A repeated form gives the same seats.
    """
    first = next((row for row in list_seats(session, delegation.id) if row.state not in ENDED), None)
    chosen = run_id or (first.run_id if first else None)
    if chosen is None:
        raise WrongState
    run, event, organiser = lock_run(session, chosen)
    session.refresh(delegation)
    if run.event_id != delegation.event_id:
        raise WrongState
    tokens = [seat_token(form_token, number) for number in range(len(seats))]
    made = session.scalars(
        sa.select(Registration).where(Registration.form_token.in_(tokens)).order_by(Registration.id)
    ).all()
    if made:
        return RegisteredDelegation(delegation, list(made), own=True)
    today = dates.to_local(now, organiser.timezone).date()
    asks = _require_may(session, run, event, delegation.organisation_id, seats, asks, actor, today=today)
    second = first.second_run_id if first is not None and first.run_id == run.id else None
    act = Act(
        event, delegation, (run.id,) if second is None else (run.id, second),
        WhenFull.TOGETHER if delegation.waits_together else when_full,
        asks, actor, account_id, silent, form_token, now,
    )  # fmt: skip
    people = find_people(session, delegation, seats, now=now)
    rows, repeated = _enter_all(session, act, seats, people)
    return RegisteredDelegation(delegation, rows, own=True, repeated=repeated)


def find_people(
    session: Session, registrar: NewDelegation | Delegation, seats: Sequence[NewSeat], *, now: datetime
) -> People:
    """The people of the seats, who without an address of their own have the registrar's, and the registrar; by address
    and name. In one order: two forms that name the same people never wait for each other."""
    pairs = {_key(seat.email or registrar.email, seat.name) for seat in seats if seat.name}
    return {
        (email, name): find_or_add_person(session, email=email, name=name, now=now)
        for email, name in sorted({*pairs, _key(registrar.email, registrar.name)})
    }


def _key(email: str, name: str) -> tuple[str, str]:
    return (email_key(email), name)


def list_seats(session: Session, delegation_id: int) -> list[Registration]:
    """All seats of a delegation, ended ones too, in the order in which they were made."""
    statement = sa.select(Registration).where(Registration.delegation_id == delegation_id)
    return list(session.scalars(statement.order_by(Registration.id)))


def seat_token(form_token: str, number: int) -> str:
    """The form token of one seat of a form: what a form made is found by its own token again."""
    return hashlib.sha256(f"{form_token}:{number}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A seat of the form that is to be made; `earlier` is the person's ended registration that it takes up."""

    index: int
    seat: NewSeat
    person_id: int | None
    earlier: Registration | None


def _enter_all(
    session: Session, act: Act, seats: Sequence[NewSeat], people: People
) -> tuple[list[Registration], list[int]]:
    newcomers, repeated = _meet(session, act, seats, people)
    counted = [Seat(act.delegation.organisation_id, one.seat.side, one.person_id) for one in newcomers]
    if act.asks:
        placed = [Placed(State.REQUESTED, act.run_ids[0])] * len(newcomers)
    elif newcomers:
        choices = _list_choices(session, act, newcomers)
        placed = place_all(session, act.event, counted, choices, act.when_full, now=act.now)
    else:
        placed = []
    act_id = uuid.uuid4()
    rows = [_enter(session, act, one, there, act_id) for one, there in zip(newcomers, placed, strict=True)]
    return rows, repeated


def _list_choices(session: Session, act: Act, newcomers: Sequence[Newcomer]) -> list[tuple[int, ...]]:
    """The runs that each of them may get: not the second who has a seat there already."""
    people = [one.person_id for one in newcomers if one.person_id is not None]
    if len(act.run_ids) == 1 or not people:
        return [act.run_ids] * len(newcomers)
    there = session.scalars(
        sa.select(Registration.person_id).where(
            Registration.run_id == act.run_ids[1],
            Registration.person_id.in_(people),
            Registration.state.not_in(ENDED),
        )
    )
    seated = set(there)
    return [act.run_ids[:1] if one.person_id and one.person_id in seated else act.run_ids for one in newcomers]


def _meet(session: Session, act: Act, seats: Sequence[NewSeat], people: People) -> tuple[list[Newcomer], list[int]]:
    """Who of the form has no registration in the run yet, and the indexes of those who have."""
    newcomers, repeated, met = [], [], set()
    for index, seat in enumerate(seats):
        if not seat.name:
            newcomers.append(Newcomer(index, seat, None, None))
            continue
        person_id = people[_key(seat.email or act.delegation.email, seat.name)]
        earlier = find_earlier(session, seat_token(act.form_token, index), act.run_ids[0], person_id)
        if person_id in met:
            repeated.append(index)
        elif earlier is not None and earlier.state not in ENDED:
            mail_again(session, earlier, act.actor, now=act.now)
            repeated.append(index)
        else:
            newcomers.append(Newcomer(index, seat, person_id, earlier))
        met.add(person_id)
    return newcomers, repeated


def _enter(session: Session, act: Act, one: Newcomer, placed: Placed, act_id: uuid.UUID) -> Registration:
    second = act.run_ids[1] if len(act.run_ids) > 1 and placed.state not in HOLDS_A_PLACE else None
    before = one.earlier.state if one.earlier else None
    entry = _entry(act, one)
    row = enter(session, act.event, entry, placed, second, one.earlier, seat_index=one.index, now=act.now)
    more: dict[str, Any] = {"act_id": act_id, "account_id": act.account_id, "silent": act.silent}
    record_change(session, row, Change.REGISTERED, act.actor, before, now=act.now, **more)
    return row


def _entry(act: Act, one: Newcomer) -> Entry:
    seat = one.seat
    return Entry(
        person_id=one.person_id,
        name=seat.name,
        email=(seat.email if seat.name else "") or act.delegation.email,
        language=seat.language or act.delegation.language,
        side=seat.side,
        organisation_id=act.delegation.organisation_id,
        union_id=seat.union_id,
        form_token=seat_token(act.form_token, one.index),
        chosen=Chosen(seat.session_ids, seat.night_ids, seat.answers),
        delegation_id=act.delegation.id,
    )
