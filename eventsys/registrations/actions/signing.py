"""One person signs up, or is added by an organiser. The event's lock first, then counts of rows, then the decision."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event, Run
from eventsys.events.queries import is_for
from eventsys.organisations.actions import find_or_add_person
from eventsys.registrations.actions.deadlines import has_begun, is_going, require_invited, require_open
from eventsys.registrations.actions.history import record_change, set_state
from eventsys.registrations.actions.locking import lock_run
from eventsys.registrations.actions.options import Chosen, drop_full
from eventsys.registrations.actions.placing import Placed, list_choices_of, place_one, place_there
from eventsys.registrations.actions.seats import Entry, enter
from eventsys.registrations.limits.rules import Seat
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import (
    ENDED,
    HOLDS_A_PLACE,
    Actor,
    Change,
    NewRegistration,
    NotForThisOrganisation,
    RegistrationIsClosed,
    State,
)

NOWHERE = 0
"""No organisation's id."""
REPEATED_AT_MOST = timedelta(hours=1)
CHANGES = {State.ATTENDED: Change.ATTENDED, State.ABSENT: Change.ABSENT}


@dataclass(frozen=True, slots=True)
class Registered:
    """`own` says that this very form made the registration, so that its page may be shown to who sent it."""

    registration: Registration
    own: bool


def register(session: Session, form: NewRegistration, *, now: datetime) -> Registered:
    """Gives the person a seat, a place in the waiting list, or a request that waits for the organiser.

    Raises `RegistrationIsClosed`, `NotForThisOrganisation` unless the form asks or is invited, `OptionIsFull` and
    `SessionsOverlap`. A repeated form gives the same registration; a person who has one already gets no second one, only a
    mail with the link to it. One who cancelled takes up the same registration again, at the end of the queue.
    """
    run, event, organiser = lock_run(session, form.run_id)
    today = dates.to_local(now, organiser.timezone).date()
    if not form.invited:
        require_invited(event)
    asks = require_open(event, run, today=today, asks=form.asks) or event.asks_approval
    person_id = find_or_add_person(session, email=form.email, name=form.name, now=now)
    earlier = find_earlier(session, form.form_token, form.run_id, person_id)
    if earlier is not None and (earlier.form_token == form.form_token or earlier.state not in ENDED):
        return _repeat(session, earlier, form.form_token, now=now)
    if not (form.invited or is_for(session, event.id, form.organisation_id or NOWHERE, today, union_id=form.union_id)):
        if not form.asks:
            raise NotForThisOrganisation
        asks = True
    second = find_second(session, event, form.second_run_id, now=now)
    run_ids = list_choices_of(session, person_id, run.id, second)
    placed = Placed(State.REQUESTED, run.id)
    if not asks:
        placed = place_one(session, event, Seat(form.organisation_id, form.side, person_id), run_ids, now=now)
    before = earlier.state if earlier else None
    row = enter(session, event, _entry(form, person_id), placed, _wish(run.id, second, placed), earlier, now=now)
    record_change(session, row, Change.REGISTERED, Actor.PARTICIPANT, before, now=now)
    return Registered(row, own=earlier is None)


