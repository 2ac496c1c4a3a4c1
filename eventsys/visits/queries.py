"""Reads about visits: whom one can ask, what an organisation asked for, what waits for an organiser."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.accounts.models import Account, Membership
from eventsys.accounts.rules import MemberRole
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions.queries import Happened, list_happened
from eventsys.organisations.rules import OrganisationKind
from eventsys.programmes.grants.queries import select_programmes
from eventsys.programmes.models import Network, NetworkMembership, Programme, ProgrammeGrant
from eventsys.programmes.projects.queries import list_programmes_of
from eventsys.programmes.queries import lasts
from eventsys.visits.models import Visit, VisitChange, VisitTime
from eventsys.visits.rules import OPEN, VisitKind, VisitState

DECIDE = (MemberRole.OWNER, MemberRole.ORGANISER)


class Choice(NamedTuple):
    """Somebody who can be asked: of which programme, and of which kind."""

    programme: Programme
    kind: VisitKind


def list_choices(session: Session, organisation_id: int, *, on: date) -> list[Choice]:
    """Whom an organisation can ask on a day: an adviser of each programme that it is in, and a union's project worker
    where the programme was opened to a confederation."""
    programmes = list_programmes_of(session, organisation_id, on=on)
    opened = set(
        session.scalars(
            sa.select(ProgrammeGrant.programme_id).where(
                ProgrammeGrant.organiser_id.in_(_select_confederations()),
                ProgrammeGrant.programme_id.in_([one.id for one in programmes]),
            )
        )
    )
    workers = [Choice(one, VisitKind.PROJECT_WORKER) for one in programmes if one.id in opened]
    return [*(Choice(one, VisitKind.ADVISER) for one in programmes), *workers]


def _select_confederations() -> sa.Select[Any]:
    """The ids of the organisers that are confederations of unions."""
    return sa.select(Organisation.organiser_id).where(
        Organisation.kind == OrganisationKind.CONFEDERATION, Organisation.organiser_id.is_not(None)
    )


def find_kind(session: Session, organiser_id: int) -> VisitKind:
    """The kind of visit that an organiser makes."""
    there = session.scalar(_select_confederations().where(Organisation.organiser_id == organiser_id).limit(1))
    return VisitKind.PROJECT_WORKER if there is not None else VisitKind.ADVISER


def list_hosts(session: Session, visit: Visit, *, on: date) -> list[int]:
    """The ids of the organisers that can take a visit that was asked for."""
    own = session.scalar(sa.select(Programme.organiser_id).where(Programme.id == visit.programme_id))
    granted = sa.select(ProgrammeGrant.organiser_id).where(ProgrammeGrant.programme_id == visit.programme_id)
    advises = (
        sa.select(Network.organiser_id)
        .join(NetworkMembership, NetworkMembership.network_id == Network.id)
        .where(
            Network.programme_id == visit.programme_id,
            NetworkMembership.organisation_id == visit.organisation_id,
            Network.organiser_id.is_not(None),
            lasts(NetworkMembership, on),
        )
    )
    unions = set(session.scalars(_select_confederations()))
    found = {own, *session.scalars(granted), *session.scalars(advises)} - {None}
    is_union = visit.kind is VisitKind.PROJECT_WORKER
    return sorted(one for one in found if one is not None and (one in unions) == is_union)


def list_people(session: Session, organiser_ids: Collection[int]) -> list[AnyRow]:
    """Those who arrange for one of the organisers, each once: an Account, and the organiser it is told for."""
    statement = (
        sa.select(Account, sa.func.min(Membership.organiser_id).label("organiser_id"))
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organiser_id.in_(organiser_ids), Membership.role.in_(DECIDE), Account.disabled_at.is_(None))
        .group_by(Account.id)
        .order_by(Account.id)
    )
    return list(session.execute(statement))


# --- of an organisation ---------------------------------------------------------------------------------------------


def list_own(session: Session, organisation_id: int) -> list[AnyRow]:
    """What the organisation asked for, each a Visit with who comes and the Run once there is one; the newest first."""
    statement = _with_run().where(Visit.organisation_id == organisation_id)
    return list(session.execute(statement.order_by(Visit.id.desc())))


def find_own(session: Session, organisation_id: int, public_id: uuid.UUID) -> AnyRow | None:
    statement = _with_run().where(Visit.organisation_id == organisation_id, Visit.public_id == public_id)
    return session.execute(statement).one_or_none()


def count_open(session: Session, organisation_id: int) -> int:
    statement = sa.select(sa.func.count()).select_from(Visit)
    return session.scalar(statement.where(Visit.organisation_id == organisation_id, Visit.state.in_(OPEN))) or 0


# --- of an organiser ------------------------------------------------------------------------------------------------


def is_open_to(organiser_id: int, kind: VisitKind, *, on: date) -> sa.ColumnElement[bool]:
    """The condition that an organiser reads a visit: it is its own, or it waits for somebody of its kind."""
    advised = (
        sa.exists()
        .where(NetworkMembership.network_id == Network.id, NetworkMembership.organisation_id == Visit.organisation_id)
        .where(Network.organiser_id == organiser_id, Network.programme_id == Visit.programme_id)
        .where(lasts(NetworkMembership, on))
        .correlate(Visit)
    )
    waits = sa.and_(Visit.state == VisitState.ASKED, Visit.account_id.is_(None), Visit.kind == kind)
    theirs = sa.or_(Visit.programme_id.in_(select_programmes(organiser_id)), advised)
    return sa.or_(Visit.organiser_id == organiser_id, sa.and_(waits, theirs))


def list_of_organiser(session: Session, organiser_id: int, *, on: date) -> list[AnyRow]:
    """Each a Visit with its Organisation, who comes and the Run; those that wait first, then the newest."""
    kind = find_kind(session, organiser_id)
    statement = _with_run(Organisation).join(Organisation, Organisation.id == Visit.organisation_id)
    order = (Visit.state != VisitState.ASKED, Visit.id.desc())
    return list(session.execute(statement.where(is_open_to(organiser_id, kind, on=on)).order_by(*order)))


def find_of_organiser(session: Session, organiser_id: int, public_id: uuid.UUID, *, on: date) -> AnyRow | None:
    """One of them, with the Position of who asked too."""
    kind = find_kind(session, organiser_id)
    statement = (
        _with_run(Organisation, Position)
        .join(Organisation, Organisation.id == Visit.organisation_id)
        .join(Position, Position.id == Visit.position_id)
        .where(Visit.public_id == public_id, is_open_to(organiser_id, kind, on=on))
    )
    return session.execute(statement).one_or_none()


def count_asked(session: Session, organiser_id: int, *, on: date) -> int:
    """How many wait for somebody of the organiser to take them."""
    kind = find_kind(session, organiser_id)
    waits = sa.and_(Visit.state == VisitState.ASKED, Visit.account_id.is_(None), Visit.kind == kind)
    statement = sa.select(sa.func.count()).select_from(Visit)
    return session.scalar(statement.where(waits, is_open_to(organiser_id, kind, on=on))) or 0


def _with_run(*more: Any) -> sa.Select[*tuple[Any, ...]]:
    """Visits with the name of who comes, and the Run and Event where there are."""
    comes = aliased(Account)
    return (
        sa.select(Visit, comes.name.label("comes"), Run, Event, *more)
        .outerjoin(comes, comes.id == Visit.account_id)
        .outerjoin(Event, Event.id == Visit.event_id)
        .outerjoin(Run, Run.event_id == Event.id)
    )


# --- times and what happened ----------------------------------------------------------------------------------------


def list_times(session: Session, visit_id: int) -> list[VisitTime]:
    return list(session.scalars(sa.select(VisitTime).filter_by(visit_id=visit_id).order_by(VisitTime.starts_local)))


def list_changes(session: Session, visit_id: int) -> list[Happened[VisitChange]]:
    """What has happened to a visit, the newest first."""
    return list_happened(session, VisitChange, VisitChange.visit_id == visit_id)


def is_taken(
    session: Session, account_id: int, starts_at: datetime, ends_at: datetime, *, but: int | None = None
) -> bool:
    """Whether somebody has another accepted visit that is on between the two moments."""
    statement = (
        sa.select(Visit.id)
        .join(Event, Event.id == Visit.event_id)
        .join(Run, Run.event_id == Event.id)
        .where(
            Visit.account_id == account_id,
            Visit.state == VisitState.ACCEPTED,
            Event.status == EventStatus.PUBLISHED,
            Run.status == RunStatus.PLANNED,
            Run.starts_at < ends_at,
            Run.ends_at > starts_at,
        )
    )
    return session.scalar(statement.where(Visit.id != (but or 0)).limit(1)) is not None
