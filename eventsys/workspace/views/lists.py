"""What the imports of lists share: what was sent, the page that shows each line as it was understood, and the counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys.workspace.registers.labels import UNREADABLE, describe_lines
from eventsys.workspace.registers.rows import Checked, Table, read_table
from eventsys.workspace.registers.tables import MOST_CHARACTERS, MOST_LINES, CannotBeRead, read_file

SHOWN_AT_MOST = 1_000
"""How many lines the page of the check shows; those to be mended first."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The lines as text, from a file or pasted; why they cannot be read; whether wrong ones are left out."""

    text: str
    error: str = ""
    skips: bool = False
    goes_back: bool = False


def read_sent() -> Sent:
    """A file comes before what is in the field: the field may still hold the lines of before."""
    text, error = request.form.get("text", "").replace("\0", ""), ""
    file = request.files.get("file")
    if file is not None and file.filename:
        try:
            text = read_file(file.stream.read())
        except CannotBeRead as refusal:
            text, error = "", str(UNREADABLE[refusal.code])
    if not error and not text.strip():
        error = str(UNREADABLE["nothing"])
    if len(text.encode()) > MOST_CHARACTERS:
        text, error = "", str(UNREADABLE["too_big"])
    return Sent(text, error, skips="skip" in request.form, goes_back="change" in request.form)


def read_lines(sent: Sent, headings: Mapping[str, str], order: Sequence[str], *, needs: str) -> tuple[Table, str]:
    """The lines, and why they cannot be taken."""
    if sent.error:
        return Table(), sent.error
    table = read_table(sent.text, headings, order, needs=needs)
    if not table.lines:
        return table, str(UNREADABLE["nothing"])
    return table, str(UNREADABLE["too_many"]) if len(table.lines) > MOST_LINES else ""


@dataclass(frozen=True, slots=True)
class Page:
    """Where a check page stands: its title, the way back, where it saves and where it is changed, and what it keeps."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    save: str
    change: str
    kept: Mapping[str, str]
    notes: Sequence[str] = ()
    has_same: bool = False
    """Whether lines that are there already do something too: they are kept longer."""


def show_check(page: Page, sent: Sent, table: Table, checked: Sequence[Checked], fields: Collection[str]) -> str:
    counts = count(checked)
    first = sorted(checked, key=lambda line: not line.wrong)[:SHOWN_AT_MOST]
    return render_template(
        "workspace/list_check.html",
        page=page,
        sent=sent,
        unread=list(table.unread),
        lines=describe_lines(first, fields),
        hidden=len(checked) - len(first),
        counts=counts,
        good=counts["new"] + counts["changed"] + (counts["same"] if page.has_same else 0),
        wrong=counts["wrong"],
    )


def count(checked: Sequence[Checked]) -> dict[str, int]:
    counts = dict.fromkeys(("new", "changed", "same", "wrong"), 0)
    for line in checked:
        counts[line.does] += 1
    return counts


def may_save(sent: Sent, checked: Sequence[Checked]) -> bool:
    """All or nothing, unless it was said that the wrong lines are left out."""
    return sent.skips or not any(line.wrong for line in checked)


def tell_counts(counts: Mapping[str, int]) -> str:
    """«430 new, 2 changed, 12 as they were.»"""
    parts = [
        ngettext("%(num)d new", "%(num)d new", counts["new"]),
        ngettext("%(num)d changed", "%(num)d changed", counts["changed"]),
        ngettext("%(num)d as it was", "%(num)d as they were", counts["same"]),
    ]
    if counts["wrong"]:
        parts.append(ngettext("%(num)d left out", "%(num)d left out", counts["wrong"]))
    return _("The list is imported: %(counts)s.", counts=", ".join(parts))


def show_form(template: str, sent: Sent, error: str, **more: Any) -> str:
    return render_template(f"workspace/{template}.html", sent=sent, error=error, **more)
