"""A pasted list of colleagues read into people: names, addresses and whom they represent, in whatever order. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MOST_LINES = 100
BULLET = re.compile(r"\A\s*(?:\d{1,3}[.)]|[-–*•])\s+")
MAILBOX = re.compile(r"([^<>;\t]*)<\s*([^<>\s;]+@[^<>\s;]+)\s*>[\s;,]*")
HEADINGS = frozenset(
    "navn namn name e-post epost e-mail email mail side representerer representerar represents".split()
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """One person of a list. `part` is the value of what the word for it means; `unknown` is what could not be placed."""

    name: str = ""
    email: str = ""
    part: str = ""
    unknown: str = ""


def read_people(text: str, words: Mapping[str, str]) -> list[Pasted]:
    """A person for each line that says anything: «Name; e-mail; side», tabs from a spreadsheet, or only a name.

    A line of addresses as a mail program writes them («Name <address>; Name <address>») is a person each. `words` are
    the names of the parts, casefolded, to their values.
    """
    return [person for line in text.splitlines() for person in _read_line(line, words)][:MOST_LINES]


def _read_line(line: str, words: Mapping[str, str]) -> Iterator[Pasted]:
    line = BULLET.sub("", line.replace("\ufeff", ""))
    if MAILBOX.search(line):
        yield from _read_mailboxes(line, words)
        return
    cells = [cell.strip().strip('"').strip() for cell in re.split(_separator(line), line)]
    if any(cells) and not all(cell.casefold() in HEADINGS for cell in cells if cell):
        yield _sort_cells(cells, words)


def _read_mailboxes(line: str, words: Mapping[str, str]) -> Iterator[Pasted]:
    """A person for each address, with or without a name; other words belong to the person before them."""
    people: list[list[str]] = []
    for cell in re.split(r"[;\t]", line):
        boxes = list(MAILBOX.finditer(cell))
        people += [[_turn(box[1]), box[2]] for box in boxes]
        rest = cell[boxes[-1].end() :] if boxes else cell
        for word in (word.strip() for word in rest.split(",")):
            if "@" in word or not people:
                people.append([word])
            else:
                people[-1].append(word)
    yield from (_sort_cells(cells, words) for cells in people if any(cells))


def _turn(name: str) -> str:
    """«Fjell, Kari», as mail programs write names, the right way round."""
    family, comma, given = name.strip(' ,;"').partition(", ")
    return f"{given} {family}" if comma else family


def _separator(line: str) -> str:
    """Tabs before semicolons; a comma only where an address shows that it parts a name from it."""
    if "\t" in line:
        return r"\t"
    return ";" if ";" in line or "@" not in line else ","


def _sort_cells(cells: list[str], words: Mapping[str, str]) -> Pasted:
    name, email, part, unknown = "", "", "", []
    for cell in (cell for cell in cells if cell):
        if "@" in cell and not email:
            email = cell
        elif cell.casefold() in words and not part:
            part = words[cell.casefold()]
        elif not name and cell[0] not in "0123456789+":
            name = cell
        else:
            unknown.append(cell)
    return Pasted(name, email, part, "; ".join(unknown))
