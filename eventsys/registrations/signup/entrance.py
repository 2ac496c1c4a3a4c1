"""By which way somebody comes to the sign-up forms: the event's own page, or an invitation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eventsys.registrations.actions import Registered, RegisteredDelegation
from eventsys.registrations.rules import NewDelegation, NewRegistration


@dataclass(frozen=True, slots=True)
class Entrance:
    """The event, by its slug, the addresses of the two forms and of what they send, and what is done with what was sent,
    each in a transaction of its own.

    Who `is_invited` may be from anywhere, and finds the form open where the event is by invitation.
    """

    slug: str
    alone: str
    post_alone: str
    several: str
    post_several: str
    register: Callable[[NewRegistration], Registered]
    register_delegation: Callable[[NewDelegation], RegisteredDelegation]
    is_invited: bool = False
