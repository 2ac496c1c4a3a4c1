"""Lines of a list by what their columns are called, and what is wrong with one: what all the imports have in common."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from eventsys.workspace.lines import cut


class Line(NamedTuple):
    """A line with its number in the list, and its cells by field; a field without a cell that says anything is not there."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The lines, and the headings of columns that nothing is made of."""

    lines: Sequence[Line] = ()
    unread: Sequence[str] = ()


class Wrong(NamedTuple):
    """What is wrong with a line, as a code, and what it is about."""

    code: str
    words: str = ""


class Change(NamedTuple):
    """A field that a line changes, from what to what."""

    field: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A line as it was understood: `shown` are its cells as they will be kept; `known` whether there is one already."""

    number: int
    shown: Mapping[str, str]
    known: bool = False
    changes: Sequence[Change] = ()
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def does(self) -> str:
        """What taking it in does: `new`, `changed` or `same`; `wrong` for nothing."""
        if self.wrong:
            return "wrong"
        return "new" if not self.known else "changed" if self.changes else "same"


def read_table(text: str, headings: Mapping[str, str], order: Sequence[str], *, needs: str) -> Table:
    """`headings` are the words for each field; where the first line has none for `needs`, the columns are in `order`."""
    rows = list(cut(text))
    if not rows:
        return Table()
    field_of = {word: name for name, words in headings.items() for word in words.split()}
    names = [field_of.get(fold(cell), "") for cell in rows[0][1]]
    if needs not in names:
        return Table([_line(number, cells, order) for number, cells in rows])
    unread = tuple(cell for cell, name in zip(rows[0][1], names, strict=True) if cell and not name)
    return Table([_line(number, cells, names) for number, cells in rows[1:]], unread)


def _line(number: int, cells: Sequence[str], names: Sequence[str]) -> Line:
    found: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if name and cell:
            found.setdefault(name, cell)
    return Line(number, found)


def fold(text: str) -> str:
    """A heading or a word as it is compared: without capitals, spaces, hyphens and stops."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return "".join(char for char in folded if char not in " \u00a0-\u2013\u2011.:_/")


def find_repeated(keys: Sequence[tuple[int, object]], wrong: Mapping[int, list[Wrong]]) -> None:
    """Says of a line whose key an earlier line has which line that is; one that is wrong already is not looked at."""
    seen: dict[object, int] = {}
    for number, key in keys:
        if wrong[number]:
            continue
        if key in seen:
            wrong[number].append(Wrong("twice", str(seen[key])))
        else:
            seen[key] = number
