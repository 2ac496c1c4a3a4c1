"""What becomes of each row of a person who is merged into another: the one plan that the preview shows and the merge
carries out."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, Run
from eventsys.invitations.models import Invitation
from eventsys.invitations.rules import InvitationState
from eventsys.organisations.models import Organisation, Position, Representative
from eventsys.programmes.groups.queries import is_member
from eventsys.programmes.models import Group, GroupMembership
from eventsys.registrations.models import Delegation, HeldPlaces, Registration
from eventsys.registrations.rules import State
from eventsys.workflows.models import MailCause
from eventsys.workspace.registers.queries.people import Scope
from eventsys.workspace.registers.queries.scope import select_own_organisations

OPEN = (InvitationState.PLANNED, InvitationState.ASKED)
OVER = (State.CANCELLED, State.DECLINED)


class Fate(enum.StrEnum):
    """It is the other's from now on; it ends or goes, because the other has the same; or it stays as it is, because the
    other has one that cannot be there twice."""

    MOVES = "moves"
    ENDS = "ends"
    GOES = "goes"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Move:
    """A row, what becomes of it, and what it is about: an event's title, a group's name, or an organisation's label."""

    row: Any
    fate: Fate
    about: Any
    when: Run | None = None


Plan = dict[str, list[Move]]
"""By table, in the order in which they are shown."""


def plan_merge(session: Session, keep: int, other: int, scope: Scope) -> Plan:
    """All rows of `other` that the organiser may move, by table; those of everybody where there is no organiser."""
    steps: Sequence[tuple[str, Callable[[Session, int, int, Scope], list[Move]]]] = (
        ("registrations", plan_seats),
        ("delegations", plan_delegations),
        ("invitations", plan_invitations),
        ("held_places", plan_held),
        ("positions", plan_positions),
        ("group_memberships", plan_members),
        ("representatives", plan_representatives),
        ("mail_causes", plan_mails),
    )
    return {name: step(session, keep, other, scope) for name, step in steps}


def _own(model: Any, scope: Scope) -> sa.ColumnElement[bool]:
    return sa.true() if scope.organiser_id is None else model.organiser_id == scope.organiser_id


def plan_seats(session: Session, keep: int, other: int, scope: Scope) -> list[Move]:
    """A seat stays where the other has one in the same run: only one of them can be a person's."""
    live = sa.select(Registration.run_id).where(Registration.person_id == keep, Registration.state.not_in(OVER))
    taken = set(session.scalars(live))
    columns: tuple[Any, ...] = (Registration, Run, Event)
    statement = (
        sa.select(*columns)
        .join(Run, Run.id == Registration.run_id)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.person_id == other, _own(Registration, scope))
        .order_by(Run.sort_at.desc(), Registration.id)
    )
    return [
        Move(row, Fate.STAYS if row.state not in OVER and run.id in taken else Fate.MOVES, event.title, run)
        for row, run, event in session.execute(statement)
    ]


def plan_delegations(session: Session, _keep: int, other: int, scope: Scope) -> list[Move]:
    columns: tuple[Any, ...] = (Delegation, Event.title)
    statement = (
        sa.select(*columns)
        .join(Event, Event.id == Delegation.event_id)
        .where(Delegation.registrar_id == other, _own(Delegation, scope))
    )
    return [Move(row, Fate.MOVES, title) for row, title in session.execute(statement.order_by(Delegation.id.desc()))]


def plan_invitations(session: Session, keep: int, other: int, scope: Scope) -> list[Move]:
    """Of two to one event the open one is withdrawn, or stays where both are answered."""
    asked = set(session.scalars(sa.select(Invitation.event_id).where(Invitation.person_id == keep)))
    columns: tuple[Any, ...] = (Invitation, Event.title)
    statement = (
        sa.select(*columns)
        .join(Event, Event.id == Invitation.event_id)
        .where(Invitation.person_id == other, _own(Invitation, scope))
        .order_by(Invitation.id.desc())
    )

    def fate(row: Invitation) -> Fate:
        if row.event_id not in asked:
            return Fate.MOVES
        return Fate.ENDS if row.state in OPEN else Fate.STAYS

    return [Move(row, fate(row), title) for row, title in session.execute(statement)]


