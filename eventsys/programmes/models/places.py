"""Tables: programmes, whose they are, cohorts, networks and groups, the memberships in them, who else may aim at them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base, Translated
from eventsys.programmes.rules import GroupKind, MembershipStatus, NetworkKind, PartyKind, PartyRole


class Programme(Base):
    """What organisations apply to and take part in, from a day to a day (inclusive, each perhaps not said).

    `edition` rises with each change, so that of two who change it at once neither loses anything.
    """

    __tablename__ = "programmes"
    __table_args__ = (sa.CheckConstraint("ends_on IS NULL OR begins_on IS NULL OR ends_on >= begins_on", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[Translated]
    about: Mapped[Translated] = mapped_column(default=dict)
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    edition: Mapped[int] = mapped_column(default=1)


class ProgrammeParty(Base):
    """Who is behind a programme: the parties that agreed on it, in order, and partners, who get copies of its letters at
    `email`."""

    __tablename__ = "programme_parties"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    role: Mapped[PartyRole]
    kind: Mapped[PartyKind]
    name: Mapped[Translated]
    email: Mapped[str] = mapped_column(sa.String(320), default="")
    url: Mapped[str] = mapped_column(sa.String(500), default="")
    position: Mapped[int] = mapped_column(default=0)


class Cohort(Base):
    """A year's intake: pulje I, II, III. `ceiling` is how many organisations it takes, none if unbounded."""

    __tablename__ = "cohorts"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "ordinal"),
        sa.CheckConstraint("ordinal > 0", name="ordinal"),
        sa.CheckConstraint("ceiling > 0", name="ceiling"),
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
    kind: Mapped[NetworkKind] = mapped_column(default=NetworkKind.REGIONAL)
    about: Mapped[Translated] = mapped_column(default=dict)


class Group(Base):
    """A standing group with members by name: the steering group, the political contact meeting, a working group."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[Translated]
    kind: Mapped[GroupKind] = mapped_column(default=GroupKind.OTHER)
    about: Mapped[Translated] = mapped_column(default=dict)


class GroupMembership(Base):
    """That a person belonged to a group, from a day to a day (inclusive, open where empty), perhaps for an organisation.

    Name, address and language are as given here. The group's own pages open by a link made of `public_id` and
    `link_version`.
    """

    __tablename__ = "group_memberships"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "person_id", "from_on"),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    link_version: Mapped[int] = mapped_column(default=0)
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
    """That an organisation belonged to a cohort, from a day to a day (inclusive, open where empty), and why it is as it
    is. One that is paused is not among those who are meant; one that is over has a last day."""

    __tablename__ = "cohort_memberships"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "cohort_id", "from_on"),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),
        sa.CheckConstraint("status IN ('member', 'paused') OR to_on IS NOT NULL", name="over_has_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohorts.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    status: Mapped[MembershipStatus] = mapped_column(default=MembershipStatus.MEMBER)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")


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
