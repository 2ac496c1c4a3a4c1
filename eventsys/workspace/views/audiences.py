"""Audiences: ticked, looked at with the reasons, kept by a name."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.audiences import actions
from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.queries import LISTED_AT_ONCE, find_saved, list_saved, list_targets
from eventsys.audiences.rules import MOST_CLAUSES, Clause, Kind, NameIsTaken, asks_for_union, read_clauses
from eventsys.extensions import db, transaction
from eventsys.web import Access, access
from eventsys.workspace.audiences import labels, reading
from eventsys.workspace.audiences.forms import Part, count_parts, read_parts, take_away, type_clauses
from eventsys.workspace.audiences.reading import Asker, People
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.views.frame import account, blueprint, log, page_number, today

Page = Response | str | tuple[str, int]


def asker() -> Asker:
    return Asker(account().organiser.id, today())


def own_audience(session: Session, public_id: uuid.UUID) -> AudienceRecord:
    return find_saved(session, public_id, organiser_id=account().organiser.id) or abort(404)


@blueprint.get("/audiences", endpoint="audiences")
@access(Access.READER)
def index() -> str:
    session = db.session()
    rows = [(row, read_clauses(row.clauses)) for row in list_saved(session, account().organiser.id)]
    names = reading.read_all_names(session, [clause for _row, clauses in rows for clause in clauses], asker())
    return render_template(
        "workspace/audiences.html",
        audiences=[
            {"id": row.public_id, "name": row.name, "whom": labels.name_clauses(clauses, names)}
            for row, clauses in rows
        ],
    )


# --- the form ---------------------------------------------------------------------------------------------------------


@blueprint.get("/audiences/new", endpoint="new_audience")
@access(Access.ORGANISER)
def new() -> str:
    return show_form(Typed({"parts": "1", "event": request.args.get("event", "")}))


@blueprint.post("/audiences", endpoint="create_audience")
@access(Access.ORGANISER)
def create() -> Page:
    return receive(None)


@blueprint.get("/audiences/<uuid:public_id>/edit", endpoint="edit_audience")
@access(Access.ORGANISER)
def edit(public_id: uuid.UUID) -> str:
    row = own_audience(db.session(), public_id)
    typed = type_clauses(read_clauses(row.clauses), row.name)
    typed["revised"] = row.revised_at.isoformat()
    return show_form(typed, row)


@blueprint.post("/audiences/<uuid:public_id>", endpoint="update_audience")
@access(Access.ORGANISER)
def update(public_id: uuid.UUID) -> Page:
    return receive(own_audience(db.session(), public_id))


@blueprint.post("/audiences/count", endpoint="count_audience")
@access(Access.ORGANISER)
def count() -> str:
    """How many it is as it is ticked now, for the form while it is filled in. Changes nothing."""
    session = db.session()
    clauses = reading.look_up(session, read_parts(Typed(request.form), offered_values(session)), asker())
    return tell_count(reading.count(session, clauses, asker()) if clauses else None)


def receive(row: AudienceRecord | None) -> Page:
    """One of the form's buttons: another clause, one less, a look at who it is, or to save it."""
    typed, what = Typed(request.form), request.form.get("do", "save")
    if what == "more":
        typed["parts"] = str(min(count_parts(typed) + 1, MOST_CLAUSES))
        return show_form(typed, row)
    if what.startswith("remove-") and what[7:].isdigit():
        return show_form(take_away(typed, int(what[7:])), row)
    session, reader = db.session(), Reader(typed)
    parts = read_parts(typed, offered_values(session))
    clauses = reading.look_up(session, parts, asker())
    if what == "look":
        return look(typed, row, parts, clauses)
    name = reader.text("name", most=200, required=_("Give the audience a name."))
    if row is not None and typed.get("revised") != row.revised_at.isoformat():
        reader.errors["name"] = _("Somebody else has changed it meanwhile. Look at it before you save yours.")
    if clauses is None or reader.errors:
        return show_form(typed, row, parts, errors=reader.errors), 422
    try:
        saved = keep(row, name, clauses)
    except NameIsTaken:
        reader.errors["name"] = _("You have another audience by this name.")
        return show_form(typed, row, parts, errors=reader.errors), 422
    flash(_("The audience is saved."), "success")
    if event := typed.get("event"):
        return redirect(url_for(".new_invitations", slug=event, audience=saved), 303)
    return redirect(url_for(".audience", public_id=saved), 303)


def keep(row: AudienceRecord | None, name: str, clauses: Sequence[Clause]) -> uuid.UUID:
    """Saves it, with a row of the log; its public id."""
    by: dict[str, Any] = {"name": name, "clauses": clauses, "account_id": account().id, "now": clock.now()}
    with transaction() as session:
        if row is None:
            saved = actions.save(session, organiser_id=account().organiser.id, **by)
            log(session, LogVerb.ADDED, "audience", str(saved.public_id), name)
            return saved.public_id
        fresh = own_audience(session, row.public_id)
        before = describe_for_log(session, fresh)
        if actions.change(session, fresh, **by):
            after = describe_for_log(session, fresh)
            log(session, LogVerb.CHANGED, "audience", str(fresh.public_id), name, before, after)
        return fresh.public_id


