"""What an organiser decides about an event's registration: deadlines, approval, the waiting list, limits. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from eventsys.registrations.rules import Side


@dataclass(frozen=True, slots=True)
class Terms:
    """Days are inclusive; none: until a run begins. `offer_hours` None gives a freed place at once."""

    asks_approval: bool = False
    names_by: date | None = None
    change_by: date | None = None
    cancel_by: date | None = None
    hand_over_by: date | None = None
    offer_hours: int | None = None
    promotion_stops_hours: int = 24


class Part(NamedTuple):
    """Whose places a quota counts: each organisation's, each of a cohort's, a cohort's together, or a side's."""

    per_organisation: bool = True
    cohort_id: int | None = None
    side: Side | None = None
