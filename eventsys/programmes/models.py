"""Tables: programmes, cohorts and networks, and the memberships of organisations in them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base, Translated


class Programme(Base):
    __tablename__ = "programmes"

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[Translated]


class Cohort(Base):
    """A year's intake: pulje I, II, III. `ceiling` is how many organisations it takes, none if unbounded."""

    __tablename__ = "cohorts"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "ordinal"),
        sa.CheckConstraint("ordinal > 0", name="ordinal"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    ordinal: Mapped[int]
    name: Mapped[Translated]
    ceiling: Mapped[int | None]


class Network(Base):
    __tablename__ = "networks"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))


class CohortMembership(Base):
    """That an organisation belonged to a cohort, from a day to a day (inclusive, open where empty)."""

    __tablename__ = "cohort_memberships"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "cohort_id", "from_on"),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohorts.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class NetworkMembership(Base):
    """That an organisation belonged to a network, from a day to a day (inclusive, open where empty)."""

    __tablename__ = "network_memberships"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "network_id", "from_on"),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(sa.ForeignKey("networks.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
