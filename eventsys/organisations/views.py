"""Suggestions of organisations for somebody who is typing a name."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from eventsys.extensions import db
from eventsys.organisations.queries import suggest
from eventsys.organisations.rules import OrganisationKind
from eventsys.web import Access, access

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/organisations/suggestions")
@access(Access.PUBLIC)
def suggestions() -> str:
    """A fragment: one option a line, best first, for the combobox in `app.js`."""
    try:
        kind = OrganisationKind(request.args.get("kind", OrganisationKind.MUNICIPALITY))
    except ValueError:
        abort(404)
    found = suggest(db.session(), request.args.get("q", ""), kinds=(kind,))
    return render_template("organisations/suggestions.html", suggestions=found)
