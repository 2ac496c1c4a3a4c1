"""What a rule says, and whose it is, as values: what forms make, pages tell and `actions.switching` keeps. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from eventsys.events.rules import EventType
from eventsys.workflows.rules import OF_EVENTS, Anchor, Audience, Trigger, Unit

AFTER_IT_BEGAN = (Audience.ATTENDED, Audience.ABSENT)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose a rule is: the organiser's, its events' of one type, or one event's alone."""

    organiser_id: int
    event_type: EventType | None = None
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """When, to whom and which text. Which of the times are set follows from the trigger, and whether `audience_id`, a saved
    audience, from the audience; see `Rule`."""

    trigger: Trigger
    template: str
    audience: Audience = Audience.CONCERNED
    anchor: Anchor | None = None
    offset_units: int | None = None
    unit: Unit | None = None
    clock_time: time | None = None
    at_local: datetime | None = None
    late_joiners: bool = False
    run_id: int | None = None
    audience_id: int | None = None


def is_too_early(facts: RuleFacts) -> bool:
    """Whether it asks who came before anybody can have."""
    is_before = facts.anchor in (Anchor.START, *OF_EVENTS) and (facts.offset_units or 0) <= 0
    return facts.audience in AFTER_IT_BEGAN and is_before
