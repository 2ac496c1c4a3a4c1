"""What a change of a seat is told as, and of those whom it could be told to, who is. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.registrations.rules import Actor, Change, State
from eventsys.workflows.rules import HAS_A_PLACE, Trigger

ARRIVALS = {
    State.CONFIRMED: Trigger.CONFIRMED,
    State.WAITING: Trigger.WAITING,
    State.REQUESTED: Trigger.REQUESTED,
    State.OFFERED: Trigger.OFFERED,
}
BY_CHANGE = {
    Change.REPEATED: Trigger.REPEATED,
    Change.DECLINED: Trigger.DECLINED,
    Change.CANCELLED: Trigger.CANCELLED,
    Change.READDRESSED: Trigger.READDRESSED,
    Change.OFFERED: Trigger.OFFERED,
    Change.LAPSED: Trigger.LAPSED,
    Change.CHANGED: Trigger.CHANGED,
    Change.RESTORED: Trigger.RESTORED,
    Change.ASKED: Trigger.ASKED,
    Change.ANSWERED: Trigger.ANSWERED,
}
"""The changes that are always told as one and the same."""


@dataclass(frozen=True, slots=True)
class Happening:
    """A change as far as it decides what is told. `has_left_run` says that the seat came from another run, and
    `has_own_address` that a delegation's seat has another address than its registrar."""

    change: Change
    from_state: State | None
    to_state: State
    actor: Actor = Actor.PARTICIPANT
    has_left_run: bool = False
    is_of_delegation: bool = False
    has_own_address: bool = True


def decide_triggers(what: Happening) -> tuple[Trigger, ...]:
    """What the change is told as, one mail each; none if nobody is told."""
    if what.change in (Change.REGISTERED, Change.ACCEPTED):
        return _arrive(what)
    if what.change is Change.PROMOTED:
        return _promote(what)
    if what.change is Change.MOVED:
        had_a_place = what.has_left_run and what.from_state in HAS_A_PLACE
        return (Trigger.MOVED_FROM, Trigger.MOVED) if had_a_place else (Trigger.MOVED,)
    if what.change is Change.HANDED_OVER:
        return (Trigger.GIVEN_AWAY, Trigger.HANDED_OVER)
    if what.change is Change.ANSWERED and what.to_state is State.CANCELLED is not what.from_state:
        return (Trigger.CANCELLED,)
    if what.change is Change.NAMED:
        return (Trigger.NAMED,) if what.has_own_address or what.actor is not Actor.REGISTRAR else ()
    trigger = BY_CHANGE.get(what.change)
    return (trigger,) if trigger is not None else ()


def _arrive(what: Happening) -> tuple[Trigger, ...]:
    """Who signs up several is told of all in one mail; whoever has an address of their own is told of their own seat,
    and that somebody else took it."""
    arrival = ARRIVALS.get(what.to_state)
    if arrival is None:
        return ()
    if not what.is_of_delegation or what.change is not Change.REGISTERED:
        return (arrival,)
    if not what.has_own_address:
        return (Trigger.DELEGATION,)
    return (Trigger.DELEGATION, Trigger.NAMED if arrival is Trigger.CONFIRMED else arrival)


def _promote(what: Happening) -> tuple[Trigger, ...]:
    """Who takes a place that was offered gets an answer to that."""
    if what.to_state is not State.CONFIRMED or what.from_state is State.CONFIRMED:
        return ()
    return (Trigger.CONFIRMED,) if what.from_state is State.OFFERED else (Trigger.PROMOTED,)
