"""Reads for the programme's public pages: organisations and totals, no person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, EventClause, Run
from eventsys.events.queries import is_public
from eventsys.events.rules import ClauseKind, EventStatus, RunStatus
from eventsys.followup.rules.totals import SIDES_ASKED
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import OrganisationKind
from eventsys.organisers.models import Organiser
from eventsys.programmes.calls.rules import CallState
from eventsys.programmes.models import (
    Call,
    Cohort,
    CohortMembership,
    Network,
    NetworkMembership,
    Programme,
    ProgrammeParty,
)
from eventsys.programmes.queries import is_told, lasts
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import HOLDS_A_PLACE, State
from eventsys.site.taking_part.totals import Counted


class Member(NamedTuple):
    """An organisation that takes part, and the ids of its cohorts by ordinal."""

    label: str
    county: str
    number: str | None
    kind: OrganisationKind
    cohort_ids: list[int]


def list_members(session: Session, *, on: date) -> list[Member]:
    """Every organisation that is in a cohort on the day and has been told so, in Norwegian order."""
    of = Organisation
    statement = (
        sa.select(of.id, of.label, of.county, of.number, of.kind, CohortMembership.cohort_id)
        .join(CohortMembership, CohortMembership.organisation_id == of.id)
        .join(Cohort, Cohort.id == CohortMembership.cohort_id)
        .where(lasts(CohortMembership, on), is_told())
        .order_by(of.sort_key, of.id, Cohort.ordinal, Cohort.id)
    )
    found: dict[int, Member] = {}
    for row in session.execute(statement):
        member = found.setdefault(row.id, Member(row.label, row.county or "", row.number, row.kind, []))
        if row.cohort_id not in member.cohort_ids:
            member.cohort_ids.append(row.cohort_id)
    return list(found.values())


def count_municipalities(session: Session) -> dict[str, int]:
    """How many there are in each county, whether they take part or not."""
    statement = (
        sa.select(Organisation.county, sa.func.count())
        .where(Organisation.kind == OrganisationKind.MUNICIPALITY, Organisation.valid_to.is_(None))
        .group_by(Organisation.county)
    )
    return {county: how_many for county, how_many in session.execute(statement) if county}


def count_in_cohorts(session: Session, *, on: date) -> dict[int, int]:
    statement = (
        sa.select(CohortMembership.cohort_id, sa.func.count(CohortMembership.organisation_id.distinct()))
        .where(lasts(CohortMembership, on), is_told())
        .group_by(CohortMembership.cohort_id)
    )
    return dict(session.execute(statement).all())


def list_parties(session: Session) -> dict[int, list[ProgrammeParty]]:
    """By programme, in order."""
    found: dict[int, list[ProgrammeParty]] = defaultdict(list)
    for party in session.scalars(sa.select(ProgrammeParty).order_by(ProgrammeParty.position, ProgrammeParty.id)):
        found[party.programme_id].append(party)
    return found


def list_open_calls(session: Session, *, now: datetime) -> list[Call]:
    statement = sa.select(Call).where(Call.state == CallState.OPEN, Call.closes_at > now)
    return list(session.scalars(statement.order_by(Call.closes_at, Call.id)))


class InNetwork(NamedTuple):
    network: Network
    members: int
    adviser: str | None


def list_networks(session: Session, *, on: date) -> list[InNetwork]:
    """Each network with how many are in it and whose it is, where it has an adviser of its own."""
    member = NetworkMembership.organisation_id
    counted = (
        sa.select(NetworkMembership.network_id, sa.func.count(member.distinct()).label("members"))
        .where(lasts(NetworkMembership, on))
        .group_by(NetworkMembership.network_id)
        .subquery()
    )
    statement = (
        sa.select(Network, sa.func.coalesce(counted.c.members, 0), Organiser.name)
        .outerjoin(counted, counted.c.network_id == Network.id)
        .outerjoin(Organiser, Organiser.id == Network.organiser_id)
    )
    return [InNetwork(*row) for row in session.execute(statement)]


def find_network(session: Session, slug: str) -> Network | None:
    return session.scalars(sa.select(Network).where(Network.slug == slug)).one_or_none()


def list_network_members(session: Session, network_id: int, *, on: date) -> list[Organisation]:
    member = sa.and_(NetworkMembership.network_id == network_id, lasts(NetworkMembership, on))
    statement = sa.select(Organisation).where(
        Organisation.id.in_(sa.select(NetworkMembership.organisation_id).where(member))
    )
    return list(session.scalars(statement.order_by(Organisation.sort_key, Organisation.id)))


def is_for_network(network: Network) -> sa.ColumnElement[bool]:
    """A condition on `Event`: whether it is for this network, or for every network of its programme."""
    clause = sa.select(EventClause.id).where(EventClause.event_id == Event.id)
    this = sa.and_(EventClause.kind == ClauseKind.NETWORK, EventClause.network_id == network.id)
    every = sa.and_(EventClause.kind == ClauseKind.ANY_NETWORK, EventClause.programme_id == network.programme_id)
    return clause.where(sa.or_(this, every)).exists()


class Held(NamedTuple):
    """A public gathering of a programme that is over; whether attendance was taken in all its runs."""

    event_id: int
    programme_id: int
    is_recorded: bool


def list_held(session: Session, *, now: datetime) -> list[Held]:
    """The public events for a programme's cohorts and networks that are over, each once for each programme."""
    programme_id = sa.func.coalesce(Cohort.programme_id, Network.programme_id, EventClause.programme_id)
    over = sa.func.max(sa.func.coalesce(Run.ends_at, Run.sort_at)) < now
    unrecorded = sa.func.sum(sa.case((Run.attendance_at.is_(None), 1), else_=0))
    statement = (
        sa.select(Event.id, programme_id, unrecorded == 0)
        .join(EventClause, EventClause.event_id == Event.id)
        .outerjoin(Cohort, Cohort.id == EventClause.cohort_id)
        .outerjoin(Network, Network.id == EventClause.network_id)
        .join(Run, Run.event_id == Event.id)
        .where(is_public(), Event.status != EventStatus.CANCELLED, Run.status == RunStatus.PLANNED)
        .where(programme_id.in_(sa.select(Programme.id)))
        .group_by(Event.id, programme_id)
        .having(over)
    )
    return [Held(event_id, programme, bool(recorded)) for event_id, programme, recorded in session.execute(statement)]


