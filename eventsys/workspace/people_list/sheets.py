"""Tables as files for a spreadsheet: XLSX whose cells are text, and CSV as Norwegian spreadsheets read it. No formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter  # type: ignore[import-untyped]

# A cell that begins so is run as a formula by spreadsheets, full-width signs too.
FORMULA = tuple("=+-@\t\r＝＋－＠")
LONGEST_CELL = 32_000
WIDEST, NARROWEST = 60, 8
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Table:
    """A heading over rows of texts."""

    name: str
    heading: Sequence[str]
    rows: Sequence[Sequence[str]]


def write_xlsx(tables: Sequence[Table], *, title: str, now: datetime) -> bytes:
    """A sheet for each table. Every cell is text and typed so: `+47` and `0301` stay as they are, nothing is run."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
    text = book.add_format({"num_format": "@", "valign": "top"})
    bold = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
    taken: set[str] = set()
    for table in tables:
        sheet = book.add_worksheet(_sheet_name(table.name, taken))
        for column, cell in enumerate(table.heading):
            sheet.write_string(0, column, plain(cell), bold)
            sheet.set_column(column, column, _width(table, column), text)
        for number, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, plain(cell), text)
        sheet.freeze_panes(1, 0)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.heading) - 1)
    book.close()
    return out.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    """At most 31 signs, none that a sheet's name cannot have, and no other sheet's name."""
    short = NO_SHEET_NAME.sub(" ", name).strip()[:28] or "1"
    found, number = short, 1
    while found.casefold() in taken:
        number += 1
        found = f"{short} {number}"
    taken.add(found.casefold())
    return found


def _width(table: Table, column: int) -> int:
    widest = max((len(row[column]) for row in table.rows), default=0)
    return min(max(widest, len(table.heading[column]), NARROWEST) + 2, WIDEST)


def plain(text: str) -> str:
    """What an XML document can hold of it, as long as a cell may be."""
    return UNWRITABLE.sub(" ", text)[:LONGEST_CELL]


def write_csv(tables: Sequence[Table]) -> bytes:
    """UTF-8 with BOM and semicolons, as Norwegian spreadsheets read it; no cell is a formula. An empty line between
    tables."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for place, table in enumerate(tables):
        if place:
            out.write("\r\n")
        writer.writerow([inert(cell) for cell in table.heading])
        writer.writerows([inert(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def inert(cell: str) -> str:
    """The cell as text: what a spreadsheet would run gets an apostrophe before it."""
    text = "".join(" " if c in "\r\n\t" else c for c in plain(cell))
    return f"'{text}" if cell.lstrip(" ").startswith(FORMULA) else text


def write(kind: str, tables: Iterable[Table], *, title: str, now: datetime) -> bytes:
    """The tables as `xlsx`, or else as CSV."""
    every = list(tables)
    return write_xlsx(every, title=title, now=now) if kind == "xlsx" else write_csv(every)
