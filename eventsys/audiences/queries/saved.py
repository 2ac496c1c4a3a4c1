"""Reads about audiences as things: those saved by name, what an organiser may tick, and the names of what is ticked."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.queries import scope
from eventsys.audiences.queries.conditions import Asked, membership_counts, position_counts
from eventsys.audiences.rules import Clause, Kind, list_ids
from eventsys.events.models import Event
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.rules import sort_key
from eventsys.programmes.models import Cohort, Group, GroupMembership, Network, Programme
from eventsys.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Targets:
    """What an organiser may aim at, in the order of a form."""

    programmes: list[Programme]
    cohorts: list[Cohort]
    networks: list[Network]
    groups: list[Group]
    unions: list[Organisation]
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Names:
    """What clauses name, by kind and id: a translated text, or a plain one under every language."""

    found: dict[Kind, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, kind: Kind, one: int) -> Any:
        """A translated text, a plain one, or None for what is gone."""
        return self.found.get(kind, {}).get(one)


def is_there() -> sa.ColumnElement[bool]:
    """Whether it was not taken away: one that mail went to is kept without its clauses."""
    return sa.cast(AudienceRecord.clauses, sa.String()) != "[]"


def find_saved(session: Session, public_id: uuid.UUID, *, organiser_id: int) -> AudienceRecord | None:
    mine = sa.select(AudienceRecord).filter_by(public_id=public_id, organiser_id=organiser_id)
    return session.scalar(mine.where(is_there()))


def list_saved(session: Session, organiser_id: int) -> list[AudienceRecord]:
    """The organiser's audiences in Norwegian order of their names."""
    found = session.scalars(sa.select(AudienceRecord).filter_by(organiser_id=organiser_id).where(is_there()))
    return sorted(found, key=lambda row: (sort_key(row.name), row.id))


def list_targets(session: Session, organiser_id: int) -> Targets:
    """Six statements, however much there is."""

    def rows(model: Any, ids: Any, *order: Any) -> list[Any]:
        return list(session.scalars(sa.select(model).where(model.id.in_(ids)).order_by(*order)))

    networks = rows(Network, scope.networks(organiser_id), Network.id)
    return Targets(
        programmes=rows(Programme, scope.programmes(organiser_id), Programme.id),
        cohorts=rows(Cohort, scope.cohorts(organiser_id), Cohort.programme_id, Cohort.ordinal),
        networks=sorted(networks, key=lambda row: sort_key(row.name)),
        groups=rows(Group, scope.groups(organiser_id), Group.id),
        unions=rows(Organisation, scope.unions(organiser_id), Organisation.sort_key),
        events=rows(Event, scope.events(organiser_id), Event.created_at.desc(), Event.id.desc()),
    )


def read_names(
    session: Session,
    clauses: Iterable[Clause],
    *,
    organiser_id: int,
    on: date,
    more: Iterable[tuple[Kind, int]] = (),
) -> Names:
    """The names of everything that the clauses name, and of `more`, as far as the organiser may know it; a statement for
    each kind there is."""
    asked: dict[Kind, set[int]] = defaultdict(set)
    for kind, one in (*list_ids(clauses), *more):
        asked[kind].add(one)
    names = Names()
    for kind, ids in asked.items():
        statement = _people(organiser_id, on) if kind is Kind.PERSON else _NAMES[kind](organiser_id)
        column = statement.selected_columns[0]
        names.found[kind] = {row[0]: row[1] for row in session.execute(statement.where(column.in_(ids)))}
    return names


def _named(model: Any, name: str, ids: Callable[[int], Any] | None) -> Callable[[int], Any]:
    return lambda organiser_id: sa.select(model.id, getattr(model, name)).where(
        model.id.in_(ids(organiser_id)) if ids else sa.true()
    )


def find_people(
    session: Session, email_keys: Collection[str], *, organiser_id: int, on: date
) -> dict[str, dict[int, str]]:
    """The people behind addresses that the organiser knows: by address their names by id."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    every = _people(organiser_id, on)
    keys = every.selected_columns[2].in_(email_keys)
    for person_id, name, key in session.execute(every.where(keys)):
        found[key].setdefault(person_id, name)
    return found


def _people(organiser_id: int, on: date) -> Any:
    """Names stand where they were given: in a position, a group, a seat at an own event; each as far as it is in scope."""
    asked = Asked(organiser_id, on)
    positions = sa.select(Position.person_id, Position.name, Position.email_key).where(position_counts(Position, asked))
    members = sa.select(GroupMembership.person_id, GroupMembership.name, GroupMembership.email_key).where(
        membership_counts(GroupMembership, asked)
    )
    seats = sa.select(Registration.person_id, Registration.name, Registration.email_key).where(
        Registration.organiser_id == organiser_id, Registration.person_id.is_not(None), Registration.name != ""
    )
    every = sa.union_all(positions, members, seats).subquery()
    return sa.select(every.c.person_id, every.c.name, every.c.email_key)


_NAMES: dict[Kind, Callable[[int], Any]] = {
    Kind.COHORT: _named(Cohort, "name", scope.cohorts),
    Kind.NETWORK: _named(Network, "name", scope.networks),
    Kind.PROGRAMME: _named(Programme, "name", scope.programmes),
    Kind.GROUP: _named(Group, "name", scope.groups),
    Kind.ORGANISATION: _named(Organisation, "label", None),
    Kind.UNION: _named(Organisation, "name", None),
    Kind.ANSWERED: _named(Event, "title", scope.events),
    Kind.REGISTERED: _named(Event, "title", scope.events),
    Kind.ATTENDED: _named(Event, "title", scope.events),
}
