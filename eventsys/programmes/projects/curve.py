"""The line of a goal's figures: where it starts, where it is to end, and each figure between, drawn to scale. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from eventsys import chart
from eventsys.programmes.projects.rules import Figure, GoalFacts


class Dot(NamedTuple):
    """A figure on the picture: how far along in per cent, how far from the top."""

    percent: float
    y: float


class Curve(NamedTuple):
    """What is drawn. `aim` is the straight way from the start to the target, where both have a day."""

    line: str
    aim: str
    dots: list[Dot]
    start: Dot | None
    target: Dot | None
    target_y: float | None
    ticks: list[chart.Tick]
    days: list[chart.Mark]


def draw(goal: GoalFacts, figures: Sequence[Figure]) -> Curve | None:
    """The picture of a goal; None where there is less than two things to draw. `figures` by day."""
    start = _point(goal.start_on, goal.start_value)
    target = _point(goal.target_on, goal.target_value)
    points = [one for one in (start, *figures, target) if one is not None]
    if len(points) < 2:
        return None
    first, last = min(one.on for one in points), max(one.on for one in points)
    scale = chart.scale_around([one.value for one in points] + _also(goal))
    way = [start, *figures] if start is not None and figures and start.on < figures[0].on else list(figures)

    def dot(one: Figure) -> Dot:
        return Dot(chart.x_of(one.on, first, last) * 100 / chart.WIDTH, scale.y(one.value))

    def path(several: Sequence[Figure]) -> str:
        return chart.draw_line([(chart.x_of(one.on, first, last), one.value) for one in several], scale)

    return Curve(
        line=path(way) if len(way) > 1 else "",
        aim=path([start, target]) if start is not None and target is not None else "",
        dots=[dot(one) for one in figures],
        start=dot(start) if start is not None else None,
        target=dot(target) if target is not None else None,
        target_y=scale.y(goal.target_value) if goal.target_value is not None else None,
        ticks=scale.ticks(),
        days=chart.place_days(first, last),
    )


def _point(on: date | None, value: float | None) -> Figure | None:
    return Figure(on, value) if on is not None and value is not None else None


def _also(goal: GoalFacts) -> list[float]:
    """Values that have no day but stand on the scale all the same."""
    return [one for one in (goal.start_value, goal.target_value) if one is not None]
