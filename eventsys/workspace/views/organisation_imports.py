"""A list of organisations from a file or a spreadsheet: checked line by line, then taken in; it adds and corrects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisations.actions import NameIsTaken, NumberIsTaken
from eventsys.organisations.labels import KINDS
from eventsys.organisations.language.actions import note_forms
from eventsys.organisations.queries import list_organisations
from eventsys.organisations.register.actions import save_all
from eventsys.organisations.rules import OrganisationKind
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.registers.organisation_rows import (
    HEADINGS,
    ORDER,
    OrganisationLine,
    Usual,
    check_organisations,
)
from eventsys.workspace.registers.rows import Line
from eventsys.workspace.views.frame import account, blueprint, log, today
from eventsys.workspace.views.lists import (
    Page,
    Sent,
    count,
    may_save,
    read_lines,
    read_sent,
    show_check,
    show_form,
    tell_counts,
)
from eventsys.workspace.views.organisations import Answer, rights

SHOWN = ("number", "name", "county", "email", "language_form", "language_form_source")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was said of all the lines."""

    kind: OrganisationKind
    source: str
    on: date | None
    errors: dict[str, str]


@blueprint.get("/organisations/import", endpoint="import_organisations")
@access(Access.ORGANISER)
def new() -> str:
    return show(Sent(""), Chosen(OrganisationKind.MUNICIPALITY, "", today(), {}), "")


@blueprint.post("/organisations/import/check", endpoint="check_organisations")
@access(Access.ORGANISER)
def check() -> str | tuple[str, int]:
    sent, chosen = read_sent(), read_chosen()
    table, error = read_lines(sent, HEADINGS, ORDER, needs="name")
    if sent.goes_back:
        return show(sent, chosen, "")
    if error or chosen.errors:
        return show(sent, chosen, error), 422
    found = read_all(db.session(), chosen, table.lines)
    return show_check(page_of(chosen), sent, table, [line.checked for line in found], shown(found))


@blueprint.post("/organisations/import", endpoint="save_organisations")
@access(Access.ORGANISER)
def save() -> Answer:
    sent, chosen = read_sent(), read_chosen()
    table, error = read_lines(sent, HEADINGS, ORDER, needs="name")
    if error or chosen.errors:
        return show(sent, chosen, error), 422
    try:
        with transaction() as session:
            found = read_all(session, chosen, table.lines)
            checked = [line.checked for line in found]
            if may_save(sent, checked):
                take_in(session, chosen, found)
    except (NameIsTaken, NumberIsTaken):
        text = _("Nothing was imported: two of them would have one name or number. Give each its county and number.")
        return show(sent, chosen, text), 422
    if not may_save(sent, checked):
        return show_check(page_of(chosen), sent, table, checked, shown(found)), 422
    flash(tell_counts(count(checked)), "success")
    return redirect(url_for(".organisations", kind=chosen.kind.value), 303)


def read_chosen() -> Chosen:
    reader = Reader(Typed(request.form))
    kind = reader.typed.get("kind", "")
    chosen = OrganisationKind(kind) if kind in set(OrganisationKind) else OrganisationKind.MUNICIPALITY
    source, on = reader.text("source", most=200), reader.day("on")
    return Chosen(chosen, source, on, reader.errors)


def read_all(session: Session, chosen: Chosen, lines: Sequence[Line]) -> list[OrganisationLine]:
    there = list_organisations(session, chosen.kind)
    return check_organisations(lines, there, chosen.kind, Usual(chosen.source or None, chosen.on, rights(session)))


def take_in(session: Session, chosen: Chosen, found: list[OrganisationLine]) -> None:
    rows = [(line.id, line.facts) for line in found if line.checked.does in ("new", "changed")]
    saved = save_all(session, chosen.kind, rows, valid_from=None)
    note_forms(session, saved, account_id=account().id, today=today(), now=clock.now())
    counts = count([line.checked for line in found])
    log(session, LogVerb.IMPORTED, "organisation", chosen.kind.value, after={k: v for k, v in counts.items() if v})


def shown(found: list[OrganisationLine]) -> list[str]:
    """The columns that any line says something in."""
    return [name for name in SHOWN if any(line.checked.shown.get(name) for line in found)]


def page_of(chosen: Chosen) -> Page:
    return Page(
        title=_("Import organisations"),
        crumbs=[(url_for(".organisations"), _("Organisations"))],
        save=url_for(".save_organisations"),
        change=url_for(".check_organisations"),
        kept={"kind": chosen.kind.value, "source": chosen.source, "on": write_day(chosen.on)},
        notes=[_("The official mailbox is imported for new organisations and for those in your own programmes.")],
    )


def show(sent: Sent, chosen: Chosen, error: str) -> str:
    return show_form(
        "organisations_import",
        sent,
        error,
        kinds=[(one.value, str(name)) for one, name in KINDS.items()],
        chosen={"kind": chosen.kind.value, "source": chosen.source, "on": write_day(chosen.on)},
        errors=chosen.errors,
    )
