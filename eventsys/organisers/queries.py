"""Reads about organisers."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisers.models import INSTALLATION, Organiser


def find_organiser(session: Session, slug: str) -> Organiser | None:
    return None if "\0" in slug else session.scalar(sa.select(Organiser).filter_by(slug=slug))


def list_organisers(session: Session) -> list[Organiser]:
    """Everybody who arranges; the installation itself is not among them."""
    return list(session.scalars(sa.select(Organiser).where(Organiser.slug != INSTALLATION).order_by(Organiser.name)))


class Kept(NamedTuple):
    """How long organisers keep things: the least and the most that any of them has set."""

    months: tuple[int, int]
    days: tuple[int, int]


USUALLY = Kept((24, 24), (14, 14))


def read_kept(session: Session) -> Kept:
    """Of all who arrange; where nobody does, what a new organiser begins with."""
    months, days = Organiser.ordinary_months, Organiser.sensitive_days
    ends = (sa.func.min(months), sa.func.max(months), sa.func.min(days), sa.func.max(days))
    row = session.execute(sa.select(*ends).where(Organiser.slug != INSTALLATION)).one()
    return USUALLY if row[0] is None else Kept((row[0], row[1]), (row[2], row[3]))
