"""Tables: accounts, what they may for which organiser, and their sessions."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.accounts.rules import MemberRole
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


class SignedIn(Base):
    """A session on a server's row, so that signing out ends it everywhere. Times are real; the token is SHA-256."""

    __tablename__ = "sessions"

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
