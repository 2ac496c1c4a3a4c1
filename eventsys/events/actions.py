"""The verbs of events and runs: made, edited, moved, published, cancelled; each writes history and calendar entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from eventsys import texts
from eventsys.events import ics, rules
from eventsys.events.calendar_facts import find_calendar_facts
from eventsys.events.models import Event, EventChange, EventClause, Run
from eventsys.events.rules import ChangeKind, ClauseFacts, EventFacts, EventStatus, RunFacts, RunStatus
from eventsys.programmes.models import Cohort, Network
from eventsys.venues.models import Venue

BATCH = 500


def create(
    session: Session,
    *,
    organiser_id: int,
    facts: EventFacts,
    clauses: Sequence[ClauseFacts],
    runs: Sequence[RunFacts],
    base_url: str,
    account_id: int | None = None,
    now: datetime,
) -> Event:
    """A new event, a draft, with its runs and a slug of its own. Raises `rules.RunIsWrong` for impossible times."""
    slug = _find_slug(session, facts, clauses)
    event = Event(organiser_id=organiser_id, slug=slug, created_at=now, revised_at=now, **_columns(facts))
    event.clauses = [EventClause(**asdict(clause)) for clause in clauses]
    event.runs = [_new_run(organiser_id, run, now) for run in runs]
    session.add(event)
    session.flush()
    _record(session, event, ChangeKind.CREATED, account_id=account_id, now=now)
    _keep(session, event.runs, base_url)
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
    before = {name: getattr(event, name) for name in _columns(facts)}
    changed = [name for name, value in _columns(facts).items() if before[name] != value]
    if _change_clauses(session, event, clauses):
        changed.append("clauses")
    if not changed:
        return False
    for name, value in _columns(facts).items():
        setattr(event, name, value)
    event.revised_at = now
    runs = _list_runs(session, event)
    for run in runs:
        run.revised_at = now
    _record(session, event, ChangeKind.EDITED, facts={"fields": changed}, account_id=account_id, now=now)
    _keep(session, runs, base_url)
    return True


def add_run(
    session: Session, event: Event, *, facts: RunFacts, base_url: str, account_id: int | None = None, now: datetime
) -> Run:
    """One more run of the event. Raises `rules.RunIsWrong` for impossible times."""
    run = _new_run(event.organiser_id, facts, now)
    run.event_id = event.id
    session.add(run)
    session.flush()
    to = _describe(session, run)
    _record(session, event, ChangeKind.RUN_ADDED, run=run, facts={"to": to}, account_id=account_id, now=now)
    _keep(session, [run], base_url)
    set_committed_value(event, "runs", list(_list_runs(session, event)))
    return run


def change_run(
    session: Session, run: Run, *, facts: RunFacts, base_url: str, account_id: int | None = None, now: datetime
) -> bool:
    """Moves the run in time or place; False and no trace if it stays where it is. The capacity is left alone.

    Raises `rules.RunIsWrong` for impossible times.
    """
    columns = {**rules.resolve(facts), "venue_id": facts.venue_id}
    if all(getattr(run, name) == value for name, value in columns.items()):
        return False
    before = _describe(session, run)
    for name, value in columns.items():
        setattr(run, name, value)
    _revise(run, now)
    moved = {"from": before, "to": _describe(session, run)}
    _record(session, run, ChangeKind.RUN_CHANGED, run=run, facts=moved, account_id=account_id, now=now)
    _keep(session, [run], base_url)
    return True


def publish(session: Session, event: Event, *, account_id: int | None = None, now: datetime) -> bool:
    """Shows a draft to all; False if it is no draft."""
    if event.status is not EventStatus.DRAFT:
        return False
    event.status = EventStatus.PUBLISHED
    event.revised_at = now
    _record(session, event, ChangeKind.PUBLISHED, account_id=account_id, now=now)
    session.flush()
    return True


def cancel_run(session: Session, run: Run, *, base_url: str, account_id: int | None = None, now: datetime) -> bool:
    """Cancels one run for good; False if it is cancelled already. It stays in calendars, as cancelled."""
    if run.status is RunStatus.CANCELLED:
        return False
    run.status = RunStatus.CANCELLED
    run.cancelled_at = now
    _revise(run, now)
    facts = {"from": _describe(session, run)}
    _record(session, run, ChangeKind.RUN_CANCELLED, run=run, facts=facts, account_id=account_id, now=now)
    _keep(session, [run], base_url)
    return True


def cancel(session: Session, event: Event, *, base_url: str, account_id: int | None = None, now: datetime) -> bool:
    """Cancels the event and each of its runs; False if it is cancelled already."""
    if event.status is EventStatus.CANCELLED:
        return False
    event.status = EventStatus.CANCELLED
    event.revised_at = now
    _record(session, event, ChangeKind.CANCELLED, account_id=account_id, now=now)
    for run in _list_runs(session, event):
        cancel_run(session, run, base_url=base_url, account_id=account_id, now=now)
    session.flush()
    return True


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


def _keep(session: Session, runs: Sequence[Run], base_url: str) -> None:
    keep_calendar_bytes(session, base_url=base_url, run_ids=[run.id for run in runs])


def _entries(facts: ics.CalendarFacts) -> dict[str, str]:
    """The entry in each language; none at all for a run without a date."""
    entries = {language: ics.vevent(facts, language).decode() for language in ics.LANGUAGES}
    return {language: entry for language, entry in entries.items() if entry}


def _columns(facts: EventFacts) -> dict[str, Any]:
    return asdict(facts)


def _new_run(organiser_id: int, facts: RunFacts, now: datetime) -> Run:
    columns = rules.resolve(facts)
    return Run(
        organiser_id=organiser_id,
        venue_id=facts.venue_id,
        capacity=facts.capacity,
        created_at=now,
        revised_at=now,
        **columns,
    )


def _revise(run: Run, now: datetime) -> None:
    """Start, end, place or status changed: the one thing that raises SEQUENCE."""
    run.sequence += 1
    run.revised_at = now


def _list_runs(session: Session, event: Event) -> Sequence[Run]:
    return session.scalars(sa.select(Run).where(Run.event_id == event.id).order_by(Run.sort_at, Run.id)).all()


def _change_clauses(session: Session, event: Event, clauses: Sequence[ClauseFacts]) -> bool:
    """Makes the event's clauses these; whether that changed anything. Those that stay keep their rows."""
    rows = session.scalars(sa.select(EventClause).where(EventClause.event_id == event.id)).all()
    old = {_clause(row): row for row in rows}
    gone, new = [row for facts, row in old.items() if facts not in clauses], [c for c in clauses if c not in old]
    for row in gone:
        session.delete(row)
    session.flush()
    added = [EventClause(event_id=event.id, **asdict(clause)) for clause in dict.fromkeys(new)]
    session.add_all(added)
    session.flush()
    set_committed_value(event, "clauses", [row for row in rows if row not in gone] + added)
    return bool(gone or new)


