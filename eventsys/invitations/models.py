"""Tables: rounds of invitations to an event, the invitations, and their history."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base
from eventsys.invitations.rules import InvitationAct, InvitationState
from eventsys.registrations.rules import Actor


class InvitationRound(Base):
    """That an audience is asked to an event, at a moment. `clauses` is the record of what the audience was.

    With `follows` whoever becomes part of the audience later is asked too, as long as the event takes sign-ups. Where
    `held_until` is set, `places` are held for each organisation, or one for each person without one, until the end of it
    (local, inclusive). `template` is the text's key.
    """

    __tablename__ = "invitation_rounds"
    __table_args__ = (
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.ForeignKeyConstraint(["audience_id", "organiser_id"], ["audiences.id", "audiences.organiser_id"]),
        sa.UniqueConstraint("id", "event_id", "organiser_id"),
        sa.CheckConstraint("(held_until IS NULL) = (places IS NULL)", name="held"),
        sa.CheckConstraint("places > 0", name="places"),
        sa.Index("ix_invitation_rounds_due", "send_at", postgresql_where=sa.text("sent_at IS NULL"),
                 sqlite_where=sa.text("sent_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    audience_id: Mapped[int | None]
    clauses: Mapped[list[dict[str, Any]]]
    template: Mapped[str] = mapped_column(sa.String(40), default="invited")
    follows: Mapped[bool] = mapped_column(default=False)
    places: Mapped[int | None]
    held_until: Mapped[date | None]
    send_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


class Invitation(Base):
    """That a person, or an organisation through its official mailbox, is asked to an event: once, however many rounds and
    reasons. Name, address and language are as they were then. `reasons` are told to the organiser, never to the invited;
    `is_restricted` when one of them names a union.

    One that was passed on points at the colleague's; one that was accepted at the seats' registrar, the delegation, or the
    seat itself.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["round_id", "event_id", "organiser_id"],
            ["invitation_rounds.id", "invitation_rounds.event_id", "invitation_rounds.organiser_id"],
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "organiser_id"], ["registrations.id", "registrations.organiser_id"]
        ),
        sa.UniqueConstraint("id", "organiser_id"),
        sa.CheckConstraint("person_id IS NOT NULL OR organisation_id IS NOT NULL", name="somebody"),
        sa.Index("uq_invitations_person", "event_id", "person_id", unique=True,
                 postgresql_where=sa.text("person_id IS NOT NULL"), sqlite_where=sa.text("person_id IS NOT NULL")),
        sa.Index("uq_invitations_organisation", "event_id", "organisation_id", unique=True,
                 postgresql_where=sa.text("person_id IS NULL"), sqlite_where=sa.text("person_id IS NULL")),
        sa.Index("ix_invitations_list", "event_id", "state", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    link_version: Mapped[int] = mapped_column(default=0)
    organiser_id: Mapped[int]
    event_id: Mapped[int]
    round_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(320))
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    language: Mapped[str | None] = mapped_column(sa.String(5))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    is_restricted: Mapped[bool] = mapped_column(default=False)
    state: Mapped[InvitationState] = mapped_column(default=InvitationState.PLANNED)
    words: Mapped[str] = mapped_column(sa.String(500), default="")
    asked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    passed_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invitations.id"))
    registration_id: Mapped[int | None] = mapped_column(index=True)
    delegation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegations.id"), index=True)
    created_at: Mapped[datetime]


class InvitationChange(Base):
    """The history of an invitation, append-only, and the durable cause of mail about it. `noticed_at` is set when the
    change has been made into mail, or at once where nobody is to be told."""

    __tablename__ = "invitation_changes"
    __table_args__ = (
        sa.Index("ix_invitation_changes_unnoticed", "id", postgresql_where=sa.text("noticed_at IS NULL"),
                 sqlite_where=sa.text("noticed_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(sa.ForeignKey("invitations.id"), index=True)
    act: Mapped[InvitationAct]
    at: Mapped[datetime]
    actor: Mapped[Actor]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    noticed_at: Mapped[datetime | None]
