"""Who advises each network of a programme: theirs are the drafts that are made for each network."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys.accounts.rules import LogVerb
from eventsys.extensions import transaction
from eventsys.organisers.models import Organiser
from eventsys.programmes.advisers import actions, queries
from eventsys.programmes.grants.queries import find_own, list_others
from eventsys.programmes.models import Network
from eventsys.web import Access, access
from eventsys.workspace.views.frame import account, blueprint, log

FIELD = "adviser-"


@blueprint.post("/programmes/<slug>/advisers", endpoint="save_advisers")
@access(Access.OWNER)
def save(slug: str) -> Response:
    with transaction() as session:
        programme = find_own(session, slug, organiser_id=account().organiser.id) or abort(404)
        others = {row.slug: row for row in list_others(session, account().organiser.id)}
        for network in queries.list_of_own(session, account().organiser.id).get(programme.id, []):
            asked = request.form.get(FIELD + network.slug)
            if asked is None or (asked and asked not in others):
                continue  # not in the form, or an organiser that is gone: as before
            appoint(session, network, others.get(asked), others)
    flash(_("The advisers are saved."), "success")
    return redirect(url_for(".grants", slug=slug), 303)


def appoint(session: Session, network: Network, other: Organiser | None, others: dict[str, Organiser]) -> None:
    names = {row.id: row.name for row in others.values()}
    before = names.get(network.organiser_id or 0)
    if actions.set_adviser(session, network, other.id if other else None):
        after = other.name if other else None
        log(session, LogVerb.CHANGED, "network", network.slug, network.name, {"adviser": before}, {"adviser": after})


def describe(network: Network, others: list[Organiser]) -> dict[str, Any]:
    """The choice of a network's adviser: one of the others, or nobody but oneself."""
    adviser = next((row for row in others if row.id == network.organiser_id), None)
    return {
        "field": FIELD + network.slug,
        "name": network.name,
        "adviser": adviser.slug if adviser else "",
        "adviser_name": adviser.name if adviser else account().organiser.name,
    }
