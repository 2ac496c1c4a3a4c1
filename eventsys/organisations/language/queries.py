"""Reads about language forms."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.models import LanguageFormChange


def list_forms(session: Session, organisation_id: int) -> list[LanguageFormChange]:
    """What the organisation has chosen, newest first."""
    statement = sa.select(LanguageFormChange).where(LanguageFormChange.organisation_id == organisation_id)
    return list(session.scalars(statement.order_by(LanguageFormChange.from_on.desc())))
