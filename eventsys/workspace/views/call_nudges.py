"""When those are reminded who have not begun an application, or have begun and not sent it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.programmes.calls import actions, labels, queries
from eventsys.programmes.calls.rules import MOST_NUDGES, CannotBeChanged, Nudged
from eventsys.programmes.models import Call, CallNudge
from eventsys.web import Access, access, language
from eventsys.workspace.calls.forms import read_nudge
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.views.call_form import name
from eventsys.workspace.views.call_frame import describe_call, may_change, own_call
from eventsys.workspace.views.frame import blueprint, log, name_moment


@blueprint.get("/calls/<slug>/nudges", endpoint="call_nudges")
@access(Access.ORGANISER)
def show(slug: str) -> str:
    return show_page(own_call(db.session(), slug), Typed({"at": "09.00"}), {})


@blueprint.post("/calls/<slug>/nudges", endpoint="add_call_nudge")
@access(Access.ORGANISER)
def add(slug: str) -> Response | tuple[str, int]:
    call, reader = own_call(db.session(), slug), Reader(Typed(request.form))
    asked = read_nudge(reader, closes_local=call.closes_local, timezone=call.timezone, now=clock.now())
    if asked is None:
        return show_page(call, reader.typed, reader.errors), 422
    whom, at_local = asked
    try:
        with transaction() as session:
            call = own_call(session, slug)
            there = {row.id for row in queries.list_nudges(session, call.id)}
            row = actions.add_nudge(session, call, whom=whom, at_local=at_local)
            if row is not None and row.id not in there:
                log(session, LogVerb.CHANGED, "call", slug, name(call), {}, {"nudge": facts_of(row)})
    except CannotBeChanged:
        return show_page(call, reader.typed, {"on": _("The call has ended, so nobody is reminded.")}), 409
    if row is None:
        return show_page(call, reader.typed, {"on": _("At most %(most)s reminders.", most=MOST_NUDGES)}), 422
    flash(_("They are reminded %(moment)s.", moment=dates.format_short_moment(at_local, language())), "success")
    return redirect(url_for(".call_nudges", slug=slug), 303)


@blueprint.post("/calls/<slug>/nudges/<uuid:public_id>/removal", endpoint="remove_call_nudge")
@access(Access.ORGANISER)
def remove(slug: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        call = own_call(session, slug)
        row = queries.find_nudge(session, call.id, public_id) or abort(404)
        before = facts_of(row)
        done = actions.remove_nudge(session, row)
        if done:
            log(session, LogVerb.CHANGED, "call", slug, name(call), {"nudge": before}, {})
    if done:
        flash(_("Nobody is reminded then."), "success")
    else:
        flash(_("That reminder has gone out."), "warning")
    return redirect(url_for(".call_nudges", slug=slug), 303)


def facts_of(row: CallNudge) -> str:
    """What the log tells of it."""
    return f"{labels.NUDGED[row.whom]}, {row.at_local:%Y-%m-%d %H:%M}"


def describe(row: CallNudge) -> dict[str, Any]:
    return {
        "public_id": row.public_id,
        "whom": labels.NUDGED[row.whom],
        "at": dates.format_moment(row.at_local, language()),
        "sent": name_moment(row.sent_at),
    }


def show_page(call: Call, typed: Typed, errors: dict[str, str]) -> str:
    rows = queries.list_nudges(db.session(), call.id)
    return render_template(
        "workspace/calls/nudges.html",
        **describe_call(call, "call_nudges"),
        nudges=[describe(row) for row in rows],
        whom=[(one.value, labels.NUDGED[one]) for one in Nudged],
        typed=typed,
        errors=errors,
        may_add=may_change(call) and len(rows) < MOST_NUDGES,
    )
