"""What a registration may be and who decides it: states, places, eligibility. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from eventsys.events.rules import DATED, EventStatus, Precision, RunStatus


class State(enum.StrEnum):
    REQUESTED = "requested"
    OFFERED = "offered"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


HOLDS_A_PLACE = (State.CONFIRMED, State.OFFERED, State.ATTENDED, State.ABSENT)
LEAVABLE = (State.REQUESTED, State.OFFERED, State.WAITING, State.CONFIRMED)


class Side(enum.StrEnum):
    """Which side of the municipality somebody represents."""

    POLITICIAN = "politician"
    ADMINISTRATION = "administration"
    EMPLOYEE_REPRESENTATIVE = "employee_representative"
    OTHER = "other"


class Change(enum.StrEnum):
    REGISTERED = "registered"
    REPEATED = "repeated"
    PROMOTED = "promoted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    READDRESSED = "readdressed"


class Actor(enum.StrEnum):
    PARTICIPANT = "participant"
    ORGANISER = "organiser"
    SYSTEM = "system"


class Window(enum.StrEnum):
    """Whether registration is possible on a day."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


class RegistrationIsClosed(Exception):
    """The event or the run takes no registrations now."""


class NotForThisOrganisation(Exception):
    """The event is for others; its organiser may be asked."""


class CannotBeCancelled(Exception):
    """The registration is not in a state that can be left."""


class AddressIsTaken(Exception):
    """The person whom name and address make has a live registration in the run already."""


class TooSmall(Exception):
    """More people hold a place than the capacity asked for; `taken` says how many."""

    def __init__(self, taken: int) -> None:
        super().__init__(taken)
        self.taken = taken


@dataclass(frozen=True, slots=True)
class Places:
    """How full a run is. `capacity` None means no limit."""

    capacity: int | None
    taken: int
    waiting: int = 0

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else max(self.capacity - self.taken, 0)


def decide_place(places: Places, *, asks: bool) -> State:
    """Requested when a person asks to come to an event for others; confirmed while there is room and nobody waits."""
    if asks:
        return State.REQUESTED
    has_room = places.left is None or places.left > 0
    return State.CONFIRMED if has_room and not places.waiting else State.WAITING


def decide_window(opens_on: date | None, closes_on: date | None, starts_on: date | None, *, today: date) -> Window:
    """Both days are inclusive; without a closing day registration closes when the run's first day begins."""
    if opens_on and today < opens_on:
        return Window.NOT_YET
    if closes_on and today > closes_on:
        return Window.CLOSED
    return Window.CLOSED if starts_on and today >= starts_on else Window.OPEN


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """What one person gives to get a seat. `form_token` is the same for two posts of one form and for no other;
    `asks` says that the person knows the event is for others and asks its organiser to come all the same."""

    run_id: int
    name: str
    email: str
    organisation_id: int
    form_token: str
    side: Side | None = None
    union_id: int | None = None
    language: str | None = None
    asks: bool = False


def decide_accepted(places: Places) -> State:
    """Where somebody goes whose request an organiser accepts: behind those who wait already."""
    return decide_place(places, asks=False)


def count_promotable(places: Places) -> int:
    """How many of those who wait now fit."""
    return places.waiting if places.left is None else min(places.left, places.waiting)


def decide_open(event: EventStatus, run: RunStatus, precision: Precision, window: Window) -> bool:
    """Whether a run takes registrations: the event is public, the run goes, its days are known, and it is time."""
    goes = event is EventStatus.PUBLISHED and run is RunStatus.PLANNED
    return goes and precision in DATED and window is Window.OPEN
