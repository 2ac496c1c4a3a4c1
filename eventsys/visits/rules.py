"""What a visit may be, and who may do what with it. Pure."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

MOST_TIMES = 5
MOST_OPEN = 5
"""So many visits may an organisation wait for at once."""
LONGEST_WISH = 2000
LONGEST_PLACE = 200
LONGEST_WORDS = 1000


class VisitKind(enum.StrEnum):
    """By an adviser of the programme, or by a union's project worker."""

    ADVISER = "adviser"
    PROJECT_WORKER = "project_worker"


class VisitState(enum.StrEnum):
    ASKED = "asked"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class VisitAct(enum.StrEnum):
    ASKED = "asked"
    TAKEN = "taken"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    CANCELLED = "cancelled"


OPEN = (VisitState.ASKED, VisitState.OFFERED)


class HasChanged(Exception):
    """The visit is not in a state for that any more."""


class TimeIsTaken(Exception):
    """Who comes has another visit at that time."""


class TimeHasPassed(Exception):
    """The time is over."""


class TooMany(Exception):
    """The organisation waits for as many visits as it may, or more times are offered than there may be."""


class NotTheirs(Exception):
    """The visit is of a kind that somebody else makes."""


@dataclass(frozen=True)
class Ask:
    """What an organisation asks for. `form_token` is the same for two posts of one form."""

    kind: VisitKind
    wish: str
    place: str
    form_token: str


@dataclass(frozen=True, order=True)
class TimeFacts:
    """A time on the clock of a time zone."""

    starts_local: datetime
    ends_local: datetime
    timezone: str = "Europe/Oslo"


def list_wrong(times: Sequence[TimeFacts], now_local: datetime) -> list[int]:
    """The places of the times that are over, or begin when another of them does."""
    starts = [one.starts_local for one in times]
    return [
        place for place, one in enumerate(times) if one.starts_local <= now_local or one.starts_local in starts[:place]
    ]