def describe_for_log(session: Session, row: AudienceRecord) -> dict[str, str]:
    clauses = read_clauses(row.clauses)
    names = reading.read_all_names(session, [one for one in clauses if not asks_for_union([one])], asker())
    said = [_("restricted") if asks_for_union([one]) else labels.name_clause(one, names) for one in clauses]
    return {"name": row.name, "clauses": "; ".join(said)}


def look(typed: Typed, row: AudienceRecord | None, parts: Sequence[Part], clauses: Sequence[Clause] | None) -> Page:
    """The form with who it is below. Names of representatives are read, which is noted."""
    if clauses is None:
        return show_form(typed, row, parts), 422
    people = read_and_note(clauses, row.name if row else typed.get("name", ""), str(row.public_id) if row else "")
    return show_form(typed, row, parts, people=people)


def read_and_note(clauses: Sequence[Clause], name: str, key: str, *, page: int = 1) -> People:
    with transaction() as session:
        if asks_for_union(clauses):
            log(session, LogVerb.READ, "representative", key, name)
        return reading.read_people(session, clauses, asker(), page=page)


def show_form(
    typed: Typed,
    row: AudienceRecord | None = None,
    parts: Sequence[Part] = (),
    *,
    errors: dict[str, str] | None = None,
    people: People | None = None,
) -> str:
    """The form with what was ticked; what lines named stands there as ticks once it was found."""
    session = db.session()
    offered = labels.list_offered(list_targets(session, account().organiser.id))
    found = {} if not parts else {part.place: dict(_list_found(part)) for part in parts}
    every = {**(errors or {}), **{name: text for part in parts for name, text in part.errors.items()}}
    return render_template(
        "workspace/audience_form.html",
        audience=row,
        typed=typed,
        parts_there=[
            {"place": place, "prefix": f"c{place}-", **_named(session, typed, place, found.get(place, {}))}
            for place in range(count_parts(typed))
        ],
        offered={kind.value: options for kind, options in offered.items()},
        reaches=labels.list_reaches(),
        hows=labels.list_hows(),
        nots=labels.list_nots(),
        errors=every,
        people=people,
        told=tell_count(people.total) if people else "",
        most=LISTED_AT_ONCE,
        action=url_for(".update_audience", public_id=row.public_id) if row else url_for(".create_audience"),
    )


def _list_found(part: Part) -> list[tuple[Kind, Sequence[int]]]:
    kinds = (Kind.ORGANISATION, Kind.PERSON)
    return [(one.kind, one.ids) for one in part.conditions if one.kind in kinds and not one.negated]


def _named(session: Session, typed: Typed, place: int, found: dict[Kind, Sequence[int]]) -> dict[str, Any]:
    """The organisations and people that a clause names, as ticks; lines that could not be read stay lines."""
    options: dict[str, Any] = {}
    for kind, lines in ((Kind.ORGANISATION, "organisations"), (Kind.PERSON, "people")):
        field = f"c{place}-{kind.value}"
        ticked = [one for one in typed.getlist(field) if one.isascii() and one.isdigit() and len(one) < 10]
        ids = found.get(kind) or [int(one) for one in ticked]
        names = reading.read_all_names(session, [], asker(), more=[(kind, one) for one in ids])
        named = [(str(one), names.of(kind, one)) for one in ids]
        options[kind.value] = [(one, name) for one, name in named if name]
        options[f"{kind.value}_ticked"] = [one for one, _name in options[kind.value]]
        options[lines] = "" if found and kind in found else typed.get(f"c{place}-{lines}", "")
    return options


def offered_values(session: Session) -> dict[Kind, set[str]]:
    offered = labels.list_offered(list_targets(session, account().organiser.id))
    return {kind: {value for value, _label in options} for kind, options in offered.items()}


def tell_count(total: int | None) -> str:
    if total is None:
        return ""
    if not total:
        return _("Nobody is in it as of today.")
    return ngettext("%(num)d is in it as of today.", "%(num)d are in it as of today.", total)


# --- one that is saved ------------------------------------------------------------------------------------------------


@blueprint.get("/audiences/<uuid:public_id>", endpoint="audience")
@access(Access.READER)
def show(public_id: uuid.UUID) -> str:
    """Who it is as of today. Representatives' names take a POST, which leaves a row of who read them."""
    session = db.session()
    row = own_audience(session, public_id)
    clauses = read_clauses(row.clauses)
    if asks_for_union(clauses):
        return render(row, clauses, People(reading.count(session, clauses, asker()), []), is_closed=True)
    return render(row, clauses, reading.read_people(session, clauses, asker(), page=page_number()))


@blueprint.post("/audiences/<uuid:public_id>/reading", endpoint="read_audience")
@access(Access.ORGANISER)
def read(public_id: uuid.UUID) -> str:
    row = own_audience(db.session(), public_id)
    clauses = read_clauses(row.clauses)
    text = request.form.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 5 else 1
    return render(row, clauses, read_and_note(clauses, row.name, str(row.public_id), page=page), page=page)


def render(
    row: AudienceRecord, clauses: Sequence[Clause], people: People, *, is_closed: bool = False, page: int | None = None
) -> str:
    names = reading.read_all_names(db.session(), clauses, asker())
    return render_template(
        "workspace/audience.html",
        audience=row,
        whom=[labels.name_clause(clause, names) for clause in clauses],
        told=tell_count(people.total),
        people=people,
        is_closed=is_closed,
        is_restricted=asks_for_union(clauses),
        page=page or page_number(),
        pages=max(-(-people.total // LISTED_AT_ONCE), 1),
    )
