"""Reads about organisers."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisers.models import INSTALLATION, Organiser


def find_organiser(session: Session, slug: str) -> Organiser | None:
    return None if "\0" in slug else session.scalar(sa.select(Organiser).filter_by(slug=slug))


def list_organisers(session: Session) -> list[Organiser]:
    """Everybody who arranges; the installation itself is not among them."""
    return list(session.scalars(sa.select(Organiser).where(Organiser.slug != INSTALLATION).order_by(Organiser.name)))
