"""Reads about excuses: who asks for one, and what was answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import texts
from eventsys.events.models import Event
from eventsys.extensions import AnyRow
from eventsys.obligations.members import read_successors
from eventsys.obligations.models import Excuse
from eventsys.obligations.rules import ExcuseState
from eventsys.organisations.models import Organisation, Position
from eventsys.web import language

MOST_SHOWN = 200


def list_of_organiser(session: Session, organiser_id: int) -> list[AnyRow]:
    """Those from the organiser's events: who waits longest first, then the last decided. With who asked."""
    statement = _select().where(Excuse.organiser_id == organiser_id, Excuse.state != ExcuseState.WITHDRAWN)
    order = (
        (Excuse.state != ExcuseState.ASKED),
        sa.case((Excuse.state == ExcuseState.ASKED, Excuse.id)),
        Excuse.id.desc(),
    )
    return list(session.execute(statement.order_by(*order).limit(MOST_SHOWN)))


def find_own(session: Session, public_id: uuid.UUID, *, organiser_id: int) -> AnyRow | None:
    own = (Excuse.public_id == public_id, Excuse.organiser_id == organiser_id)
    return session.execute(_select().where(*own)).one_or_none()


def find_of(session: Session, public_id: uuid.UUID, *, organisation_ids: Collection[int]) -> Excuse | None:
    of = (Excuse.public_id == public_id, Excuse.organisation_id.in_(organisation_ids))
    return session.scalar(sa.select(Excuse).where(*of))


def list_of_organisation(session: Session, organisation_id: int) -> list[Excuse]:
    """Those of an organisation and of those it was made of, the newest first."""
    ids = [organisation_id, *(one for one, now in read_successors(session).items() if now == organisation_id)]
    return list(session.scalars(sa.select(Excuse).where(Excuse.organisation_id.in_(ids)).order_by(Excuse.id.desc())))


def count_asked(session: Session, organiser_id: int) -> int:
    asked = (Excuse.organiser_id == organiser_id, Excuse.state == ExcuseState.ASKED)
    return session.scalar(sa.select(sa.func.count()).where(*asked)) or 0


def _select() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Excuse, Event, Organisation, Position.name.label("who"))
        .join(Event, Event.id == Excuse.event_id)
        .join(Organisation, Organisation.id == Excuse.organisation_id)
        .outerjoin(Position, Position.id == Excuse.position_id)
    )


def name_events(session: Session, event_ids: Collection[int]) -> dict[int, texts.Text]:
    rows = session.execute(sa.select(Event.id, Event.title).where(Event.id.in_(event_ids)))
    return {event_id: texts.read(title, language()) for event_id, title in rows}
