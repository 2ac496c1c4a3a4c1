"""The row of a seat: what was given is written into it, for a newcomer or one who takes an ended registration up again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from eventsys.events.models import Event, Run
from eventsys.mailing.addresses import email_key
from eventsys.organisers.models import Organiser
from eventsys.registrations.actions.options import Chosen, choose, forget_choices
from eventsys.registrations.actions.placing import Placed
from eventsys.registrations.models import Registration, UnionPosition
from eventsys.registrations.questions.actions import delete_answers
from eventsys.registrations.rules import Side


class Entry(NamedTuple):
    """What is given for a seat; `person_id` None for one that has no name yet."""

    person_id: int | None
    name: str
    email: str
    language: str | None
    side: Side | None
    organisation_id: int | None
    union_id: int | None
    form_token: str
    chosen: Chosen
    delegation_id: int | None = None


def enter(
    session: Session,
    event: Event,
    entry: Entry,
    placed: Placed,
    second_run_id: int | None,
    earlier: Registration | None,
    *,
    seat_index: int = 0,
    now: datetime,
) -> Registration:
    """Writes the seat, and what it has chosen. Raises `OptionIsFull` and `SessionsOverlap`."""
    row = earlier or Registration(organiser_id=event.organiser_id, event_id=event.id, created_at=now)
    _fill_in(row, entry, now=now)
    row.run_id, row.second_run_id, row.state, row.offered_until = placed.run_id, second_run_id, placed.state, None
    session.add(row)
    session.flush()
    if earlier is not None:
        forget_choices(session, row.id)
        delete_answers(session, row.id)
    if any(entry.chosen) or (event.asks_union and entry.union_id is not None):
        last_day = find_last_day(session, row.run_id, now=now)
        if event.asks_union and entry.union_id is not None:
            keep_union(session, row, entry.union_id, erase_after=last_day)
        choose(session, row, entry.chosen, erase_after=last_day, seat_index=seat_index, now=now)
    return row


def _fill_in(row: Registration, entry: Entry, *, now: datetime) -> None:
    row.person_id = entry.person_id
    row.organisation_id = entry.organisation_id
    row.delegation_id = entry.delegation_id
    row.name = entry.name
    row.email, row.email_key = entry.email, email_key(entry.email)
    row.language = entry.language
    row.side = entry.side
    row.queued_at, row.priority = now, 0
    row.form_token = entry.form_token


def find_last_day(session: Session, run_id: int, *, now: datetime) -> date:
    """The day from which is counted how long sensitive things are kept."""
    return session.get_one(Run, run_id).last_on or now.date()


def keep_union(session: Session, registration: Registration, union_id: int, *, erase_after: date) -> None:
    """For as long as the organiser keeps what is sensitive."""
    days = session.get_one(Organiser, registration.organiser_id).sensitive_days
    erase_on = erase_after + timedelta(days=days)
    session.merge(UnionPosition(registration_id=registration.id, union_id=union_id, erase_on=erase_on))
    session.flush()