def plan_held(session: Session, keep: int, other: int, scope: Scope) -> list[Move]:
    """A place held for both in one run is held once."""
    held = set(session.scalars(sa.select(HeldPlaces.run_id).where(HeldPlaces.person_id == keep)))
    columns: tuple[Any, ...] = (HeldPlaces, Run, Event.title)
    statement = (
        sa.select(*columns)
        .join(Run, Run.id == HeldPlaces.run_id)
        .join(Event, Event.id == HeldPlaces.event_id)
        .where(HeldPlaces.person_id == other, _own(HeldPlaces, scope))
        .order_by(HeldPlaces.id)
    )
    return [
        Move(row, Fate.GOES if row.run_id in held else Fate.MOVES, title, run)
        for row, run, title in session.execute(statement)
    ]


def plan_positions(session: Session, keep: int, other: int, scope: Scope) -> list[Move]:
    """What both are now in one organisation, one of them is no more."""
    there = list(session.scalars(sa.select(Position).where(Position.person_id == keep)))
    days = {(one.organisation_id, one.role, one.from_on) for one in there}
    lasting = {(one.organisation_id, one.role) for one in there if one.to_on is None or one.to_on > scope.on}
    columns: tuple[Any, ...] = (Position, Organisation.label)
    statement = (
        sa.select(*columns)
        .join(Organisation, Organisation.id == Position.organisation_id)
        .where(Position.person_id == other)
        .order_by(Organisation.sort_key, Position.id)
    )
    if scope.organiser_id is not None:
        own = select_own_organisations(scope.organiser_id, on=scope.on)
        statement = statement.where(Position.organisation_id.in_(own))

    def fate(row: Position) -> Fate:
        if (row.organisation_id, row.role, row.from_on) in days:
            return Fate.GOES
        lasts = row.to_on is None or row.to_on > scope.on
        return Fate.ENDS if lasts and (row.organisation_id, row.role) in lasting else Fate.MOVES

    return [Move(row, fate(row), label) for row, label in session.execute(statement)]


def plan_members(session: Session, keep: int, other: int, scope: Scope) -> list[Move]:
    """Whoever is in a group as both is in it once."""
    mine = sa.select(GroupMembership).where(GroupMembership.person_id == keep)
    days = {(one.group_id, one.from_on) for one in session.scalars(mine)}
    lasting = {one.group_id for one in session.scalars(mine.where(is_member(scope.on)))}
    columns: tuple[Any, ...] = (GroupMembership, Group.name)
    statement = (
        sa.select(*columns)
        .join(Group, Group.id == GroupMembership.group_id)
        .where(GroupMembership.person_id == other, _own(Group, scope))
        .order_by(GroupMembership.id)
    )

    def is_twice(row: GroupMembership) -> bool:
        lasts = row.to_on is None or row.to_on >= scope.on
        return (row.group_id, row.from_on) in days or (lasts and row.group_id in lasting)

    return [Move(row, Fate.GOES if is_twice(row) else Fate.MOVES, name) for row, name in session.execute(statement)]


def plan_representatives(session: Session, keep: int, other: int, scope: Scope) -> list[Move]:
    """Told of nobody but as a number; the same twice for a union and a municipality is once."""
    statement = sa.select(Representative).where(Representative.person_id == other, _own(Representative, scope))
    mine = sa.select(Representative).where(Representative.person_id == keep)
    there = {(one.union_id, one.organisation_id) for one in session.scalars(mine)}
    rows = session.scalars(statement.order_by(Representative.id)).all()
    return [
        Move(row, Fate.GOES if (row.union_id, row.organisation_id) in there else Fate.MOVES, "") for row in rows
    ]  # fmt: skip


def plan_mails(session: Session, _keep: int, other: int, scope: Scope) -> list[Move]:
    """Which mails were about the person."""
    statement = sa.select(MailCause).where(MailCause.person_id == other, _own(MailCause, scope))
    return [Move(row, Fate.MOVES, "") for row in session.scalars(statement.order_by(MailCause.id))]
