"""What programmes, their parties, memberships, networks and groups may be. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


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


GO_ON = (MembershipStatus.MEMBER, MembershipStatus.PAUSED)
NEED_REASON = (MembershipStatus.WITHDRAWN, MembershipStatus.EXCLUDED)


class NetworkKind(enum.StrEnum):
    REGIONAL = "regional"
    THEME = "theme"


class GroupKind(enum.StrEnum):
    STEERING = "steering"
    POLITICAL_CONTACT = "political_contact"
    WORKING = "working"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """What a programme says of itself; each text by language."""

    name: Mapping[str, str]
    about: Mapping[str, str] = field(default_factory=dict)
    begins_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class PartyFacts:
    role: PartyRole
    kind: PartyKind
    name: Mapping[str, str]
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """`ceiling` is how many organisations it takes, None for as many as come."""

    ordinal: int
    name: Mapping[str, str]
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    name: str
    kind: NetworkKind = NetworkKind.REGIONAL
    about: Mapping[str, str] = field(default_factory=dict)
