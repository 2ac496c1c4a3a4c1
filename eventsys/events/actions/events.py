"""The verbs of events: made, edited, published, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from eventsys import texts
from eventsys.accounts.log.rules import as_plain
from eventsys.events import rules
from eventsys.events.actions.keeping import keep, list_runs, record, write_words
from eventsys.events.actions.runs import cancel_run, new_run
from eventsys.events.bookings.actions import follow_run
from eventsys.events.models import Event, EventClause
from eventsys.events.rules import ChangeKind, ClauseFacts, EventFacts, EventStatus, RunFacts
from eventsys.programmes.models import Cohort, Network

RESERVED = ("new",)
"""Addresses beside events that are of no event."""


def create(
    session: Session,
    *,
    organiser_id: int,
    facts: EventFacts,
    clauses: Sequence[ClauseFacts],
    runs: Sequence[RunFacts],
    base_url: str,
    origin: dict[str, Any] | None = None,
    account_id: int | None = None,
    now: datetime,
) -> Event:
    """A new event, a draft, with its runs and a slug of its own; `origin` is what its history says that it was made of.

    Raises `rules.RunIsWrong` for impossible times, and `RoomIsTaken`.
    """
    slug = _find_slug(session, facts, clauses)
    event = Event(organiser_id=organiser_id, slug=slug, edition=1, created_at=now, revised_at=now, **asdict(facts))
    event.clauses = [EventClause(**asdict(clause)) for clause in clauses]
    event.runs = [new_run(organiser_id, run, now) for run in runs]
    session.add(event)
    session.flush()
    record(session, event, ChangeKind.CREATED, facts=origin, account_id=account_id, now=now)
    write_words(session, event)
    for run in event.runs:
        follow_run(session, run, account_id=account_id, now=now)
    keep(session, event.runs, base_url)
    return event


def edit(
    session: Session,
    event: Event,
    *,
    facts: EventFacts,
    clauses: Sequence[ClauseFacts],
    base_url: str,
    account_id: int | None = None,
    now: datetime,
) -> bool:
    """Changes what the event is and for whom; False and no trace if all is as before. The slug stays."""
    columns = asdict(facts)
    changed = [name for name, value in columns.items() if getattr(event, name) != value]
    told = {
        "from": {name: as_plain(getattr(event, name)) for name in changed},
        "to": {name: as_plain(columns[name]) for name in changed},
    }
    if _change_clauses(session, event, clauses):
        changed.append("clauses")
    if not changed:
        return False
    for name, value in columns.items():
        setattr(event, name, value)
    event.revised_at = now
    runs = list_runs(session, event)
    for run in runs:
        run.revised_at = now
    record(session, event, ChangeKind.EDITED, facts={"fields": changed, **told}, account_id=account_id, now=now)
    write_words(session, event)
    keep(session, runs, base_url)
    return True


def publish(session: Session, event: Event, *, account_id: int | None = None, now: datetime) -> bool:
    """Shows a draft to all; False if it is no draft."""
    if event.status is not EventStatus.DRAFT:
        return False
    event.status = EventStatus.PUBLISHED
    event.revised_at = now
    record(session, event, ChangeKind.PUBLISHED, account_id=account_id, now=now)
    session.flush()
    return True


def cancel(
    session: Session, event: Event, *, base_url: str, line: str = "", account_id: int | None = None, now: datetime
) -> bool:
    """Cancels the event and each of its runs; False if it is cancelled already."""
    if event.status is EventStatus.CANCELLED:
        return False
    event.status = EventStatus.CANCELLED
    event.revised_at = now
    record(session, event, ChangeKind.CANCELLED, account_id=account_id, now=now)
    for run in list_runs(session, event):
        cancel_run(session, run, base_url=base_url, line=line, account_id=account_id, now=now)
    session.flush()
    return True


def _change_clauses(session: Session, event: Event, clauses: Sequence[ClauseFacts]) -> bool:
    """Makes the event's clauses these; whether that changed anything. Those that stay keep their rows."""
    rows = session.scalars(sa.select(EventClause).where(EventClause.event_id == event.id)).all()
    old = {clause_facts(row): row for row in rows}
    gone, new = [row for facts, row in old.items() if facts not in clauses], [c for c in clauses if c not in old]
    for row in gone:
        session.delete(row)
    session.flush()
    added = [EventClause(event_id=event.id, **asdict(clause)) for clause in dict.fromkeys(new)]
    session.add_all(added)
    session.flush()
    set_committed_value(event, "clauses", [row for row in rows if row not in gone] + added)
    return bool(gone or new)


def clause_facts(row: EventClause) -> ClauseFacts:
    """The clause as it was given."""
    return ClauseFacts(
        row.kind,
        cohort_id=row.cohort_id,
        network_id=row.network_id,
        programme_id=row.programme_id,
        organisation_id=row.organisation_id,
        role=row.role,
        group_id=row.group_id,
    )


def _find_slug(session: Session, facts: EventFacts, clauses: Sequence[ClauseFacts]) -> str:
    """The title, the ordinal and the one cohort or network, as an address that no event has."""
    words = [texts.read(facts.title, "nb").value, str(facts.ordinal or ""), _name_of_one(session, clauses)]
    slug = rules.make_slug(words, fallback=facts.type)
    near = sa.select(Event.slug).where(sa.or_(Event.slug == slug, Event.slug.startswith(f"{slug}-", autoescape=True)))
    return rules.first_free(slug, {*session.scalars(near), *RESERVED})


def _name_of_one(session: Session, clauses: Sequence[ClauseFacts]) -> str:
    """The cohort's or network's name where the event is for one alone."""
    if len(clauses) != 1:
        return ""
    if clauses[0].cohort_id:
        cohort = session.get_one(Cohort, clauses[0].cohort_id)
        return texts.read(cohort.name, "nb").value
    return session.get_one(Network, clauses[0].network_id).name if clauses[0].network_id else ""
