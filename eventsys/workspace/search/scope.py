"""Whom an organiser may see: through its own events, groups and the positions in its members alone. Conditions, no reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from eventsys.events.models import Event
from eventsys.invitations.models import Invitation
from eventsys.organisations.models import Position
from eventsys.programmes.models import Group, GroupMembership
from eventsys.registrations.models import Delegation, Registration
from eventsys.workspace.registers.queries.scope import select_own_organisations


@dataclass(frozen=True, slots=True)
class Seeing:
    """Who looks: an organiser on a day; `slugs` where it is a helper, who knows some of its events and nothing else."""

    organiser_id: int
    on: date
    slugs: frozenset[str] | None = None


def list_sources(seeing: Seeing) -> list[sa.Select[Any]]:
    """Each way to know a person, as a SELECT of the ids of people, from the organiser's own rows alone.

    Whom it knows by a union alone is not among them: that is read with a note of who did.
    """
    events = of_events(seeing)
    found: list[sa.Select[Any]] = [
        sa.select(Registration.person_id).where(in_scope(seeing, Registration, events)),
        sa.select(Delegation.registrar_id).where(in_scope(seeing, Delegation, events)),
    ]
    if seeing.slugs is not None:
        return found
    groups = sa.select(Group.id).where(Group.organiser_id == seeing.organiser_id)
    places = select_own_organisations(seeing.organiser_id, on=seeing.on)
    return [
        *found,
        sa.select(GroupMembership.person_id).where(GroupMembership.group_id.in_(groups)),
        sa.select(Invitation.person_id).where(
            Invitation.organiser_id == seeing.organiser_id, Invitation.is_restricted.is_(False)
        ),
        sa.select(Position.person_id).where(Position.organisation_id.in_(places)),
    ]


def sees(seeing: Seeing, around: Any, person_id: Any) -> sa.ColumnElement[bool]:
    """That one of the ways leads to the person of the statement, of the table `around`, that this stands in.

    Asked row by row: as `EXISTS` PostgreSQL would first gather everybody whom a large organiser knows.
    """
    ways = []
    for source in list_sources(seeing):
        column = source.selected_columns[0]
        first = source.where(column == person_id).limit(1).correlate(around).scalar_subquery()
        ways.append(first.is_not(None))
    return sa.or_(*ways)


def of_events(seeing: Seeing) -> sa.Select[Any] | None:
    """The ids of a helper's events; None for those who know all of the organiser's."""
    if seeing.slugs is None:
        return None
    return sa.select(Event.id).where(Event.organiser_id == seeing.organiser_id, is_among(seeing.slugs))


def in_scope(
    seeing: Seeing, model: type[Registration] | type[Delegation], events: sa.Select[Any] | None
) -> sa.ColumnElement[bool]:
    own = model.organiser_id == seeing.organiser_id
    return own if events is None else sa.and_(own, model.event_id.in_(events))


def is_among(slugs: Collection[str]) -> sa.ColumnElement[bool]:
    return Event.slug.in_(sorted(slugs))
