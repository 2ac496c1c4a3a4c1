"""Suggestions of organisations for somebody who is typing a name."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from eventsys.extensions import db
from eventsys.organisations.labels import KINDS
from eventsys.organisations.queries import suggest
from eventsys.organisations.rules import UNITS, OrganisationKind
from eventsys.web import Access, access

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/organisations/suggestions")
@access(Access.PUBLIC)
def suggestions() -> str:
    """A fragment: one option a line, best first, for the combobox in `app.js`. Of what takes part, or of one kind."""
    asked = request.args.get("kind", "")
    if asked and asked not in set(OrganisationKind):
        abort(404)
    kinds = (OrganisationKind(asked),) if asked else UNITS
    found = suggest(db.session(), request.args.get("q", ""), kinds=kinds)
    return render_template(
        "organisations/suggestions.html",
        suggestions=found,
        kinds={} if asked else KINDS,
        usual=OrganisationKind.MUNICIPALITY,
    )
