"""Roles of people who organise. Pure."""

from __future__ import annotations

import enum
from datetime import timedelta


class MemberRole(enum.StrEnum):
    ORGANISER = "organiser"
    ADMINISTRATOR = "administrator"


SIGN_IN_LINK_LIVES = timedelta(minutes=10)
SESSION_LIVES = timedelta(hours=12)
SESSION_IDLES = timedelta(hours=2)
LINKS_AN_HOUR = 5
SEEN_EVERY = timedelta(minutes=1)
