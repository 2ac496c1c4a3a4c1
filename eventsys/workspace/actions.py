"""Verbs of the organisers' pages that join several packages. The caller owns the transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from eventsys.events import actions as events
from eventsys.events.announcements import Announcement
from eventsys.events.models import Event, Run
from eventsys.events.rules import DATED, ClauseFacts, EventFacts, RunFacts
from eventsys.organisers.models import Organiser
from eventsys.registrations.actions import (
    change_capacity,
    lock_run,
    require_within,
    shift_erasure,
)
from eventsys.registrations.limits.actions import shift_days
from eventsys.registrations.limits.rules import Kind
from eventsys.registrations.queries import count_places
from eventsys.registrations.questions.actions import add_shipped_questions
from eventsys.venues import actions as venues
from eventsys.venues.models import Room, Venue
from eventsys.venues.queries import find_room, find_venue
from eventsys.workspace import queries
from eventsys.workspace.forms import RunEntry
from eventsys.workspace.pasted import Planned, plan_all


class RoomIsElsewhere(Exception):
    """The room that was chosen is at another venue than the one that was chosen, or nowhere."""


def create_event(
    session: Session,
    *,
    organiser: Organiser,
    facts: EventFacts,
    clauses: Sequence[ClauseFacts],
    runs: Sequence[RunEntry],
    base_url: str,
    account_id: int,
    now: datetime,
) -> Event:
    """A draft with its runs, asking for food and access needs. The same form sent twice within a minute makes one."""
    made = queries.find_just_made(session, organiser.id, facts.title, now=now)
    if made is not None:
        return made
    resolved = [resolve_venue(session, run, organiser=organiser) for run in runs]
    event = events.create(
        session,
        organiser_id=organiser.id,
        facts=facts,
        clauses=clauses,
        runs=resolved,
        base_url=base_url,
        account_id=account_id,
        now=now,
    )
    add_shipped_questions(session, event, account_id=account_id, now=now)
    return event


def resolve_venue(session: Session, entry: RunEntry, *, organiser: Organiser) -> RunFacts:
    """The run with the venue that was chosen, or the one of the name that was typed, added if it is new; and its room,
    which says the venue where that is left open. Raises `RoomIsElsewhere`."""
    venue: Venue | None = None
    if entry.new_venue:
        venue = venues.find_or_add(session, name=entry.new_venue, organiser_id=organiser.id)
    elif entry.venue:
        venue = find_venue(session, entry.venue, organiser_id=organiser.id)
    venue_id = venue.id if venue else None
    if not entry.room:
        return replace(entry.facts, venue_id=venue_id, timezone=organiser.timezone)
    room = _find_room(session, entry.room, organiser)
    if room is None or venue_id not in (None, room.venue_id):
        raise RoomIsElsewhere
    return replace(entry.facts, venue_id=room.venue_id, room_id=room.id, timezone=organiser.timezone)


def _find_room(session: Session, public_id: str, organiser: Organiser) -> Room | None:
    try:
        return find_room(session, uuid.UUID(public_id), organiser_id=organiser.id)
    except ValueError:
        return None


def change_run(
    session: Session, run: Run, *, facts: RunFacts, base_url: str, line: str = "", account_id: int, now: datetime
) -> None:
    """Changes when and where a run is and how many it takes, and gives places that became free to those who wait. Sessions
    and nights go along to other days, and so does the day on which answers are erased.

    Raises `TooSmall` when more people hold a place than the run would take, `TooFewRooms` of the hotel's, and
    `RoomIsTaken`.
    """
    _run, event, _organiser = lock_run(session, run.id)
    before, began, ended = count_places(session, [run.id])[run.id].capacity, _first_day(run), run.last_on
    events.change_run(session, run, facts=facts, base_url=base_url, line=line, account_id=account_id, now=now)
    begins = _first_day(run)
    if began is not None and begins is not None and begins != began:
        shift_days(session, run, days=(begins - began).days, account_id=account_id, now=now)
    if ended is not None and run.last_on is not None and run.last_on != ended:
        shift_erasure(session, run, days=(run.last_on - ended).days)
    change_capacity(session, run, facts.capacity, account_id=account_id, now=now)
    if count_places(session, [run.id])[run.id].capacity != before:
        require_within(session, event.id, [Kind.RUN], of=[run.id], now=now)


def _first_day(run: Run) -> date | None:
    return run.first_on if run.precision in DATED else None


def save_announcements(
    session: Session,
    announcements: Iterable[Announcement],
    *,
    organiser: Organiser,
    owners: Sequence[Organiser],
    base_url: str,
    account_id: int | None = None,
    now: datetime,
) -> list[tuple[Planned, Event | None]]:
    """Makes a draft of each line that says enough; no event for one that is refused or there already.

    `owners` are the organisers that a line may name («Unio arrangerer …») to get a draft of its own.
    """
    planned = preview_announcements(session, announcements, organiser=organiser, owners=owners)
    return [
        (line, None if line.refused or line.already else _save(session, line, base_url, account_id, now))
        for line in planned
    ]


def preview_announcements(
    session: Session, announcements: Iterable[Announcement], *, organiser: Organiser, owners: Sequence[Organiser]
) -> list[Planned]:
    """What `save_announcements` would do with each line; writes nothing."""
    lines = list(announcements)
    known = queries.find_known(
        session, organiser, owners=owners, venues=[line.venue for line in lines if line.venue is not None]
    )
    return plan_all(lines, known, queries.list_twins(session, [owner.id for owner in known.owners]))


def _save(session: Session, line: Planned, base_url: str, account_id: int | None, now: datetime) -> Event:
    assert line.facts is not None
    assert line.organiser is not None
    named, owner = line.announcement.venue, line.organiser.id
    venue = venues.find_or_add(session, name=named, organiser_id=owner) if named else None
    runs = [replace(run, venue_id=venue.id if venue else None, timezone=line.organiser.timezone) for run in line.runs]
    event = events.create(
        session,
        organiser_id=line.organiser.id,
        facts=line.facts,
        clauses=line.clauses,
        runs=runs,
        base_url=base_url,
        account_id=account_id,
        now=now,
    )
    add_shipped_questions(session, event, account_id=account_id, now=now)
    return event
