"""Reads about grants: which programmes an organiser may arrange for, and whom it has let in."""

from __future__ import annotations

from datetime import date

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


def list_readable(session: Session, organiser_id: int) -> list[Programme]:
    """The organiser's own programmes first, then those it was granted."""
    readable = sa.select(Programme).where(Programme.id.in_(select_programmes(organiser_id)))
    return list(session.scalars(readable.order_by(Programme.organiser_id != organiser_id, Programme.id)))


def find_readable(session: Session, slug: str, *, organiser_id: int) -> Programme | None:
    """One's own, or one that one was granted."""
    readable = Programme.id.in_(select_programmes(organiser_id))
    return session.scalar(sa.select(Programme).where(Programme.slug == slug, readable)) if "\0" not in slug else None


def lock_own(session: Session, slug: str, *, organiser_id: int) -> Programme | None:
    """One's own as it is now; whoever else changes it waits until the transaction is over."""
    if "\0" in slug:
        return None
    own = sa.select(Programme).filter_by(slug=slug, organiser_id=organiser_id)
    return session.scalar(own.with_for_update().execution_options(populate_existing=True))


def find_last_end(session: Session, organiser_id: int, *, on: date) -> date | None:
    """The last day of the one that ends last, among the programmes that the organiser may arrange for and that still go on
    after that day."""
    its = Programme.id.in_(select_programmes(organiser_id))
    return session.scalar(sa.select(sa.func.max(Programme.ends_on)).where(its, Programme.ends_on > on))


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
