"""Reads about the day: who is expected, how many came, whose ticket this is, what a certificate says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import EventSession, Run
from eventsys.events.rules import SessionKind
from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm, search_words, sort_key
from eventsys.registrations import tickets
from eventsys.registrations.attendance.rules import EXPECTED, Attendance, Hours
from eventsys.registrations.models import Registration, RegistrationChange, SessionSeat
from eventsys.registrations.rules import State

WORD = re.compile(r"\w+")


def count_attendance(session: Session, run_ids: Sequence[int]) -> dict[int, Attendance]:
    """How each run's attendance stands, counted from rows."""

    def how_many(*states: State) -> sa.Label[int]:
        return sa.func.count(sa.case((Registration.state.in_(states), 1))).label(states[-1].value)

    statement = (
        sa.select(
            Run.id, Run.attendance_at, how_many(*EXPECTED[:2], State.ABSENT), how_many(State.ATTENDED),
            how_many(State.ABSENT),
        )
        .outerjoin(Registration, Registration.run_id == Run.id)
        .where(Run.id.in_(run_ids))
        .group_by(Run.id)
    )  # fmt: skip
    return {
        id_: Attendance(expected, came, absent, taken_at)
        for id_, taken_at, expected, came, absent in session.execute(statement)
    }


def list_people(session: Session, run_id: int, *, states: Sequence[State] = (), search: str = "") -> list[AnyRow]:
    """Those of a run, in the order of their names, whose name, organisation or address has words that begin so.

    Accents are not needed to find somebody: «bo» finds Bø. Nobody's name stands last.
    """
    statement = (
        sa.select(
            Registration.id, Registration.public_id, Registration.name, Registration.email, Registration.side,
            Registration.state, Organisation.label.label("organisation"),
        )
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.run_id == run_id)
    )  # fmt: skip
    if states:
        statement = statement.where(Registration.state.in_(states))
    rows = keep_fitting(session.execute(statement).all(), search_words(search))
    return sorted(rows, key=lambda row: (not row.name, order_of(row.name or row.organisation or ""), row.id))


def keep_fitting(rows: Sequence[AnyRow], wanted: Sequence[str]) -> list[AnyRow]:
    """The rows in which each wanted word begins one of theirs. What many share, where they come from, is read once."""
    if not wanted:
        return list(rows)
    places = {label: words_of(label) for label in {row.organisation or "" for row in rows}}
    return [
        row
        for row in rows
        if all(
            any(
                word.startswith(part)
                for word in (*words_of(f"{row.name} {row.email}"), *places[row.organisation or ""])
            )
            for part in wanted
        )
    ]


def words_of(text: str) -> list[str]:
    """As `search_words`, which takes its time with letters that few names have."""
    return WORD.findall(text.lower()) if text.isascii() else search_words(text)


def order_of(name: str) -> str:
    """As `sort_key`, in the same way."""
    lower = name.lower()
    return lower if name.isascii() and "aa" not in lower else sort_key(name)


def find_by_ticket(session: Session, typed: str, *, event_id: int) -> Registration | None:
    """Whose ticket was scanned or typed; None for what is no ticket of the event.

    Raises `tokens.LinkIsRevoked` for the ticket of a seat that was given to somebody else.
    """
    code = tickets.read(typed)
    if code is None:
        return None
    statement = sa.select(Registration).where(
        Registration.event_id == event_id, Registration.public_id.between(code.first, code.last)
    )
    return next((row for row in session.scalars(statement) if tickets.fits(code, row)), None)


class Seen(NamedTuple):
    """Somebody at the door, as the page tells of them; `came_at` is when they were marked as come, if they are."""

    registration: Registration
    organisation: str | None
    came_at: datetime | None


def find_seen(session: Session, public_id: object, *, event_id: int) -> Seen | None:
    came_at = (
        sa.select(sa.func.max(RegistrationChange.at))
        .where(
            RegistrationChange.registration_id == Registration.id,
            RegistrationChange.to_state == State.ATTENDED,
            RegistrationChange.from_state.is_distinct_from(State.ATTENDED),
        )
        .scalar_subquery()
    )
    row = session.execute(
        sa.select(Registration, Organisation.label, came_at)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.public_id == public_id, Registration.event_id == event_id)
    ).one_or_none()
    if row is None:
        return None
    registration, label, at = row
    return Seen(registration, label, at if registration.state is State.ATTENDED else None)


def list_session_hours(session: Session, registration: Registration) -> list[Hours]:
    """The times of the sessions of a run that are for all, and of those this person chose; breaks and meals are none."""
    statement = (
        sa.select(EventSession.starts_local, EventSession.ends_local)
        .outerjoin(
            SessionSeat,
            sa.and_(SessionSeat.session_id == EventSession.id, SessionSeat.registration_id == registration.id),
        )
        .where(EventSession.run_id == registration.run_id, EventSession.starts_local.is_not(None))
        .where(EventSession.ends_local.is_not(None), EventSession.kind == SessionKind.SESSION)
        .where(sa.or_(EventSession.chosen.is_(False), SessionSeat.registration_id.is_not(None)))
    )
    return [(row.starts_local, row.ends_local) for row in session.execute(statement)]


def find_language_form(session: Session, organisation_id: int | None) -> LanguageForm | None:
    return session.scalar(sa.select(Organisation.language_form).where(Organisation.id == organisation_id))
