"""Reads about groups and their members, of one organiser."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import Group, GroupMembership
from eventsys.programmes.queries import covers


def is_member(on: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """The condition that somebody is in a group on a day; both days are inclusive."""
    return covers(GroupMembership, on)


def list_groups(session: Session, organiser_id: int) -> list[Group]:
    return list(session.scalars(sa.select(Group).where(Group.organiser_id == organiser_id).order_by(Group.id)))


def count_members(session: Session, organiser_id: int, *, on: date) -> dict[int, int]:
    """How many are in each of the organiser's groups."""
    statement = (
        sa.select(GroupMembership.group_id, sa.func.count())
        .join(Group, Group.id == GroupMembership.group_id)
        .where(Group.organiser_id == organiser_id, is_member(on))
        .group_by(GroupMembership.group_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def find_group(session: Session, slug: str, *, organiser_id: int) -> Group | None:
    if "\0" in slug:
        return None
    return session.scalar(sa.select(Group).where(Group.slug == slug, Group.organiser_id == organiser_id))


def list_members(session: Session, group_id: int) -> list[AnyRow]:
    """Everybody who is or was in a group and is not erased, with the organisation they are there for, by name."""
    statement = (
        _with_organisation()
        .where(GroupMembership.group_id == group_id, GroupMembership.email_key != "")
        .order_by(GroupMembership.name, GroupMembership.from_on.desc(), GroupMembership.id)
    )
    return list(session.execute(statement))


def find_member(session: Session, public_id: uuid.UUID, *, group_id: int) -> GroupMembership | None:
    return session.scalar(
        sa.select(GroupMembership).where(GroupMembership.public_id == public_id, GroupMembership.group_id == group_id)
    )


def list_of_address(session: Session, email_key: str, *, on: date) -> list[AnyRow]:
    """The memberships under an address that last on that day or begin later, with their groups."""
    columns: tuple[Any, ...] = (GroupMembership, Group)
    ahead = sa.or_(GroupMembership.to_on.is_(None), GroupMembership.to_on >= on)
    statement = (
        sa.select(*columns)
        .join(Group, Group.id == GroupMembership.group_id)
        .where(GroupMembership.email_key == email_key, ahead)
        .order_by(Group.id, GroupMembership.id)
    )
    return list(session.execute(statement))


def list_of_people(session: Session, organiser_id: int, person_ids: Collection[int]) -> list[AnyRow]:
    """What groups of the organiser people are and were in, with the group; the newest first."""
    columns: tuple[Any, ...] = (GroupMembership, Group)
    statement = (
        sa.select(*columns)
        .join(Group, Group.id == GroupMembership.group_id)
        .where(
            Group.organiser_id == organiser_id,
            GroupMembership.person_id.in_(person_ids),
            GroupMembership.email_key != "",
        )
        .order_by(GroupMembership.from_on.desc(), GroupMembership.id)
    )
    return list(session.execute(statement))


def _with_organisation() -> sa.Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...] = (GroupMembership, Organisation.label.label("organisation"))
    return sa.select(*columns).outerjoin(Organisation, Organisation.id == GroupMembership.organisation_id)
