"""How long an organiser keeps what people told it, and what has been erased here, in counts."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisers import actions
from eventsys.organisers.models import Organiser
from eventsys.privacy import labels, queries
from eventsys.privacy.rules import ErasureKind
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.views.frame import blueprint, log, name_moment, own_organiser

MOST_MONTHS, MOST_DAYS = 120, 90


@blueprint.get("/privacy", endpoint="privacy")
@access(Access.OWNER)
def show() -> str:
    row = own_organiser(db.session())
    return show_page(
        Typed({"ordinary_months": str(row.ordinary_months), "sensitive_days": str(row.sensitive_days)}), {}
    )


@blueprint.post("/privacy", endpoint="update_privacy")
@access(Access.OWNER)
def update() -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    months = read_number(reader, "ordinary_months", 1, MOST_MONTHS)
    days = read_number(reader, "sensitive_days", 0, MOST_DAYS)
    if months is None or days is None:
        return show_page(reader.typed, reader.errors), 422
    with transaction() as session:
        row = own_organiser(session)
        before = fields_of(row)
        actions.set_periods(session, row, ordinary_months=months, sensitive_days=days)
        log(session, LogVerb.CHANGED, "settings", row.slug, row.name, before, fields_of(row))
    flash(_("The settings are saved."), "success")
    return redirect(url_for(".privacy"), 303)


def read_number(reader: Reader, name: str, least: int, most: int) -> int | None:
    text = reader.typed.get(name, "").strip()
    if text.isascii() and text.isdigit() and len(text) < 5 and least <= int(text) <= most:
        return int(text)
    reader.errors[name] = _("Write a number from %(least)d to %(most)d.", least=least, most=most)
    return None


def fields_of(row: Organiser) -> dict[str, Any]:
    return {"ordinary_months": row.ordinary_months, "sensitive_days": row.sensitive_days}


def show_page(typed: Typed, errors: dict[str, str]) -> str:
    reasons = {ErasureKind.TIME: _("Its time was over"), ErasureKind.PERSON: _("Somebody asked for it")}
    return render_template(
        "workspace/privacy.html",
        typed=typed,
        errors=errors,
        erasures=[
            {"at": name_moment(one.at), "why": reasons[one.kind], "what": labels.tell_counts(one.counts)}
            for one in queries.list_erasures(db.session())
        ],
    )
