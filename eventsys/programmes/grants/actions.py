"""Opening a programme to another organiser, and closing it again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.outbox import insert_into
from eventsys.programmes.models import Programme, ProgrammeGrant


def grant(session: Session, programme: Programme, organiser_id: int, *, account_id: int | None, now: datetime) -> bool:
    """The other organiser may arrange for the programme's cohorts and networks; False if it could before."""
    values = {"programme_id": programme.id, "organiser_id": organiser_id, "granted_at": now, "account_id": account_id}
    row = insert_into(session, ProgrammeGrant).values(values).on_conflict_do_nothing()
    return bool(session.execute(row.returning(ProgrammeGrant.organiser_id)).first())


def withdraw(session: Session, programme: Programme, organiser_id: int) -> bool:
    """It may not from now on; what it has arranged stays. False if it could not before."""
    gone = sa.delete(ProgrammeGrant).where(
        ProgrammeGrant.programme_id == programme.id, ProgrammeGrant.organiser_id == organiser_id
    )
    return bool(session.execute(gone.returning(ProgrammeGrant.organiser_id)).first())
