"""The order of a waiting list and what moves in it together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from eventsys.registrations.limits.rules import Seat
from eventsys.registrations.rules import Side

Key = tuple[int, datetime, int]


class Waiting(NamedTuple):
    """A seat that waits. `together` names the delegation whose seats get a place all at once, if it is of one."""

    id: int
    run_id: int
    second_run_id: int | None
    priority: int
    queued_at: datetime
    organisation_id: int | None
    side: Side | None
    person_id: int | None
    together: int | None

    @property
    def key(self) -> Key:
        return (-self.priority, self.queued_at, self.id)

    @property
    def seat(self) -> Seat:
        return Seat(self.organisation_id, self.side, self.person_id)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is served at once: a seat, or those of a delegation that wait together in the same queues."""

    members: tuple[Waiting, ...]

    @property
    def key(self) -> Key:
        """The place of the last member: who joins a group that waits passes nobody."""
        return max(member.key for member in self.members)

    @property
    def runs(self) -> list[int]:
        first = self.members[0]
        return [first.run_id] if first.second_run_id is None else [first.run_id, first.second_run_id]

    @property
    def seats(self) -> list[Seat]:
        return [member.seat for member in self.members]


def make_units(waiting: Iterable[Waiting]) -> list[Unit]:
    """The units of those who wait, in the order in which they are served."""
    grouped: dict[tuple[int | None, ...], list[Waiting]] = {}
    for one in waiting:
        of = (None, one.id) if one.together is None else (one.together, one.run_id, one.second_run_id)
        grouped.setdefault(of, []).append(one)
    return sorted((Unit(tuple(members)) for members in grouped.values()), key=lambda unit: unit.key)


def find_place(units: Sequence[Unit], registration_id: int) -> int | None:
    """Which unit of the list, from 1, the seat is in."""
    for place, unit in enumerate(units, 1):
        if any(member.id == registration_id for member in unit.members):
            return place
    return None
