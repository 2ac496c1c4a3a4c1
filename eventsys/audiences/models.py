"""Tables: audiences that an organiser has given a name."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base


class AudienceRecord(Base):
    """A saved audience: any of `clauses`, each all of its conditions; `rules` knows their shape. Never a list of people:
    who is meant is asked anew each time. One without clauses was taken away, and is kept for the mail that went to it."""

    __tablename__ = "audiences"
    __table_args__ = (sa.UniqueConstraint("organiser_id", "name"), sa.UniqueConstraint("id", "organiser_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    clauses: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime]
    revised_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
