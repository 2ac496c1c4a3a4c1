"""Takes away a programme, a cohort or a network that nothing hangs on; the caller has looked, and holds its lock."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.programmes.models import Cohort, Network, Programme, ProgrammeGrant, ProgrammeParty


def remove(session: Session, row: Programme | Cohort | Network) -> None:
    """Who is behind a programme, and who was let in, go with it. What does hang on it is refused by its foreign key."""
    if isinstance(row, Programme):
        for table in (ProgrammeParty, ProgrammeGrant):
            session.execute(sa.delete(table).where(table.programme_id == row.id))
    session.delete(row)
    session.flush()
