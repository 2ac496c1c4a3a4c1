"""Reads about orders of brochures."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.site.models import BrochureOrder, SiteDocument
from eventsys.site.rules import OrderState

Orders = Sequence[sa.Row[BrochureOrder, SiteDocument]]


def list_orders(
    session: Session, organiser_id: int, *, state: OrderState | None, limit: int, offset: int = 0
) -> Orders:
    """An organiser's orders with what was ordered: those that wait first, the oldest of them first, then the newest."""
    waits = BrochureOrder.state == OrderState.RECEIVED
    order = (
        waits.desc(),
        sa.case((waits, BrochureOrder.created_at)).asc(),
        BrochureOrder.created_at.desc(),
        BrochureOrder.id.desc(),
    )
    statement = (
        sa.select(BrochureOrder, SiteDocument)
        .join(SiteDocument, SiteDocument.id == BrochureOrder.document_id)
        .where(BrochureOrder.organiser_id == organiser_id)
        .order_by(*order)
    )
    if state is not None:
        statement = statement.where(BrochureOrder.state == state)
    return session.execute(statement.limit(limit).offset(offset)).all()


def count_waiting(session: Session, organiser_id: int) -> int:
    """How many orders nobody has answered."""
    statement = sa.select(sa.func.count()).where(
        BrochureOrder.organiser_id == organiser_id, BrochureOrder.state == OrderState.RECEIVED
    )
    return session.scalar(statement) or 0


def count_copies(session: Session, organiser_id: int) -> dict[int, int]:
    """How many copies of each document have been sent, by its id."""
    statement = (
        sa.select(BrochureOrder.document_id, sa.func.sum(BrochureOrder.copies))
        .where(BrochureOrder.organiser_id == organiser_id, BrochureOrder.state == OrderState.SENT)
        .group_by(BrochureOrder.document_id)
    )
    return {document_id: int(copies) for document_id, copies in session.execute(statement)}


def find_own(session: Session, public_ids: Sequence[uuid.UUID], *, organiser_id: int) -> Sequence[BrochureOrder]:
    """Those of these orders that are the organiser's."""
    return session.scalars(
        sa.select(BrochureOrder)
        .where(BrochureOrder.organiser_id == organiser_id, BrochureOrder.public_id.in_(public_ids))
        .order_by(BrochureOrder.id)
    ).all()


def count_since(session: Session, email_key: str, *, since: datetime) -> int:
    """How many orders came from this address since then."""
    statement = sa.select(sa.func.count()).where(BrochureOrder.email_key == email_key, BrochureOrder.created_at > since)
    return session.scalar(statement) or 0
