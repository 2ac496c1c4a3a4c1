"""A union's list of representatives, from a file or a spreadsheet, with the day on which it is erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.representatives.actions import read_there, save_all
from eventsys.organisations.representatives.rules import choose_end, may_be_kept_until
from eventsys.programmes.grants.queries import find_last_end
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.registers.finding import Finder
from eventsys.workspace.registers.queries.there import read_municipalities
from eventsys.workspace.registers.representative_rows import (
    HEADINGS,
    ORDER,
    Register,
    RepresentativeLine,
    check_representatives,
)
from eventsys.workspace.registers.rows import Line
from eventsys.workspace.views.frame import account, blueprint, today
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
from eventsys.workspace.views.organisations import Answer
from eventsys.workspace.views.representatives import by, find_union, key_of, list_unions

SHOWN = ("name", "email", "union", "organisation")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds of every line: the union of one that names none, and the day on which all of it is erased."""

    union: Organisation | None
    erase_on: date
    errors: dict[str, str]


@blueprint.get("/representatives/import", endpoint="import_representatives")
@access(Access.OWNER)
def new() -> str:
    unions = list_unions(db.session())
    union = unions[0] if len(unions) == 1 else None
    ends_on = find_last_end(db.session(), account().organiser.id, on=today())
    return show(Sent(""), Chosen(union, choose_end(ends_on, on=today()), {}), "")


@blueprint.post("/representatives/import/check", endpoint="check_representatives")
@access(Access.OWNER)
def check() -> str | tuple[str, int]:
    session, sent = db.session(), read_sent()
    chosen = read_chosen(session)
    table, error = read_lines(sent, HEADINGS, ORDER, needs="name")
    if sent.goes_back:
        return show(sent, chosen, "")
    if error or chosen.errors:
        return show(sent, chosen, error), 422
    found = read_all(session, chosen, table.lines)
    return show_check(page_of(chosen), sent, table, [line.checked for line in found], SHOWN)


@blueprint.post("/representatives/import", endpoint="save_representatives")
@access(Access.OWNER)
def save() -> Answer:
    sent, chosen = read_sent(), read_chosen(db.session())
    table, error = read_lines(sent, HEADINGS, ORDER, needs="name")
    if error or chosen.errors:
        return show(sent, chosen, error), 422
    with transaction() as session:
        found = read_all(session, chosen, table.lines)
        checked = [line.checked for line in found]
        if may_save(sent, checked):
            good = [line.facts for line in found if line.facts is not None and not line.checked.wrong]
            added, kept = save_all(session, good, erase_on=chosen.erase_on, by=by())
    if not may_save(sent, checked):
        return show_check(page_of(chosen), sent, table, checked, SHOWN), 422
    flash(tell_counts({"new": added, "changed": 0, "same": kept, "wrong": count(checked)["wrong"]}), "success")
    return redirect(url_for(".representatives"), 303)


def read_chosen(session: Session) -> Chosen:
    reader = Reader(Typed(request.form))
    erase_on = reader.day("erase_on", required=_("Write the day on which the list is erased."))
    if erase_on is not None and not may_be_kept_until(erase_on, on=today()):
        reader.errors["erase_on"] = _("Choose a day after today and within two years.")
    if not list_unions(session):
        reader.errors["text"] = _("This is for unions and their confederations.")
    return Chosen(find_union(session, reader.typed.get("union", "")), erase_on or today(), reader.errors)


def read_all(session: Session, chosen: Chosen, lines: Sequence[Line]) -> list[RepresentativeLine]:
    unions = list_unions(session)
    register = Register(
        unions=Finder((one.id, one.kind, one.label, one.number, one.name) for one in unions),
        municipalities=read_municipalities(session),
        there=read_there(session, account().organiser.id, on=today()),
        labels={one.id: one.label for one in unions},
        union_id=chosen.union.id if chosen.union else None,
    )
    return check_representatives(lines, register)


def page_of(chosen: Chosen) -> Page:
    return Page(
        title=_("Import representatives"),
        crumbs=[(url_for(".representatives"), _("Representatives"))],
        save=url_for(".save_representatives"),
        change=url_for(".check_representatives"),
        kept={"union": key_of(chosen.union) if chosen.union else "", "erase_on": write_day(chosen.erase_on)},
        notes=[_("Nobody gets a mail about this. All of it is erased on the day that you chose.")],
        has_same=True,
    )


def show(sent: Sent, chosen: Chosen, error: str) -> str:
    unions = list_unions(db.session())
    return show_form(
        "representatives_import",
        sent,
        error or chosen.errors.get("text", ""),
        unions=[("", _("As each line says")), *((key_of(one), one.name) for one in unions)],
        union=key_of(chosen.union) if chosen.union else "",
        erase_on=request.form.get("erase_on", "") or write_day(chosen.erase_on),
        errors=chosen.errors,
        has_unions=bool(unions),
    )
