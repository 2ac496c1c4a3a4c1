"""Pasted lines that each name an organisation, read one by one before anybody is placed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from eventsys.organisations.rules import name_key
from eventsys.workspace.lines import cut
from eventsys.workspace.registers.finding import Finder, Known
from eventsys.workspace.registers.rows import Wrong

MOST_LINES = 1_000
HEADINGS = {
    "kommune", "kommunenummer", "kommunenr", "kommunenavn", "kommunenamn", "kommnr", "knr", "nr", "nummer", "navn",
    "namn", "number", "no", "name", "municipality", "organisation", "organisasjon",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, what it says, whom it means, what is wrong with it; whether that one is there already."""

    number: int
    words: str
    known: Known | None
    wrong: tuple[Wrong, ...] = ()
    already: bool = False


def read_lines(text: str, finder: Finder, there: Collection[int]) -> list[Line]:
    """`there` are the ids of those who have a place. A line of headings says nothing."""
    seen: dict[int, int] = {}
    return [_read(number, cells, finder, there, seen) for number, cells in _without_headings(text)][:MOST_LINES]


def _without_headings(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    for place, (number, cells) in enumerate(cut(text)):
        words = [cell for cell in cells if cell]
        if place or not all(name_key(word).replace(".", "") in HEADINGS for word in words):
            yield number, words


def _read(number: int, cells: Sequence[str], finder: Finder, there: Collection[int], seen: dict[int, int]) -> Line:
    wrong: list[Wrong] = []
    known = _find(cells, finder, wrong)
    if known is not None and known.id in seen:
        wrong.append(Wrong("twice", str(seen[known.id])))
    if known is not None:
        seen.setdefault(known.id, number)
    return Line(number, "; ".join(cells), known, tuple(wrong), known is not None and known.id in there)


def _find(cells: Sequence[str], finder: Finder, wrong: list[Wrong]) -> Known | None:
    """By the first cell; one that names several with the second in brackets, as a label has the county. Where both stand
    for an organisation they must be the same."""
    found = list(finder.find(cells[0]))
    if len(cells) > 1 and len(found) != 1:
        found = list(finder.find(f"{cells[0]} ({cells[1]})")) or found
    if len(found) != 1:
        return finder.read(cells[0], wrong)
    others = [one for one in finder.find(cells[1]) if one.kind is found[0].kind] if len(cells) > 1 else []
    if others and found[0].id not in {one.id for one in others}:
        wrong.append(Wrong("other_organisation", others[0].label))
    return found[0]
