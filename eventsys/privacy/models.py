"""Table: what was erased, in counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base
from eventsys.privacy.rules import ErasureKind


class Erasure(Base):
    """That something was erased: how many rows of what, and nothing of whom."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ErasureKind]
    at: Mapped[datetime] = mapped_column(index=True)
    organiser_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisers.id"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    counts: Mapped[dict[str, Any]]
