"""Tables: what was erased, in counts, and what people have asked for about themselves."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base
from eventsys.privacy.rules import ErasureKind, RequestKind, RequestState


class Erasure(Base):
    """That something was erased: how many rows of what, and nothing of whom."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ErasureKind]
    at: Mapped[datetime] = mapped_column(index=True)
    organiser_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisers.id"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    counts: Mapped[dict[str, Any]]


class PrivacyRequest(Base):
    """That somebody asked for what is kept of them, or for its erasure; gone itself on `erase_on`."""

    __tablename__ = "privacy_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    kind: Mapped[RequestKind]
    state: Mapped[RequestState] = mapped_column(default=RequestState.ASKED)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    why: Mapped[str] = mapped_column(sa.String(500), default="")
    erase_on: Mapped[date]
