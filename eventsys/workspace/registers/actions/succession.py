"""A municipality comes after others (1503 and 1556 become 1505): what they had from that day on is its."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.rules import Kind
from eventsys.events.models import EventClause
from eventsys.invitations.models import Invitation, InvitationChange
from eventsys.invitations.rules import InvitationAct, InvitationState
from eventsys.organisations.models import Organisation, Position, Representative
from eventsys.organisations.register.actions import (
    OrganisationFacts,
    add_organisation,
    end_organisations,
    pass_on_positions,
    point_to_successor,
)
from eventsys.programmes.places.actions import pass_on_members, pass_on_places
from eventsys.programmes.projects.actions import pass_on_projects
from eventsys.registrations.models import HeldPlaces, Registration
from eventsys.registrations.rules import Actor
from eventsys.visits.actions import pass_on_visits
from eventsys.workspace.registers.actions.audiences import put_instead
from eventsys.workspace.registers.queries.succession import (
    OPEN,
    list_delegations,
    list_held,
    list_invitations,
    select_coming_events,
    select_coming_runs,
)


class HasEnded(Exception):
    """One of the organisations has ended already."""


class Succeeded(NamedTuple):
    """The organisation that came after, and who is something in it now."""

    successor: Organisation
    positions: list[Position]


def succeed(
    session: Session,
    ending: Sequence[Organisation],
    into: Organisation | OrganisationFacts,
    *,
    on: date,
    account_id: int | None,
    now: datetime,
) -> Succeeded:
    """They end, and `into`, one that is there or a new one, has what was theirs; what has been is kept as it was.

    Raises `HasEnded`, and for a new one `NumberIsTaken` and `NameIsTaken`.
    """
    for one in sorted(ending, key=lambda one: one.id):
        session.refresh(one, with_for_update=True)
        if one.valid_to is not None:
            raise HasEnded
    end_organisations(session, ending, on=on)
    successor = into
    if isinstance(successor, OrganisationFacts):
        successor = add_organisation(session, kind=ending[0].kind, facts=successor, valid_from=on)
    ids = [one.id for one in ending]
    point_to_successor(session, ending, successor)
    pass_on_places(session, ids, successor.id, on=on)
    pass_on_members(session, ids, successor.id, on=on)
    positions = pass_on_positions(session, ending, successor, on=on)
    pass_on_projects(session, ending, successor, account_id=account_id, now=now)
    pass_on_visits(session, ids, successor.id)
    _pass_on_seats(session, ids, successor.id, on)
    _pass_on_held(session, ids, successor.id, on)
    _pass_on_invitations(session, ids, successor.id, on, account_id, now)
    _pass_on_representatives(session, ids, successor.id, on)
    _pass_on_clauses(session, ids, successor.id, on)
    put_instead(session, Kind.ORGANISATION, ids, successor.id)
    return Succeeded(successor, positions)


def _pass_on_seats(session: Session, ids: Sequence[int], successor_id: int, on: date) -> None:
    seats = sa.update(Registration).where(
        Registration.organisation_id.in_(ids), Registration.run_id.in_(select_coming_runs(on))
    )
    session.execute(seats.values(organisation_id=successor_id).execution_options(synchronize_session=False))
    for delegation in list_delegations(session, ids, on=on):
        delegation.organisation_id = successor_id
    session.flush()


def _pass_on_held(session: Session, ids: Sequence[int], successor_id: int, on: date) -> None:
    """What was held for each of them in a run is held for one, together."""
    own = {row.run_id: row for row in list_held(session, [successor_id], on=on)}
    for row in list_held(session, ids, on=on):
        if row.run_id in own:
            _add_up(own[row.run_id], row)
            session.delete(row)
        else:
            row.organisation_id = successor_id
            own[row.run_id] = row
    session.flush()


def _add_up(kept: HeldPlaces, more: HeldPlaces) -> None:
    """What was released already is not held again."""
    if more.released_at is not None:
        return
    if kept.released_at is not None:
        kept.places, kept.held_until, kept.released_at = more.places, more.held_until, None
        return
    kept.places += more.places
    kept.held_until = max(kept.held_until, more.held_until)


def _pass_on_invitations(
    session: Session, ids: Sequence[int], successor_id: int, on: date, account_id: int | None, now: datetime
) -> None:
    """One for an organisation's mailbox and event: of several the first is kept, and those still open are withdrawn."""
    asked = {row.event_id for row in list_invitations(session, [successor_id], on=on) if row.person_id is None}
    for row in list_invitations(session, ids, on=on):
        if row.person_id is not None or row.event_id not in asked:
            row.organisation_id = successor_id
            asked |= {row.event_id} if row.person_id is None else set()
        elif row.state in OPEN:
            _withdraw(session, row, account_id, now)
    session.flush()


def _withdraw(session: Session, row: Invitation, account_id: int | None, now: datetime) -> None:
    row.state, row.link_version = InvitationState.WITHDRAWN, row.link_version + 1
    session.add(
        InvitationChange(
            invitation_id=row.id, act=InvitationAct.WITHDRAWN, at=now, actor=Actor.ORGANISER, account_id=account_id,
            noticed_at=now,
        )
    )  # fmt: skip


def _pass_on_representatives(session: Session, ids: Sequence[int], successor_id: int, on: date) -> None:
    there = sa.select(Representative).where(sa.or_(Representative.to_on.is_(None), Representative.to_on > on))
    own = session.scalars(there.where(Representative.organisation_id == successor_id))
    known = {(row.person_id, row.union_id, row.from_on) for row in own}
    for row in session.scalars(there.where(Representative.organisation_id.in_(ids)).order_by(Representative.id)).all():
        key = (row.person_id, row.union_id, row.from_on)
        if key in known:
            session.delete(row)
        else:
            row.organisation_id = successor_id
            known.add(key)
    session.flush()


def _pass_on_clauses(session: Session, ids: Sequence[int], successor_id: int, on: date) -> None:
    """An event to come that was for one of them is for the one that came after."""
    clauses = sa.select(EventClause).where(EventClause.event_id.in_(select_coming_events(on)))
    own = session.scalars(clauses.where(EventClause.organisation_id == successor_id))
    there = {(clause.event_id, clause.kind, clause.role) for clause in own}
    for clause in session.scalars(clauses.where(EventClause.organisation_id.in_(ids)).order_by(EventClause.id)).all():
        key = (clause.event_id, clause.kind, clause.role)
        if key in there:
            session.delete(clause)
        else:
            clause.organisation_id = successor_id
            there.add(key)
    session.flush()
