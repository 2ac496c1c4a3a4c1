"""Where each county of 2008 stands on a map of tiles, and how dark it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

TILES = {
    "Finnmark": (6, 0, "Fin"), "Troms": (5, 1, "Tro"), "Nordland": (4, 2, "Nor"), "Nord-Trøndelag": (3, 3, "N-T"),
    "Møre og Romsdal": (1, 4, "M&R"), "Sør-Trøndelag": (2, 4, "S-T"), "Sogn og Fjordane": (0, 5, "S&F"),
    "Oppland": (1, 5, "Opp"), "Hedmark": (2, 5, "Hed"), "Hordaland": (0, 6, "Hor"), "Buskerud": (1, 6, "Bus"),
    "Oslo": (2, 6, "Osl"), "Akershus": (3, 6, "Ake"), "Rogaland": (0, 7, "Rog"), "Telemark": (1, 7, "Tel"),
    "Vestfold": (2, 7, "Vef"), "Østfold": (3, 7, "Øst"), "Vest-Agder": (0, 8, "V-A"), "Aust-Agder": (1, 8, "A-A"),
}  # fmt: skip
"""Column from the west, row from the north, and a short name."""
COLUMNS, ROWS = 7, 9
SIZE, GAP = 100, 8
SHADES = 4


class Tile(NamedTuple):
    county: str
    short: str
    x: int
    y: int
    shade: int
    members: int
    there: int


def draw_tiles(members: Mapping[str, int], there: Mapping[str, int]) -> list[Tile]:
    """A tile for each county that has organisations: shade 0 where none takes part, up to `SHADES` where all do."""
    return [
        Tile(
            county, short, column * (SIZE + GAP), row * (SIZE + GAP),
            _shade(members.get(county, 0), there[county]), members.get(county, 0), there[county],
        )
        for county, (column, row, short) in TILES.items()
        if there.get(county)
    ]  # fmt: skip


def _shade(members: int, there: int) -> int:
    return min(SHADES, -(-members * SHADES // there))
