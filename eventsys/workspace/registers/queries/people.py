"""Reads of people as one organiser sees them: the list, one of them, and who may be the same."""

from __future__ import annotations

import difflib
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.models import Event, Run
from eventsys.extensions import AnyRow
from eventsys.invitations.models import Invitation
from eventsys.organisations.models import Organisation, Person, PersonWord, Position
from eventsys.organisations.queries import MOST_WORDS
from eventsys.organisations.rules import search_words
from eventsys.programmes.models import Group, GroupMembership
from eventsys.registrations.models import Delegation, Registration
from eventsys.workspace.registers.queries.scope import select_own_organisations

MOST_DOUBLES = 100
ALIKE = 0.84
"""How like two names at one address must be to be shown as perhaps one; measured on names with a letter wrong."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is read: as whom (None for everybody's), and on which day."""

    organiser_id: int | None
    on: date


class Name(NamedTuple):
    """How a person was last called, with the address and where from."""

    name: str
    email: str
    organisation: str | None


def select_found(seen: sa.Select[int], words: str) -> sa.Select[Person]:
    """Those of `seen` whose name or address begins with what was typed."""
    statement = sa.select(Person).where(Person.id.in_(seen), Person.email_key.is_not(None))
    if "@" in words:
        return statement.where(Person.email_key.startswith(words.strip().casefold(), autoescape=True))
    for word in search_words(words)[:MOST_WORDS]:
        begins = PersonWord.word.startswith(word, autoescape=True)
        statement = statement.where(Person.id.in_(sa.select(PersonWord.person_id).where(begins)))
    return statement


def count_people(session: Session, found: sa.Select[Person]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(found.with_only_columns(Person.id).subquery())) or 0


def list_page(session: Session, found: sa.Select[Person], *, limit: int, offset: int) -> list[Person]:
    return list(session.scalars(found.order_by(Person.name_key, Person.email_key).limit(limit).offset(offset)))


def find_person(session: Session, public_id: uuid.UUID, seen: sa.Select[int]) -> Person | None:
    return session.scalar(sa.select(Person).where(Person.public_id == public_id, Person.id.in_(seen)))


def find_merged(session: Session, public_id: uuid.UUID, seen: sa.Select[int]) -> uuid.UUID | None:
    """Who somebody became part of."""
    other = aliased(Person)
    return session.scalar(
        sa.select(Person.public_id)
        .join(other, other.merged_into_id == Person.id)
        .where(other.public_id == public_id, Person.id.in_(seen))
    )


def list_ids(session: Session, person: Person) -> list[int]:
    """The person, and those who became part of them."""
    merged = sa.select(Person.id).where(Person.merged_into_id == person.id)
    return [person.id, *session.scalars(merged)]


def find_names(session: Session, person_ids: Collection[int], scope: Scope) -> dict[int, Name]:
    """How each was last called in what the organiser sees; one statement however many people."""
    kinds = [_given(model, person, scope, extra) for model, person, extra in _sources()]
    given = sa.union_all(*(kind.where(kind.selected_columns.person_id.in_(person_ids)) for kind in kinds)).subquery()
    statement = (
        sa.select(given.c.person_id, given.c.name, given.c.email, Organisation.label)
        .outerjoin(Organisation, Organisation.id == given.c.organisation_id)
        .order_by(given.c.at.nulls_first())
    )
    return {row[0]: Name(*row[1:]) for row in session.execute(statement)}


def _sources() -> Sequence[tuple[Any, Any, Any]]:
    """Each table that names people: its class, its person, its moment."""
    return (
        (Registration, Registration.person_id, Registration.created_at),
        (Delegation, Delegation.registrar_id, Delegation.created_at),
        (Invitation, Invitation.person_id, Invitation.created_at),
        (Position, Position.person_id, Position.asked_at),
        (GroupMembership, GroupMembership.person_id, sa.null()),
    )


