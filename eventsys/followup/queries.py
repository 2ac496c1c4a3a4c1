"""Reads of the figures: what history added up to, who has a place, which events came before. Numbers, never names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from eventsys.audiences.queries import scope
from eventsys.events.models import Event, EventClause, Run
from eventsys.events.rules import ClauseKind, EventStatus
from eventsys.followup.rules.curve import Delta
from eventsys.followup.rules.totals import Seats
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import OrganisationKind
from eventsys.programmes.models import Cohort, CohortMembership, Network, NetworkMembership
from eventsys.programmes.queries import lasts
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import ENDED, HOLDS_A_PLACE, State

MOST_EARLIER = 4
MOST_MISSING = 200


def list_deltas(session: Session, event_ids: Sequence[int]) -> dict[int, list[Delta]]:
    """What each hour added to those with a place and those who wait, by event, as history has it."""
    hour, was, became = _hour(session), RegistrationChange.from_state, RegistrationChange.to_state
    taken = sa.case((became.in_(HOLDS_A_PLACE), 1), else_=0) - sa.case((was.in_(HOLDS_A_PLACE), 1), else_=0)
    waiting = sa.case((became == State.WAITING, 1), else_=0) - sa.case((was == State.WAITING, 1), else_=0)
    statement = (
        sa.select(Registration.event_id, hour, sa.func.sum(taken), sa.func.sum(waiting))
        .join(RegistrationChange, RegistrationChange.registration_id == Registration.id)
        .where(Registration.event_id.in_(event_ids))
        .group_by(Registration.event_id, hour)
    )
    found: dict[int, list[Delta]] = defaultdict(list)
    for event_id, at, more, wait in session.execute(statement):
        found[event_id].append(Delta(datetime.strptime(at, "%Y-%m-%d %H").replace(tzinfo=UTC), int(more), int(wait)))
    return found


def _hour(session: Session) -> Any:
    """The hour of a change in UTC, as text: both databases group by it, and local days begin on the hour."""
    if session.get_bind().dialect.name == "sqlite":
        return sa.func.strftime("%Y-%m-%d %H", RegistrationChange.at, type_=sa.String())
    return sa.func.to_char(sa.func.timezone("UTC", RegistrationChange.at), "YYYY-MM-DD HH24", type_=sa.String())


def count_seats(session: Session, event_id: int) -> list[Seats]:
    """The event's seats by organisation, side and state."""
    parts = (Registration.organisation_id, Registration.side, Registration.state)
    statement = sa.select(*parts, sa.func.count()).where(Registration.event_id == event_id).group_by(*parts)
    return [Seats(*row) for row in session.execute(statement)]


def count_attended(session: Session, event_ids: Sequence[int]) -> dict[int, int]:
    attended = Registration.state == State.ATTENDED
    statement = sa.select(Registration.event_id, sa.func.count()).where(Registration.event_id.in_(event_ids), attended)
    return dict(session.execute(statement.group_by(Registration.event_id)).all())


def list_organisations(session: Session, ids: Sequence[int]) -> dict[int, Organisation]:
    """In Norwegian order."""
    statement = sa.select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.sort_key, Organisation.id)
    return {row.id: row for row in session.scalars(statement)}


class InCohorts(NamedTuple):
    """The cohorts that the organiser may know, in order, and those each organisation was in."""

    cohorts: list[Cohort]
    of: dict[int, set[int]]


def list_cohorts_of(session: Session, ids: Sequence[int], *, organiser_id: int, on: date) -> InCohorts:
    """What these organisations were in on that day, of the organiser's programmes and those it was granted."""
    statement = (
        sa.select(CohortMembership.organisation_id, Cohort)
        .join(Cohort, Cohort.id == CohortMembership.cohort_id)
        .where(CohortMembership.organisation_id.in_(ids), lasts(CohortMembership, on))
        .where(Cohort.id.in_(scope.cohorts(organiser_id)))
        .order_by(Cohort.programme_id, Cohort.ordinal)
    )
    cohorts: dict[int, Cohort] = {}
    of: dict[int, set[int]] = defaultdict(set)
    for organisation_id, cohort in session.execute(statement):
        cohorts[cohort.id] = cohort
        of[organisation_id].add(cohort.id)
    return InCohorts(list(cohorts.values()), of)


def list_missing(session: Session, event_id: int, *, organiser_id: int, on: date) -> list[Organisation]:
    """The organisations that the event is for by cohort, network or name and that nobody has signed up from."""
    clause = sa.select(EventClause).where(EventClause.event_id == event_id).subquery()
    cohorts = sa.select(CohortMembership.organisation_id).where(
        CohortMembership.cohort_id.in_(sa.select(clause.c.cohort_id)),
        CohortMembership.cohort_id.in_(scope.cohorts(organiser_id)),
        lasts(CohortMembership, on),
    )
    networks = (
        sa.select(NetworkMembership.organisation_id)
        .join(Network, Network.id == NetworkMembership.network_id)
        .where(
            sa.or_(
                Network.id.in_(sa.select(clause.c.network_id)),
                Network.programme_id.in_(sa.select(clause.c.programme_id)),
            ),
            Network.id.in_(scope.networks(organiser_id)),
            lasts(NetworkMembership, on),
        )
    )
    named = sa.select(clause.c.organisation_id).where(clause.c.kind == ClauseKind.ORGANISATION)
    there = sa.exists().where(
        Registration.event_id == event_id,
        Registration.organisation_id == Organisation.id,
        Registration.state.not_in(ENDED),
    )
    statement = (
        sa.select(Organisation)
        .where(Organisation.id.in_(sa.union_all(cohorts, networks, named)), sa.not_(there))
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(MOST_MISSING)
    )
    return list(session.scalars(statement))


def tells_of_union(session: Session, event: Event) -> bool:
    """Whether a seat at the event tells of union membership: it asks for the union, is for representatives, or its
    organiser is a union or a confederation."""
    if event.asks_union or any(clause.kind is ClauseKind.REPRESENTATIVES for clause in event.clauses):
        return True
    unions = (OrganisationKind.UNION, OrganisationKind.CONFEDERATION)
    own = sa.exists().where(Organisation.organiser_id == event.organiser_id, Organisation.kind.in_(unions))
    return bool(session.scalar(sa.select(own)))


def list_earlier(session: Session, event: Event) -> list[Event]:
    """The organiser's published events of the same series that began before, the latest first; of an event without a series
    those of its type for one of its cohorts."""
    first = event.runs[0].sort_at
    earlier = sa.select(Event).where(
        Event.organiser_id == event.organiser_id, Event.id != event.id, Event.status == EventStatus.PUBLISHED
    )
    if event.series_id is not None:
        earlier = earlier.where(Event.series_id == event.series_id)
    else:
        cohorts = [clause.cohort_id for clause in event.clauses if clause.cohort_id is not None]
        one = aliased(EventClause)
        earlier = earlier.where(
            Event.type == event.type, sa.exists().where(one.event_id == Event.id, one.cohort_id.in_(cohorts))
        )
    earlier = earlier.options(selectinload(Event.runs)).join(Event.runs).group_by(Event.id)
    begins = sa.func.min(Run.sort_at)
    return list(session.scalars(earlier.having(begins < first).order_by(begins.desc()).limit(MOST_EARLIER)))
