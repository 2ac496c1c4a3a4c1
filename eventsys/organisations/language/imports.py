"""Reads a file of municipalities' language forms and checks it row by row. Pure: says what is in it, writes nothing."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from eventsys.organisations.imports import BadRow, read_lines
from eventsys.organisations.rules import LanguageForm

HEADING = ("number", "form", "source", "decided_on")
WORDS = {
    "bokmål": LanguageForm.BOKMAL, "bokmal": LanguageForm.BOKMAL, "bm": LanguageForm.BOKMAL, "nb": LanguageForm.BOKMAL,
    "nynorsk": LanguageForm.NYNORSK, "nn": LanguageForm.NYNORSK, "ny": LanguageForm.NYNORSK,
    "nøytral": LanguageForm.NEUTRAL, "noytral": LanguageForm.NEUTRAL, "neutral": LanguageForm.NEUTRAL,
    "n": LanguageForm.NEUTRAL,
}  # fmt: skip


class FormRow(NamedTuple):
    number: str
    form: LanguageForm
    source: str
    decided_on: date | None


def read_forms(content: bytes) -> tuple[list[FormRow], list[BadRow]]:
    """The good rows and the bad ones. UTF-8 with or without BOM, `;` or `,`; the first line names the columns number and
    form, and perhaps source and decided_on (a day as 2007-04-01)."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [BadRow(content.count(b"\n", 0, error.start) + 1, "not UTF-8; save the file as CSV UTF-8")]
    lines = [(line, [cell.strip() for cell in cells]) for line, cells in read_lines(text)]
    heading = [cell.strip().casefold() for cell in lines[0][1]] if lines else []
    if heading[:2] != ["number", "form"] or not set(heading) <= set(HEADING) or len(set(heading)) < len(heading):
        return [], [BadRow(lines[0][0] if lines else 1, f"the first line must be {';'.join(HEADING)} or its first two")]
    return _check(heading, lines[1:])


def _check(heading: list[str], lines: list[tuple[int, list[str]]]) -> tuple[list[FormRow], list[BadRow]]:
    good: dict[str, FormRow] = {}
    bad: list[BadRow] = []
    for line, cells in lines:
        row = _row(dict(zip(heading, cells, strict=False)), len(cells) - len(heading))
        if isinstance(row, str):
            bad.append(BadRow(line, row))
        elif row.number in good:
            bad.append(BadRow(line, f"number {row.number} is there twice"))
        else:
            good[row.number] = row
    return list(good.values()), bad


def _row(cells: dict[str, str], too_many: int) -> FormRow | str:
    number, form = cells.get("number", ""), WORDS.get(cells.get("form", "").casefold())
    if too_many > 0:
        return f"{too_many} columns too many"
    if not (len(number) == 4 and number.isascii() and number.isdigit()):
        return f"number {number!r}: four digits are needed"
    if form is None:
        return f"form {cells.get('form', '')!r}: bokmål, nynorsk or nøytral is needed"
    day = cells.get("decided_on", "")
    try:
        return FormRow(number, form, cells.get("source", "")[:200], date.fromisoformat(day) if day else None)
    except ValueError:
        return f"decided_on {day!r}: a day such as 2007-04-01 is needed"
