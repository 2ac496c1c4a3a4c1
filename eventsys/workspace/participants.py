"""The list of an event's participants in groups, as a page shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eventsys.registrations.rules import State
from eventsys.workspace.people_list.rules import ORDER


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the list. `position` is the place in the run's waiting list, from 1."""

    row: Any
    position: int | None


def group_people(rows: Iterable[Any], positions: Mapping[int, int]) -> list[tuple[State, list[Person]]]:
    """The rows by state, in the order of `ORDER`, each group as it came; no empty groups."""
    groups: dict[State, list[Person]] = {state: [] for state in ORDER}
    for row in rows:
        groups[row.state].append(Person(row, positions.get(row.id)))
    return [(state, people) for state, people in groups.items() if people]
