"""Who else may arrange for a programme's cohorts and networks, and who advises each network."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisers.models import Organiser
from eventsys.programmes.advisers.queries import list_of_own
from eventsys.programmes.grants import actions, queries
from eventsys.programmes.models import Programme
from eventsys.web import Access, access, language
from eventsys.workspace.views import advisers
from eventsys.workspace.views.frame import account, blueprint, log
from eventsys.workspace.views.programmes import own_programme


@blueprint.get("/programmes/<slug>/access", endpoint="grants")
@access(Access.READER)
def show(slug: str) -> str:
    session, organiser_id = db.session(), account().organiser.id
    programme = own_programme(session, slug)
    others = queries.list_others(session, organiser_id)
    networks = list_of_own(session, organiser_id).get(programme.id, [])
    return render_template(
        "workspace/grants.html",
        programme={
            **describe(programme, queries.list_granted(session, organiser_id).get(programme.id, []), others),
            "networks": [advisers.describe(network, others) for network in networks],
        },
        adviser_options=[("", account().organiser.name), *((row.slug, row.name) for row in others)],
        may_grant=account().may(Access.OWNER),
    )


def describe(programme: Programme, granted: list[Organiser], others: list[Organiser]) -> dict[str, Any]:
    there = {row.id for row in granted}
    return {
        "slug": programme.slug,
        "name": texts.read(programme.name, language()).value,
        "granted": [(row.slug, row.name) for row in granted],
        "others": [(row.slug, row.name) for row in others if row.id not in there],
    }


@blueprint.post("/programmes/<slug>/grants", endpoint="grant_programme")
@access(Access.OWNER)
def grant(slug: str) -> Response:
    with transaction() as session:
        programme, other = find_both(session, slug, request.form.get("organiser", ""))
        if actions.grant(session, programme, other.id, account_id=account().id, now=clock.now()):
            after = {"granted": other.name}
            log(session, LogVerb.CHANGED, "network", slug, texts.read(programme.name, "nb").value, {}, after)
    flash(_("%(organiser)s may arrange for the programme now.", organiser=other.name), "success")
    return redirect(url_for(".grants", slug=slug), 303)


@blueprint.post("/programmes/<slug>/grants/withdrawal", endpoint="withdraw_grant")
@access(Access.OWNER)
def withdraw(slug: str) -> Response:
    with transaction() as session:
        programme, other = find_both(session, slug, request.form.get("organiser", ""))
        if actions.withdraw(session, programme, other.id):
            before = {"granted": other.name}
            log(session, LogVerb.CHANGED, "network", slug, texts.read(programme.name, "nb").value, before, {})
    flash(_("%(organiser)s may not arrange for the programme any more. What it has arranged stays.",
            organiser=other.name), "success")  # fmt: skip
    return redirect(url_for(".grants", slug=slug), 303)


def find_both(session: Session, slug: str, organiser: str) -> tuple[Programme, Organiser]:
    programme = queries.find_own(session, slug, organiser_id=account().organiser.id)
    others = queries.list_others(session, account().organiser.id)
    other = next((row for row in others if row.slug == organiser), None)
    if programme is None or other is None:
        abort(404)
    return programme, other
