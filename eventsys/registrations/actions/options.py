"""What a seat has chosen beside its run: sessions, nights, choices with a limit. Written first, then counted: both under
the event's lock, so that what is too much is never committed."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import EventSession
from eventsys.registrations.actions.locking import lock_blocks
from eventsys.registrations.limits.queries import count_limits
from eventsys.registrations.limits.rules import Dimension, Kind, Limit
from eventsys.registrations.models import (
    PlainAnswer,
    Question,
    Registration,
    RegistrationNight,
    RunNight,
    SensitiveAnswer,
    SessionSeat,
)
from eventsys.registrations.questions.actions import save_answers
from eventsys.registrations.questions.rules import GivenAnswer
from eventsys.registrations.rules import HOLDS_A_PLACE, OptionIsFull, OptionKind, SessionsOverlap

ANSWERS = (PlainAnswer, SensitiveAnswer)
KINDS = {Kind.SESSION: OptionKind.SESSION, Kind.CHOICE: OptionKind.CHOICE, Kind.NIGHT: OptionKind.NIGHT}


class Chosen(NamedTuple):
    """What one seat asks for; None leaves what it has."""

    session_ids: Collection[int] | None = None
    night_ids: Collection[int] | None = None
    answers: Sequence[GivenAnswer] | None = None


def choose(
    session: Session,
    registration: Registration,
    chosen: Chosen,
    *,
    erase_after: date,
    seat_index: int = 0,
    now: datetime,
) -> list[str]:
    """Makes what the seat has chosen what is asked for; says the names of what changed.

    Sessions and nights of other runs than the seat's are left out. Raises `OptionIsFull` and `SessionsOverlap`.
    """
    before = set(_list_dimensions(session, registration))
    changed = []
    if chosen.session_ids is not None and _set_sessions(session, registration, chosen.session_ids, seat_index):
        changed.append("sessions")
    if chosen.night_ids is not None and _set_nights(session, registration, chosen.night_ids):
        changed.append("nights")
    if chosen.answers:
        saved = save_answers(session, registration, chosen.answers, erase_after=erase_after, now=now)
        changed += [f"question:{public_id}" for public_id in saved]
    for dimension in list_full(session, registration, but=before):
        raise OptionIsFull(KINDS[dimension.kind], dimension.of, seat_index, str(dimension.part or ""))
    return changed


def _set_sessions(session: Session, registration: Registration, wanted: Collection[int], seat_index: int) -> bool:
    rows = session.execute(
        sa.select(EventSession.id, EventSession.starts_local, EventSession.ends_local)
        .where(EventSession.id.in_(wanted), EventSession.run_id == registration.run_id, EventSession.chosen)
        .order_by(EventSession.starts_local, EventSession.id)
    ).all()
    timed = [row for row in rows if row.starts_local is not None and row.ends_local is not None]
    for one, other in itertools.pairwise(timed):
        if other.starts_local < one.ends_local:
            raise SessionsOverlap((one.id, other.id), seat_index)
    return _replace(session, SessionSeat, "session_id", registration.id, {row.id for row in rows})


def _set_nights(session: Session, registration: Registration, wanted: Collection[int]) -> bool:
    statement = sa.select(RunNight.id).where(RunNight.id.in_(wanted), RunNight.run_id == registration.run_id)
    return _replace(session, RegistrationNight, "night_id", registration.id, set(session.scalars(statement)))


def _replace(
    session: Session,
    table: type[SessionSeat] | type[RegistrationNight],
    of: str,
    registration_id: int,
    wanted: set[int],
) -> bool:
    """Whether the rows of the seat are others now."""
    column = getattr(table, of)
    had = set(session.scalars(sa.select(column).where(table.registration_id == registration_id)))
    if had - wanted:
        session.execute(sa.delete(table).where(table.registration_id == registration_id, column.in_(had - wanted)))
    for one in sorted(wanted - had):
        session.execute(sa.insert(table).values({"registration_id": registration_id, of: one}))
    return had != wanted


def _list_dimensions(session: Session, registration: Registration) -> list[Dimension]:
    """All that the seat has chosen, whether it is limited or not."""
    of = {"registration_id": registration.id}
    sessions = session.scalars(sa.select(SessionSeat.session_id).filter_by(**of).order_by(SessionSeat.session_id))
    nights = session.scalars(sa.select(RegistrationNight.night_id).filter_by(**of).order_by(RegistrationNight.night_id))
    found = [Dimension(Kind.SESSION, one) for one in sessions] + [Dimension(Kind.NIGHT, one) for one in nights]
    for table in ANSWERS:
        rows = session.execute(
            sa.select(table.question_id, table.option)
            .where(table.registration_id == registration.id, table.option.is_not(None))
            .order_by(table.question_id, table.option)
        )
        found += [Dimension(Kind.CHOICE, question_id, option or "") for question_id, option in rows]
    return found


def list_full(session: Session, registration: Registration, *, but: Collection[Dimension] = ()) -> list[Dimension]:
    """What of the seat's choices there is too little of, those in `but` left out: for one that holds a place, with
    itself counted; for one that does not, without."""
    chosen = [dimension for dimension in _list_dimensions(session, registration) if dimension not in but]
    if not chosen:
        return []
    kinds = {dimension.kind for dimension in chosen}
    if Kind.NIGHT in kinds:
        lock_blocks(session, registration.event_id)
    limits = count_limits(session, registration.event_id, on=date.min, kinds=kinds)
    holds = registration.state in HOLDS_A_PLACE
    return [dimension for dimension in chosen if _is_full(limits.get(dimension), holds=holds)]


def _is_full(limit: Limit | None, *, holds: bool) -> bool:
    if limit is None or limit.capacity is None:
        return False
    return limit.taken > limit.capacity if holds else limit.taken >= limit.capacity


def list_choosing(session: Session, registration_ids: Collection[int]) -> set[int]:
    """Those of the registrations that have chosen anything."""
    if not registration_ids:
        return set()
    found = _list_with(session, RegistrationNight.registration_id, registration_ids)
    found |= _list_with(session, SessionSeat.registration_id, registration_ids)
    for table in ANSWERS:
        found |= _list_with(session, table.registration_id, registration_ids, table.option.is_not(None))
    return found


def _list_with(
    session: Session,
    column: sa.orm.InstrumentedAttribute[int],
    ids: Collection[int],
    *conditions: sa.ColumnElement[bool],
) -> set[int]:
    return set(session.scalars(sa.select(column).where(column.in_(ids), *conditions).distinct()))


def drop_full(session: Session, registration: Registration) -> list[str]:
    """Takes back what the seat, which holds a place, has chosen and there is no room for; says what, not which answer."""
    full = list_full(session, registration)
    names = [_drop(session, registration.id, dimension) for dimension in full]
    return list(dict.fromkeys(names))


def _drop(session: Session, registration_id: int, dimension: Dimension) -> str:
    if dimension.kind is Kind.SESSION:
        of = (SessionSeat.registration_id == registration_id, SessionSeat.session_id == dimension.of)
        session.execute(sa.delete(SessionSeat).where(*of))
        return f"session:{session.get_one(EventSession, dimension.of).public_id}"
    if dimension.kind is Kind.NIGHT:
        mine = (RegistrationNight.registration_id == registration_id, RegistrationNight.night_id == dimension.of)
        session.execute(sa.delete(RegistrationNight).where(*mine))
        return f"night:{session.get_one(RunNight, dimension.of).on}"
    for table in ANSWERS:
        session.execute(
            sa.delete(table).where(
                table.registration_id == registration_id,
                table.question_id == dimension.of,
                table.option == str(dimension.part),
            )
        )
    return f"question:{session.get_one(Question, dimension.of).public_id}"


def drop_of_other_run(session: Session, registration: Registration) -> list[str]:
    """Takes back sessions of runs that the seat is not in, and puts its nights over to the same nights of its run; says
    what is gone."""
    dropped = []
    for one in session.scalars(
        sa.select(EventSession)
        .join(SessionSeat, SessionSeat.session_id == EventSession.id)
        .where(SessionSeat.registration_id == registration.id, EventSession.run_id != registration.run_id)
    ).all():
        dropped.append(_drop(session, registration.id, Dimension(Kind.SESSION, one.id)))
    here = {night.on: night.id for night in session.scalars(sa.select(RunNight).filter_by(run_id=registration.run_id))}
    had = session.scalars(
        sa.select(RunNight)
        .join(RegistrationNight, RegistrationNight.night_id == RunNight.id)
        .where(RegistrationNight.registration_id == registration.id, RunNight.run_id != registration.run_id)
    ).all()
    for night in had:
        name = _drop(session, registration.id, Dimension(Kind.NIGHT, night.id))
        if night.on in here:
            values = {"registration_id": registration.id, "night_id": here[night.on]}
            session.execute(sa.insert(RegistrationNight).values(values))
        else:
            dropped.append(name)
    return dropped


def forget_choices(session: Session, registration_id: int) -> None:
    """All sessions and nights of the seat."""
    session.execute(sa.delete(SessionSeat).where(SessionSeat.registration_id == registration_id))
    session.execute(sa.delete(RegistrationNight).where(RegistrationNight.registration_id == registration_id))
