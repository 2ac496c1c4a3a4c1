"""The rules that ship with every organiser, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from eventsys.workflows.rules import Anchor, Audience, Relative, Unit


@dataclass(frozen=True, slots=True)
class Shipped:
    """A rule of time that comes with every organiser."""

    relative: Relative
    audience: Audience
    template: str
    is_on: bool = True


SHIPPED_TIMED: dict[str, Shipped] = {
    "nudge_early": Shipped(Relative(Anchor.DEADLINE, -14, Unit.DAYS, time(9)), Audience.ORGANISATIONS_WITHOUT, "nudge"),
    "nudge": Shipped(Relative(Anchor.DEADLINE, -5, Unit.DAYS, time(9)), Audience.ORGANISATIONS_WITHOUT, "nudge"),
    "last_chance": Shipped(Relative(Anchor.DEADLINE, -7, Unit.DAYS, time(9)), Audience.CONTACTS_AT_RISK, "last_chance"),
    "unnamed_early": Shipped(Relative(Anchor.NAMING, -7, Unit.DAYS, time(9)), Audience.UNNAMED, "unnamed"),
    "unnamed": Shipped(Relative(Anchor.NAMING, -2, Unit.DAYS, time(9)), Audience.UNNAMED, "unnamed"),
    "reminder": Shipped(Relative(Anchor.START, -7, Unit.DAYS, time(9)), Audience.CONFIRMED, "reminder"),
    "digest": Shipped(
        Relative(Anchor.START, -1, Unit.WORKING_DAYS, time(8)), Audience.ORGANISERS, "digest", is_on=False
    ),
    "practical": Shipped(Relative(Anchor.START, -1, Unit.WORKING_DAYS, time(12)), Audience.CONFIRMED, "practical"),
    "thanks": Shipped(Relative(Anchor.END, 1, Unit.DAYS, time(9)), Audience.ATTENDED, "thanks"),
}
