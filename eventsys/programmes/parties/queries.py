"""Reads of a programme's parties and partners."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.programmes.models import ProgrammeParty
from eventsys.programmes.rules import PartyRole


def list_parties(session: Session, programme_id: int) -> list[ProgrammeParty]:
    """Parties before partners, each in the order that was chosen."""
    rows = sa.select(ProgrammeParty).where(ProgrammeParty.programme_id == programme_id)
    first = ProgrammeParty.role != PartyRole.PARTY
    return list(session.scalars(rows.order_by(first, ProgrammeParty.position, ProgrammeParty.id)))


def find_party(session: Session, programme_id: int, public_id: uuid.UUID) -> ProgrammeParty | None:
    return session.scalar(sa.select(ProgrammeParty).filter_by(programme_id=programme_id, public_id=public_id))