def _clause(row: EventClause) -> ClauseFacts:
    return ClauseFacts(row.kind, row.cohort_id, row.network_id, row.programme_id, row.organisation_id, row.role)


def _describe(session: Session, run: Run) -> dict[str, Any]:
    """When and where the run is, as the history keeps it: plain values, the venue by name too."""
    venue = session.get(Venue, run.venue_id) if run.venue_id else None
    names = ("precision", "timezone", "first_on", "last_on", "starts_local", "ends_local", "venue_id")
    return {**{name: _plain(getattr(run, name)) for name in names}, "venue": venue.name if venue else None}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _record(
    session: Session,
    of: Event | Run,
    kind: ChangeKind,
    *,
    run: Run | None = None,
    facts: dict[str, Any] | None = None,
    account_id: int | None,
    now: datetime,
) -> None:
    event_id = of.event_id if isinstance(of, Run) else of.id
    run_id = run.id if run else None
    session.add(
        EventChange(event_id=event_id, run_id=run_id, kind=kind, at=now, account_id=account_id, facts=facts or {})
    )


def _find_slug(session: Session, facts: EventFacts, clauses: Sequence[ClauseFacts]) -> str:
    """The title, the ordinal and the one cohort or network, as an address that no event has."""
    words = [texts.read(facts.title, "nb").value, str(facts.ordinal or ""), _name_of_one(session, clauses)]
    slug = rules.make_slug(words, fallback=facts.type)
    near = sa.select(Event.slug).where(sa.or_(Event.slug == slug, Event.slug.startswith(f"{slug}-", autoescape=True)))
    return rules.first_free(slug, set(session.scalars(near)))


def _name_of_one(session: Session, clauses: Sequence[ClauseFacts]) -> str:
    """The cohort's or network's name where the event is for one alone."""
    if len(clauses) != 1:
        return ""
    if clauses[0].cohort_id:
        cohort = session.get_one(Cohort, clauses[0].cohort_id)
        return texts.read(cohort.name, "nb").value
    return session.get_one(Network, clauses[0].network_id).name if clauses[0].network_id else ""
