"""Reads beside a meeting's own: who has a place at it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.models import Organisation
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import HOLDS_A_PLACE


def list_names(session: Session, event_id: int) -> list[str]:
    """«Kari Fjell, Oslo»: whoever has a place, by name, with the organisation they come from."""
    rows = session.execute(
        sa.select(Registration.name, Organisation.label)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.event_id == event_id, Registration.state.in_(HOLDS_A_PLACE), Registration.name != "")
        .order_by(Registration.name, Registration.id)
    )
    return list(dict.fromkeys(", ".join(part for part in row if part) for row in rows))
