"""An event made over again: its texts, whom it is for, its rules, questions, quotas and as many runs, without days and
without history."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events import actions as events
from eventsys.events.models import Event, EventChange, EventClause, Run
from eventsys.events.rules import ChangeKind, ClauseFacts, EventFacts, Precision, RunFacts, RunStatus
from eventsys.organisers.models import Organiser
from eventsys.registrations.limits.actions import copy_terms
from eventsys.registrations.questions.actions import copy_questions
from eventsys.workflows.actions.switching import copy_rules

COPY_OF = "copy_of"
PRESSED_TWICE = timedelta(minutes=1)


def copy_event(
    session: Session, event: Event, *, organiser: Organiser, base_url: str, account_id: int, now: datetime
) -> Event:
    """A draft like the event, whose runs and clauses are loaded. The title stays, since it is most often the next of a
    series; days, deadlines, people and mail are the old one's own. Pressed twice within a minute it makes one.
    """
    _lock(session, organiser.id)
    made = _find_just_made(session, event, now)
    if made is not None:
        return made
    copy = events.create(
        session,
        organiser_id=organiser.id,
        facts=_facts(event),
        clauses=[_clause(clause) for clause in event.clauses],
        runs=[_run(run) for run in event.runs if run.status is RunStatus.PLANNED] or [RunFacts(Precision.UNKNOWN)],
        base_url=base_url,
        account_id=account_id,
        now=now,
    )
    _note_origin(session, copy, event)
    copy_rules(session, event.id, copy.id, account_id=account_id, now=now)
    copy_terms(session, event, copy)
    copy_questions(session, event.id, copy.id, account_id=account_id, now=now)
    return copy


def _lock(session: Session, organiser_id: int) -> None:
    """So that the second of two presses sees what the first made."""
    session.execute(sa.select(Organiser.id).where(Organiser.id == organiser_id).with_for_update(key_share=True))


def _find_just_made(session: Session, event: Event, now: datetime) -> Event | None:
    """The copy of the event that was made a moment ago: a button pressed twice."""
    rows = session.execute(
        sa.select(Event, EventChange.facts)
        .join(EventChange, EventChange.event_id == Event.id)
        .where(
            Event.organiser_id == event.organiser_id,
            EventChange.kind == ChangeKind.CREATED,
            EventChange.at > now - PRESSED_TWICE,
        )
    )
    return next((made for made, facts in rows if facts.get(COPY_OF) == event.id), None)


def _note_origin(session: Session, copy: Event, event: Event) -> None:
    """Its history begins with what it was made of."""
    session.flush()
    created = (EventChange.event_id == copy.id, EventChange.kind == ChangeKind.CREATED)
    session.execute(sa.update(EventChange).where(*created).values(facts={COPY_OF: event.id}))


def _facts(event: Event) -> EventFacts:
    return EventFacts(
        type=event.type,
        title=dict(event.title),
        ordinal=event.ordinal,
        description=dict(event.description),
        programme_id=event.programme_id,
        asks_union=event.asks_union,
    )


def _clause(row: EventClause) -> ClauseFacts:
    return ClauseFacts(row.kind, row.cohort_id, row.network_id, row.programme_id, row.organisation_id, row.role)


def _run(run: Run) -> RunFacts:
    """The place and how many it takes; when it is, is not known yet."""
    return RunFacts(Precision.UNKNOWN, venue_id=run.venue_id, capacity=run.capacity, timezone=run.timezone)
