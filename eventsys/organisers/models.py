"""The organisers' table: the owner that rows of every other package point at."""

from __future__ import annotations

from datetime import time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base

INSTALLATION = "installation"


class Organiser(Base):
    """Who arranges, and how its mails and calendars speak. The slug `installation` owns what belongs to nobody else.

    What is kept of people who took part is erased so many months after the event, what is sensitive so many days.
    `archive_email` gets a copy of each letter in a case. Between `quiet_from` and `quiet_to` (local, both or none) no mail
    goes but answers to people's own acts.
    """

    __tablename__ = "organisers"
    __table_args__ = (
        sa.CheckConstraint("language IN ('nb', 'nn', 'en')", name="language"),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="quiet_hours"),
        sa.CheckConstraint("ordinary_months BETWEEN 1 AND 120", name="ordinary_months"),
        sa.CheckConstraint("sensitive_days BETWEEN 0 AND 90", name="sensitive_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(320))
    language: Mapped[str] = mapped_column(sa.String(5), default="nb")
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Europe/Oslo")
    quiet_from: Mapped[time | None] = mapped_column(default=time(21))
    quiet_to: Mapped[time | None] = mapped_column(default=time(7))
    holds_uncertain: Mapped[bool] = mapped_column(default=False)
    archive_email: Mapped[str] = mapped_column(sa.String(320), default="")
    ordinary_months: Mapped[int] = mapped_column(default=24)
    sensitive_days: Mapped[int] = mapped_column(default=14)
