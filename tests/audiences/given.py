"""People for audiences in the small world: positions, a group, representatives, and who is meant by a clause."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from eventsys.audiences.queries import list_people
from eventsys.audiences.rules import Clause, Condition, Kind, Reach
from eventsys.extensions import db, transaction
from eventsys.mailing.addresses import email_key
from eventsys.organisations.actions import find_or_add_person
from eventsys.organisations.models import Organisation, Position, Representative
from eventsys.organisations.rules import PositionRole
from eventsys.programmes.models import Group, GroupMembership, ProgrammeGrant
from eventsys.programmes.queries import list_programmes
from tests.world import NOW, World

ON = date(2008, 8, 18)
BEGAN = date(2008, 1, 1)


def address(name: str) -> str:
    return f"{name.casefold().replace(' ', '.')}@kommune.example"


def add_position(
    world: World,
    name: str,
    number: str,
    role: PositionRole = PositionRole.PROJECT_LEADER,
    *,
    email: str = "",
    language: str | None = None,
    from_on: date = BEGAN,
    to_on: date | None = None,
    confirmed_at: datetime | None = NOW,
) -> int:
    """Somebody who is something in a municipality of the world, by its number; the person's id."""
    email = email or address(name)
    with transaction() as session:
        person_id = find_or_add_person(session, email=email, name=name, now=NOW)
        session.add(
            Position(
                person_id=person_id, organisation_id=world.municipalities[number], role=role, name=name, email=email,
                email_key=email_key(email), language=language, from_on=from_on, to_on=to_on, asked_at=NOW,
                confirmed_at=confirmed_at,
            )
        )  # fmt: skip
    return person_id


def add_group(world: World, slug: str = "styringsgruppa", *, organiser_id: int | None = None) -> int:
    with transaction() as session:
        group = Group(organiser_id=organiser_id or world.secretariat, slug=slug, name={"nb": slug.capitalize()})
        session.add(group)
        session.flush()
        return group.id


def add_member(group_id: int, name: str, *, organisation_id: int | None = None, to_on: date | None = None) -> int:
    with transaction() as session:
        person_id = find_or_add_person(session, email=address(name), name=name, now=NOW)
        session.add(
            GroupMembership(
                group_id=group_id, person_id=person_id, organisation_id=organisation_id, name=name,
                email=address(name), email_key=email_key(address(name)), language=None, from_on=BEGAN, to_on=to_on,
            )
        )  # fmt: skip
    return person_id


def add_representative(
    world: World, name: str, union: int = 0, number: str | None = None, *, erase_on: date = date(2010, 1, 1)
) -> int:
    """Somebody elected by the members of one of the confederation's unions, in a municipality or without one."""
    with transaction() as session:
        person_id = find_or_add_person(session, email=address(name), name=name, now=NOW)
        session.add(
            Representative(
                organiser_id=world.unio, union_id=world.unions[union], person_id=person_id, name=name,
                organisation_id=world.municipalities[number] if number else None, email=address(name),
                email_key=email_key(address(name)), language=None, from_on=BEGAN, to_on=None, erase_on=erase_on,
                created_at=NOW,
            )
        )  # fmt: skip
    return person_id


def grant(world: World, organiser_id: int) -> None:
    """The secretariat's programme opened to another organiser."""
    with transaction() as session:
        (programme,) = list_programmes(session)
        session.add(ProgrammeGrant(programme_id=programme.id, organiser_id=organiser_id, granted_at=NOW))


def set_mailbox(world: World, number: str, email: str) -> None:
    with transaction() as session:
        session.get_one(Organisation, world.municipalities[number]).email = email


def all_of(*conditions: Condition, reach: Reach = Reach.PEOPLE) -> Clause:
    return Clause(conditions=conditions, reach=reach)


def cohort(world: World, *ordinals: int, negated: bool = False) -> Condition:
    return Condition(kind=Kind.COHORT, ids=tuple(world.cohorts[one] for one in ordinals), negated=negated)


def role(*roles: PositionRole, negated: bool = False) -> Condition:
    return Condition(kind=Kind.ROLE, words=tuple(roles), negated=negated)


def of(kind: Kind, *ids: int, negated: bool = False) -> Condition:
    return Condition(kind=kind, ids=ids, negated=negated)


def names_in(*clauses: Clause, organiser_id: int, on: date = ON, **more: Any) -> list[str]:
    """The names of all whom the audience is, in order."""
    found = list_people(db.session(), clauses, organiser_id=organiser_id, on=on, **more)
    db.session.rollback()
    return [one.name for one in found]
