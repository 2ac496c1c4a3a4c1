"""A union, a group and somebody in each for every organiser, and the addresses of organisations and people."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import db
from eventsys.organisations import actions as organisations
from eventsys.organisations.models import Organisation, Position, Representative
from eventsys.organisations.positions.actions import PositionFacts, set_position
from eventsys.organisations.representatives.actions import By, RepresentativeFacts, save_all
from eventsys.organisations.rules import OrganisationKind, PositionRole, address_key
from eventsys.programmes.groups.actions import MemberFacts, add_group, set_member
from eventsys.programmes.models import Group, GroupMembership
from tests.world import NOW

SHARED_REGISTER = {
    f"workspace.{name}"
    for name in (
        "organisation", "edit_organisation", "update_organisation", "add_position", "place_organisation", "end_place",
    )
}  # fmt: skip
"""All organisers read one register; who may correct what in it is tried where it is made."""
OF_PEOPLE = ("person", "choose_double", "preview_merging", "merge_people")


def add_register_things(session: Session, organiser_id: int, marker: str) -> None:
    today = NOW.date()
    union = organisations.add(
        session,
        kind=OrganisationKind.UNION,
        name=f"{marker}-forbund",
        organiser_id=None,
        parent_id=_own(session, organiser_id),
    )
    address = f"{marker}-verv@forbund.example"
    facts = PositionFacts(f"{marker}-person", address, PositionRole.ADVISER, today)
    set_position(session, union.id, facts, account_id=None, now=NOW)
    group = add_group(session, organiser_id=organiser_id, name={"nb": f"{marker}-kladd"})
    set_member(session, group, MemberFacts(f"{marker}-person", address, today), now=NOW)
    rows = [RepresentativeFacts(f"{marker}-person", address, union.id)]
    save_all(session, rows, erase_on=today.replace(year=2009), by=By(organiser_id, None, today, NOW))


def _own(session: Session, organiser_id: int) -> int:
    """The confederation that the organiser is; one is made of an organiser that is none."""
    own = session.scalar(sa.select(Organisation.id).where(Organisation.organiser_id == organiser_id))
    if own is not None:
        return own
    made = organisations.add(
        session,
        kind=OrganisationKind.CONFEDERATION,
        name=f"Hovedorganisasjon {organiser_id}",
        organiser_id=organiser_id,
    )
    return made.id


def register_values(organiser_id: int, marker: str, person: Any) -> dict[str, dict[str, Any]]:
    """What the addresses hold, by endpoint; `person` is the public id of somebody whom the organiser sees."""
    union = db.session.scalars(sa.select(Organisation).where(Organisation.name == f"{marker}-forbund")).one()
    key = address_key(union.number, union.label, None)
    position = db.session.scalar(sa.select(Position.public_id).where(Position.organisation_id == union.id))
    group = db.session.scalars(sa.select(Group).where(Group.organiser_id == organiser_id)).one()
    member = db.session.scalar(sa.select(GroupMembership.public_id).where(GroupMembership.group_id == group.id))
    representative = db.session.scalar(sa.select(Representative.public_id).where(Representative.union_id == union.id))
    return {
        **{name: {"kind": "union", "key": key} for name in SHARED_REGISTER},
        **{f"workspace.{verb}_position": {"position": position} for verb in ("edit", "update", "end")},
        **{f"workspace.{name}": {"public_id": person} for name in OF_PEOPLE},
        **{
            f"workspace.{name}": {"group": group.slug, "member": member}
            for name in ("group", "rename_group", "add_member", "end_member")
        },
        "workspace.end_representative": {"representative": representative},
        **{f"workspace.{verb}_representatives": {"union": key} for verb in ("confirm_erase", "erase")},
    }
