"""The seven activities of the autumn of 2008 as events, read from the announcement; and what has been made before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from eventsys.accounts.models import Account
from eventsys.demo import programme as plan
from eventsys.demo.history.calls import By
from eventsys.events import actions as events
from eventsys.events.announcements import Announcement, read
from eventsys.events.models import Event, Series
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventType, RunFacts
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Programme
from eventsys.venues.actions import find_or_add as find_or_add_venue

ANNOUNCEMENT = Path(__file__).parent / "data" / "activities-2008.txt"
YEAR = 2008


@dataclass
class Parts:
    """What has been made so far, by its name or number."""

    organisers: dict[str, Organiser]
    accounts: dict[str, Account]
    programme: Programme
    cohort_ids: dict[int, int]
    members: dict[int, list[Organisation]]
    unio: Organisation
    unions: list[Organisation]
    series: dict[int, Series] = field(default_factory=dict)
    held: list[Event] = field(default_factory=list)
    by: By | None = None


def build_events(session: Session, parts: Parts, base_url: str) -> Iterator[tuple[Event, plan.Activity]]:
    lines = read(ANNOUNCEMENT.read_text(encoding="utf-8"), year=YEAR)
    for line, activity in zip(lines, plan.ACTIVITIES, strict=True):
        organiser = parts.organisers[plan.UNIO if line.organiser == "Unio" else plan.SECRETARIAT]
        account_id = parts.accounts[plan.ACCOUNTS[line.organiser == "Unio"][1]].id
        event = events.create(
            session,
            organiser_id=organiser.id,
            facts=_facts(line, activity, parts),
            clauses=_clauses(line, parts),
            runs=_runs(session, line, activity),
            base_url=base_url,
            account_id=account_id,
            now=plan.SET_UP_AT,
        )
        events.publish(session, event, account_id=account_id, now=plan.ANNOUNCED_AT)
        yield event, activity


def _facts(line: Announcement, activity: plan.Activity, parts: Parts) -> EventFacts:
    if line.type is None:
        raise ValueError(f"no type in the line {line.text!r}")
    return EventFacts(
        type=line.type,
        title=activity.title,
        ordinal=line.ordinal,
        description=activity.description,
        programme_id=None if line.organiser else parts.programme.id,
        asks_union=line.representatives,
        opens_on=activity.opens_on,
        closes_on=activity.closes_on,
        series_id=_series_of(line, parts),
    )


def _series_of(line: Announcement, parts: Parts) -> int | None:
    """A learning seminar goes on from those that its cohort has had."""
    series = parts.series.get(line.cohorts[0]) if line.type is EventType.LEARNING_SEMINAR and line.cohorts else None
    return series.id if series else None


def _clauses(line: Announcement, parts: Parts) -> list[ClauseFacts]:
    clauses = [
        ClauseFacts(ClauseKind.COHORT, cohort_id=parts.cohort_ids[ordinal], role=line.role) for ordinal in line.cohorts
    ]
    if line.networks:
        clauses.append(ClauseFacts(ClauseKind.ANY_NETWORK, programme_id=parts.programme.id))
    if line.representatives:
        clauses.append(ClauseFacts(ClauseKind.REPRESENTATIVES, organisation_id=parts.unio.id))
    return clauses


def _runs(session: Session, line: Announcement, activity: plan.Activity) -> list[RunFacts]:
    venue = find_or_add_venue(session, name=line.venue) if line.venue else None
    return [
        RunFacts(
            precision=span.precision,
            first_on=span.first_on,
            last_on=span.last_on,
            starts=span.starts,
            ends=span.ends,
            venue_id=venue.id if venue else None,
            capacity=activity.capacity,
        )
        for span in line.spans
    ]
