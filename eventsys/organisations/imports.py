"""Reads a file of municipalities and checks it row by row. Pure: says what is in the file, writes nothing."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

HEADING = ["number", "name", "county"]


def _check_number(value: str) -> str:
    if len(value) == 4 and value.isascii() and value.isdigit():
        return value
    lost = value.isascii() and value.isdigit() and len(value) == 3
    raise ValueError("four digits are needed" + (": has the zero in front been lost?" if lost else ""))


def _check_text(value: str) -> str:
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValueError("it holds a control character")
    return unicodedata.normalize("NFC", value)


Text = AfterValidator(_check_text)


class MunicipalityRow(BaseModel):
    """A row of the official list. The number is a string and keeps its zero."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, extra="forbid")

    number: Annotated[str, AfterValidator(_check_number)]
    name: Annotated[str, Field(min_length=1, max_length=200), Text]
    county: Annotated[str, Field(min_length=1, max_length=100), Text]


class BadRow(NamedTuple):
    """A line of the file (from 1) that cannot be taken, and why."""

    line: int
    why: str


@dataclass(frozen=True)
class Split:
    """The rows by what they would do to what is there."""

    new: list[MunicipalityRow]
    changed: list[MunicipalityRow]
    unchanged: list[MunicipalityRow]


def split(rows: Sequence[MunicipalityRow], there: Mapping[str | None, tuple[str, str | None]]) -> Split:
    """`there` holds the name and county by number."""
    parts = Split([], [], [])
    for row in rows:
        if row.number not in there:
            parts.new.append(row)
        elif there[row.number] != (row.name, row.county):
            parts.changed.append(row)
        else:
            parts.unchanged.append(row)
    return parts


def read_municipalities(content: bytes) -> tuple[list[MunicipalityRow], list[BadRow]]:
    """The good rows and the bad ones. UTF-8 with or without BOM, `;` or `,`, any line ends; the first line names the
    columns."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return [], [BadRow(line, "not UTF-8; save the file as CSV UTF-8")]
    lines = list(read_lines(text))
    if not lines or [cell.strip().casefold() for cell in lines[0][1]] != HEADING:
        return [], [BadRow(lines[0][0] if lines else 1, f"the first line must be {';'.join(HEADING)}")]
    return _check(lines[1:])


def read_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that say something, each with its number from 1; cells between `;` if the first line has one, else `,`."""
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _check(lines: Sequence[tuple[int, list[str]]]) -> tuple[list[MunicipalityRow], list[BadRow]]:
    rows: list[MunicipalityRow] = []
    bad: list[BadRow] = []
    seen: dict[str, int] = {}
    for line, cells in lines:
        row = _row(cells)
        if isinstance(row, str):
            bad.append(BadRow(line, row))
        elif row.number in seen:
            bad.append(BadRow(line, f"number {row.number} is on line {seen[row.number]} already"))
        else:
            seen[row.number] = line
            rows.append(row)
    return rows, bad


def _row(cells: list[str]) -> MunicipalityRow | str:
    if len(cells) != len(HEADING):
        return f"{len(cells)} columns instead of {len(HEADING)}"
    try:
        return MunicipalityRow.model_validate(dict(zip(HEADING, cells, strict=True)))
    except ValidationError as error:
        return "; ".join(_say(problem["loc"][0], problem["input"], problem["msg"]) for problem in error.errors())


def _say(column: int | str, value: object, message: str) -> str:
    return f"{column} {value!r}: {message.removeprefix('Value error, ')}"
