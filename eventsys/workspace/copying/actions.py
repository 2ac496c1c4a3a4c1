"""The verbs that make events over again. What follows is chosen; registrations, mail and history never do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events import actions as events
from eventsys.events.bookings.actions import follow_run
from eventsys.events.contacts.actions import copy_contacts
from eventsys.events.copying.rules import Follow, days_between, move, name_in_year, shift_day
from eventsys.events.materials.actions import copy_materials
from eventsys.events.models import Event, EventChange, EventSession, Run, Series
from eventsys.events.programme.actions import copy_programme
from eventsys.events.rules import ChangeKind, EventFacts, Precision, RunFacts
from eventsys.events.series.actions import add_series
from eventsys.organisers.models import Organiser
from eventsys.registrations.limits.actions import copy_terms
from eventsys.registrations.questions.actions import copy_questions
from eventsys.workflows.actions.switching import copy_rules
from eventsys.workspace.copying.forms import CopyEntry, SeriesEntry, with_follows

COPY_OF = "copy_of"
PRESSED_TWICE = timedelta(minutes=1)
DEADLINES = ("opens_on", "closes_on", "names_by", "change_by", "cancel_by", "hand_over_by")


def facts_of(run: Run) -> RunFacts:
    """When and where a run is, as it was given."""
    return RunFacts(
        run.precision,
        first_on=run.first_on,
        last_on=run.last_on,
        starts=run.starts_local.time() if run.starts_local else None,
        ends=run.ends_local.time() if run.ends_local else None,
        venue_id=run.venue_id,
        capacity=run.capacity,
        timezone=run.timezone,
        room_id=run.room_id,
        layout=run.layout,
    )


def copy_event(
    session: Session,
    event: Event,
    entry: CopyEntry,
    *,
    organiser: Organiser,
    series_id: int | None,
    base_url: str,
    account_id: int,
    now: datetime,
) -> Event:
    """A draft like the event, whose runs and clauses are loaded, as far as the entry says. Pressed twice within a minute it
    makes one. Raises `RoomIsTaken` where a room that follows is taken then, and nothing of the transaction may be kept.
    """
    _lock(session, organiser.id)
    made = _find_just_made(session, event, entry, now)
    if made is not None:
        return made
    chosen = [run for run in event.runs if str(run.uid) in entry.begins]
    runs = [with_follows(move(facts_of(run), entry.begins[str(run.uid)]), entry.follows) for run in chosen]
    copy = events.create(
        session,
        organiser_id=organiser.id,
        facts=_facts(event, entry, series_id),
        clauses=[events.clause_facts(row) for row in event.clauses] if Follow.AUDIENCE in entry.follows else [],
        runs=runs or [RunFacts(Precision.UNKNOWN, timezone=organiser.timezone)],
        base_url=base_url,
        origin={COPY_OF: event.id},
        account_id=account_id,
        now=now,
    )
    pairs = list(zip(chosen, copy.runs, strict=False))
    _move_deadlines(event, copy, entry, pairs)
    _copy_rest(session, event, copy, entry, pairs, account_id=account_id, now=now)
    return copy


def copy_series(
    session: Session,
    series: Series,
    originals: Sequence[Event],
    entry: SeriesEntry,
    *,
    organiser: Organiser,
    base_url: str,
    account_id: int,
    now: datetime,
) -> tuple[Series, list[Event]]:
    """The events of a series made over again as one of its own, each as `copy_event` does, those alone of which a run was
    chosen. Their titles say the years that their days do. Pressed twice within a minute it makes one."""
    _lock(session, organiser.id)
    chosen = [event for event in originals if any(str(run.uid) in entry.begins for run in event.runs)]
    new = _find_series_just_made(session, series, entry, now)
    if new is None:
        new = add_series(
            session, organiser_id=organiser.id, name=entry.name, programme_id=series.programme_id,
            cohort_id=series.cohort_id, group_id=series.group_id, now=now,
        )  # fmt: skip
    made = [
        copy_event(
            session, event, _of_one(event, entry), organiser=organiser, series_id=new.id, base_url=base_url,
            account_id=account_id, now=now,
        )
        for event in chosen
    ]  # fmt: skip
    return new, made


def _find_series_just_made(session: Session, series: Series, entry: SeriesEntry, now: datetime) -> Series | None:
    recent = sa.select(Series).where(
        Series.organiser_id == series.organiser_id, Series.id != series.id, Series.created_at > now - PRESSED_TWICE
    )
    return next((row for row in session.scalars(recent) if row.name == entry.name), None)


def _of_one(event: Event, entry: SeriesEntry) -> CopyEntry:
    begins = {str(run.uid): entry.begins[str(run.uid)] for run in event.runs if str(run.uid) in entry.begins}
    years = _years_between(event, begins)
    return CopyEntry(name_in_year(event.title, years), event.ordinal, "", entry.follows, begins)


def _years_between(event: Event, begins: Mapping[str, date | None]) -> int:
    """How many years later the first run that has a day is than it was."""
    pairs = [(run.first_on, begins.get(str(run.uid))) for run in event.runs]
    known = [(old, new) for old, new in pairs if old is not None and new is not None]
    return known[0][1].year - known[0][0].year if known else 0


def _lock(session: Session, organiser_id: int) -> None:
    """So that the second of two presses sees what the first made."""
    session.execute(sa.select(Organiser.id).where(Organiser.id == organiser_id).with_for_update(key_share=True))


def _find_just_made(session: Session, event: Event, entry: CopyEntry, now: datetime) -> Event | None:
    """The copy of the event, called so, that was made a moment ago: a button pressed twice."""
    rows = session.execute(
        sa.select(Event, EventChange.facts)
        .join(EventChange, EventChange.event_id == Event.id)
        .where(
            Event.organiser_id == event.organiser_id,
            EventChange.kind == ChangeKind.CREATED,
            EventChange.at > now - PRESSED_TWICE,
        )
    )
    return next((made for made, facts in rows if facts.get(COPY_OF) == event.id and made.title == entry.title), None)


def _facts(event: Event, entry: CopyEntry, series_id: int | None) -> EventFacts:
    follows_audience = Follow.AUDIENCE in entry.follows
    return EventFacts(
        type=event.type,
        title=entry.title,
        ordinal=entry.ordinal,
        description=dict(event.description) if Follow.TEXTS in entry.follows else {},
        programme_id=event.programme_id if follows_audience else None,
        asks_union=event.asks_union and follows_audience,
        by_invitation=event.by_invitation and follows_audience,
        is_closed=event.is_closed,
        series_id=series_id,
    )


def _move_deadlines(event: Event, copy: Event, entry: CopyEntry, pairs: Sequence[tuple[Run, Run]]) -> None:
    """As far from the first run as they were."""
    if Follow.DEADLINES not in entry.follows:
        return
    known = [(run, other) for run, other in pairs if run.first_on and other.first_on]
    days = days_between(known[0][0].first_on, known[0][1].first_on) if known else None
    for name in DEADLINES:
        setattr(copy, name, shift_day(getattr(event, name), days))


def _copy_rest(
    session: Session,
    event: Event,
    copy: Event,
    entry: CopyEntry,
    pairs: Sequence[tuple[Run, Run]],
    *,
    account_id: int,
    now: datetime,
) -> None:
    follows = entry.follows
    if Follow.RULES in follows:
        copy_rules(session, event.id, copy.id, account_id=account_id, now=now)
    if Follow.LIMITS in follows:
        copy_terms(session, event, copy)
    if Follow.QUESTIONS in follows:
        copy_questions(session, event.id, copy.id, account_id=account_id, now=now)
    if Follow.CONTACTS in follows:
        copy_contacts(session, event, copy)
    sessions: dict[int, int] = {}
    if Follow.PROGRAMME in follows:
        for run, other in pairs:
            sessions |= _copy_sessions(session, run, other, entry, account_id=account_id, now=now)
    if Follow.MATERIALS in follows:
        copy_materials(session, event, copy, sessions=sessions, account_id=account_id, now=now)
    session.flush()


def _copy_sessions(
    session: Session, run: Run, other: Run, entry: CopyEntry, *, account_id: int, now: datetime
) -> dict[int, int]:
    """The new id of each session, with its room booked where rooms follow."""
    days = days_between(run.first_on, other.first_on)
    made = copy_programme(session, run, other, days=days, account_id=account_id, now=now)
    if Follow.PLACES not in entry.follows:
        session.execute(sa.update(EventSession).where(EventSession.id.in_(made.values())).values(room_id=None))
    follow_run(session, other, account_id=account_id, now=now)
    return made
