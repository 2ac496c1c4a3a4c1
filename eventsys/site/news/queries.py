"""Reads about news: what everybody sees, and an organiser's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisers.models import Organiser
from eventsys.site.models import NewsItem

Published = Sequence[sa.Row[NewsItem, str]]


def list_published(session: Session, *, now: datetime, limit: int, offset: int = 0) -> Published:
    """What is out, the newest first, each with its organiser's name."""
    statement = _published(now).order_by(NewsItem.published_at.desc(), NewsItem.id.desc())
    return session.execute(statement.limit(limit).offset(offset)).all()


def find_published(session: Session, slug: str, *, now: datetime) -> sa.Row[NewsItem, str] | None:
    return session.execute(_published(now).where(NewsItem.slug == slug)).one_or_none()


def _published(now: datetime) -> sa.Select[NewsItem, str]:
    return (
        sa.select(NewsItem, Organiser.name)
        .join(Organiser, Organiser.id == NewsItem.organiser_id)
        .where(NewsItem.published_at <= now)
    )


def list_own(session: Session, organiser_id: int, *, limit: int, offset: int = 0) -> Sequence[NewsItem]:
    """An organiser's own: what is not out yet first, then the newest."""
    order = (NewsItem.published_at.is_not(None), NewsItem.published_at.desc(), NewsItem.id.desc())
    statement = sa.select(NewsItem).where(NewsItem.organiser_id == organiser_id).order_by(*order)
    return session.scalars(statement.limit(limit).offset(offset)).all()


def find_own(session: Session, slug: str, *, organiser_id: int) -> NewsItem | None:
    return session.scalar(sa.select(NewsItem).where(NewsItem.slug == slug, NewsItem.organiser_id == organiser_id))
