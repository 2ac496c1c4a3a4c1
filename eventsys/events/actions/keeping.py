"""What every change of an event or a run leaves: a row of history, a new edition, calendar bytes, words for search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.rules import as_plain
from eventsys.events import ics
from eventsys.events.calendar_facts import find_calendar_facts
from eventsys.events.models import Event, EventChange, EventWord, Run
from eventsys.events.rules import ChangeKind
from eventsys.organisations.rules import search_words
from eventsys.venues.models import Room, Venue

BATCH = 500
LONGEST_WORD = 100


def record(
    session: Session,
    event: Event,
    kind: ChangeKind,
    *,
    run: Run | None = None,
    facts: dict[str, Any] | None = None,
    account_id: int | None,
    now: datetime,
) -> None:
    """A row of the event's history, and the next edition of it."""
    if kind is not ChangeKind.CREATED:
        event.edition += 1
    session.add(
        EventChange(
            event_id=event.id,
            run_id=run.id if run else None,
            kind=kind,
            at=now,
            account_id=account_id,
            facts=facts or {},
        )
    )


def keep_calendar_bytes(session: Session, *, base_url: str, run_ids: Sequence[int] | None = None) -> int:
    """Writes the kept entries of these runs, or of all, anew in each language; how many runs that were.

    The revision stays: needed when the texts around an entry or the site's address change, not the entry itself.
    """
    session.flush()
    if run_ids is None:
        run_ids = session.scalars(sa.select(Run.id).order_by(Run.id)).all()
    for start in range(0, len(run_ids), BATCH):
        batch = run_ids[start : start + BATCH]
        facts = find_calendar_facts(session, batch, base_url=base_url)
        for run in session.scalars(sa.select(Run).where(Run.id.in_(batch))):
            run.ics = _entries(facts[run.id])
        session.flush()
    return len(run_ids)


def keep(session: Session, runs: Sequence[Run], base_url: str) -> None:
    keep_calendar_bytes(session, base_url=base_url, run_ids=[run.id for run in runs])


def _entries(facts: ics.CalendarFacts) -> dict[str, str]:
    """The entry in each language; none at all for a run without a date."""
    entries = {language: ics.vevent(facts, language).decode() for language in ics.LANGUAGES}
    return {language: entry for language, entry in entries.items() if entry}


def write_words(session: Session, event: Event) -> None:
    """The words of the event's titles in every language, as search finds them."""
    words = {word[:LONGEST_WORD] for title in event.title.values() for word in search_words(title)}
    there = set(session.scalars(sa.select(EventWord.word).where(EventWord.event_id == event.id)))
    gone = there - words
    if gone:
        session.execute(sa.delete(EventWord).where(EventWord.event_id == event.id, EventWord.word.in_(gone)))
    session.add_all(EventWord(event_id=event.id, word=word) for word in sorted(words - there))
    session.flush()


def list_runs(session: Session, event: Event) -> Sequence[Run]:
    return session.scalars(sa.select(Run).where(Run.event_id == event.id).order_by(Run.sort_at, Run.id)).all()


def describe(session: Session, run: Run) -> dict[str, Any]:
    """When and where the run is, as the history keeps it: plain values, venue and room by name too."""
    venue = session.get(Venue, run.venue_id) if run.venue_id else None
    room = session.get(Room, run.room_id) if run.room_id else None
    names = ("precision", "timezone", "first_on", "last_on", "starts_local", "ends_local", "venue_id", "room_id")
    places = {"venue": venue.name if venue else None, "room": room.name if room else None}
    return {**{name: as_plain(getattr(run, name)) for name in names}, **places}
