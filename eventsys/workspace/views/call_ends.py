"""What ends a call: a draft thrown away; one that was sent closed, opened again, called off."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.programmes.calls import actions, queries
from eventsys.programmes.calls.queries import Figures
from eventsys.web import Access, access
from eventsys.workspace.calls.letters import remove_letters
from eventsys.workspace.views.call_form import name as call_name
from eventsys.workspace.views.call_frame import describe_call, own_call
from eventsys.workspace.views.frame import account, blueprint, log


@blueprint.get("/calls/<slug>/end", endpoint="confirm_end_call")
@access(Access.ORGANISER)
def confirm_end(slug: str) -> str:
    """What ends a call, each with what becomes of it: a draft is thrown away, an open one closed or called off."""
    session = db.session()
    call = own_call(session, slug)
    begun = queries.describe_states(session, [call.id]).get(call.id, Figures())
    return render_template("workspace/calls/call_end.html", **describe_call(call, "call"), figures=begun)


@blueprint.post("/calls/<slug>/removal", endpoint="remove_call")
@access(Access.ORGANISER)
def remove(slug: str) -> Response:
    with transaction() as session:
        call = own_call(session, slug)
        title = call_name(call)
        remove_letters(session, call)
        if not actions.remove_draft(session, call):
            abort(409)
        log(session, LogVerb.REMOVED, "call", slug, title)
    flash(_("The draft is thrown away."), "success")
    return redirect(url_for(".calls"), 303)


@blueprint.post("/calls/<slug>/closing", endpoint="close_call")
@access(Access.ORGANISER)
def close(slug: str) -> Response:
    with transaction() as session:
        done = actions.close_call(session, own_call(session, slug), account_id=account().id, now=clock.now())
    if done:
        flash(_("The call is closed. It can be opened again."), "success")
    return redirect(url_for(".call", slug=slug), 303)


@blueprint.post("/calls/<slug>/opening", endpoint="reopen_call")
@access(Access.ORGANISER)
def reopen(slug: str) -> Response:
    """One that was closed; a draft opens when its letter is sent."""
    with transaction() as session:
        call = own_call(session, slug)
        done = call.sent_at is not None and actions.open_call(session, call, account_id=account().id, now=clock.now())
    if done:
        flash(_("The call is open again."), "success")
    return redirect(url_for(".call", slug=slug), 303)


@blueprint.post("/calls/<slug>/withdrawal", endpoint="withdraw_call")
@access(Access.ORGANISER)
def withdraw(slug: str) -> Response:
    with transaction() as session:
        done = actions.withdraw_call(session, own_call(session, slug), account_id=account().id, now=clock.now())
    if done:
        flash(_("The call is called off. Its page says so."), "success")
    return redirect(url_for(".call", slug=slug), 303)
