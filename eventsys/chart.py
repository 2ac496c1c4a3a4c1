"""The arithmetic of a picture: a scale with round numbers, steps and lines as SVG paths, days along the width. Pure.

The field is `WIDTH` by `HEIGHT`, stretched to the width of the page; words stand outside of it and are not stretched.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

WIDTH, HEIGHT = 1000, 200
MOST_TICKS = 5
SMALLEST = 0.0001
"""The finest step; figures are kept with four decimals."""
LABELS = 4


class Tick(NamedTuple):
    """A number on the scale and how far from the top it is drawn."""

    value: float
    y: float


class Scale(NamedTuple):
    """What the height stands for."""

    top: float
    bottom: float = 0

    def y(self, value: float) -> float:
        return round(HEIGHT - HEIGHT * (value - self.bottom) / (self.top - self.bottom), 1)

    def ticks(self) -> list[Tick]:
        """Round numbers, the highest first; nought among them where the scale has it."""
        step = _round_step(self.top - self.bottom, least=SMALLEST)
        first, last = math.ceil(_squeeze(self.bottom / step)), math.floor(_squeeze(self.top / step))
        values = [_squeeze(number * step) for number in range(last, first - 1, -1)]
        return [Tick(int(value) if value.is_integer() else value, self.y(value)) for value in values]


def scale_for(highest: int) -> Scale:
    """A scale on which the highest value has a little air above it."""
    step = _round_step(max(highest, 1))
    return Scale((max(highest, 1) // step + 1) * step)


def scale_around(values: Sequence[float]) -> Scale:
    """A scale for figures of any size, with a little air above the highest; it begins at nought, or at a round number
    below the lowest where that is below nought."""
    lowest, highest = min(0.0, *values), max(0.0, *values)
    step = _round_step(highest - lowest or 1, least=SMALLEST)
    top = (math.floor(_squeeze(highest / step)) + 1) * step
    return Scale(_squeeze(top), _squeeze(math.floor(_squeeze(lowest / step)) * step))


def _round_step(span: float, least: float = 1) -> float:
    """The smallest of 1, 2, 5, 10, 20, 50 … times `least` that makes no more than `MOST_TICKS` steps."""
    size = least
    while True:
        for step in (size, 2 * size, 5 * size):
            if span / step <= MOST_TICKS:
                return _squeeze(step)
        size *= 10


def _squeeze(number: float) -> float:
    """Without what binary fractions leave behind."""
    return round(number, 9) + 0.0


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


def draw_line(points: Sequence[tuple[float, float]], scale: Scale) -> str:
    """A path straight from point to point; x from 0 to `WIDTH`."""
    return "".join(
        f"{'L' if place else 'M'}{_plain(x)} {_plain(scale.y(value))}" for place, (x, value) in enumerate(points)
    )


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
