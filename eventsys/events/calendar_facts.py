"""Reads what the calendar entries of runs are made of: for kept bytes and for the calendar parts of mail."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.ics import TYPE_NAMES, CalendarFacts
from eventsys.events.models import Event, EventClause, Run
from eventsys.extensions import Translated
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Cohort
from eventsys.venues.models import Room, Venue


def find_calendar_facts(session: Session, run_ids: Sequence[int], *, base_url: str) -> dict[int, CalendarFacts]:
    """The facts of each run there is, in two statements. `base_url` is where people reach the site."""
    rows = session.execute(
        sa.select(Run, Event, Venue, Room.name, Organiser.language)
        .join(Event, Run.event_id == Event.id)
        .join(Organiser, Event.organiser_id == Organiser.id)
        .outerjoin(Venue, Run.venue_id == Venue.id)
        .outerjoin(Room, Run.room_id == Room.id)
        .where(Run.id.in_(run_ids))
        .order_by(Run.id)
    ).all()
    cohorts = _find_cohorts(session, {event.id for _run, event, _venue, _room, _language in rows})
    return {
        run.id: _make_facts(run, event, venue, room, language, cohorts.get(event.id, []), base_url)
        for run, event, venue, room, language in rows
    }


def _find_cohorts(session: Session, event_ids: set[int]) -> dict[int, list[Translated]]:
    statement = (
        sa.select(EventClause.event_id, Cohort.name)
        .join(Cohort, EventClause.cohort_id == Cohort.id)
        .where(EventClause.event_id.in_(event_ids))
        .order_by(Cohort.ordinal, Cohort.id)
    )
    found: dict[int, list[Translated]] = {}
    for event_id, name in session.execute(statement):
        found.setdefault(event_id, []).append(name)
    return found


def _make_facts(
    run: Run,
    event: Event,
    venue: Venue | None,
    room: str | None,
    language: str,
    cohorts: Sequence[Translated],
    base_url: str,
) -> CalendarFacts:
    return CalendarFacts(
        uid=run.uid,
        sequence=run.sequence,
        status=run.status,
        precision=run.precision,
        first_on=run.first_on,
        last_on=run.last_on,
        starts_local=run.starts_local,
        ends_local=run.ends_local,
        timezone=run.timezone,
        title=event.title,
        description=event.description,
        venue_name=", ".join(name for name in (venue.name, room) if name) if venue else "",
        venue_address=venue.address if venue else "",
        url="" if event.is_closed else f"{base_url.rstrip('/')}/events/{event.slug}",
        created_at=run.created_at,
        revised_at=run.revised_at,
        categories=(TYPE_NAMES[event.type], *cohorts),
        language=language,
    )
