"""Tables: accounts, what they may for which organiser, how they sign in, what they typed and not saved yet, and the log."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.accounts.rules import LogVerb, MemberRole
from eventsys.extensions import Base


class Account(Base):
    """Somebody who signs in to `/manage/`. `disabled_at` ends every session at the next request."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[str] = mapped_column(sa.String(5), default="nb")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Membership(Base):
    __tablename__ = "memberships"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), primary_key=True)
    role: Mapped[MemberRole]


class AccountInvitation(Base):
    """That a colleague is asked to join an organiser in a role; the mailed link is a one-time token whose subject is
    `public_id`. A helper is asked for one event (its slug, which is kept for ever). Times are real."""

    __tablename__ = "account_invitations"
    __table_args__ = (
        sa.CheckConstraint("role <> 'helper' OR event_slug IS NOT NULL", name="helper_has_event"),
        sa.Index("uq_account_invitations_open", "organiser_id", "email_key", unique=True,
                 postgresql_where=sa.text("ended_at IS NULL"), sqlite_where=sa.text("ended_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[str] = mapped_column(sa.String(5), default="nb")
    role: Mapped[MemberRole]
    event_slug: Mapped[str | None] = mapped_column(sa.String(120))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AccountIdentity(Base):
    """Who an account is at an OpenID Connect issuer: its `iss` and `sub`, which never change, whatever the address is."""

    __tablename__ = "account_identities"

    issuer: Mapped[str] = mapped_column(sa.String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(255), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]


class FormDraft(Base):
    """What an account has typed into a form and not saved; `form` names the form and its object, `edition` is the
    object's when it was opened. `seen_at` (real time) tells others that somebody has it open."""

    __tablename__ = "form_drafts"
    __table_args__ = (sa.Index("ix_form_drafts_form", "organiser_id", "form"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    form: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"))
    edition: Mapped[int]
    fields: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    saved_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class LogEntry(Base):
    """That something was done to an object without a history of its own: by whom, when, from what and to what.

    Append-only. `object` names the kind, `key` the one, `name` what people call it. `facts` is {"from": …, "to": …} by
    field; of sensitive values the names of the fields alone. A row about a person says when its words are erased.
    """

    __tablename__ = "log_entries"
    __table_args__ = (
        sa.Index("ix_log_entries_recent", "organiser_id", "at", "id"),
        sa.Index("ix_log_entries_object", "organiser_id", "object", "key"),
        sa.Index("ix_log_entries_account", "account_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime]
    verb: Mapped[LogVerb]
    object: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str] = mapped_column(sa.String(120))
    name: Mapped[str] = mapped_column(sa.String(300), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    erase_on: Mapped[date | None] = mapped_column(index=True)


class SignedIn(Base):
    """A session on a server's row, so that signing out ends it everywhere. Times are real; the token is SHA-256."""

    __tablename__ = "sessions"

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
