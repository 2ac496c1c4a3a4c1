"""Where mails stand on a line of time: places in an SVG of a fixed width. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

WIDTH, MARGIN = 760, 60
LABEL_WIDTH = 104
ROWS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """Something that goes out at a moment; `kind` is sent, due, failed or waiting."""

    at: datetime
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of a run."""

    starts_at: datetime
    ends_at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """`row` is how far down the label stands, from 0, so that neighbours do not write over one another."""

    x: int
    kind: str
    label: str
    row: int


@dataclass(frozen=True, slots=True)
class Band:
    x: int
    width: int
    label: str

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    now: int
    marks: tuple[Mark, ...]
    bands: tuple[Band, ...]


def draw(points: Sequence[Point], stretches: Sequence[Stretch], now: datetime) -> Picture:
    """The places of the marks. A long wait takes more room than a short one, but not in proportion: a month without
    mail must not push a week with five into one blot."""
    moments = [now, *(point.at for point in points)]
    for stretch in stretches:
        moments += [stretch.starts_at, stretch.ends_at]
    places = _places(moments)
    marks: list[Mark] = []
    for point in sorted(points, key=lambda point: point.at):
        x = places[point.at]
        marks.append(Mark(x, point.kind, point.label, _row(x, marks)))
    height = 110 + 18 * max((mark.row for mark in marks), default=0)
    return Picture(WIDTH, height, places[now], tuple(marks), tuple(_bands(stretches, places)))


def _places(moments: Sequence[datetime]) -> dict[datetime, int]:
    order = sorted(set(moments))
    steps = [0.0]
    for before, after in pairwise(order):
        steps.append(steps[-1] + 1 + math.log2(1 + (after - before).total_seconds() / 86_400))
    room = (WIDTH - 2 * MARGIN) / (steps[-1] or 1)
    return {moment: round(MARGIN + step * room) for moment, step in zip(order, steps, strict=True)}


def _row(x: int, marks: Sequence[Mark]) -> int:
    """The first row in which no label stands too near; the last one when all are taken."""
    taken = {mark.row for mark in marks if abs(mark.x - x) < LABEL_WIDTH}
    return next((row for row in range(ROWS) if row not in taken), ROWS - 1)


def _bands(stretches: Sequence[Stretch], places: dict[datetime, int]) -> list[Band]:
    """Runs that overlap are one band."""
    bands: list[Band] = []
    for stretch in sorted(stretches, key=lambda stretch: stretch.starts_at):
        x, end = places[stretch.starts_at], max(places[stretch.ends_at], places[stretch.starts_at] + 16)
        if bands and x <= bands[-1].x + bands[-1].width:
            last = bands[-1]
            label = last.label if stretch.label in last.label else f"{last.label}, {stretch.label}"
            bands[-1] = Band(last.x, max(end, last.x + last.width) - last.x, label)
        else:
            bands.append(Band(x, end - x, stretch.label))
    return bands
