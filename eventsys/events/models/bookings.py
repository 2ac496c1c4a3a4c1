"""Tables: who has a room and when, kept free of clashes by the database, and what contracts with venues ask for by a day."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.events.rules import DeadlineKind
from eventsys.extensions import Base
from eventsys.venues.models import Room

NO_OVERLAP = ExcludeConstraint(
    (sa.text("int4range(room_id, room_id, '[]')"), "&&"),
    (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
    name="ex_room_bookings_overlap",
).ddl_if(dialect="postgresql")
"""PostgreSQL refuses two at once in a room; on SQLite `bookings.actions` looks under the write lock."""


class RoomBooking(Base):
    """That a run, or one session of it, has a room from one moment to another (UTC, half open). No two overlap."""

    __tablename__ = "room_bookings"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["run_id", "event_id", "organiser_id"], ["runs.id", "runs.event_id", "runs.organiser_id"]
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "event_id", "organiser_id"],
            ["programme_sessions.id", "programme_sessions.event_id", "programme_sessions.organiser_id"],
            name="fk_room_bookings_session",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("ends_at > starts_at", name="times"),
        sa.Index("ix_room_bookings_room", "room_id", "starts_at"),
        sa.Index("uq_room_bookings_session", "session_id", unique=True,
                 postgresql_where=sa.text("session_id IS NOT NULL"), sqlite_where=sa.text("session_id IS NOT NULL")),
        NO_OVERLAP,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(index=True)
    event_id: Mapped[int] = mapped_column(index=True)
    run_id: Mapped[int] = mapped_column(index=True)
    session_id: Mapped[int | None]
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("rooms.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))

    room: Mapped[Room] = relationship(lazy="raise")


class ContractDeadline(Base):
    """A day by which an organiser must tell a venue something, reminded of `remind_days` before until it is done."""

    __tablename__ = "contract_deadlines"
    __table_args__ = (
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.CheckConstraint("remind_days >= 0", name="remind_days"),
        sa.Index("ix_contract_deadlines_open", "due_on", postgresql_where=sa.text("done_at IS NULL"),
                 sqlite_where=sa.text("done_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venues.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[DeadlineKind]
    due_on: Mapped[date]
    remind_days: Mapped[int] = mapped_column(default=7)
    words: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
