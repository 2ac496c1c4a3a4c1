"""Tables: visits that organisations ask for, the times offered, and their history."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base, LocalDateTime
from eventsys.visits.rules import VisitAct, VisitKind, VisitState


class Visit(Base):
    """That an organisation asks for a visit. Once a time is accepted it is a closed event with a seat for the contact
    and one for who comes, so that calendars, reminders and cancellation are those of every event."""

    __tablename__ = "visits"
    __table_args__ = (
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.CheckConstraint("state <> 'accepted' OR event_id IS NOT NULL", name="accepted_is_an_event"),
        sa.CheckConstraint("state <> 'offered' OR account_id IS NOT NULL", name="offered_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("positions.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    kind: Mapped[VisitKind]
    wish: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    state: Mapped[VisitState] = mapped_column(default=VisitState.ASKED)
    event_id: Mapped[int | None] = mapped_column(unique=True)
    form_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    edition: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class VisitTime(Base):
    """A time that is offered, on the clock of its time zone."""

    __tablename__ = "visit_times"
    __table_args__ = (
        sa.UniqueConstraint("visit_id", "starts_local"),
        sa.CheckConstraint("ends_local > starts_local", name="times"),
        sa.Index("uq_visit_times_chosen", "visit_id", unique=True,
                 postgresql_where=sa.text("is_chosen"), sqlite_where=sa.text("is_chosen")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"))
    starts_local: Mapped[datetime] = mapped_column(LocalDateTime())
    ends_local: Mapped[datetime] = mapped_column(LocalDateTime())
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Europe/Oslo")
    is_chosen: Mapped[bool] = mapped_column(default=False)


class VisitChange(Base):
    """The history of a visit, append-only; `words` are what was said to the other."""

    __tablename__ = "visit_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    act: Mapped[VisitAct]
    at: Mapped[datetime]
    position_id: Mapped[int | None] = mapped_column(sa.ForeignKey("positions.id"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    words: Mapped[str] = mapped_column(sa.String(1000), default="")
