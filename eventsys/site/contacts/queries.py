"""Reads about the people whom visitors may write to or call."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.site.models import ContactPerson

ORDER = (ContactPerson.position, ContactPerson.id)


def list_public(session: Session) -> dict[int, list[ContactPerson]]:
    """Everybody's, by organiser, in each organiser's own order."""
    found: dict[int, list[ContactPerson]] = {}
    for person in session.scalars(sa.select(ContactPerson).order_by(*ORDER)):
        found.setdefault(person.organiser_id, []).append(person)
    return found


def list_own(session: Session, organiser_id: int) -> Sequence[ContactPerson]:
    return session.scalars(
        sa.select(ContactPerson).where(ContactPerson.organiser_id == organiser_id).order_by(*ORDER)
    ).all()


def find_own(session: Session, public_id: uuid.UUID, *, organiser_id: int) -> ContactPerson | None:
    return session.scalar(
        sa.select(ContactPerson).where(ContactPerson.public_id == public_id, ContactPerson.organiser_id == organiser_id)
    )
