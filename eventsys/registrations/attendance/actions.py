"""Marks who came: one person at the door, or a whole run in one step. The caller owns the transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Run
from eventsys.registrations.actions.history import record_change, set_state
from eventsys.registrations.actions.locking import lock_run
from eventsys.registrations.actions.placing import has_live_seat, place_there
from eventsys.registrations.actions.serving import fit_options
from eventsys.registrations.attendance.rules import EXPECTED, MARKS, HasNoPlace, Recorded, decide_mark, decide_marks
from eventsys.registrations.limits.rules import Seat
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import ENDED, Actor, Change, State


def mark(session: Session, registration: Registration, *, state: State, account_id: int, now: datetime) -> bool:
    """Marks somebody as come or not come, or takes the mark away (`CONFIRMED`); says whether that changed anything.

    Nobody gets mail about it. Raises `HasNoPlace`.
    """
    lock_run(session, registration.run_id)
    session.refresh(registration)
    before = registration.state
    if not decide_mark(before, state):
        return False
    registration.state, registration.offered_until = state, None
    session.flush()
    record_change(
        session, registration, MARKS[state], Actor.ORGANISER, before, account_id=account_id, silent=True, now=now
    )
    return True


def let_in(session: Session, registration: Registration, *, account_id: int, now: datetime) -> bool:
    """Marks as come somebody who had no place: waited, asked, or had left. Whoever has one is only marked.

    Raises `RunIsFull` and `QuotaIsFull`, and `HasNoPlace` for an old registration of who has another in the run.
    """
    run, event, _organiser = lock_run(session, registration.run_id)
    session.refresh(registration)
    before = registration.state
    if before in (*EXPECTED, State.OFFERED):
        return mark(session, registration, state=State.ATTENDED, account_id=account_id, now=now)
    if before in ENDED and has_live_seat(session, run.id, registration.person_id, but_id=registration.id):
        raise HasNoPlace(before)
    seat = Seat(registration.organisation_id, registration.side, registration.person_id)
    place_there(session, event, seat, run.id, State.ATTENDED, now=now)
    registration.second_run_id = None
    more: dict[str, Any] = {"account_id": account_id, "silent": True}
    set_state(session, registration, State.ATTENDED, Change.ATTENDED, Actor.ORGANISER, now=now, **more)
    fit_options(session, registration, None)
    return True


def record_attendance(
    session: Session, run: Run, *, absent_ids: Collection[int], account_id: int, now: datetime
) -> Recorded:
    """Everybody with a place came but these, and attendance counts as taken from now on; one act."""
    run, _event, _organiser = lock_run(session, run.id)
    before = _read_states(session, run.id)
    after = decide_marks(before, absent_ids)
    _set_states(session, before, after, act_id=uuid.uuid4(), account_id=account_id, now=now)
    run.attendance_at = now
    session.flush()
    states = [after.get(id_, state) for id_, state in before.items()]
    return Recorded(came=states.count(State.ATTENDED), absent=states.count(State.ABSENT))


def unrecord_attendance(session: Session, run: Run, *, account_id: int, now: datetime) -> None:
    """Attendance was not taken after all: marks of whole-run acts go, those made one by one at the door stay."""
    run, _event, _organiser = lock_run(session, run.id)
    before = _read_states(session, run.id)
    of_acts = set(session.scalars(_marked_by_acts(), {"run_id": run.id}))
    after = {id_: State.CONFIRMED for id_, state in before.items() if id_ in of_acts and state is not State.CONFIRMED}
    _set_states(session, before, after, act_id=uuid.uuid4(), account_id=account_id, now=now)
    run.attendance_at = None
    session.flush()


def _read_states(session: Session, run_id: int) -> dict[int, State]:
    statement = sa.select(Registration.id, Registration.state).where(
        Registration.run_id == run_id, Registration.state.in_(EXPECTED)
    )
    return {row.id: row.state for row in session.execute(statement)}


def _marked_by_acts() -> sa.Select[int]:
    """Registrations of a run whose latest mark was made together with others."""
    latest = (
        sa.select(sa.func.max(RegistrationChange.id))
        .join(Registration, Registration.id == RegistrationChange.registration_id)
        .where(Registration.run_id == sa.bindparam("run_id"), RegistrationChange.change.in_(MARKS.values()))
        .group_by(RegistrationChange.registration_id)
    )
    return sa.select(RegistrationChange.registration_id).where(
        RegistrationChange.id.in_(latest), RegistrationChange.act_id.is_not(None)
    )


def _set_states(
    session: Session,
    before: dict[int, State],
    after: dict[int, State],
    *,
    act_id: uuid.UUID,
    account_id: int,
    now: datetime,
) -> None:
    """A few statements for however many people; told to nobody."""
    for state in set(after.values()):
        ids = [id_ for id_, wanted in after.items() if wanted is state]
        session.execute(sa.update(Registration).where(Registration.id.in_(ids)).values(state=state))
    if after:
        told = {"actor": Actor.ORGANISER, "account_id": account_id, "at": now, "noticed_at": now, "act_id": act_id}
        rows = [
            {"registration_id": id_, "change": MARKS[state], "from_state": before[id_], "to_state": state, **told}
            for id_, state in after.items()
        ]
        session.execute(sa.insert(RegistrationChange), rows)
