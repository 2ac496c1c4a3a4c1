"""Tables: applications as they are written and as they were sent, who writes them, what they promise."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base
from eventsys.programmes.applications.rules import ApplicationState, Area, ConfirmingSide, FileKind


class Application(Base):
    """What an organisation writes to be admitted; one for each call that is not withdrawn. `edition` rises with each
    change, so that of several who write neither loses anything. What was decided on is an `ApplicationVersion`."""

    __tablename__ = "applications"
    __table_args__ = (
        sa.ForeignKeyConstraint(["call_id", "organiser_id"], ["calls.id", "calls.organiser_id"]),
        sa.ForeignKeyConstraint(["shortlisted_intake_id", "call_id"], ["intakes.id", "intakes.call_id"]),
        sa.UniqueConstraint("id", "organiser_id"),
        sa.CheckConstraint("state IN ('draft', 'withdrawn') OR sent_at IS NOT NULL", name="sent"),
        sa.CheckConstraint("state <> 'draft' OR sent_at IS NULL", name="draft"),
        sa.Index("uq_applications_live", "call_id", "organisation_id", unique=True,
                 postgresql_where=sa.text("state <> 'withdrawn'"), sqlite_where=sa.text("state <> 'withdrawn'")),
        sa.Index("uq_applications_case_number", "organiser_id", "case_number", unique=True,
                 postgresql_where=sa.text("case_number <> ''"), sqlite_where=sa.text("case_number <> ''")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int]
    call_id: Mapped[int] = mapped_column(index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    recipient_id: Mapped[int | None] = mapped_column(sa.ForeignKey("call_recipients.id"))
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.DRAFT)
    edition: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(sa.String(5))
    own_area: Mapped[str] = mapped_column(sa.String(200), default="")
    way_of_working: Mapped[str] = mapped_column(default="")
    involvement: Mapped[str] = mapped_column(default="")
    timetable: Mapped[str] = mapped_column(default="")
    cooperation: Mapped[str] = mapped_column(default="")
    treated_by: Mapped[str] = mapped_column(sa.String(200), default="")
    treated_on: Mapped[date | None]
    case_number: Mapped[str] = mapped_column(sa.String(20), default="")
    supplement_by: Mapped[date | None]
    shortlisted_intake_id: Mapped[int | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class ApplicationArea(Base):
    __tablename__ = "application_areas"

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"), primary_key=True)
    area: Mapped[Area] = mapped_column(primary_key=True)


class ApplicationGoal(Base):
    """A goal; a measurable one has a unit, where it starts, what it aims at and when, all of them when it is sent."""

    __tablename__ = "application_goals"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    area: Mapped[Area | None]
    goal: Mapped[str] = mapped_column(default="")
    is_measurable: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[str] = mapped_column(sa.String(40), default="")
    start_value: Mapped[float | None]
    target_value: Mapped[float | None]
    target_on: Mapped[date | None]


class ApplicationConfirmation(Base):
    """Who says for a side that it stands behind the application."""

    __tablename__ = "application_confirmations"

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"), primary_key=True)
    side: Mapped[ConfirmingSide] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    confirmed_on: Mapped[date | None]


class ApplicationFile(Base):
    __tablename__ = "application_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    kind: Mapped[FileKind]
    position: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime]


class ApplicationMember(Base):
    """Somebody who may write an application, by a link made of `public_id` and `link_version`: the contact who began it,
    and colleagues whom they invited. Ended ones open nothing."""

    __tablename__ = "application_members"
    __table_args__ = (
        sa.Index("uq_application_members_open", "application_id", "email_key", unique=True,
                 postgresql_where=sa.text("ended_at IS NULL"), sqlite_where=sa.text("ended_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    link_version: Mapped[int] = mapped_column(default=0)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    is_contact: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    language: Mapped[str] = mapped_column(sa.String(5))
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("application_members.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ApplicationDraft(Base):
    """What a member has typed that could not be saved into the application, because somebody else changed the same.
    `seen_at` (real time) tells the others that somebody has it open."""

    __tablename__ = "application_drafts"

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("application_members.id"), primary_key=True)
    edition: Mapped[int]
    fields: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    saved_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class ApplicationVersion(Base):
    """An application as it was sent, or sent again with a supplement; never changed."""

    __tablename__ = "application_versions"
    __table_args__ = (sa.UniqueConstraint("application_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"))
    number: Mapped[int]
    facts: Mapped[dict[str, Any]]
    at: Mapped[datetime]
