"""Tables: the agenda of a meeting, and its minutes."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.events.rules import ItemKind, MinutesState
from eventsys.extensions import Base


class MeetingItem(Base):
    """An item of a meeting's agenda, in order; `outcome` is what the minutes say of it."""

    __tablename__ = "meeting_items"
    __table_args__ = (sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[ItemKind]
    title: Mapped[str] = mapped_column(sa.String(200))
    presenter: Mapped[str] = mapped_column(sa.String(200), default="")
    text: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")


class MeetingMinutes(Base):
    """That a meeting has minutes: who was there as they say it, and whether the group has them and has approved them."""

    __tablename__ = "meeting_minutes"
    __table_args__ = (sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),)

    event_id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int]
    state: Mapped[MinutesState] = mapped_column(default=MinutesState.DRAFT)
    present: Mapped[str] = mapped_column(default="")
    edition: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
