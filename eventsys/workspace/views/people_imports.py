"""A list of people from a file or a spreadsheet: into organisations with a role, or into a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisations.labels import POSITION_ROLES
from eventsys.organisations.positions.actions import PositionFacts, set_position
from eventsys.organisations.rules import PositionRole
from eventsys.programmes.groups import actions as groups
from eventsys.programmes.groups.queries import find_group, list_groups
from eventsys.programmes.models import Group
from eventsys.web import Access, access
from eventsys.workspace.registers.person_rows import (
    HEADINGS,
    ORDER,
    PersonLine,
    Register,
    check_people,
)
from eventsys.workspace.registers.queries.there import read_finder, read_members, read_positions
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
from eventsys.workspace.views.organisation import name
from eventsys.workspace.views.organisations import Answer

SHOWN = ("name", "email", "organisation", "role", "from_on", "to_on", "language")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the lines make of people: members of a group, or what each line says, or else this role."""

    group: Group | None = None
    role: PositionRole | None = None


@blueprint.get("/people/import", endpoint="import_people")
@access(Access.ORGANISER)
def new() -> str:
    group = find_group(db.session(), request.args.get("group", ""), organiser_id=account().organiser.id)
    return show(Sent(""), Chosen(group), "")


@blueprint.post("/people/import/check", endpoint="check_people")
@access(Access.ORGANISER)
def check() -> str | tuple[str, int]:
    session, sent = db.session(), read_sent()
    chosen = read_chosen(session)
    table, error = read_lines(sent, HEADINGS, ORDER, needs="name")
    if error or sent.goes_back:
        return show(sent, chosen, "" if sent.goes_back else error), 200 if sent.goes_back else 422
    found = read_all(session, chosen, table.lines)
    return show_check(page_of(chosen), sent, table, [line.checked for line in found], shown(found))


@blueprint.post("/people/import", endpoint="save_people")
@access(Access.ORGANISER)
def save() -> Answer:
    sent = read_sent()
    table, error = read_lines(sent, HEADINGS, ORDER, needs="name")
    if error:
        return show(sent, read_chosen(db.session()), error), 422
    with transaction() as session:
        chosen = read_chosen(session)
        found = read_all(session, chosen, table.lines)
        checked = [line.checked for line in found]
        if may_save(sent, checked):
            take_in(session, chosen, found)
    if not may_save(sent, checked):
        return show_check(page_of(chosen), sent, table, checked, shown(found)), 422
    flash(tell_counts(count(checked)), "success")
    return redirect(url_for(".group", group=chosen.group.slug) if chosen.group else url_for(".people"), 303)


def read_chosen(session: Session) -> Chosen:
    """From «what they are»: a role, a group of one's own, or what each line says."""
    kind, _colon, which = request.form.get("what", "").partition(":")
    if kind == "group":
        return Chosen(find_group(session, which, organiser_id=account().organiser.id))
    return Chosen(role=PositionRole(which) if which in set(PositionRole) else None)


def read_all(session: Session, chosen: Chosen, lines: Sequence[Line]) -> list[PersonLine]:
    organiser_id, on = account().organiser.id, today()
    if chosen.group is not None:
        there = read_members(session, chosen.group.id, on=on)
        register = Register(read_finder(session), there, on, group=True)
    else:
        finder = read_finder(session, organiser_id=organiser_id, on=on)
        register = Register(finder, read_positions(session, organiser_id, on=on), on, role=chosen.role)
    return check_people(lines, register)


def take_in(session: Session, chosen: Chosen, found: Sequence[PersonLine]) -> None:
    """Adds and corrects; nobody is mailed about it."""
    for line in found:
        if line.checked.does not in ("new", "changed"):
            continue
        if chosen.group is not None:
            groups.set_member(session, chosen.group, member_of(line), now=clock.now())
        elif line.organisation_id is not None and line.role is not None:
            facts = PositionFacts(line.name, line.email, line.role, line.from_on, line.to_on, line.language)
            set_position(session, line.organisation_id, facts, account_id=account().id, now=clock.now())
    counts = count([line.checked for line in found])
    kind, key = ("group", chosen.group.slug) if chosen.group else ("position", "")
    log(session, LogVerb.IMPORTED, kind, key, after={name: number for name, number in counts.items() if number})


def member_of(line: PersonLine) -> groups.MemberFacts:
    return groups.MemberFacts(line.name, line.email, line.from_on, line.to_on, line.organisation_id, line.language)


def shown(found: Sequence[PersonLine]) -> list[str]:
    return [name for name in SHOWN if any(line.checked.shown.get(name) for line in found)]


def what(chosen: Chosen) -> str:
    if chosen.group is not None:
        return f"group:{chosen.group.slug}"
    return f"role:{chosen.role.value}" if chosen.role else ""


def page_of(chosen: Chosen) -> Page:
    crumbs = [(url_for(".people"), _("People"))]
    if chosen.group is not None:
        crumbs = [
            (url_for(".groups"), _("Groups")),
            (url_for(".group", group=chosen.group.slug), name(chosen.group.name)),
        ]
    return Page(
        title=_("Import people"),
        crumbs=crumbs,
        save=url_for(".save_people"),
        change=url_for(".check_people"),
        kept={"what": what(chosen)},
        notes=[_("Nobody gets a mail about this.")],
    )


def show(sent: Sent, chosen: Chosen, error: str) -> str:
    kinds = [("", _("As each line says"))]
    kinds += [(f"role:{one.value}", str(label)) for one, label in POSITION_ROLES.items()]
    mine = list_groups(db.session(), account().organiser.id)
    kinds += [(f"group:{one.slug}", _("Members of %(group)s", group=name(one.name))) for one in mine]
    return show_form("people_import", sent, error, kinds=kinds, what=what(chosen))
