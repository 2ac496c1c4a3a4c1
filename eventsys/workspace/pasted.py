"""What becomes of a line of a pasted programme: whose draft, with which runs and audience, or why none. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from eventsys.events.announcements import Announcement, Remark, Span
from eventsys.events.announcements.words import is_nynorsk
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, Precision, RunFacts
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import name_key
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Cohort, Programme
from eventsys.venues.models import Venue


class Twin(NamedTuple):
    """What makes two events the same to somebody who pastes a programme twice."""

    organiser_id: int
    type: str
    ordinal: int | None
    first_on: date | None
    last_on: date | None
    cohort_ids: frozenset[int]


@dataclass(frozen=True)
class Known:
    """What a line may name. `owners` are the organisers for which the person may make drafts, `cohorts` by ordinal."""

    organiser: Organiser
    owners: Sequence[Organiser]
    cohorts: Mapping[int, Cohort]
    programme: Programme | None
    confederations: Sequence[Organisation]
    venues: Mapping[str, Venue]


@dataclass(frozen=True)
class Planned:
    """One line as it will be saved. Nothing is saved of a `refused` one, nor of one that is there `already`."""

    announcement: Announcement
    organiser: Organiser | None
    facts: EventFacts | None
    clauses: tuple[ClauseFacts, ...]
    runs: tuple[RunFacts, ...]
    cohorts: tuple[Cohort, ...]
    confederation: Organisation | None
    venue: Venue | None
    remarks: tuple[Remark, ...]
    already: bool

    @property
    def refused(self) -> bool:
        return self.facts is None


def plan_all(announcements: Sequence[Announcement], known: Known, twins: set[Twin]) -> list[Planned]:
    """What becomes of each line. A line that says the same as an event or as a line before it is there already."""
    seen, found = set(twins), []
    for announcement in announcements:
        planned = plan(announcement, known, seen)
        found.append(planned)
        if planned.facts is not None:
            seen.add(twin_of(planned))
    return found


def plan(announcement: Announcement, known: Known, twins: set[Twin]) -> Planned:
    owner = _owner(announcement, known)
    cohorts = tuple(known.cohorts[ordinal] for ordinal in announcement.cohorts if ordinal in known.cohorts)
    confederation = _confederation(owner, known) if announcement.representatives else None
    remarks = [*announcement.remarks, *_own_remarks(announcement, owner, confederation, known)]
    planned = Planned(
        announcement=announcement,
        organiser=owner,
        facts=_facts(announcement, known, confederation) if owner and not announcement.refused else None,
        clauses=_clauses(announcement, cohorts, confederation, known),
        runs=tuple(_run(span) for span in announcement.spans),
        cohorts=cohorts,
        confederation=confederation,
        venue=known.venues.get(name_key(announcement.venue)) if announcement.venue else None,
        remarks=tuple(remarks),
        already=False,
    )
    if planned.facts is None or twin_of(planned) not in twins:
        return planned
    return replace(planned, already=True)


def twin_of(planned: Planned) -> Twin:
    assert planned.organiser is not None
    assert planned.facts is not None
    cohort_ids = frozenset(cohort.id for cohort in planned.cohorts)
    first, facts = planned.runs[0], planned.facts
    return Twin(planned.organiser.id, facts.type, facts.ordinal, first.first_on, first.last_on, cohort_ids)


def _owner(announcement: Announcement, known: Known) -> Organiser | None:
    """The organiser that the line names, if the person may make drafts for it; else the one they work for."""
    if announcement.organiser is None:
        return known.organiser
    named = name_key(announcement.organiser)
    return next((owner for owner in known.owners if name_key(owner.name) == named), None)


def _confederation(owner: Organiser | None, known: Known) -> Organisation | None:
    if owner is None:
        return None
    own = [row for row in known.confederations if row.organiser_id == owner.id]
    named = [row for row in known.confederations if name_key(row.name) == name_key(owner.name)]
    return next(iter(own or named), None)


def _own_remarks(
    announcement: Announcement, owner: Organiser | None, confederation: Organisation | None, known: Known
) -> list[Remark]:
    """What only somebody who knows the register can say: `not_a_member` (organiser), `unknown_cohort` (ordinal),
    `no_networks` (), `no_confederation` (organiser), `no_end_time` ()."""
    found = []
    if owner is None:
        found.append(Remark("not_a_member", (announcement.organiser or "",)))
    found += [Remark("unknown_cohort", (str(n),)) for n in announcement.cohorts if n not in known.cohorts]
    if announcement.networks and known.programme is None:
        found.append(Remark("no_networks"))
    if announcement.representatives and owner is not None and confederation is None:
        found.append(Remark("no_confederation", (owner.name,)))
    if any(span.starts and not span.ends for span in announcement.spans):
        found.append(Remark("no_end_time"))
    return found


def _facts(announcement: Announcement, known: Known, confederation: Organisation | None) -> EventFacts | None:
    if announcement.type is None:
        return None
    words = re.findall(r"\w+", announcement.text.casefold())
    aimed = announcement.cohorts or announcement.networks
    return EventFacts(
        type=announcement.type,
        title={"nn" if is_nynorsk(words) else "nb": announcement.title},
        ordinal=announcement.ordinal,
        programme_id=known.programme.id if known.programme and aimed else None,
        asks_union=confederation is not None,
    )


def _clauses(
    announcement: Announcement, cohorts: Sequence[Cohort], confederation: Organisation | None, known: Known
) -> tuple[ClauseFacts, ...]:
    role = announcement.role
    found = [ClauseFacts(ClauseKind.COHORT, cohort_id=cohort.id, role=role) for cohort in cohorts]
    if announcement.networks and known.programme is not None:
        found.append(ClauseFacts(ClauseKind.ANY_NETWORK, programme_id=known.programme.id, role=role))
    if confederation is not None:
        found.append(ClauseFacts(ClauseKind.REPRESENTATIVES, organisation_id=confederation.id))
    return tuple(found)


def _run(span: Span) -> RunFacts:
    """Times without an end are left out: no length is guessed."""
    if span.precision is Precision.EXACT and span.ends is None:
        return RunFacts(Precision.DAYS, first_on=span.first_on, last_on=span.last_on)
    return RunFacts(span.precision, first_on=span.first_on, last_on=span.last_on, starts=span.starts, ends=span.ends)
