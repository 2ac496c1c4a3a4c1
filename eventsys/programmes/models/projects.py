"""Tables: what members work with, what they aim at, and the figures over time."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.projects.rules import Direction, ProjectAct


class Project(Base):
    """A member's own work in a focus area. A shared one is read by the other members of its networks."""

    __tablename__ = "projects"
    __table_args__ = (
        sa.UniqueConstraint("id", "organiser_id"),
        sa.CheckConstraint("to_on IS NULL OR from_on IS NULL OR to_on >= from_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(sa.ForeignKey("applications.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    area: Mapped[Area]
    about: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    is_shared: Mapped[bool] = mapped_column(default=True)
    edition: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ProjectGoal(Base):
    """What a project aims at; one without a target is not measured."""

    __tablename__ = "project_goals"
    __table_args__ = (
        sa.CheckConstraint("(target_value IS NULL) = (target_on IS NULL)", name="target"),
        sa.CheckConstraint("target_value IS NULL OR unit <> ''", name="unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    goal: Mapped[str]
    unit: Mapped[str] = mapped_column(sa.String(40), default="")
    direction: Mapped[Direction] = mapped_column(default=Direction.DOWN)
    start_value: Mapped[float | None]
    start_on: Mapped[date | None]
    target_value: Mapped[float | None]
    target_on: Mapped[date | None]
    removed_at: Mapped[datetime | None]


class GoalFigure(Base):
    """A goal's figure on a day; corrected in place, the correction told in the project's history."""

    __tablename__ = "goal_figures"

    goal_id: Mapped[int] = mapped_column(sa.ForeignKey("project_goals.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[float]
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime]


class ProjectChange(Base):
    """The history of a project, append-only; by a contact of the organisation (`position_id`) or by an organiser."""

    __tablename__ = "project_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    act: Mapped[ProjectAct]
    at: Mapped[datetime]
    position_id: Mapped[int | None] = mapped_column(sa.ForeignKey("positions.id"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
