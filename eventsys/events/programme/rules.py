"""What a session may be, and how a day's sessions lie side by side in a table of rooms and times. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from eventsys.events.rules import SessionKind
from eventsys.extensions import Translated


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session of a run's programme; `chosen`: people sign up for it, up to `capacity`, else as many as its room takes.

    `place` is where it is when that is no room of the register. Breaks and meals are never chosen.
    """

    title: Translated
    description: Translated = field(default_factory=dict)
    starts_local: datetime | None = None
    ends_local: datetime | None = None
    place: str = ""
    capacity: int | None = None
    chosen: bool = True
    kind: SessionKind = SessionKind.SESSION
    room_id: int | None = None


@dataclass(frozen=True, slots=True)
class SpeakerFacts:
    """Somebody who speaks. The name, what they are and what is said about them are public; the address is not."""

    name: str
    affiliation: str = ""
    about: Translated = field(default_factory=dict)
    email: str = ""
    language: str | None = None


class IsNobodysChoice(ValueError):
    """A break or a meal cannot be signed up for."""


class SpeakerIsBusy(Exception):
    """A speaker who is to be taken away still stands in `how_many` sessions."""

    def __init__(self, how_many: int) -> None:
        super().__init__(how_many)
        self.how_many = how_many


def split_speaker(text: str) -> SpeakerFacts:
    """«Name, what they are»: the first comma parts them."""
    name, _comma, affiliation = text.partition(",")
    return SpeakerFacts(" ".join(name.split()), " ".join(affiliation.split()))


def join_speaker(name: str, affiliation: str) -> str:
    """As `split_speaker` reads it."""
    return f"{name}, {affiliation}" if affiliation else name


class Part(NamedTuple):
    """One session to be laid out: `column` is where it is (none: nowhere in particular)."""

    key: Hashable
    column: Hashable | None
    starts: datetime
    ends: datetime


class Column(NamedTuple):
    """A column of a day's table: a place, and how many sessions are beside each other in it at most."""

    key: Hashable | None
    lanes: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table: a session (`part`), or nothing in `column` from its row's time on. `rows` and `columns` are
    how many it stretches over."""

    part: Part | None
    column: Hashable | None
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """From one time to the next at which anything begins or ends."""

    starts: datetime
    ends: datetime
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A day's sessions by place and time."""

    day: date
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def lay_out(parts: Sequence[Part], columns: Sequence[Hashable], *, always: Collection[Hashable] = ()) -> list[Table]:
    """A table for each day that a session begins on. `columns` are the places in order, of which those in `always` have a
    column on days too that nothing is in them. A session without a place that has its time for itself stretches over all
    columns."""
    tables = []
    for day in sorted({part.starts.date() for part in parts}):
        of_day = [part for part in parts if part.starts.date() == day]
        used = {part.column for part in of_day} | set(always)
        tables.append(_day(of_day, day, [column for column in columns if column in used]))
    return tables


def _day(parts: Sequence[Part], day: date, columns: Sequence[Hashable]) -> Table:
    ordered = sorted(parts, key=lambda part: (part.starts, part.ends))
    wide = [part for part in ordered if part.column is None and _is_alone(part, ordered)]
    narrow = [part for part in ordered if part not in wide]
    lanes: list[tuple[Hashable | None, list[Part]]] = []
    heads: list[Column] = []
    keys: list[Hashable | None] = [*columns]
    if any(part.column is None for part in narrow) or not keys:
        keys.insert(0, None)
    for key in keys:
        found = _lanes([part for part in narrow if part.column == key])
        heads.append(Column(key, len(found)))
        lanes += [(key, lane) for lane in found]
    times = sorted({moment for part in ordered for moment in (part.starts, part.ends)})
    rows = [Row(starts, ends, tuple(_cells(starts, times, wide, lanes))) for starts, ends in itertools.pairwise(times)]
    return Table(day, tuple(heads), tuple(rows))


def _is_alone(part: Part, others: Sequence[Part]) -> bool:
    return not any(other is not part and _overlap(part, other) for other in others)


def _overlap(one: Part, other: Part) -> bool:
    return one.starts < other.ends and other.starts < one.ends


def _lanes(parts: Sequence[Part]) -> list[list[Part]]:
    """As few lanes as there are sessions at one time; one that is empty where there is none."""
    lanes: list[list[Part]] = []
    for part in parts:
        free = next((lane for lane in lanes if lane[-1].ends <= part.starts), None)
        if free is None:
            lanes.append([part])
        else:
            free.append(part)
    return lanes or [[]]


def _cells(
    starts: datetime,
    times: Sequence[datetime],
    wide: Sequence[Part],
    lanes: Sequence[tuple[Hashable | None, Sequence[Part]]],
) -> list[Cell]:
    whole = next((part for part in wide if part.starts == starts), None)
    if whole is not None:
        return [Cell(whole, None, columns=len(lanes))]
    cells = []
    for key, lane in lanes:
        going = next((part for part in lane if part.starts <= starts < part.ends), None)
        if going is None:
            cells.append(Cell(None, key))
        elif going.starts == starts:
            cells.append(Cell(going, key, rows=sum(1 for at in times if going.starts <= at < going.ends)))
    return cells
