"""Reads of materials: an event's, those that one reader may open, talks of events that are over."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eventsys.events.materials.rules import OPENS, Reader
from eventsys.events.models import Event, EventChange, EventClause, EventSession, Material, Run
from eventsys.events.queries import is_public
from eventsys.events.rules import ChangeKind, EventStatus, MaterialKind
from eventsys.programmes.models import GroupMembership

MATERIALS = "materials"
"""In the facts of a change: the public ids of what was published."""


def list_materials(session: Session, event_id: int) -> list[Material]:
    """All of the event, out or not, with their files' names: the event's own first, then by session; one statement."""
    return list(session.scalars(_ordered().where(Material.event_id == event_id)))


def count_closed(materials: Sequence[Material], reader: Reader) -> int:
    """How many of these the reader may not open."""
    return sum(1 for one in materials if reader not in OPENS[one.access])


def list_out(session: Session, event_id: int, *, now: datetime) -> list[Material]:
    """All that are out, whoever may open them."""
    return list(session.scalars(_ordered().where(Material.event_id == event_id, _is_out(now))))


def find_material(session: Session, event_id: int, public_id: uuid.UUID) -> Material | None:
    """One of the event's, with its file but for the bytes."""
    return session.scalar(_ordered().where(Material.event_id == event_id, Material.public_id == public_id))


def _ordered() -> sa.Select[Material]:
    return (
        sa.select(Material)
        .outerjoin(EventSession, EventSession.id == Material.session_id)
        .options(joinedload(Material.file))
        .order_by(
            Material.session_id.is_not(None), EventSession.run_id, EventSession.starts_local, Material.session_id,
            Material.position, Material.id,
        )
    )  # fmt: skip


def _is_out(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Material.published_at.is_not(None), Material.published_at <= now)


def is_member(session: Session, event_id: int, person_id: int | None, *, on: date) -> bool:
    """Whether the person is on that day in a group that the event is for."""
    if person_id is None:
        return False
    return bool(
        session.scalar(
            sa.select(
                sa.exists()
                .where(EventClause.event_id == event_id, EventClause.group_id == GroupMembership.group_id)
                .where(GroupMembership.person_id == person_id, GroupMembership.from_on <= on)
                .where(sa.or_(GroupMembership.to_on.is_(None), GroupMembership.to_on >= on))
            )
        )
    )


def list_unannounced(session: Session, event_id: int, *, now: datetime) -> list[Material]:
    """What has come out since the event last told of any, the announced ones of the same moment left out."""
    last = session.scalars(
        sa.select(EventChange)
        .where(EventChange.event_id == event_id, EventChange.kind == ChangeKind.MATERIALS_PUBLISHED)
        .order_by(EventChange.id.desc())
        .limit(1)
    ).first()
    statement = _ordered().where(Material.event_id == event_id, _is_out(now))
    if last is not None:
        statement = statement.where(Material.published_at >= last.at)
    told = last.facts.get(MATERIALS, []) if last is not None else []
    return [one for one in session.scalars(statement) if str(one.public_id) not in told]


def list_due_events(session: Session, *, since: datetime, now: datetime) -> list[int]:
    """The published events with something that came out between these moments."""
    statement = (
        sa.select(Material.event_id)
        .join(Event, Event.id == Material.event_id)
        .where(Event.status == EventStatus.PUBLISHED, Material.published_at > since, Material.published_at <= now)
        .distinct()
    )
    return sorted(session.scalars(statement))


class Talk(NamedTuple):
    """Slides that everybody may open, of a session or of an event as a whole, and when that was."""

    material: Material
    event: Event
    session: EventSession | None
    on: date | None


def list_talks(session: Session, *, today: date, now: datetime, most: int = 200) -> list[Talk]:
    """Slides of events that are over, newest first, with speakers; two statements at most."""
    last_on = sa.select(sa.func.max(Run.last_on)).where(Run.event_id == Event.id).correlate(Event).scalar_subquery()
    rows = session.execute(
        sa.select(Material, Event, EventSession, sa.func.coalesce(Run.first_on, last_on))
        .join(Event, Event.id == Material.event_id)
        .outerjoin(EventSession, EventSession.id == Material.session_id)
        .outerjoin(Run, Run.id == EventSession.run_id)
        .options(joinedload(Material.file), joinedload(EventSession.speakers))
        .where(Event.status == EventStatus.PUBLISHED, is_public(), last_on < today, _is_out(now))
        .where(Material.kind == MaterialKind.SLIDES, Material.access.in_(_for_everybody()))
        .order_by(last_on.desc(), Event.id, EventSession.starts_local, Material.position, Material.id)
        .limit(most)
    ).unique()
    return [Talk(*row) for row in rows]


def _for_everybody() -> list[str]:
    return [access for access, readers in OPENS.items() if Reader.ANYBODY in readers]
