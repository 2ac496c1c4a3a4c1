"""Tables: what members of a cohort have promised to take part in, and who is excused from what."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.events.rules import EventType
from eventsys.extensions import Base, Translated
from eventsys.obligations.rules import ExcuseState
from eventsys.registrations.rules import Side


class Obligation(Base):
    """That each member of a cohort takes part so many times, in a period, in the events of a series or of a type that are
    for it. Which sides must come are `ObligationSide`s; without one, anybody will do."""

    __tablename__ = "obligations"
    __table_args__ = (
        sa.ForeignKeyConstraint(["series_id", "organiser_id"], ["series.id", "series.organiser_id"]),
        sa.CheckConstraint("(series_id IS NULL) <> (event_type IS NULL)", name="one_kind"),
        sa.CheckConstraint("required > 0", name="required"),
        sa.CheckConstraint("last_on >= first_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohorts.id"), index=True)
    series_id: Mapped[int | None]
    event_type: Mapped[EventType | None]
    name: Mapped[Translated]
    required: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]
    edition: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


class ObligationSide(Base):
    __tablename__ = "obligation_sides"

    obligation_id: Mapped[int] = mapped_column(sa.ForeignKey("obligations.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(primary_key=True)


class Excuse(Base):
    """That an organisation need not have come to an event: asked for by its contact, or granted by an organiser."""

    __tablename__ = "excuses"
    __table_args__ = (
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.Index("uq_excuses_live", "event_id", "organisation_id", unique=True,
                 postgresql_where=sa.text("state IN ('asked', 'granted')"),
                 sqlite_where=sa.text("state IN ('asked', 'granted')")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    state: Mapped[ExcuseState]
    words: Mapped[str] = mapped_column(sa.String(500), default="")
    asked_at: Mapped[datetime]
    position_id: Mapped[int | None] = mapped_column(sa.ForeignKey("positions.id"))
    decided_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    why: Mapped[str] = mapped_column(sa.String(500), default="")
