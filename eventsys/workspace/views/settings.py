"""What an organiser says of itself: name, address for answers, language, quiet hours."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisers import actions
from eventsys.organisers.models import Organiser
from eventsys.web import LANGUAGES, Access, access
from eventsys.workspace.forms import Reader, SettingsEntry, Typed, read_settings
from eventsys.workspace.views.frame import account, blueprint, log, own_organiser


@blueprint.get("/settings", endpoint="settings")
@access(Access.OWNER)
def edit() -> str:
    organiser = own_organiser(db.session())
    names = ("name", "email", "language", "archive_email")
    typed = Typed({name: getattr(organiser, name) for name in names})
    if organiser.quiet_from is not None and organiser.quiet_to is not None:
        typed["quiet"] = "1"
        typed["quiet_from"], typed["quiet_to"] = f"{organiser.quiet_from:%H.%M}", f"{organiser.quiet_to:%H.%M}"
    if organiser.holds_uncertain:
        typed["holds_uncertain"] = "1"
    return show_form(typed, {})


@blueprint.post("/settings", endpoint="update_settings")
@access(Access.OWNER)
def update() -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    entry = read_settings(reader)
    if reader.errors:
        return show_form(reader.typed, reader.errors), 422
    with transaction() as session:
        organiser = own_organiser(session)
        before = fields_of(organiser)
        actions.edit(session, organiser, facts=facts_of(entry))
        log(session, LogVerb.CHANGED, "settings", organiser.slug, organiser.name, before, fields_of(organiser))
    flash(_("The settings are saved."), "success")
    return redirect(url_for(".settings"), 303)


def facts_of(entry: SettingsEntry) -> actions.OrganiserFacts:
    begins, ends = entry.quiet or (None, None)
    return actions.OrganiserFacts(
        entry.name, entry.email, entry.language, begins, ends, entry.holds_uncertain, entry.archive_email
    )


def fields_of(organiser: Organiser) -> dict[str, Any]:
    names = ("name", "email", "language", "quiet_from", "quiet_to", "holds_uncertain", "archive_email")
    return {name: getattr(organiser, name) for name in names}


def show_form(typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/settings.html", typed=typed, errors=errors, language_options=list(LANGUAGES.items()),
        organiser=account().organiser,
    )  # fmt: skip
