"""Where people come from: a clause as SELECTs of positions, group memberships, representatives, registrations, mailboxes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventsys.audiences.queries.conditions import (
    Asked,
    Row,
    at_events,
    meets,
    membership_counts,
    of_unions,
    position_counts,
    representative_counts,
)
from eventsys.audiences.rules import OF_EVENTS, OF_ORGANISATIONS, Clause, Condition, Kind, Reach, Source
from eventsys.organisations.models import Organisation, Position, Representative
from eventsys.programmes.models import GroupMembership
from eventsys.registrations.models import Registration

Select = sa.Select[*tuple[Any, ...]]
RANKS = {source: rank for rank, source in enumerate(Source)}
NO_ID = sa.cast(sa.null(), sa.Integer())


def list_selects(place: int, clause: Clause, asked: Asked) -> Iterator[Select]:
    """The rows that meet the clause, which stands at `place`. All have the columns of `_columns`."""
    if clause.reach is not Reach.MAILBOXES:
        yield from (_of(source, place, clause.conditions, asked) for source in choose_sources(clause.conditions))
    if clause.reach is not Reach.PEOPLE:
        yield _mailboxes(place, clause, asked)


def choose_sources(conditions: tuple[Condition, ...]) -> tuple[Source, ...]:
    """What a clause is about decides where its people are looked for: representatives before roles, roles before groups,
    those before events. Named people are looked for everywhere but among representatives."""
    said = {condition.kind for condition in conditions if not condition.negated}
    if Kind.UNION in said:
        return (Source.REPRESENTATIVE,)
    if Kind.ROLE in said:
        return (Source.POSITION,)
    if Kind.GROUP in said:
        return (Source.GROUP,)
    if Kind.PERSON in said:
        return (Source.POSITION, Source.GROUP, Source.REGISTRATION)
    return (Source.REGISTRATION,) if said & set(OF_EVENTS) else (Source.POSITION,)


def _of(source: Source, place: int, conditions: tuple[Condition, ...], asked: Asked) -> Select:
    return _SOURCES[source](place, conditions, asked)


def _columns(row: Any, source: Source, place: int, role: Any, of: Any) -> tuple[Any, ...]:
    """`who` is the person, or an organisation's id below zero."""
    return (
        sa.literal(place, sa.Integer()).label("clause"),
        sa.literal(source.value, sa.String()).label("source"),
        sa.literal(RANKS[source], sa.Integer()).label("rank"),
        row.id.label("id"),
        row.person_id.label("who"),
        row.person_id,
        row.organisation_id,
        row.name,
        row.email,
        row.email_key,
        row.language,
        sa.cast(role, sa.String()).label("role"),
        of.label("of"),
    )


def _where(select: Select, row: Row, conditions: tuple[Condition, ...], asked: Asked) -> Select:
    return select.where(*(meets(row, condition, asked) for condition in conditions))


def _positions(place: int, conditions: tuple[Condition, ...], asked: Asked) -> Select:
    row = aliased(Position)
    select = sa.select(*_columns(row, Source.POSITION, place, row.role, NO_ID))
    own = {Kind.ROLE: lambda condition, _asked: row.role.in_(condition.words)}
    seen = select.where(position_counts(row, asked), row.email_key != "")
    return _where(seen, Row(row.person_id, row.organisation_id, own), conditions, asked)


def _memberships(place: int, conditions: tuple[Condition, ...], asked: Asked) -> Select:
    row = aliased(GroupMembership)
    select = sa.select(*_columns(row, Source.GROUP, place, sa.literal(""), row.group_id))
    own = {Kind.GROUP: lambda condition, _asked: row.group_id.in_(condition.ids)}
    seen = select.where(membership_counts(row, asked), row.email_key != "")
    return _where(seen, Row(row.person_id, row.organisation_id, own), conditions, asked)


def _representatives(place: int, conditions: tuple[Condition, ...], asked: Asked) -> Select:
    row = aliased(Representative)
    select = sa.select(*_columns(row, Source.REPRESENTATIVE, place, sa.literal(""), row.union_id))
    own = {Kind.UNION: lambda condition, _asked: of_unions(row, condition)}
    seen = select.where(representative_counts(row, asked), row.email_key != "")
    return _where(seen, Row(row.person_id, row.organisation_id, own), conditions, asked)


def _registrations(place: int, conditions: tuple[Condition, ...], asked: Asked) -> Select:
    row = aliased(Registration)
    select = sa.select(*_columns(row, Source.REGISTRATION, place, sa.literal(""), row.event_id))
    own = dict.fromkeys(OF_EVENTS, lambda condition, asked: at_events(row, condition, asked))
    seen = select.where(
        row.organiser_id == asked.organiser_id, row.person_id.is_not(None), row.email_key != "", row.name != ""
    )
    return _where(seen, Row(row.person_id, row.organisation_id, own), conditions, asked)


_SOURCES = {
    Source.POSITION: _positions,
    Source.GROUP: _memberships,
    Source.REPRESENTATIVE: _representatives,
    Source.REGISTRATION: _registrations,
}


def _mailboxes(place: int, clause: Clause, asked: Asked) -> Select:
    """The official mailboxes of the organisations meant that exist on the day; with `PEOPLE_OR_MAILBOX` of those in which
    the clause finds nobody."""
    row = aliased(Organisation)
    select = sa.select(
        sa.literal(place, sa.Integer()).label("clause"),
        sa.literal(Source.MAILBOX.value, sa.String()).label("source"),
        sa.literal(RANKS[Source.MAILBOX], sa.Integer()).label("rank"),
        row.id.label("id"),
        (-row.id).label("who"),
        NO_ID.label("person_id"),
        row.id.label("organisation_id"),
        row.label.label("name"),
        row.email,
        sa.func.lower(sa.func.trim(row.email)).label("email_key"),
        sa.cast(sa.null(), sa.String()).label("language"),
        sa.literal("", sa.String()).label("role"),
        NO_ID.label("of"),
    ).where(
        sa.func.trim(row.email) != "",
        sa.or_(row.valid_from.is_(None), row.valid_from <= asked.on),
        sa.or_(row.valid_to.is_(None), row.valid_to >= asked.on),
    )
    asks = tuple(one for one in clause.conditions if one.kind in (*OF_ORGANISATIONS, *OF_EVENTS))
    found = _where(select, Row(None, row.id, {}), asks, asked)
    if clause.reach is Reach.MAILBOXES:
        return found
    (source,) = choose_sources(clause.conditions)
    people = _of(source, place, clause.conditions, asked).subquery()
    return found.where(row.id.not_in(sa.select(people.c.organisation_id).where(people.c.organisation_id.is_not(None))))
