"""Tables: rules, the occasions at which they fire, and what each outbox message is about."""

from __future__ import annotations

from datetime import datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base
from eventsys.workflows.rules import Anchor, OccasionState, Trigger, Unit


class Rule(Base):
    """When, to whom and which template. `enabled_at` null is off; it never fires for moments before `enabled_at`.

    For the trigger `relative`: `offset` units from the anchor (negative is before) at a local clock time.
    """

    __tablename__ = "rules"
    __table_args__ = (
        sa.UniqueConstraint("organiser_id", "key"),
        sa.CheckConstraint(
            "(trigger = 'relative') = (anchor IS NOT NULL AND unit IS NOT NULL AND offset_units IS NOT NULL)",
            name="relative",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    trigger: Mapped[Trigger]
    template: Mapped[str] = mapped_column(sa.String(40))
    anchor: Mapped[Anchor | None]
    offset_units: Mapped[int | None]
    unit: Mapped[Unit | None]
    clock_time: Mapped[time | None]
    enabled_at: Mapped[datetime | None]


class Occasion(Base):
    """One moment at which a rule fires for a run. The generation rises when one that fired moves to the future again."""

    __tablename__ = "occasions"
    __table_args__ = (
        sa.UniqueConstraint("rule_id", "run_id", "generation"),
        sa.Index("ix_occasions_due", "due_at", postgresql_where=sa.text("state = 'planned'"),
                 sqlite_where=sa.text("state = 'planned'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("rules.id"))
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("runs.id"), index=True)
    generation: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    state: Mapped[OccasionState] = mapped_column(default=OccasionState.PLANNED)
    fired_at: Mapped[datetime | None]
    why: Mapped[str | None] = mapped_column(sa.String(200))


class MailCause(Base):
    """What an outbox message is about: the registrations it speaks of and the change or occasion that made it."""

    __tablename__ = "mail_causes"
    __table_args__ = (
        sa.ForeignKeyConstraint(["outbox_id", "organiser_id"], ["outbox.id", "outbox.organiser_id"]),
        sa.ForeignKeyConstraint(
            ["registration_id", "organiser_id"], ["registrations.id", "registrations.organiser_id"]
        ),
        sa.CheckConstraint(
            "(CASE WHEN occasion_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN registration_change_id IS NULL THEN 0"
            " ELSE 1 END) + (CASE WHEN event_change_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_cause",
        ),
    )

    outbox_id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    occasion_id: Mapped[int | None] = mapped_column(sa.ForeignKey("occasions.id"), index=True)
    registration_change_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration_changes.id"))
    event_change_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event_changes.id"))