def count_held(session: Session, event_ids: Sequence[int]) -> dict[int, Counted]:
    """By event what its places come to: added up by the database, first of each organisation, then of all."""
    sides = [sa.func.sum(sa.case((Registration.side == side, 1), else_=0)).label(side.value) for side in SIDES_ASKED]
    of_each = (
        sa.select(
            Registration.event_id, Registration.organisation_id, sa.func.count().label("places"), *sides,
            sa.func.sum(sa.case((Registration.state == State.ATTENDED, 1), else_=0)).label("came"),
        )
        .where(Registration.event_id.in_(event_ids), Registration.state.in_(HOLDS_A_PLACE))
        .group_by(Registration.event_id, Registration.organisation_id)
        .subquery()
    )  # fmt: skip
    named = of_each.c.organisation_id.is_not(None)
    is_whole = sa.and_(named, *(of_each.c[side.value] > 0 for side in SIDES_ASKED))
    statement = sa.select(
        of_each.c.event_id, sa.func.sum(of_each.c.places), sa.func.sum(of_each.c.came),
        sa.func.count(of_each.c.organisation_id), sa.func.sum(sa.case((is_whole, 1), else_=0)),
        *(sa.func.sum(of_each.c[side.value]) for side in SIDES_ASKED),
    ).group_by(of_each.c.event_id)  # fmt: skip
    return {
        row[0]: Counted(int(row[1]), int(row[2]), int(row[3]), int(row[4]), tuple(map(int, row[5:])))
        for row in session.execute(statement)
    }
