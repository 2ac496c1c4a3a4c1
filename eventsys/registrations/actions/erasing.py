"""The day on which answers and unions are erased follows the last day of their run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Run
from eventsys.registrations.models import PlainAnswer, Registration, SensitiveAnswer, UnionPosition


def shift_erasure(session: Session, run: Run, *, days: int) -> None:
    """As many days later, or earlier, as the run now ends. What has no day of its own goes with the registration."""
    seats = sa.select(Registration.id).where(Registration.run_id == run.id)
    tables: tuple[Any, ...] = (PlainAnswer, SensitiveAnswer, UnionPosition)
    for table in tables:
        own = (table.registration_id.in_(seats), table.erase_on.is_not(None))
        found = session.scalars(sa.select(table.erase_on).where(*own).distinct()).all()
        # The farthest first, so that none lands on a day that is still to be moved.
        for day in sorted(found, reverse=days > 0):
            moved = sa.update(table).where(*own, table.erase_on == day).values(erase_on=day + timedelta(days=days))
            session.execute(moved.execution_options(synchronize_session=False))
