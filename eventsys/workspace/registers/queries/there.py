"""What lists of people are checked against: the organisations they may name, and who is the same already."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.models import Position
from eventsys.organisations.positions.queries import lasts
from eventsys.organisations.register.queries import list_all
from eventsys.organisations.rules import OrganisationKind, PositionRole, name_key
from eventsys.programmes.groups.queries import is_member
from eventsys.programmes.models import GroupMembership
from eventsys.workspace.registers.finding import Finder
from eventsys.workspace.registers.person_rows import There
from eventsys.workspace.registers.queries.scope import select_kept_organisations

Key = tuple[str, str, int | None, PositionRole | None]


def read_finder(session: Session, *, organiser_id: int | None = None, on: date | None = None) -> Finder:
    """Of every organisation that exists now, or of those that are the organiser's own to keep."""
    rows = list_all(session)
    if organiser_id is not None and on is not None:
        own = set(session.scalars(select_kept_organisations(organiser_id, on=on)))
        rows = [row for row in rows if row.id in own]
    return Finder(rows)


def read_municipalities(session: Session) -> Finder:
    return Finder(row for row in list_all(session) if row.kind is not OrganisationKind.UNION)


def read_positions(session: Session, organiser_id: int, *, on: date) -> dict[Key, There]:
    """Who is what now in the organisations that are the organiser's own to keep."""
    own = select_kept_organisations(organiser_id, on=on)
    statement = sa.select(Position).where(lasts(on), Position.organisation_id.in_(own), Position.email_key != "")
    return {
        (row.email_key, name_key(row.name), row.organisation_id, row.role): There(row.from_on, row.to_on, row.language)
        for row in session.scalars(statement)
    }


def read_members(session: Session, group_id: int, *, on: date) -> dict[Key, There]:
    """Who is in a group now."""
    statement = sa.select(GroupMembership).where(
        GroupMembership.group_id == group_id, is_member(on), GroupMembership.email_key != ""
    )
    return {
        (row.email_key, name_key(row.name), None, None): There(row.from_on, row.to_on, row.language)
        for row in session.scalars(statement)
    }
