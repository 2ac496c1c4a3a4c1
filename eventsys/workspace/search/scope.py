"""Whom an organiser may see: through its own events, groups and the positions in its members alone. Conditions, no reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from eventsys.events.models import Event
from eventsys.registrations.models import Delegation, Registration
from eventsys.workspace.registers.queries.scope import list_ways


@dataclass(frozen=True, slots=True)
class Seeing:
    """Who looks: an organiser on a day; `slugs` where it is a helper, who knows some of its events and nothing else."""

    organiser_id: int
    on: date
    slugs: frozenset[str] | None = None


def list_sources(seeing: Seeing) -> list[sa.Select[Any]]:
    """Each way to know a person, as a SELECT of the ids of people.

    A helper knows by its events alone.
    """
    ways, events = list_ways(seeing.organiser_id, on=seeing.on), of_events(seeing)
    if events is None:
        return ways
    tables = [(way, way.selected_columns[0].table) for way in ways]
    of_event = (Registration.__table__, Delegation.__table__)
    return [way.where(table.c.event_id.in_(events)) for way, table in tables if table in of_event]


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