def _given(model: Any, person: Any, scope: Scope, at: Any) -> sa.Select[*tuple[Any, ...]]:
    columns = (person.label("person_id"), model.name, model.email, model.organisation_id, at.label("at"))
    statement = sa.select(*columns).where(model.email_key != "", person.is_not(None))
    if model is Invitation:
        statement = statement.where(Invitation.is_restricted.is_(False))
    if scope.organiser_id is None:
        return statement
    if model is Position:
        return statement.where(Position.organisation_id.in_(select_own_organisations(scope.organiser_id, on=scope.on)))
    if model is GroupMembership:
        own = sa.select(Group.id).where(Group.organiser_id == scope.organiser_id)
        return statement.where(GroupMembership.group_id.in_(own))
    return statement.where(model.organiser_id == scope.organiser_id)


def list_seats(session: Session, person_ids: Collection[int], scope: Scope) -> list[AnyRow]:
    """Rows of Registration, Run, Event and the organisation's label: every seat that people have or had, newest first."""
    columns: tuple[Any, ...] = (Registration, Run, Event, Organisation.label.label("organisation"))
    statement = (
        sa.select(*columns)
        .join(Run, Run.id == Registration.run_id)
        .join(Event, Event.id == Registration.event_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.person_id.in_(person_ids), Registration.email_key != "")
        .order_by(Run.sort_at.desc(), Registration.id.desc())
    )
    if scope.organiser_id is not None:
        statement = statement.where(Registration.organiser_id == scope.organiser_id)
    return list(session.execute(statement))


def list_invitations(session: Session, person_ids: Collection[int], scope: Scope) -> list[AnyRow]:
    """Rows of Invitation and Event, newest first; none whose reason is a union."""
    columns: tuple[Any, ...] = (Invitation, Event)
    statement = (
        sa.select(*columns)
        .join(Event, Event.id == Invitation.event_id)
        .where(Invitation.person_id.in_(person_ids), Invitation.is_restricted.is_(False), Invitation.email_key != "")
        .order_by(Invitation.id.desc())
    )
    if scope.organiser_id is not None:
        statement = statement.where(Invitation.organiser_id == scope.organiser_id)
    return list(session.execute(statement))


# --- who may be the same --------------------------------------------------------------------------------------------


class Double(NamedTuple):
    """Two who may be one person: of one name, or at one address with names that are alike."""

    first: Person
    second: Person


def list_doubles(session: Session, seen: sa.Select[int]) -> list[Double]:
    """By name."""
    same_name = _pairs(seen, lambda one, two: one.name_key == two.name_key, shared=Person.name_key)
    same_address = _pairs(seen, lambda one, two: one.email_key == two.email_key)
    found = [Double(*row) for row in session.execute(same_name)]
    found += [
        Double(*row) for row in session.execute(same_address) if are_alike(row[0].name_key or "", row[1].name_key or "")
    ]
    return sorted(found, key=lambda pair: (pair.first.name_key or "", pair.second.id))[:MOST_DOUBLES]


def _pairs(seen: sa.Select[int], condition: Any, shared: Any = None) -> sa.Select[*tuple[Any, ...]]:
    """`shared` is what both have alike and no index helps to find: first those are found of whom there are several."""
    one, two = aliased(Person), aliased(Person)
    columns: tuple[Any, ...] = (one, two)
    known = seen.cte()
    statement = (
        sa.select(*columns)
        .join(two, sa.and_(condition(one, two), one.id < two.id))
        .where(one.id.in_(sa.select(known.c[0])), two.id.in_(sa.select(known.c[0])), one.email_key.is_not(None))
        .order_by(one.name_key, one.id, two.id)
        .limit(MOST_DOUBLES)
    )
    if shared is None:
        return statement
    mine = sa.select(shared).where(Person.id.in_(sa.select(known.c[0]))).group_by(shared)
    several = mine.having(sa.func.count() > 1)
    return statement.where(getattr(one, shared.key).in_(several), getattr(two, shared.key).in_(several))


def are_alike(one: str, two: str) -> bool:
    """Whether two names at one address may be one person's: a letter apart, or one with a name more in the middle."""
    first, second = set(search_words(one)), set(search_words(two))
    if len(first & second) > 1 and (first <= second or second <= first):
        return True
    return difflib.SequenceMatcher(None, one, two, autojunk=False).ratio() >= ALIKE
