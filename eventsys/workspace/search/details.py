"""What is known of the people that a search found, from the organiser's own rows: never from another's."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.extensions import Translated
from eventsys.invitations.models import Invitation
from eventsys.organisations.models import Organisation, Person, Position
from eventsys.organisations.rules import PositionRole
from eventsys.programmes.models import Group, GroupMembership
from eventsys.registrations.models import Delegation, Registration
from eventsys.registrations.rules import State
from eventsys.workspace.search.scope import Seeing, in_scope, list_sources, of_events

MOST_EVENTS = 3


@dataclass(frozen=True, slots=True)
class AtEvent:
    """A seat at one of the organiser's events, or none of their own where `registration` is None: an invitation, or a
    delegation that they look after."""

    slug: str
    title: Translated
    registration: uuid.UUID | None = None
    state: State | None = None


@dataclass(slots=True)
class PersonFound:
    """Name, address and organisation as last given to this organiser; where they are known from."""

    id: int
    public_id: uuid.UUID
    name: str = ""
    email: str = ""
    email_key: str = ""
    organisations: list[str] = field(default_factory=list)
    seats: list[AtEvent] = field(default_factory=list)
    delegations: list[AtEvent] = field(default_factory=list)
    invitations: list[AtEvent] = field(default_factory=list)
    groups: list[Translated] = field(default_factory=list)
    roles: list[PositionRole] = field(default_factory=list)

    def name_them(self, row: Any) -> None:
        """What one of the rows says of who they are; the first that is asked counts."""
        if not self.name:
            self.name, self.email, self.email_key = row.name, row.email, row.email_key
        if row.organisation and row.organisation not in self.organisations:
            self.organisations.append(row.organisation)


def describe_people(session: Session, seeing: Seeing, ids: Sequence[int]) -> list[PersonFound]:
    """In the order of the ids; the same number of statements however many there are."""
    if not ids:
        return []
    rows = session.execute(sa.select(Person.id, Person.public_id).where(Person.id.in_(ids)))
    found = {number: PersonFound(number, public_id) for number, public_id in rows}
    _add_seats(session, seeing, found)
    _add_delegations(session, seeing, found)
    if seeing.slugs is None:
        _add_positions(session, seeing, found)
        _add_groups(session, seeing, found)
        _add_invitations(session, seeing, found)
    return [found[number] for number in ids if found[number].name]


def _columns(model: Any) -> tuple[Any, ...]:
    return model.name, model.email, model.email_key, Organisation.label.label("organisation")


def _placed(statement: sa.Select[Any], model: Any) -> sa.Select[Any]:
    return statement.outerjoin(Organisation, Organisation.id == model.organisation_id)


def _add_seats(session: Session, seeing: Seeing, found: dict[int, PersonFound]) -> None:
    columns = (Registration.person_id, Registration.public_id, Registration.state, Event.slug, Event.title)
    statement = (
        _placed(sa.select(*columns, *_columns(Registration)).select_from(Registration), Registration)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.person_id.in_(list(found)), in_scope(seeing, Registration, of_events(seeing)))
        .order_by(Registration.created_at.desc(), Registration.id.desc())
    )
    for row in session.execute(statement):
        one = found[row.person_id]
        one.name_them(row)
        if len(one.seats) < MOST_EVENTS:
            one.seats.append(AtEvent(row.slug, row.title, row.public_id, row.state))


def _add_delegations(session: Session, seeing: Seeing, found: dict[int, PersonFound]) -> None:
    columns = (Delegation.registrar_id, Event.slug, Event.title)
    statement = (
        _placed(sa.select(*columns, *_columns(Delegation)).select_from(Delegation), Delegation)
        .join(Event, Event.id == Delegation.event_id)
        .where(Delegation.registrar_id.in_(list(found)), in_scope(seeing, Delegation, of_events(seeing)))
        .order_by(Delegation.created_at.desc(), Delegation.id.desc())
    )
    for row in session.execute(statement):
        one = found[row.registrar_id]
        one.name_them(row)
        if len(one.delegations) < MOST_EVENTS:
            one.delegations.append(AtEvent(row.slug, row.title))


def _add_positions(session: Session, seeing: Seeing, found: dict[int, PersonFound]) -> None:
    visible = _own_rows(seeing, Position).with_only_columns(Position.id).where(Position.person_id.in_(list(found)))
    columns = (Position.person_id, Position.role)
    statement = _placed(sa.select(*columns, *_columns(Position)).select_from(Position), Position)
    for row in session.execute(statement.where(Position.id.in_(visible)).order_by(Position.from_on.desc())):
        found[row.person_id].name_them(row)
        if row.role not in found[row.person_id].roles:
            found[row.person_id].roles.append(row.role)


def _add_groups(session: Session, seeing: Seeing, found: dict[int, PersonFound]) -> None:
    visible = _own_rows(seeing, GroupMembership).with_only_columns(GroupMembership.id)
    columns = (GroupMembership.person_id, Group.name.label("group"))
    statement = (
        _placed(sa.select(*columns, *_columns(GroupMembership)).select_from(GroupMembership), GroupMembership)
        .join(Group, Group.id == GroupMembership.group_id)
        .where(GroupMembership.person_id.in_(list(found)), GroupMembership.id.in_(visible))
        .order_by(GroupMembership.from_on.desc())
    )
    for row in session.execute(statement):
        found[row.person_id].name_them(row)
        found[row.person_id].groups.append(row.group)


def _add_invitations(session: Session, seeing: Seeing, found: dict[int, PersonFound]) -> None:
    columns = (Invitation.person_id, Event.slug, Event.title)
    statement = (
        _placed(sa.select(*columns, *_columns(Invitation)).select_from(Invitation), Invitation)
        .join(Event, Event.id == Invitation.event_id)
        .where(Invitation.person_id.in_(list(found)), Invitation.organiser_id == seeing.organiser_id)
        .where(Invitation.is_restricted.is_(False))
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    )
    for row in session.execute(statement):
        one = found[row.person_id]
        one.name_them(row)
        if len(one.invitations) < MOST_EVENTS:
            one.invitations.append(AtEvent(row.slug, row.title))


def _own_rows(seeing: Seeing, model: Any) -> sa.Select[Any]:
    """The rows of a table that make people known to the organiser."""
    return next(one for one in list_sources(seeing) if one.selected_columns[0].table is model.__table__)
