"""The addresses of a group's own pages, each for one member, and of the calendar of its meetings."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import AnyRow
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Group, GroupMembership
from eventsys.tokens import LinkIsRevoked, Purpose, capability, check, public_id_of


def group_path(member: GroupMembership) -> str:
    """Where a member reads what the group meets about."""
    return f"/groups/{capability(Purpose.GROUP, member.public_id, member.link_version)}"


def calendar_path(member: GroupMembership) -> str:
    """What a member's calendar program subscribes to. It opens no page: such addresses get about."""
    return f"/groups/calendars/{capability(Purpose.CALENDAR, member.public_id, member.link_version)}.ics"


def find_behind(session: Session, token: str, purpose: Purpose, *, on: date) -> AnyRow | None:
    """The membership, its group and the organiser behind a link; None for a link that never was.

    Raises `LinkIsRevoked` for one that was replaced, and from the day after the last in the group.
    """
    public_id = public_id_of(token)
    if public_id is None:
        return None
    row = session.execute(
        sa.select(GroupMembership, Group, Organiser)
        .join(Group, Group.id == GroupMembership.group_id)
        .join(Organiser, Organiser.id == Group.organiser_id)
        .where(GroupMembership.public_id == public_id, GroupMembership.email_key != "")
    ).one_or_none()
    if row is None or not check(token, purpose, public_id, row.GroupMembership.link_version):
        return None
    if row.GroupMembership.to_on is not None and row.GroupMembership.to_on < on:
        raise LinkIsRevoked
    return row
