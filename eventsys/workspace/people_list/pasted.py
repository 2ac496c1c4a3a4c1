"""Lines pasted from a spreadsheet as rows of what was meant, each with what is wrong with it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from eventsys.organisations.rules import name_key, search_words
from eventsys.workspace.lines import cut, read_day
from eventsys.workspace.registers.finding import Finder, Known
from eventsys.workspace.registers.rows import Line, Wrong

MOST_LINES = 1_000
MOST_CHARACTERS = 200_000
LONGEST_NAME = 200
FIELDS = ("name", "email", "organisation", "part", "run")
"""The order of columns where there is no heading."""

# Words as `_word` leaves them: without spaces, hyphens and capitals.
HEADINGS = {
    "name": "navn namn name deltaker deltakar participant fulltnavn fulltnamn",
    "email": "epost epostadresse mail email emailaddress adresse",
    "organisation": "organisasjon kommune bydel fylke fylkeskommune selskap foretak"
    " organisation municipality district county company fra frå from",
    "number": "nummer kommunenummer kommunenr knr nr organisasjonsnummer number",
    "part": "representerer representerar represents side rolle role fagforening forbund union",
    "run": "dato datoer datoar dag dager dagar dato(er) dates date days",
}
FIELD_OF = {word: name for name, words in HEADINGS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Pasted:
    """The lines, and the headings of columns that nothing is made of; `headless` when the first line was no heading."""

    lines: Sequence[Line]
    unread: Sequence[str] = ()
    headless: bool = True


def read(text: str) -> Pasted:
    """The lines that are not empty, cut at tabs, else at semicolons, else at commas."""
    rows = list(cut(text))
    if not rows:
        return Pasted([])
    names = [FIELD_OF.get(_word(cell), "") for cell in rows[0][1]]
    if "name" not in names or any("@" in cell for cell in rows[0][1]):
        return Pasted([Line(number, dict(zip(FIELDS, cells, strict=False))) for number, cells in rows])
    unread = tuple(cell for cell, name in zip(rows[0][1], names, strict=True) if cell and not name)
    return Pasted([_by_heading(number, cells, names) for number, cells in rows[1:]], unread, headless=False)


def _by_heading(number: int, cells: Sequence[str], names: Sequence[str]) -> Line:
    found: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if name and cell:
            found.setdefault(name, cell)
    if "number" in found:
        found["organisation"] = found.pop("number")
    return Line(number, found)


def _word(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold()
    return "".join(c for c in folded if c not in " \u00a0-\u2013\u2011.:")


# --- what each line is, and what is wrong with it --------------------------------------------------------------------


class Dates(NamedTuple):
    """A run that a line may name: its days, and its names in every language."""

    id: int
    first_on: date | None
    names: Collection[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """A line as it will be signed up; nothing is while any line has something wrong. `part` is the side or the union."""

    number: int
    name: str
    email: str
    organisation: Known | None
    part: str
    run_id: int | None
    wrong: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Register:
    """What lines are checked against. `there` are the people with a live seat: run, address and name as compared.
    `run_id` is what a line without dates means; `addresses` what each address becomes, nothing for what is none; `parts`
    what words for sides, or for unions, mean."""

    finder: Finder
    runs: Sequence[Dates]
    run_id: int | None
    there: Collection[tuple[int, str, str]]
    addresses: Mapping[str, str]
    parts: Mapping[str, str]


def check(lines: Sequence[Line], register: Register) -> list[Checked]:
    """Each line in its order; who stands twice for one run is told at the second."""
    seen: dict[tuple[int, str, str], int] = {}
    return [_check(line, register, seen) for line in lines]


def _check(line: Line, register: Register, seen: dict[tuple[int, str, str], int]) -> Checked:
    wrong: list[Wrong] = []
    name = line.cells.get("name", "")
    if not name:
        wrong.append(Wrong("no_name"))
    elif len(name) > LONGEST_NAME:
        wrong.append(Wrong("long_name"))
    email = _read_email(line.cells.get("email", ""), register, wrong)
    organisation = _read_organisation(line.cells.get("organisation", ""), register, wrong)
    part = _read_part(line.cells.get("part", ""), register, wrong)
    run_id = _read_run(line.cells.get("run", ""), register, wrong)
    if run_id is not None and name and email:
        who = (run_id, email.casefold(), name_key(name))
        if who in register.there:
            wrong.append(Wrong("there_already"))
        elif who in seen:
            wrong.append(Wrong("twice", str(seen[who])))
        seen.setdefault(who, line.number)
    return Checked(line.number, name, email, organisation, part, run_id, wrong)


def _read_email(cell: str, register: Register, wrong: list[Wrong]) -> str:
    email = register.addresses.get(cell, "")
    if not email:
        wrong.append(Wrong("bad_email" if cell else "no_email", cell))
    return email


def _read_organisation(cell: str, register: Register, wrong: list[Wrong]) -> Known | None:
    if not cell:
        wrong.append(Wrong("no_organisation"))
    return register.finder.read(cell, wrong)


def _read_part(cell: str, register: Register, wrong: list[Wrong]) -> str:
    part = register.parts.get(cell.casefold(), "")
    if not part:
        wrong.append(Wrong("unknown_part" if cell else "no_part", cell))
    return part


def _read_run(cell: str, register: Register, wrong: list[Wrong]) -> int | None:
    if not cell:
        if register.run_id is None:
            wrong.append(Wrong("no_run"))
        return register.run_id
    day, words = read_day(cell), _dates_key(cell)
    found = [one.id for one in register.runs if words in {_dates_key(name) for name in one.names}]
    found = found or [one.id for one in register.runs if day is not None and one.first_on == day]
    if len(found) != 1:
        wrong.append(Wrong("unknown_run", cell))
        return None
    return found[0]


def _dates_key(text: str) -> tuple[str, ...]:
    """The words and numbers of a date's name, in any of the ways its signs are written."""
    return tuple(search_words_in_order(text))


def search_words_in_order(text: str) -> list[str]:
    """The folded words of a text, repeated ones too."""
    return [word for piece in re.findall(r"\w+", text) for word in search_words(piece)]
