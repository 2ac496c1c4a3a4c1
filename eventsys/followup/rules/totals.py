"""Who comes, added up by organisation, side and cohort; and what must not be told of few. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from eventsys.registrations.rules import HOLDS_A_PLACE, Side, State

FEWEST_TOLD = 5
"""Where a seat tells of union membership no smaller number is shown."""
SIDES_ASKED = (Side.POLITICIAN, Side.ADMINISTRATION, Side.EMPLOYEE_REPRESENTATIVE)


class Seats(NamedTuple):
    """So many seats of one organisation (none: somebody without one), side and state."""

    organisation_id: int | None
    side: Side | None
    state: State
    how_many: int


class Line(NamedTuple):
    """One organisation: its places by side, all of its places, and who waits."""

    organisation_id: int | None
    sides: Mapping[Side | None, int]
    taken: int
    waiting: int

    @property
    def has_all_sides(self) -> bool:
        return all(self.sides.get(side) for side in SIDES_ASKED)


def list_lines(seats: Iterable[Seats]) -> list[Line]:
    """A line for every organisation with a place or somebody who waits."""
    sides: dict[int | None, Counter[Side | None]] = defaultdict(Counter)
    waiting: Counter[int | None] = Counter()
    for seat in seats:
        if seat.state in HOLDS_A_PLACE:
            sides[seat.organisation_id][seat.side] += seat.how_many
        elif seat.state is State.WAITING:
            waiting[seat.organisation_id] += seat.how_many
    ids = dict.fromkeys([*sides, *waiting])
    return [Line(one, sides[one], sides[one].total(), waiting[one]) for one in ids]


def count_sides(lines: Sequence[Line]) -> dict[Side | None, int]:
    """Places by side, in the order of the sides; those without one last, where there are any."""
    total: Counter[Side | None] = Counter()
    for line in lines:
        total.update(line.sides)
    return {side: total[side] for side in (*Side, None) if total[side]}


def count_cohorts(lines: Sequence[Line], cohorts: Mapping[int, Collection[int]]) -> dict[int, int]:
    """Places by cohort; an organisation in two counts in both."""
    total: Counter[int] = Counter()
    for line in lines:
        for cohort_id in cohorts.get(line.organisation_id or 0, ()):
            total[cohort_id] += line.taken
    return dict(total)


class Told(NamedTuple):
    """What may be shown of some counts: those large enough, and all the others together (0: none, or too few to tell)."""

    shown: dict[Any, int]
    others: int
    how_many_others: int


def hide_few(counts: Mapping[Any, int], fewest: int = FEWEST_TOLD) -> Told:
    """Leaves out small numbers so that none can be worked out from the rest and the sum: where the small ones together are
    fewer than that too, the smallest of the others goes with them."""
    shown = {key: count for key, count in counts.items() if count >= fewest}
    hidden = {key: count for key, count in counts.items() if 0 < count < fewest}
    while hidden and sum(hidden.values()) < fewest and shown:
        smallest = min(shown, key=lambda key: shown[key])
        hidden[smallest] = shown.pop(smallest)
    others = sum(hidden.values())
    return Told(shown, others if others >= fewest else 0, len(hidden))
