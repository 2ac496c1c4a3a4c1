"""The list of an event's participants as groups on a page and as a file for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventsys.registrations.rules import State

# What a page shows first: those who wait for an answer, then those who come.
ORDER = (
    State.REQUESTED,
    State.OFFERED,
    State.CONFIRMED,
    State.ATTENDED,
    State.ABSENT,
    State.WAITING,
    State.DECLINED,
    State.CANCELLED,
)
# A cell that begins so is run as a formula by spreadsheets, full-width signs too.
FORMULA = tuple("=+-@\t\r＝＋－＠")


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


def number_waiting(rows: Iterable[Any]) -> dict[int, int]:
    """The place of each waiting registration in its run's list; the rows come in the order of the queue."""
    seen: dict[int, int] = {}
    positions: dict[int, int] = {}
    for row in rows:
        if row.state is State.WAITING:
            positions[row.id] = seen[row.run_id] = seen.get(row.run_id, 0) + 1
    return positions


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with BOM and semicolons, as Norwegian spreadsheets read it; no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def inert(value: object) -> str:
    """The cell as text: what a spreadsheet would run gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    raw = str(value)
    text = "".join(" " if c in "\r\n\t" else c for c in raw)
    return f"'{text}" if raw.lstrip(" ").startswith(FORMULA) else text
