"""What a project and its goals say, which way figures should go, how far a goal has come, what can happen. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from eventsys.programmes.applications.rules import Area

LONGEST_NAME = 200
LONGEST_TEXT = 4000
LONGEST_GOAL = 1000
LONGEST_UNIT = 40
LONGEST_SOURCE = 200
MOST_GOALS = 40
MOST_FIGURES = 400


class Direction(enum.StrEnum):
    DOWN = "down"
    UP = "up"


class ProjectAct(enum.StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    SHARED = "shared"
    NOT_SHARED = "not_shared"
    GOAL_ADDED = "goal_added"
    GOAL_CHANGED = "goal_changed"
    GOAL_REMOVED = "goal_removed"
    FIGURES = "figures"
    MOVED = "moved"
    ENDED = "ended"


class Standing(enum.StrEnum):
    """How a goal stands. `ON_ITS_WAY` is better than at the start, `NOT_ON_ITS_WAY` is not."""

    REACHED = "reached"
    ON_ITS_WAY = "on_its_way"
    NOT_ON_ITS_WAY = "not_on_its_way"
    NO_FIGURES = "no_figures"
    NOT_MEASURED = "not_measured"


class TooMany(Exception):
    """More goals or figures than there may be."""


class HasChanged(Exception):
    """Somebody else saved it since the form was opened."""


class HasEnded(Exception):
    """The project is over, and nothing in it is written any more."""


@dataclass(frozen=True)
class ProjectFacts:
    """What a project says of itself."""

    name: str
    area: Area
    about: str = ""
    from_on: date | None = None
    to_on: date | None = None
    is_shared: bool = True


@dataclass(frozen=True)
class GoalFacts:
    """What a goal says. One with a target has a unit and a day for it."""

    goal: str
    unit: str = ""
    direction: Direction = Direction.DOWN
    start_value: float | None = None
    start_on: date | None = None
    target_value: float | None = None
    target_on: date | None = None


class Figure(NamedTuple):
    """A goal's figure on a day."""

    on: date
    value: float


class Written(NamedTuple):
    """What writing figures came to: how many were new, and which were corrected, from what to what."""

    new: int
    corrected: Mapping[date, tuple[float, float]]


def decide_standing(goal: GoalFacts, figures: Sequence[Figure]) -> Standing:
    """How the goal stands by its latest figure; `figures` by day."""
    if goal.target_value is None:
        return Standing.NOT_MEASURED
    if not figures:
        return Standing.NO_FIGURES
    sign = 1 if goal.direction is Direction.UP else -1
    latest = figures[-1].value
    if sign * (latest - goal.target_value) >= 0:
        return Standing.REACHED
    start = find_start(goal, figures)
    return Standing.ON_ITS_WAY if sign * (latest - start) > 0 else Standing.NOT_ON_ITS_WAY


def find_start(goal: GoalFacts, figures: Sequence[Figure]) -> float:
    """Where the goal starts: as it says, else at the first of its figures."""
    return figures[0].value if goal.start_value is None else goal.start_value


def find_share(goal: GoalFacts, figures: Sequence[Figure]) -> float | None:
    """How much of the way from the start to the target is gone, in per cent, so that goals of different units can be laid
    beside each other; below nought for what went the wrong way. None where there is no way to go or no figure."""
    if goal.target_value is None or not figures:
        return None
    start = find_start(goal, figures)
    if start == goal.target_value:
        return None
    return round(100 * (figures[-1].value - start) / (goal.target_value - start), 1)
