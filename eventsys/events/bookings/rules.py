"""When a room is needed and what clashes: values and decisions. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import combinations
from typing import NamedTuple

from eventsys.extensions import Translated


class Need(NamedTuple):
    """That a run (`session_id` None) or one of its sessions needs a room, from one moment to another, half open."""

    session_id: int | None
    room_id: int
    starts_at: datetime
    ends_at: datetime

    def meets(self, other: Need) -> bool:
        """Whether both need one room at one time; who ends when another begins does not."""
        same_room = self.room_id == other.room_id
        return same_room and self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Booked(NamedTuple):
    """Who has which room when, in words. `event_title` is empty where the reader may not know it: another's event that is
    not public."""

    room_id: int
    room: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    organiser_id: int
    organiser: str
    event_slug: str
    event_title: Translated
    is_draft: bool
    is_public: bool
    session_title: Translated

    def as_seen_by(self, organiser_id: int) -> Booked:
        """The same without what another organiser's event is called that is not public."""
        if self.organiser_id == organiser_id or self.is_public:
            return self
        return self._replace(event_slug="", event_title={}, session_title={})


class Stay(NamedTuple):
    """A run at a venue that has no room there yet. `event_title` is empty where the reader may not know it."""

    venue_id: int
    first_on: date
    last_on: date
    organiser_id: int
    organiser: str
    event_slug: str
    event_title: Translated
    is_public: bool

    def as_seen_by(self, organiser_id: int) -> Stay:
        """As `Booked.as_seen_by`."""
        if self.organiser_id == organiser_id or self.is_public:
            return self
        return self._replace(event_slug="", event_title={})


class SharedDays(NamedTuple):
    """The days on which an event of one's own and another organiser's are at the same venue. What the other arranges is
    empty where it is not public."""

    venue: str
    first_on: date
    last_on: date
    event_slug: str
    event_title: Translated
    organiser: str
    other_slug: str
    other_title: Translated


class RoomIsTaken(Exception):
    """Somebody has the room at that time already: `booking` says who, as the one who asked may see it."""

    def __init__(self, booking: Booked) -> None:
        super().__init__(booking)
        self.booking = booking


def list_needs(run: Need | None, sessions: Sequence[Need]) -> list[Need]:
    """What is to be booked. The run's own booking stretches over its sessions in its room that meet it, which then need
    none of their own."""
    if run is None:
        return list(sessions)
    others = list(sessions)
    while met := [need for need in others if need.meets(run)]:
        starts_at = min(run.starts_at, *(need.starts_at for need in met))
        ends_at = max(run.ends_at, *(need.ends_at for need in met))
        run = run._replace(starts_at=starts_at, ends_at=ends_at)
        others = [need for need in others if need not in met]
    return [run, *others]


def find_double(needs: Sequence[Need]) -> tuple[Need, Need] | None:
    """Two sessions that need one room at one time."""
    return next(_doubles(needs), None)


def _doubles(needs: Sequence[Need]) -> Iterator[tuple[Need, Need]]:
    return ((one, other) for one, other in combinations(needs, 2) if one.meets(other))
