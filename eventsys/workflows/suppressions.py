"""Addresses that want no mail of a category: asked, set and taken back. The caller owns the transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.models import Suppression
from eventsys.mailing.outbox import insert_into


def is_silent(session: Session, email_key: str, category: str) -> bool:
    """Whether the address gets no mail of the category."""
    return session.scalar(sa.select(Suppression.id).where(*_of(email_key, category))) is not None


def silence(session: Session, email_key: str, category: str, *, now: datetime) -> None:
    """No more of the category to the address; twice is once."""
    row = {"email_key": email_key, "category": category, "why": "unsubscribed by its owner", "created_at": now}
    session.execute(insert_into(session, Suppression).values(row).on_conflict_do_nothing())


def unsilence(session: Session, email_key: str, category: str) -> None:
    session.execute(sa.delete(Suppression).where(*_of(email_key, category)))


def _of(email_key: str, category: str) -> tuple[sa.ColumnElement[bool], ...]:
    return Suppression.email_key == email_key, Suppression.category == category
