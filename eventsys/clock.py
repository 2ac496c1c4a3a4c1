"""The only clock: real time plus one offset kept in the database, so that web and worker live in the same moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import Mapped, Session, mapped_column

from eventsys.dates import TIMEZONE, to_local
from eventsys.extensions import Base, db


class ClockOffset(Base):
    __tablename__ = "clock_offsets"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seconds: Mapped[float]


_OFFSET = sa.select(ClockOffset.__table__.c.seconds)
OFFSET = _OFFSET.scalar_subquery()
"""A column for a statement that is made anyway: what it gives is for `learn`, and `now` needs no statement of its own."""


def real_now() -> datetime:
    """The machine's own time in UTC: for leases, heartbeats, sessions and cookies, which no demo may bend."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment that everything happens at, aware, UTC. The offset is read once in an application context."""
    if "clock_offset" not in g:
        g.clock_offset = timedelta(seconds=db.session.scalar(_OFFSET) or 0)
    offset: timedelta = g.clock_offset
    return real_now() + offset


def today(timezone: str = TIMEZONE) -> date:
    """The day that it is at a place."""
    return to_local(now(), timezone).date()


def learn(seconds: float | None) -> None:
    """What a statement read as `OFFSET`."""
    g.clock_offset = timedelta(seconds=seconds or 0)


def is_moved() -> bool:
    """Whether this installation lives in another time than its machine (the demo does)."""
    now()
    return bool(g.clock_offset)


def set_to(session: Session, moment: datetime) -> None:
    """Makes it `moment` (aware) now, for every process on this database. Only `demo`, `run` and tests call this."""
    seconds = (moment - real_now()).total_seconds()
    session.merge(ClockOffset(id=1, seconds=seconds))
    session.flush()
    g.clock_offset = timedelta(seconds=seconds)
