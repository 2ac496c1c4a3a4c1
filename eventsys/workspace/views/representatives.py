"""A union's or confederation's representatives. The page counts; names are read by a POST, which leaves a row of who did."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.representatives import actions, queries
from eventsys.organisations.representatives.actions import By, Wanted
from eventsys.organisations.rules import address_key
from eventsys.web import Access, access
from eventsys.workspace.registers.labels import name_day
from eventsys.workspace.views.frame import account, blueprint, today


@blueprint.context_processor
def strip() -> dict[str, Any]:
    """Whether the strip of the registers has a place for representatives; asked by those pages alone."""
    return {"keeps_representatives": lambda: bool(list_unions(db.session()))}


@blueprint.get("/representatives", endpoint="representatives")
@access(Access.ORGANISER)
def index() -> str:
    return show(None, "", "")


@blueprint.post("/representatives/reading", endpoint="read_representatives")
@access(Access.ORGANISER)
def read() -> str:
    """Their names. Reading them is noted, so it takes a POST."""
    chosen, typed = request.form.get("union", ""), request.form.get("q", "").replace("\0", "").strip()[:200]
    with transaction() as session:
        union = find_union(session, chosen)
        rows = actions.read(session, Wanted(union.id if union else None, typed), by=by())
    return show([describe(row) for row in rows], chosen, typed)


def by() -> By:
    return By(account().organiser.id, account().id, today(), clock.now())


def list_unions(session: Session) -> list[Organisation]:
    return queries.list_own_unions(session, account().organiser.id)


def find_union(session: Session, key: str) -> Organisation | None:
    """The organiser's own union with this key."""
    return next((one for one in list_unions(session) if key_of(one) == key), None)


def key_of(union: Organisation) -> str:
    return address_key(union.number, union.label, None)


def describe(row: Any) -> dict[str, Any]:
    found = row.Representative
    return {
        "public_id": found.public_id,
        "name": found.name,
        "email": found.email,
        "union": row.union,
        "municipality": row.municipality or "",
        "erase_on": name_day(found.erase_on),
    }


def show(people: list[dict[str, Any]] | None, chosen: str, typed: str) -> str:
    session = db.session()
    unions, counts = list_unions(session), queries.count_by_union(session, account().organiser.id, on=today())
    return render_template(
        "workspace/representatives.html",
        unions=[
            {
                "key": key_of(one),
                "name": one.name,
                "how_many": counts[one.id].how_many if one.id in counts else 0,
                "erase_on": name_day(counts[one.id].erase_on) if one.id in counts else "",
            }
            for one in unions
        ],
        options=[("", _("All your unions")), *((key_of(one), one.name) for one in unions)],
        people=people,
        most=actions.SHOWN_AT_MOST,
        chosen=chosen,
        typed=typed,
        may_import=account().may(Access.OWNER),
    )


@blueprint.post("/representatives/<uuid:representative>/end", endpoint="end_representative")
@access(Access.ORGANISER)
def end(representative: uuid.UUID) -> Response:
    """Nobody's name is shown: it was read before."""
    with transaction() as session:
        row = actions.find(session, representative, organiser_id=account().organiser.id) or abort(404)
        ended = actions.end(session, row, by=by())
        day = name_day(row.erase_on)
    if ended:
        flash(_("That one is no longer a representative, and is erased on %(day)s.", day=day), "success")
    else:
        flash(_("That had ended already."), "info")
    return redirect(url_for(".representatives"), 303)


@blueprint.get("/representatives/erasure/<union>", endpoint="confirm_erase_representatives")
@access(Access.OWNER)
def confirm_erase(union: str) -> str:
    session = db.session()
    found = find_union(session, union) or abort(404)
    count = queries.count_by_union(session, account().organiser.id, on=today()).get(found.id)
    return render_template(
        "workspace/representatives_erase.html", union=found, key=union, how_many=count.how_many if count else 0
    )


@blueprint.post("/representatives/erasure/<union>", endpoint="erase_representatives")
@access(Access.OWNER)
def erase(union: str) -> Response:
    with transaction() as session:
        found = find_union(session, union) or abort(404)
        how_many = actions.erase_union(session, found.id, by=by())
    flash(ngettext("%(num)d representative is erased.", "%(num)d representatives are erased.", how_many), "success")
    return redirect(url_for(".representatives"), 303)
