"""Tables: the sessions of a run, who speaks at them, and the papers of events and sessions."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.events.rules import MaterialAccess, MaterialKind, SessionKind
from eventsys.extensions import Base, LocalDateTime, Translated
from eventsys.files import StoredFile
from eventsys.venues.models import Room


class EventSession(Base):
    """A part of a run's programme. One that is `chosen` is signed up for, up to its capacity, else its room's; local times
    in the run's zone. Two at the same time cannot both be chosen. `place` is where it is when that is no room of ours.
    `edition` rises with each change, so that of two who change it at once neither loses anything."""

    __tablename__ = "programme_sessions"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["run_id", "event_id", "organiser_id"], ["runs.id", "runs.event_id", "runs.organiser_id"]
        ),
        sa.UniqueConstraint("id", "event_id", "organiser_id"),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        sa.CheckConstraint("ends_local > starts_local", name="times"),
        sa.CheckConstraint("kind = 'session' OR NOT chosen", name="chosen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    run_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[SessionKind] = mapped_column(default=SessionKind.SESSION)
    title: Mapped[Translated]
    description: Mapped[Translated] = mapped_column(default=dict)
    starts_local: Mapped[datetime | None] = mapped_column(LocalDateTime())
    ends_local: Mapped[datetime | None] = mapped_column(LocalDateTime())
    room_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rooms.id"), index=True)
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    capacity: Mapped[int | None]
    chosen: Mapped[bool] = mapped_column(default=False)
    edition: Mapped[int] = mapped_column(default=1)

    room: Mapped[Room | None] = relationship(lazy="raise")
    speakers: Mapped[list[Speaker]] = relationship(
        secondary="session_speakers", order_by="SessionSpeaker.position", lazy="raise", viewonly=True
    )


class Speaker(Base):
    """Somebody who speaks at an organiser's events. Name, what they are and about them are public; the address is not."""

    __tablename__ = "speakers"
    __table_args__ = (sa.UniqueConstraint("id", "organiser_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    affiliation: Mapped[str] = mapped_column(sa.String(200), default="")
    about: Mapped[Translated] = mapped_column(default=dict)
    email: Mapped[str] = mapped_column(sa.String(320), default="")
    email_key: Mapped[str] = mapped_column(sa.String(320), default="")
    language: Mapped[str | None] = mapped_column(sa.String(5))
    created_at: Mapped[datetime]


class SessionSpeaker(Base):
    """That somebody speaks at a session, in order."""

    __tablename__ = "session_speakers"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["session_id", "event_id", "organiser_id"],
            ["programme_sessions.id", "programme_sessions.event_id", "programme_sessions.organiser_id"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["speaker_id", "organiser_id"], ["speakers.id", "speakers.organiser_id"]),
    )

    session_id: Mapped[int] = mapped_column(primary_key=True)
    speaker_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    event_id: Mapped[int] = mapped_column(index=True)
    organiser_id: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)


class Material(Base):
    """A paper of an event or of one of its sessions: a file or a link, never both; seen from `published_at` by those whom
    `access` says. One in a language is told so."""

    __tablename__ = "materials"
    __table_args__ = (
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.ForeignKeyConstraint(
            ["session_id", "event_id", "organiser_id"],
            ["programme_sessions.id", "programme_sessions.event_id", "programme_sessions.organiser_id"],
            name="fk_materials_session",
        ),
        sa.CheckConstraint("(file_id IS NULL) <> (url IS NULL)", name="file_or_link"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    session_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[MaterialKind] = mapped_column(default=MaterialKind.OTHER)
    title: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[str | None] = mapped_column(sa.String(5))
    access: Mapped[MaterialAccess] = mapped_column(default=MaterialAccess.PARTICIPANTS)
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))
    url: Mapped[str | None] = mapped_column(sa.String(500))
    position: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))

    file: Mapped[StoredFile | None] = relationship(lazy="raise")
