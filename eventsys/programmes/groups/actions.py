"""Verbs on groups: making one, and who is in it from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import Translated
from eventsys.mailing.addresses import email_key
from eventsys.organisations.actions import find_or_add_person
from eventsys.organisations.rules import search_words
from eventsys.programmes.groups.queries import is_member
from eventsys.programmes.models import Group, GroupMembership
from eventsys.programmes.rules import GroupKind

MOST_TRIES = 1_000


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """Who is in a group; `to_on` is the last day."""

    name: str
    email: str
    from_on: date
    to_on: date | None = None
    organisation_id: int | None = None
    language: str | None = None


def add_group(
    session: Session,
    *,
    organiser_id: int,
    name: Translated,
    kind: GroupKind = GroupKind.OTHER,
    about: Translated | None = None,
    programme_id: int | None = None,
) -> Group:
    group = Group(organiser_id=organiser_id, programme_id=programme_id, slug=_free_slug(session, name), name=name)
    group.kind, group.about = kind, about or {}
    session.add(group)
    session.flush()
    return group


def _free_slug(session: Session, name: Translated) -> str:
    words = next((search_words(text) for text in name.values() if search_words(text)), ["group"])
    slug = "-".join(words)[:70]
    taken = set(session.scalars(sa.select(Group.slug).where(Group.slug.startswith(slug, autoescape=True))))
    numbered = (f"{slug}-{number}" for number in range(2, MOST_TRIES))
    return slug if slug not in taken else next(one for one in numbered if one not in taken)


def change_group(
    session: Session,
    group: Group,
    *,
    name: Translated,
    kind: GroupKind,
    about: Translated,
    programme_id: int | None,
) -> None:
    """Its address stays."""
    group.name, group.kind, group.about, group.programme_id = name, kind, about, programme_id
    session.flush()


def end_group(session: Session, group: Group, *, on: date) -> int:
    """Nobody is in the group from that day; how many were. What it has met about stays."""
    session.execute(sa.select(Group.id).where(Group.id == group.id).with_for_update())
    rows = session.scalars(
        sa.select(GroupMembership).where(
            GroupMembership.group_id == group.id, sa.or_(GroupMembership.to_on.is_(None), GroupMembership.to_on >= on)
        )
    ).all()
    return sum(end_member(session, row, on=on) for row in rows)


def set_member(session: Session, group: Group, facts: MemberFacts, *, now: datetime) -> tuple[GroupMembership, bool]:
    """Puts somebody in the group, or mends what is known of who is in it already; whether they are new."""
    session.execute(sa.select(Group.id).where(Group.id == group.id).with_for_update())
    person_id = find_or_add_person(session, email=facts.email, name=facts.name, now=now)
    same = sa.select(GroupMembership).where(
        GroupMembership.group_id == group.id, GroupMembership.person_id == person_id
    )
    there = session.scalars(same.where(is_member(facts.from_on)).limit(1)).first()
    # Whoever left on the day on which they come back takes up the same row: one row a person, group and first day.
    row = there or session.scalar(same.where(GroupMembership.from_on == facts.from_on))
    row = row or GroupMembership(group_id=group.id, person_id=person_id, from_on=facts.from_on)
    row.name, row.email, row.email_key = facts.name, facts.email, email_key(facts.email)
    row.organisation_id = facts.organisation_id or row.organisation_id
    row.language, row.to_on = facts.language or row.language, facts.to_on
    session.add(row)
    session.flush()
    return row, there is None


def end_member(session: Session, row: GroupMembership, *, on: date) -> bool:
    """Out of the group from that day. False when they have left already. Who came that day was never in it."""
    session.refresh(row, with_for_update=True)
    if row.to_on is not None and row.to_on < on:
        return False
    if row.from_on >= on:
        session.delete(row)
    else:
        row.to_on = on - timedelta(days=1)
    session.flush()
    return True
