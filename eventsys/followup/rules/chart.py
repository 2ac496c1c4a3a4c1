"""The arithmetic of a picture: a scale with round numbers, steps as an SVG path, days along the width. Pure.

The field is `WIDTH` by `HEIGHT`, stretched to the width of the page; words stand outside of it and are not stretched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

WIDTH, HEIGHT = 1000, 200
MOST_TICKS = 5
LABELS = 4


class Tick(NamedTuple):
    """A number on the scale and how far from the top it is drawn."""

    value: int
    y: float


class Scale(NamedTuple):
    """What the height stands for."""

    top: int

    def y(self, value: int) -> float:
        return round(HEIGHT - HEIGHT * value / self.top, 1)

    def ticks(self) -> list[Tick]:
        """Round numbers, nought among them, the highest first."""
        step = _round_step(self.top)
        return [Tick(value, self.y(value)) for value in range(self.top - self.top % step, -1, -step)]


def scale_for(highest: int) -> Scale:
    """A scale on which the highest value has a little air above it."""
    step = _round_step(max(highest, 1))
    return Scale((max(highest, 1) // step + 1) * step)


def _round_step(highest: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that makes no more than `MOST_TICKS` steps."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if highest / step <= MOST_TICKS:
                return step
        size *= 10


class Mark(NamedTuple):
    """A word below the picture: how far along in per cent, and which end of the word stands there."""

    percent: float
    anchor: str
    on: date


def place_days(first: date, last: date) -> list[Mark]:
    """The first day, the last and a few between, evenly."""
    length = (last - first).days
    count = min(LABELS, length + 1)
    if count < 2:
        return [Mark(0, "start", first)]
    places = [(number * length) // (count - 1) for number in range(count)]
    ends = {0: "start", length: "end"}
    return [Mark(round(100 * one / length, 1), ends.get(one, "middle"), first + timedelta(days=one)) for one in places]


def draw_steps(points: Sequence[tuple[float, int]], scale: Scale) -> str:
    """A path that stays level until the next point; x from 0 to `WIDTH`."""
    if not points:
        return ""
    (x, value), *rest = points
    path = [f"M{_plain(x)} {_plain(scale.y(value))}"]
    for x, value in rest:
        path.append(f"H{_plain(x)}V{_plain(scale.y(value))}")
    return "".join(path)


def close_area(path: str, first_x: float, last_x: float) -> str:
    """The same path down to the ground."""
    return f"{path}H{_plain(last_x)}V{HEIGHT}H{_plain(first_x)}Z" if path else ""


def x_of(on: date, first: date, last: date) -> float:
    length = (last - first).days
    return round(WIDTH * (on - first).days / length, 1) if length else 0.0


def _plain(number: float) -> str:
    return f"{number:g}"
