"""Secret addresses of calendars, who fetched which feed when, and the stamp of all that public feeds are made of."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.calendars import versions
from eventsys.calendars.rules import Client, LinkKind
from eventsys.extensions import Base

WATCHED = versions.WATCHED


class FeedVersion(Base):
    """The stamp: random, new whenever a table of `versions.WATCHED` changes. No row: nothing has changed yet."""

    __tablename__ = "feed_versions"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str] = mapped_column(sa.String(32))


class CalendarLink(Base):
    """A secret address that somebody gave a calendar program. `name` is what its owner calls it.

    The address is computed from `public_id` and `link_version`: renewed, it is another; ended, it answers 410. Of an
    address (`email_key`), of a contact (`position_id`), or of an account at an organiser.
    """

    __tablename__ = "calendar_links"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'personal') = (email_key IS NOT NULL)", name="of_address"),
        sa.CheckConstraint("(kind = 'contact') = (position_id IS NOT NULL)", name="of_contact"),
        sa.CheckConstraint(
            "(kind = 'organiser') = (account_id IS NOT NULL) AND (account_id IS NULL) = (organiser_id IS NULL)",
            name="of_account",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    link_version: Mapped[int] = mapped_column(default=0)
    kind: Mapped[LinkKind]
    email_key: Mapped[str | None] = mapped_column(sa.String(320), index=True)
    position_id: Mapped[int | None] = mapped_column(sa.ForeignKey("positions.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    organiser_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    language: Mapped[str] = mapped_column(sa.String(5))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FeedFetch(Base):
    """When a calendar program last fetched a feed. `feed` is a public feed's path, or a secret one's `public_id`; nothing
    of who fetched is kept but the program's name. Real time."""

    __tablename__ = "feed_fetches"

    feed: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    client: Mapped[Client] = mapped_column(primary_key=True)
    last_at: Mapped[datetime]
