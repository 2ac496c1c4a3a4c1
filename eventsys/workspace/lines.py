"""Text of lines cut into cells, and what spreadsheets do to a cell undone. Pure; what the cells mean is not for here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from eventsys import dates

MOST_COLUMNS = 40

_TIME = re.compile(r"[T ]\d{1,2}:\d{2}.*")


def cut(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that say anything, each with its number, cut at tabs, else at semicolons, else at commas."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").lstrip("\ufeff")
    sign = next((sign for sign in "\t;" if sign in text), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, skipinitialspace=True)
    before = 0
    try:
        for cells in reader:
            found = [tidy(cell) for cell in cells[:MOST_COLUMNS]]
            if any(found):
                yield before + 1, found
            before = reader.line_num
    except csv.Error:
        yield before + 1, ["?"]


def tidy(cell: str) -> str:
    """Single spaces, and without the apostrophe that keeps a spreadsheet from running or rounding it."""
    squeezed = " ".join("".join(c if c.isprintable() else " " for c in cell).split())
    return squeezed[1:] if squeezed[:1] == "'" else squeezed


def read_day(cell: str) -> date | None:
    """A day as forms take it, with a time behind it as spreadsheets write one; None for what is no day, a month too."""
    try:
        return dates.read_day(_TIME.sub("", cell), takes_months=False)
    except ValueError:
        return None
