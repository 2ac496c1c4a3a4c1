"""Roles of people who organise. Pure."""

from __future__ import annotations

import enum
from datetime import timedelta


class MemberRole(enum.StrEnum):
    """What somebody may do for an organiser: everything, also who else may (owner); all of the work (organiser); all of
    it at the events they help with (helper); check people in (door); read (reader)."""

    OWNER = "owner"
    ORGANISER = "organiser"
    HELPER = "helper"
    DOOR = "door"
    READER = "reader"


class LogVerb(enum.StrEnum):
    """What was done to an object that has no history of its own; a `READ` is of what is sensitive."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    INVITED = "invited"
    IMPORTED = "imported"
    EXPORTED = "exported"
    MERGED = "merged"
    READ = "read"


class LinkState(enum.StrEnum):
    """Whether a mailed sign-in link works here: yes, in the browser that asked for it alone, or not any more."""

    GOOD = "good"
    ELSEWHERE = "elsewhere"
    OVER = "over"


SIGN_IN_LINK_LIVES = timedelta(minutes=10)
INVITATION_LIVES = timedelta(days=14)
SESSION_LIVES = timedelta(hours=12)
SESSION_IDLES = timedelta(hours=2)
LINKS_AN_HOUR = 5
SEEN_EVERY = timedelta(minutes=1)