def add_by_organiser(
    session: Session,
    form: NewRegistration,
    *,
    account_id: int,
    silent: bool = False,
    state: State | None = None,
    now: datetime,
) -> Registered:
    """An organiser signs somebody up: at any time and from anywhere, within the limits all the same.

    Who does not fit waits. With `state` (attended: somebody who comes unannounced) the place is taken ahead of the queue,
    and `RunIsFull` or `QuotaIsFull` is raised where there is none. `own` is False for one who is signed up already, who
    gets no mail and comes to `state` where one is asked for.
    """
    run, event, _organiser = lock_run(session, form.run_id)
    if not is_going(event, run):
        raise RegistrationIsClosed
    person_id = find_or_add_person(session, email=form.email, name=form.name, now=now)
    earlier = find_earlier(session, form.form_token, form.run_id, person_id)
    if earlier is not None and (earlier.form_token == form.form_token or earlier.state not in ENDED):
        if state is not None and earlier.state is not state:
            _bring(session, event, earlier, state, account_id=account_id, silent=silent, now=now)
        return Registered(earlier, own=False)
    seat = Seat(form.organisation_id, form.side, person_id)
    second = find_second(session, event, form.second_run_id)
    run_ids = list_choices_of(session, person_id, run.id, second)
    if state is None:
        placed = place_one(session, event, seat, run_ids, now=now)
    else:
        placed = place_there(session, event, seat, run.id, state, now=now)
    before = earlier.state if earlier else None
    row = enter(session, event, _entry(form, person_id), placed, _wish(run.id, second, placed), earlier, now=now)
    more: dict[str, Any] = {"account_id": account_id, "silent": silent}
    record_change(session, row, Change.REGISTERED, Actor.ORGANISER, before, now=now, **more)
    return Registered(row, own=True)


def _bring(
    session: Session,
    event: Event,
    row: Registration,
    state: State,
    *,
    account_id: int,
    silent: bool,
    now: datetime,
) -> None:
    """One who is signed up already comes to the state, with a place where it had none."""
    if row.state not in HOLDS_A_PLACE:
        place_there(session, event, Seat(row.organisation_id, row.side, row.person_id), row.run_id, state, now=now)
    row.second_run_id = None
    change = CHANGES.get(state, Change.ACCEPTED)
    set_state(session, row, state, change, Actor.ORGANISER, account_id=account_id, silent=silent, now=now)
    drop_full(session, row)


def find_second(session: Session, event: Event, run_id: int | None, *, now: datetime | None = None) -> int | None:
    """The run of the second choice, if it is one of the event's that goes and, at `now`, has not begun."""
    run = session.get(Run, run_id) if run_id is not None else None
    if run is None or run.event_id != event.id or not is_going(event, run):
        return None
    return run.id if now is None or not has_begun(run, now=now) else None


def _wish(run_id: int, second_run_id: int | None, placed: Placed) -> int | None:
    """The second choice of who has no place yet."""
    return None if second_run_id == run_id or placed.state in HOLDS_A_PLACE else second_run_id


def _entry(form: NewRegistration, person_id: int) -> Entry:
    return Entry(
        person_id=person_id,
        name=form.name,
        email=form.email,
        language=form.language,
        side=form.side,
        organisation_id=form.organisation_id,
        union_id=form.union_id,
        form_token=form.form_token,
        chosen=Chosen(form.session_ids, form.night_ids, form.answers),
    )


def find_earlier(session: Session, form_token: str, run_id: int, person_id: int) -> Registration | None:
    """What this form made before, else this person's live registration in the run, else the latest ended one."""
    return session.scalar(_earlier(), {"token": form_token, "run_id": run_id, "person_id": person_id})


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
        .order_by(sa.case((same_form, 0), (Registration.state.not_in(ENDED), 1), else_=2), Registration.id.desc())
        .limit(1)
    )


def _repeat(session: Session, earlier: Registration, form_token: str, *, now: datetime) -> Registered:
    own = earlier.form_token == form_token
    if not own:
        mail_again(session, earlier, Actor.PARTICIPANT, now=now)
    return Registered(earlier, own=own)


def mail_again(session: Session, registration: Registration, actor: Actor, *, now: datetime) -> None:
    """The link once more to who is signed up already, at most hourly: nobody can flood a mailbox with it."""
    lately = session.scalar(
        sa.select(sa.func.count()).where(
            RegistrationChange.registration_id == registration.id,
            RegistrationChange.change == Change.REPEATED,
            RegistrationChange.at > now - REPEATED_AT_MOST,
        )
    )
    if not lately:
        record_change(session, registration, Change.REPEATED, actor, registration.state, now=now)
