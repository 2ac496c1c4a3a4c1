"""Which rules an event has: of several with one key the nearest, its own before its type's before its organiser's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.events.rules import EventType
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import Trigger


class Scoped(Protocol):
    """What places a rule: the event, the type of event or, with neither, the organiser that it is for."""

    @property
    def event_id(self) -> int | None: ...
    @property
    def event_type(self) -> EventType | None: ...
    @property
    def key(self) -> str: ...


R = TypeVar("R", bound=Scoped)


def list_effective(session: Session, *, organiser_id: int, event_ids: Sequence[int]) -> dict[int, list[Rule]]:
    """For each of the organiser's events its rules in the order they were made; one that is off is among them, and hides
    the farther ones of its key. Two statements, however many events."""
    return find_effective(session, event_ids, organiser_ids=[organiser_id])


def find_effective(
    session: Session,
    event_ids: Sequence[int],
    *,
    organiser_ids: Sequence[int],
    triggers: Sequence[Trigger] = tuple(Trigger),
) -> dict[int, list[Rule]]:
    """The same for events of several organisers; `triggers` narrows the answer, not what hides what."""
    events = session.execute(
        sa.select(Event.id, Event.organiser_id, Event.type).where(
            Event.id.in_(event_ids), Event.organiser_id.in_(organiser_ids)
        )
    ).all()
    rules: dict[int, list[Rule]] = defaultdict(list)
    for rule in session.scalars(
        sa.select(Rule)
        .where(
            Rule.organiser_id.in_({event.organiser_id for event in events}),
            Rule.removed_at.is_(None),
            sa.or_(Rule.event_id.is_(None), Rule.event_id.in_([event.id for event in events])),
        )
        .order_by(Rule.id)
    ):
        rules[rule.organiser_id].append(rule)
    return {
        event.id: [
            rule
            for rule in nearest(rules[event.organiser_id], event_id=event.id, event_type=event.type)
            if rule.trigger in triggers
        ]
        for event in events
    }


def nearest(rules: Iterable[R], *, event_id: int, event_type: EventType) -> list[R]:
    """Of the rules that reach the event those that count, in the order they came."""
    found: dict[str, R] = {}
    for rule in rules:
        if reaches(rule, event_id=event_id, event_type=event_type):
            other = found.get(rule.key)
            if other is None or distance(rule) < distance(other):
                found[rule.key] = rule
    chosen = {id(rule) for rule in found.values()}
    return [rule for rule in rules if id(rule) in chosen]


def reaches(rule: Scoped, *, event_id: int, event_type: EventType) -> bool:
    """Whether the rule is for this event, if no nearer one is."""
    return rule.event_id == event_id if rule.event_id is not None else rule.event_type in (None, event_type)


def distance(rule: Scoped) -> int:
    """0 for the event's own, 1 for its type's, 2 for its organiser's."""
    return 0 if rule.event_id is not None else 1 if rule.event_type is not None else 2


def whose_turn(rules: Mapping[int, list[Rule]], event_id: int, trigger: Trigger) -> list[Rule]:
    """The event's rules for a trigger that are on."""
    return [rule for rule in rules.get(event_id, []) if rule.trigger is trigger and rule.enabled_at is not None]
