"""The goals of a programme added up by focus area and standing, and what must not be told of few. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from eventsys.followup.rules.totals import FEWEST_TOLD
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.projects.rules import Figure, GoalFacts, Standing, decide_standing, find_share

ALL = "all"
"""The row of every area together, and the column of every standing."""
Counts = dict[str, dict[str, int]]
Told = dict[str, dict[str, int | None]]


class OneGoal(NamedTuple):
    """A goal with its area and its figures by day."""

    area: Area
    facts: GoalFacts
    figures: Sequence[Figure]


class Summary(NamedTuple):
    """Numbers by area and standing, None where few are hidden; and by area the median of how much of the way is gone, in
    per cent, None where fewer than five goals say so."""

    counts: Told
    medians: Mapping[str, float | None]


def summarise(goals: Iterable[OneGoal]) -> Summary:
    counts: Counts = {row: dict.fromkeys((*Standing, ALL), 0) for row in (*Area, ALL)}
    shares: dict[str, list[float]] = defaultdict(list)
    for goal in goals:
        standing = decide_standing(goal.facts, goal.figures)
        share = find_share(goal.facts, goal.figures)
        for row in (goal.area, ALL):
            counts[row][standing] += 1
            counts[row][ALL] += 1
            if share is not None:
                shares[row].append(share)
    told = hide_in_table(counts)
    medians = {row: find_median(shares[row]) if told[row][ALL] is not None else None for row in counts}
    return Summary(told, medians)


def find_median(shares: Sequence[float]) -> float | None:
    return round(median(shares), 1) if len(shares) >= FEWEST_TOLD else None


def hide_in_table(counts: Counts) -> Told:
    """Leaves out small numbers, and so many more that none of them can be worked out from a row, a column and their sums."""
    names = list(next(iter(counts.values())))
    hidden = {(row, name) for row in counts for name in names if 0 < counts[row][name] < FEWEST_TOLD}
    lines = [[(row, name) for name in names] for row in counts] + [[(row, name) for row in counts] for name in names]
    while more := {cell for line in lines for cell in _list_given_away(line, counts, hidden)} - hidden:
        hidden |= more
    return {
        row: {name: None if (row, name) in hidden else counts[row][name] for name in names} for row in counts
    }  # fmt: skip


def _list_given_away(
    line: Sequence[tuple[str, str]], counts: Counts, hidden: set[tuple[str, str]]
) -> list[tuple[str, str]]:
    """What has to be hidden too in a row or a column, whose last cell is the sum of the others."""
    *parts, total = line
    if total in hidden:
        return []
    values = {part: counts[part[0]][part[1]] for part in parts}
    lost = [part for part in parts if part in hidden]
    if not lost:
        return []
    shown = {part: value for part, value in values.items() if part not in hidden and value}
    if len(lost) > 1 and sum(values[part] for part in lost) >= FEWEST_TOLD:
        return []
    return [min(shown, key=lambda part: shown[part])] if shown else [total]
