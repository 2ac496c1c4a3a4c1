"""What programmes, their parties, memberships, networks and groups may be. Pure."""

from __future__ import annotations

import enum


class PartyRole(enum.StrEnum):
    """A party has agreed on the programme; a partner gets copies of its letters."""

    PARTY = "party"
    PARTNER = "partner"


class PartyKind(enum.StrEnum):
    STATE = "state"
    ASSOCIATION = "association"
    CONFEDERATION = "confederation"
    OTHER = "other"


class MembershipStatus(enum.StrEnum):
    """Why a membership in a cohort is as it is. Only the first two go on without a last day."""

    MEMBER = "member"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    EXCLUDED = "excluded"
    MERGED = "merged"
    COMPLETED = "completed"


class NetworkKind(enum.StrEnum):
    REGIONAL = "regional"
    THEME = "theme"


class GroupKind(enum.StrEnum):
    STEERING = "steering"
    POLITICAL_CONTACT = "political_contact"
    WORKING = "working"
    OTHER = "other"
