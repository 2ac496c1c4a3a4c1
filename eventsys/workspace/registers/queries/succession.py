"""What hangs on organisations that are about to end, counted: what goes over to the one that comes after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, Run
from eventsys.invitations.models import Invitation
from eventsys.invitations.rules import InvitationState
from eventsys.organisations.models import Organisation
from eventsys.organisations.register.queries import list_lasting
from eventsys.programmes.models import CohortMembership, NetworkMembership
from eventsys.registrations.models import Delegation, HeldPlaces, Registration
from eventsys.registrations.rules import State

OVER = (State.CANCELLED, State.DECLINED)
OPEN = (InvitationState.PLANNED, InvitationState.ASKED)


@dataclass(frozen=True, slots=True)
class Effects:
    """How many places in cohorts and networks, positions, seats at events to come, and parts go over."""

    places: int
    positions: int
    seats: int
    parts: int


def select_coming_runs(on: date) -> sa.Select[int]:
    """The ids of runs that begin on the day or later, or whose days are not known."""
    return sa.select(Run.id).where(sa.or_(Run.first_on.is_(None), Run.first_on >= on))


def select_coming_events(on: date) -> sa.Select[int]:
    """The ids of events none of whose runs has begun before the day."""
    begun = sa.select(Run.event_id).where(Run.first_on < on)
    return sa.select(Event.id).where(Event.id.not_in(begun))


def count_effects(session: Session, ids: Sequence[int], *, on: date) -> Effects:
    """Numbers alone: the seats are other organisers' too."""
    cohorts = sa.select(sa.func.count(sa.distinct(CohortMembership.cohort_id))).where(
        CohortMembership.organisation_id.in_(ids),
        sa.or_(CohortMembership.to_on.is_(None), CohortMembership.to_on >= on),
    )
    networks = sa.select(sa.func.count(sa.distinct(NetworkMembership.network_id))).where(
        NetworkMembership.organisation_id.in_(ids),
        sa.or_(NetworkMembership.to_on.is_(None), NetworkMembership.to_on >= on),
    )
    seats = sa.select(sa.func.count()).where(
        Registration.organisation_id.in_(ids),
        Registration.run_id.in_(select_coming_runs(on)),
        Registration.state.not_in(OVER),
    )
    parts = sa.select(sa.func.count()).where(Organisation.parent_id.in_(ids), Organisation.valid_to.is_(None))
    people = {(one.person_id, one.role) for one in list_lasting(session, ids, on=on)}
    return Effects(
        places=(session.scalar(cohorts) or 0) + (session.scalar(networks) or 0),
        positions=len(people),
        seats=session.scalar(seats) or 0,
        parts=session.scalar(parts) or 0,
    )


def list_held(session: Session, ids: Sequence[int], *, on: date) -> list[HeldPlaces]:
    held = sa.select(HeldPlaces).where(
        HeldPlaces.organisation_id.in_(ids), HeldPlaces.run_id.in_(select_coming_runs(on))
    )
    return list(session.scalars(held.order_by(HeldPlaces.run_id, HeldPlaces.id)))


def list_delegations(session: Session, ids: Sequence[int], *, on: date) -> list[Delegation]:
    there = sa.select(Delegation).where(
        Delegation.organisation_id.in_(ids), Delegation.event_id.in_(select_coming_events(on))
    )
    return list(session.scalars(there.order_by(Delegation.id)))


def list_invitations(session: Session, ids: Sequence[int], *, on: date) -> list[Invitation]:
    """Those of the organisations and their people, to events that have not begun."""
    there = sa.select(Invitation).where(
        Invitation.organisation_id.in_(ids), Invitation.event_id.in_(select_coming_events(on))
    )
    return list(session.scalars(there.order_by(Invitation.event_id, Invitation.id)))
