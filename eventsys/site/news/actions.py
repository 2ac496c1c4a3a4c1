"""Verbs of news. The caller owns the transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.rules import first_free, make_slug
from eventsys.site.models import NewsItem
from eventsys.site.rules import EditedMeanwhile, NewsFacts


def add(session: Session, *, organiser_id: int, facts: NewsFacts, now: datetime) -> NewsItem:
    """A new piece of news with an address of its own."""
    slug = make_slug(list(facts.title.values())[:1], fallback="news")
    near = sa.select(NewsItem.slug).where(NewsItem.slug.startswith(slug, autoescape=True))
    item = NewsItem(
        organiser_id=organiser_id,
        slug=first_free(slug, set(session.scalars(near))),
        title=facts.title,
        text=facts.text,
        published_at=facts.published_at,
        created_at=now,
        revised_at=now,
    )
    session.add(item)
    session.flush()
    return item


def edit(session: Session, item: NewsItem, *, facts: NewsFacts, edition: int, now: datetime) -> None:
    """Raises `EditedMeanwhile` where somebody else has saved it since this form was opened."""
    if edition != item.edition:
        raise EditedMeanwhile
    item.title, item.text, item.published_at = facts.title, facts.text, facts.published_at
    item.edition += 1
    item.revised_at = now
    session.flush()


def remove(session: Session, item: NewsItem) -> None:
    session.delete(item)
    session.flush()
