"""The overview of who came to what, as pages, files and prints show it, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from eventsys.followup.rules.matrix import HIGH, WIDE, Line, Part, count_all, count_columns, draw, join_parts
from eventsys.obligations.gatherings import Gathering
from eventsys.obligations.labels import (
    COLOURS,
    LETTERS,
    MEANINGS,
    STANDINGS,
    letter_of,
    name_days,
    name_gathering,
    tell_cell,
    tell_kept,
    tell_state,
)
from eventsys.obligations.queries import Promise
from eventsys.obligations.rules import Cell, Kept, Standing
from eventsys.organisations.models import Organisation
from eventsys.web import language


@dataclass(frozen=True, slots=True)
class Table:
    """All there is to tell: the gatherings in order of time, a line for each organisation, and what it is called."""

    gatherings: Sequence[Gathering]
    lines: Sequence[Line]
    organisations: Mapping[int, Organisation]


def make_table(promises: Sequence[Promise], organisations: Mapping[int, Organisation], *, drafts: bool) -> Table:
    """Of what has been told of; `drafts` too, for who makes them."""
    every = {one.event_id: one for promise in promises for one in promise.gatherings if drafts or not one.is_draft}
    order = sorted(every.values(), key=lambda one: one.order)
    parts = [Part([one.event_id for one in promise.gatherings], promise.rows, promise.kept) for promise in promises]
    return Table(order, join_parts(parts, [one.event_id for one in order]), organisations)


def describe_legend() -> list[dict[str, str]]:
    return [
        {
            "letter": LETTERS[language()][one],
            "word": str(STANDINGS[one]),
            "meaning": str(MEANINGS[one]),
            "colour": COLOURS[one],
        }
        for one in Standing
    ]


def describe_columns(table: Table, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Each gathering with how many stand how to it, in the order of the legend."""
    return [
        {
            "title": name_gathering(one),
            "days": name_days(one),
            "slug": one.slug,
            "organiser_id": one.organiser_id,
            "is_draft": one.is_draft,
            "counts": [counts[standing] for standing in Standing],
            "came": counts[Standing.MET],
            "asked": counts.total(),
        }
        for one, counts in zip(table.gatherings, count_columns(lines, len(table.gatherings)), strict=True)
    ]


class Cells:
    """Cells as HTML: many are alike, and each is written once."""

    def __init__(self) -> None:
        self.known: dict[Cell | None, str] = {None: '<td class="none"><span class="sr-only">–</span></td>'}

    def write(self, line: Line) -> Markup:
        return Markup("".join([self._write(cell) for cell in line.cells]))  # noqa: S704

    def _write(self, cell: Cell | None) -> str:
        if cell not in self.known and cell is not None:
            told, colour = escape(tell_cell(cell)), COLOURS[cell.standing]
            kind = f' data-color="{colour}"' if colour else ' class="unknown"'
            self.known[cell] = f'<td{kind}><abbr title="{told}">{escape(letter_of(cell))}</abbr></td>'
        return self.known[cell]


def describe_rows(table: Table, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Each organisation with its cells, and in words how often it stands how."""
    cells, states, words = Cells(), _States(), {one: str(label) for one, label in STANDINGS.items()}
    return [
        {
            "id": line.organisation_id,
            "name": table.organisations[line.organisation_id].label,
            "cells": cells.write(line),
            "kept": states.tell(line.kept),
            "counts": tell_counts(line, words),
        }
        for line in lines
    ]


class _States:
    """How promises are kept: told once for each way there is."""

    def __init__(self) -> None:
        self.known: dict[Kept, tuple[str, str, str]] = {}

    def tell(self, kept: Sequence[Kept]) -> list[tuple[str, str, str]]:
        for one in kept:
            if one not in self.known:
                self.known[one] = (tell_kept(one), *tell_state(one))
        return [self.known[one] for one in kept]


def tell_counts(line: Line, words: Mapping[Standing, str]) -> str:
    """«Møtt 2, Uteble 1»."""
    counts = Counter([cell.standing for cell in line.cells if cell is not None])
    return ", ".join([f"{words[one]} {counts[one]}" for one in Standing if one in counts])


def describe_picture(table: Table, lines: Sequence[Line]) -> dict[str, Any] | None:
    """The picture of all cells and what it says, None where there is nothing to see."""
    columns = len(table.gatherings)
    if not columns or not lines:
        return None
    counts = count_all(lines)
    organisations = ngettext("%(num)d municipality", "%(num)d municipalities", len(lines))
    gatherings = ngettext("%(num)d gathering", "%(num)d gatherings", columns)
    told = ", ".join(f"{STANDINGS[one]}: {counts[one]}" for one in Standing if counts[one])
    return {
        "width": columns * WIDE,
        "height": len(lines) * HIGH,
        "paths": [(COLOURS[standing], path) for standing, path in draw(lines, columns).items()],
        "label": _(
            "%(organisations)s and %(gatherings)s. %(told)s.",
            organisations=organisations,
            gatherings=gatherings,
            told=told,
        ),
    }


def list_sheet(table: Table, lines: Sequence[Line]) -> tuple[list[str], list[list[str]]]:
    """A heading and rows in words, for a spreadsheet."""
    gatherings = [f"{name_gathering(one).value} ({name_days(one)})" for one in table.gatherings]
    told = {cell: tell_cell(cell) if cell is not None else "" for line in lines for cell in set(line.cells)}
    rows = [
        [
            table.organisations[line.organisation_id].label,
            *(told[cell] for cell in line.cells),
            "; ".join(tell_kept(one) for one in line.kept),
            "; ".join(tell_state(one)[0] for one in line.kept),
        ]
        for line in lines
    ]
    return [_("Municipality"), *gatherings, _("Kept so far"), _("State")], rows


def list_print(table: Table, lines: Sequence[Line], *, heading: str, note: str) -> dict[str, Any]:
    """The values of the print: the same on one sheet."""
    letters = {None: ["", ""]}
    rows = []
    for line in lines:
        for cell in line.cells:
            if cell not in letters and cell is not None:
                letters[cell] = [letter_of(cell), cell.standing.value]  # type: ignore[index]
        rows.append(
            {
                "name": table.organisations[line.organisation_id].label,
                "cells": [letters[cell] for cell in line.cells],  # type: ignore[index]
                "kept": " · ".join(tell_kept(one) for one in line.kept),
            }
        )
    columns = describe_columns(table, lines)
    return {
        "heading": heading,
        "note": note,
        "columns": [{"title": one["title"].value, "days": one["days"], "came": str(one["came"])} for one in columns],
        "rows": rows,
        "legend": [[one["letter"], standing.value, f"{one['word']} – {one['meaning']}"]
                   for standing, one in zip(Standing, describe_legend(), strict=True)],
        "words": {"name": _("Municipality"), "kept": _("Kept so far"), "came": _("Came")},
        "nobody": _("Nobody to show."),
    }  # fmt: skip
