"""The register of venues that all organisers share."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base


class Venue(Base):
    """A place. `capacity` is how many it takes at once and the limit of a run that has none of its own."""

    __tablename__ = "venues"
    __table_args__ = (sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    capacity: Mapped[int | None]
    organiser_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
