"""Who stands how to which gathering, as one table and one picture. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from eventsys.obligations.rules import Cell, Kept, Standing

WIDE, HIGH = 24, 6
"""How large a cell of the picture is, in its own units."""


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation: how it stands to each gathering, and each of its promises by number."""

    organisation_id: int
    cells: tuple[Cell | None, ...]
    kept: tuple[Kept, ...]

    @property
    def missing(self) -> int:
        """How often it is still to come before all is kept."""
        return sum(max(one.needed - one.met, 0) for one in self.kept)

    def count(self, standing: Standing) -> int:
        return sum(cell is not None and cell.standing is standing for cell in self.cells)

    def has(self, wanted: str) -> bool:
        """Whether one of its cells stands so, or (`needs`) wants somebody signed up, or (`broken`) it can keep no more."""
        if wanted == "needs":
            return any(cell is not None and cell.needs_more for cell in self.cells)
        if wanted == "broken":
            return any(not one.can_be_kept for one in self.kept)
        return any(cell is not None and cell.standing.value == wanted for cell in self.cells)


class Part(NamedTuple):
    """A promise: its gatherings by id, a row of cells for each organisation, and how each has kept it."""

    gatherings: Sequence[int]
    rows: Mapping[int, Sequence[Cell | None]]
    kept: Mapping[int, Kept]


def join_parts(parts: Sequence[Part], order: Sequence[int]) -> list[Line]:
    """One line for each organisation over all promises: the gatherings in this order, whatever promise asks for them.

    Where two promises of one organisation are about the same gathering, the one that stands worse is told.
    """
    places = {gathering: place for place, gathering in enumerate(order)}
    cells: dict[int, list[Cell | None]] = {}
    kept: dict[int, list[Kept]] = defaultdict(list)
    for part in parts:
        columns = [places.get(gathering) for gathering in part.gatherings]
        for organisation_id, row in part.rows.items():
            line = cells.setdefault(organisation_id, [None] * len(order))
            for place, cell in zip(columns, row, strict=True):
                if place is not None and cell is not None:
                    before = line[place]
                    line[place] = cell if before is None else _worse(before, cell)
            kept[organisation_id].append(part.kept[organisation_id])
    return [Line(one, tuple(line), tuple(kept[one])) for one, line in cells.items()]


_WORST_FIRST = (
    Standing.MISSED, Standing.PARTLY, Standing.NOT_RECORDED, Standing.COMING, Standing.EXCUSED, Standing.MET,
)  # fmt: skip


def _worse(one: Cell, other: Cell) -> Cell:
    return min(one, other, key=lambda cell: (_WORST_FIRST.index(cell.standing), not cell.needs_more))


def count_columns(lines: Sequence[Line], columns: int) -> list[Counter[Standing]]:
    """How many stand how to each gathering."""
    found: list[Counter[Standing]] = [Counter() for _column in range(columns)]
    for line in lines:
        for counter, cell in zip(found, line.cells, strict=True):
            if cell is not None:
                counter[cell.standing] += 1
    return found


def count_all(lines: Iterable[Line]) -> Counter[Standing]:
    return Counter(cell.standing for line in lines for cell in line.cells if cell is not None)


SORTS: Mapping[str, Callable[[Line], int]] = {
    "missing": lambda line: -line.missing,
    "came": lambda line: -line.count(Standing.MET),
    "missed": lambda line: -line.count(Standing.MISSED),
}
"""By what a table may be sorted beside names."""


def arrange(
    lines: Sequence[Line], names: Sequence[int], *, among: Collection[int] | None, standing: str, sort: str
) -> list[Line]:
    """Those among some organisations that stand so somewhere, sorted; who is alike in the order of `names`."""
    by_name = {organisation_id: place for place, organisation_id in enumerate(names)}
    shown = [
        line
        for line in lines
        if line.organisation_id in by_name
        and (among is None or line.organisation_id in among)
        and (not standing or line.has(standing))
    ]
    shown.sort(key=lambda line: by_name[line.organisation_id])
    return sorted(shown, key=SORTS[sort]) if sort in SORTS else shown


def draw(lines: Sequence[Line], columns: int) -> dict[Standing, str]:
    """A path for each standing, of rectangles as long as neighbours below each other stand alike."""
    paths: dict[Standing, list[str]] = defaultdict(list)
    for column, cells in enumerate(zip(*(line.cells[:columns] for line in lines), strict=True)):
        first = 0
        for standing, alike in groupby([cell.standing if cell is not None else None for cell in cells]):
            how_many = len(list(alike))
            if standing is not None:
                paths[standing].append(f"M{column * WIDE} {first * HIGH}h{WIDE}v{how_many * HIGH}h-{WIDE}z")
            first += how_many
    return {standing: "".join(paths[standing]) for standing in Standing if standing in paths}
