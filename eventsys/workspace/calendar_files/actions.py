"""What becomes of each entry of a calendar file, and drafts of those that are chosen."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events import actions as events
from eventsys.events.announcements.words import is_nynorsk
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventFacts, EventStatus, EventType
from eventsys.events.starting.calendar_files import CalendarEntry
from eventsys.events.starting.rules import BEGINNINGS
from eventsys.organisations.rules import name_key
from eventsys.organisers.models import Organiser
from eventsys.registrations.questions.actions import add_shipped_questions
from eventsys.venues import actions as venues
from eventsys.venues.queries import list_by_name


class PlannedEntry(NamedTuple):
    """An entry as it would be saved. Nothing is saved of one that is there `already` or has a fault."""

    entry: CalendarEntry
    is_new_venue: bool
    already: bool

    @property
    def can_be_saved(self) -> bool:
        return not self.entry.fault and not self.already and bool(self.entry.title)


def plan_entries(session: Session, entries: Sequence[CalendarEntry], *, organiser: Organiser) -> list[PlannedEntry]:
    """What would become of each entry; one that says the same as an event, or as an entry before it, is there already."""
    known = list_by_name(session, [entry.place for entry in entries if entry.place])
    seen = _list_twins(session, organiser.id)
    planned = []
    for entry in entries:
        twin = _twin(entry.title, entry.run.first_on if entry.run else None)
        is_new = bool(entry.place) and name_key(entry.place) not in known
        planned.append(PlannedEntry(entry, is_new, entry.run is not None and twin in seen))
        seen.add(twin)
    return planned


def save_entries(
    session: Session,
    entries: Sequence[CalendarEntry],
    *,
    chosen: Collection[int],
    kind: EventType,
    organiser: Organiser,
    base_url: str,
    account_id: int,
    now: datetime,
) -> list[Event]:
    """A draft of each entry whose number was chosen and that can be saved. Sent twice it makes each once."""
    session.execute(sa.select(Organiser.id).where(Organiser.id == organiser.id).with_for_update(key_share=True))
    planned = plan_entries(session, entries, organiser=organiser)
    made = []
    for line in planned:
        if line.entry.number in chosen and line.can_be_saved:
            made.append(_save(session, line.entry, kind, organiser, base_url, account_id, now))
    return made


def _save(
    session: Session,
    entry: CalendarEntry,
    kind: EventType,
    organiser: Organiser,
    base_url: str,
    account_id: int,
    now: datetime,
) -> Event:
    assert entry.run is not None
    words = re.findall(r"\w+", f"{entry.title} {entry.description}".casefold())
    language = "nn" if is_nynorsk(words) else "nb"
    venue = venues.find_or_add(session, name=entry.place, organiser_id=organiser.id) if entry.place else None
    event = events.create(
        session,
        organiser_id=organiser.id,
        facts=EventFacts(
            kind,
            {language: entry.title},
            description={language: entry.description} if entry.description else {},
            is_closed=BEGINNINGS[kind].is_closed,
        ),
        clauses=[],
        runs=[replace(entry.run, venue_id=venue.id if venue else None)],
        base_url=base_url,
        account_id=account_id,
        now=now,
    )
    add_shipped_questions(session, event, account_id=account_id, now=now)
    return event


def _list_twins(session: Session, organiser_id: int) -> set[tuple[str, date | None]]:
    statement = (
        sa.select(Event.title, Run.first_on)
        .join(Run, Run.event_id == Event.id)
        .where(Event.organiser_id == organiser_id, Event.status != EventStatus.CANCELLED)
    )
    return {_twin(text, first_on) for title, first_on in session.execute(statement) for text in title.values()}


def _twin(title: str, first_on: date | None) -> tuple[str, date | None]:
    return name_key(title), first_on
