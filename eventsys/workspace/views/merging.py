"""Two who are one person: chosen, looked at row by row, then made one. It cannot be undone."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.events.labels import name_run
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Person
from eventsys.organisations.representatives.actions import By, note_seen
from eventsys.web import Access, access
from eventsys.workspace.registers.actions.merging import CannotBeMerged, merge
from eventsys.workspace.registers.labels import FATES, TABLES
from eventsys.workspace.registers.queries import people
from eventsys.workspace.registers.queries.merging import Fate, Move, Plan, plan_merge
from eventsys.workspace.registers.queries.scope import select_people
from eventsys.workspace.views.frame import account, blueprint, log, read_id, today, words
from eventsys.workspace.views.organisation import name
from eventsys.workspace.views.organisations import Answer
from eventsys.workspace.views.persons import describe_rows, find, scope

MOST_FOUND = 20


@blueprint.get("/people/<uuid:public_id>/merging", endpoint="choose_double")
@access(Access.ORGANISER)
def choose(public_id: uuid.UUID) -> str:
    """Who is the same: those who may be, and a search for others."""
    return show_choice(public_id, "")


def show_choice(public_id: uuid.UUID, error: str) -> str:
    session, typed = db.session(), words("q")
    person = find(session, public_id)
    seen = select_people(account(), on=today())
    pairs = people.list_doubles(session, seen) if not typed else []
    alike = {one.id: one for pair in pairs if person.id in (pair[0].id, pair[1].id) for one in pair}
    rows = list(alike.values())
    if typed:
        rows = people.list_page(session, people.select_found(seen, typed), limit=MOST_FOUND, offset=0)
    described = describe_rows(session, [person, *(row for row in rows if row.id != person.id)])
    return render_template(
        "workspace/merge_choice.html", person=described[0], found=described[1:], q=typed, error=error
    )  # fmt: skip


@blueprint.post("/people/<uuid:public_id>/merging/preview", endpoint="preview_merging")
@access(Access.ORGANISER)
def preview(public_id: uuid.UUID) -> Answer | str:
    """What becomes of each row. That somebody is a union's representative is read with it, so it takes a POST."""
    with transaction() as session:
        keep = find(session, public_id)
        other = find_other(session, keep)
        plan = plan_merge(session, keep.id, other.id, scope()) if other is not None else {}
        if seen := len(plan.get("representatives", [])):
            note_seen(session, seen, by=By(account().organiser.id, account().id, today(), clock.now()))
    if other is None:
        return show_choice(public_id, _("Choose somebody else whom you know.")), 422
    return show_preview(keep, other, plan, "")


def find_other(session: Session, keep: Person) -> Person | None:
    """The other one who was chosen, if the account sees them."""
    public_id = read_id(request.form.get("other", ""))
    if public_id is None:
        return None
    other = find(session, public_id)
    return other if other.id != keep.id else None


def show_preview(keep: Person, other: Person, plan: Plan, error: str) -> str:
    first, second = describe_rows(db.session(), [keep, other])
    return render_template(
        "workspace/merge_preview.html",
        keep=first,
        other=second,
        tables=[describe_table(table, moves) for table, moves in plan.items() if moves],
        error=error,
    )


def describe_table(table: str, moves: list[Move]) -> dict[str, Any]:
    """Each row by what it is about; of mails and of representatives how many alone."""
    if table in ("mail_causes", "representatives"):
        counts = {fate: sum(move.fate is fate for move in moves) for fate in Fate}
        told = {fate: ngettext("%(num)d row", "%(num)d rows", number) for fate, number in counts.items() if number}
        return {"name": TABLES[table], "rows": [{"about": text, "fate": FATES[fate]} for fate, text in told.items()]}
    return {"name": TABLES[table], "rows": [describe_move(move) for move in moves]}


def describe_move(move: Move) -> dict[str, Any]:
    about = name(move.about) if isinstance(move.about, dict) else move.about
    if move.when is not None:
        about = _("%(title)s, %(dates)s", title=about, dates=name_run(move.when))
    return {"about": about, "fate": FATES[move.fate], "is_kept": move.fate is Fate.STAYS}


@blueprint.post("/people/<uuid:public_id>/merging", endpoint="merge_people")
@access(Access.ORGANISER)
def save(public_id: uuid.UUID) -> Answer:
    if is_done(db.session(), public_id):
        flash(_("They are one person already."), "info")
        return redirect(url_for(".person", public_id=public_id), 303)
    try:
        with transaction() as session:
            keep = find(session, public_id)
            other = find_other(session, keep) or abort(404)
            before, after = (describe_rows(session, [one])[0] for one in (other, keep))
            merge(session, keep.id, other.id, scope(), account_id=account().id, now=clock.now())
            was, becomes = (f"{one['name']} <{one['email']}>" for one in (before, after))
            log(
                session, LogVerb.MERGED, "person", str(keep.public_id), after["name"], before={"name": was},
                after={"name": becomes}, about_people=True,
            )  # fmt: skip
    except CannotBeMerged:
        abort(404)
    except IntegrityError:
        return show_choice(public_id, _("One of them was signed up for something just now. Look at it once more.")), 409
    flash(_("They are one person now: %(name)s.", name=after["name"]), "success")
    return redirect(url_for(".person", public_id=public_id), 303)


def is_done(session: Session, public_id: uuid.UUID) -> bool:
    """Whether the one who was chosen is part of this person already: a button pressed twice."""
    other = read_id(request.form.get("other", ""))
    return other is not None and people.find_merged(session, other, select_people(account(), on=today())) == public_id
