"""What stands beside the rows of a list: sessions, nights, languages, names; and what is asked for."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account
from eventsys.events.models import Event, EventSession
from eventsys.extensions import AnyRow, Translated
from eventsys.organisations.models import Organisation
from eventsys.registrations.models import (
    ChangeRequest,
    Registration,
    RegistrationNight,
    RunNight,
    SessionSeat,
)
from eventsys.venues.models import Venue
from eventsys.workflows.audiences import select_registrations
from eventsys.workflows.rules import LIVE as MAILED
from eventsys.workspace.mail.occasions import group_by_address
from eventsys.workspace.people_list.queries.listing import MOST_IDS, of_event


def list_sessions_of(session: Session, ids: Collection[int]) -> dict[int, list[Translated]]:
    """The titles of the sessions that each registration has a place at, in time."""
    found: dict[int, list[Translated]] = {}
    statement = (
        sa.select(SessionSeat.registration_id, EventSession.title)
        .join(EventSession, EventSession.id == SessionSeat.session_id)
        .order_by(EventSession.starts_local, EventSession.id)
    )
    for registration_id, title in _in_parts(session, statement, SessionSeat.registration_id, ids):
        found.setdefault(registration_id, []).append(title)
    return found


def list_nights_of(session: Session, ids: Collection[int]) -> dict[int, list[tuple[date, str]]]:
    """The nights that each registration has, with the hotel's name."""
    found: dict[int, list[tuple[date, str]]] = {}
    statement = (
        sa.select(RegistrationNight.registration_id, RunNight.on, Venue.name)
        .join(RunNight, RunNight.id == RegistrationNight.night_id)
        .join(Venue, Venue.id == RunNight.venue_id)
        .order_by(RunNight.on)
    )
    for registration_id, on, hotel in _in_parts(session, statement, RegistrationNight.registration_id, ids):
        found.setdefault(registration_id, []).append((on, hotel))
    return found


def _in_parts(session: Session, statement: Any, column: Any, ids: Collection[int]) -> Sequence[Any]:
    numbers = list(ids)
    rows: list[Any] = []
    for start in range(0, len(numbers), MOST_IDS):
        rows += session.execute(statement.where(column.in_(numbers[start : start + MOST_IDS]))).all()
    return rows


def list_requests(session: Session, event: Event, registration_id: int | None = None) -> list[AnyRow]:
    """The open requests of the event, oldest first: rows of ChangeRequest, Registration and organisation."""
    columns: tuple[Any, ...] = (ChangeRequest, Registration, Organisation.label.label("organisation"))
    statement = _open(sa.select(*columns).select_from(ChangeRequest), event)
    statement = statement.outerjoin(Organisation, Organisation.id == Registration.organisation_id)
    if registration_id is not None:
        statement = statement.where(Registration.id == registration_id)
    return list(session.execute(statement.order_by(ChangeRequest.at, ChangeRequest.id)))


def find_request(session: Session, event: Event, public_id: uuid.UUID) -> ChangeRequest | None:
    """A request at the event, answered or not."""
    return session.scalar(
        sa.select(ChangeRequest)
        .join(Registration, Registration.id == ChangeRequest.registration_id)
        .where(ChangeRequest.public_id == public_id, *of_event(event))
    )


def _open(statement: sa.Select[Any], event: Event) -> sa.Select[Any]:
    return statement.join(Registration, Registration.id == ChangeRequest.registration_id).where(
        *of_event(event), ChangeRequest.decided_at.is_(None)
    )


def count_languages(session: Session, event: Event, ids: Collection[int]) -> dict[str, int]:
    """To how many addresses a mail to these would go, by language."""
    chosen = select_registrations(MAILED, event_id=event.id, run_id=None).where(Registration.id.in_(ids))
    mails = group_by_address(chosen).subquery()
    rows = session.execute(sa.select(mails.c.language, sa.func.count()).group_by(mails.c.language))
    return dict(rows.all())


def list_account_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The names of the organisers who did something."""
    rows = session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(ids)))
    return dict(rows.all())
