"""Tables: who assesses applications by what, decisions, and the letters about them."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base, Translated
from eventsys.programmes.intake.rules import LetterState, Outcome


class Criterion(Base):
    """What applications of a call are assessed by, for so many points at most."""

    __tablename__ = "intake_criteria"
    __table_args__ = (sa.CheckConstraint("most_points BETWEEN 1 AND 10", name="most_points"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("calls.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[Translated]
    help: Mapped[Translated] = mapped_column(default=dict)
    most_points: Mapped[int] = mapped_column(default=5)


class Assessor(Base):
    """That an account reads the applications of a call, and perhaps decides. Nobody else does."""

    __tablename__ = "assessors"

    call_id: Mapped[int] = mapped_column(sa.ForeignKey("calls.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    may_decide: Mapped[bool] = mapped_column(default=False)


class Disqualification(Base):
    """That an account has no access to an application, whatever else it may."""

    __tablename__ = "disqualifications"

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    why: Mapped[str] = mapped_column(sa.String(300), default="")
    at: Mapped[datetime]
    by_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


class Assessment(Base):
    """What one assessor thinks of one application."""

    __tablename__ = "assessments"
    __table_args__ = (sa.UniqueConstraint("application_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    notes: Mapped[str] = mapped_column(default="")
    edition: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]


class AssessmentPoints(Base):
    __tablename__ = "assessment_points"
    __table_args__ = (sa.CheckConstraint("points >= 0", name="points"),)

    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("intake_criteria.id"), primary_key=True)
    points: Mapped[int]


class Decision(Base):
    """What was decided on an application in an intake; how many are admitted is counted from these rows under the
    intake's lock. `batch` are those decided together. One that waits waits for the intake it points at."""

    __tablename__ = "decisions"
    __table_args__ = (
        sa.Index("uq_decisions_live", "application_id", unique=True,
                 postgresql_where=sa.text("reversed_at IS NULL"), sqlite_where=sa.text("reversed_at IS NULL")),
        sa.Index("ix_decisions_admitted", "intake_id",
                 postgresql_where=sa.text("outcome = 'admitted' AND reversed_at IS NULL"),
                 sqlite_where=sa.text("outcome = 'admitted' AND reversed_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    intake_id: Mapped[int] = mapped_column(sa.ForeignKey("intakes.id"))
    outcome: Mapped[Outcome]
    grounds: Mapped[Translated] = mapped_column(default=dict)
    batch: Mapped[uuid.UUID]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]
    reversed_at: Mapped[datetime | None]


class DecisionLetter(Base):
    """The letter about a decision: of the outcome's text where `text` is null, else as edited for this one, a first line
    «Subject: …» and Markdown. Sent by a person."""

    __tablename__ = "decision_letters"
    __table_args__ = (
        sa.ForeignKeyConstraint(["application_id", "organiser_id"], ["applications.id", "applications.organiser_id"]),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int]
    application_id: Mapped[int] = mapped_column(index=True)
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decisions.id"), unique=True)
    language: Mapped[str] = mapped_column(sa.String(5))
    text: Mapped[str | None]
    state: Mapped[LetterState] = mapped_column(default=LetterState.DRAFT)
    edition: Mapped[int] = mapped_column(default=1)
    sent_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
