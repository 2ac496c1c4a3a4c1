"""Tables: programmes, cohorts, networks and groups, the memberships in them, and who else may aim at them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

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


class ProgrammeGrant(Base):
    """That another organiser may read a programme's cohorts and networks and arrange for them."""

    __tablename__ = "programme_grants"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), primary_key=True)
    granted_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


class Network(Base):
    """A regional network, or one by theme. `organiser_id` is its adviser's where that is not the programme's own."""

    __tablename__ = "networks"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    organiser_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisers.id"), index=True)


class Group(Base):
    """A standing group with members by name: the steering group, the political contact meeting, a working group."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[Translated]


class GroupMembership(Base):
    """That a person belonged to a group, from a day to a day (inclusive, open where empty), perhaps for an organisation.

    Name, address and language are as given here.
    """

    __tablename__ = "group_memberships"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "person_id", "from_on"),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320), index=True)
    language: Mapped[str | None] = mapped_column(sa.String(5))
    from_on: Mapped[date]
    to_on: Mapped[date | None]


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
