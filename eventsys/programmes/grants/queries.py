"""Reads about grants: which programmes an organiser may arrange for, and whom it has let in."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.organisers.models import INSTALLATION, Organiser
from eventsys.programmes.models import Programme, ProgrammeGrant


def select_programmes(organiser_id: int) -> sa.Select[int]:
    """The ids of the programmes that an organiser may arrange for: its own, and those it was granted."""
    granted = sa.select(ProgrammeGrant.programme_id).where(ProgrammeGrant.organiser_id == organiser_id)
    one = aliased(Programme)
    return sa.select(one.id).where(sa.or_(one.organiser_id == organiser_id, one.id.in_(granted)))


def list_own(session: Session, organiser_id: int) -> list[Programme]:
    return list(session.scalars(sa.select(Programme).filter_by(organiser_id=organiser_id).order_by(Programme.id)))


def find_own(session: Session, slug: str, *, organiser_id: int) -> Programme | None:
    return session.scalar(sa.select(Programme).filter_by(slug=slug, organiser_id=organiser_id))


def list_granted(session: Session, organiser_id: int) -> dict[int, list[Organiser]]:
    """Whom each of the organiser's own programmes is open to, by programme."""
    statement = (
        sa.select(ProgrammeGrant.programme_id, Organiser)
        .join(Organiser, Organiser.id == ProgrammeGrant.organiser_id)
        .join(Programme, Programme.id == ProgrammeGrant.programme_id)
        .where(Programme.organiser_id == organiser_id)
        .order_by(Organiser.name, Organiser.id)
    )
    found: dict[int, list[Organiser]] = {}
    for programme_id, organiser in session.execute(statement):
        found.setdefault(programme_id, []).append(organiser)
    return found


def list_others(session: Session, organiser_id: int) -> list[Organiser]:
    """The organisers that a programme can be opened to."""
    others = sa.select(Organiser).where(Organiser.id != organiser_id, Organiser.slug != INSTALLATION)
    return list(session.scalars(others.order_by(Organiser.name, Organiser.id)))
