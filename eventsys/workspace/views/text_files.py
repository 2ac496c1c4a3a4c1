"""The files that go with every mail of a text that rules send."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.web import Access, access, takes_files
from eventsys.workflows.texts.actions import own_template
from eventsys.workflows.texts.queries import TextEntry, find_text
from eventsys.workspace.texts.wording import name_text
from eventsys.workspace.views.enclosed_files import FileWasRefused, put_up, show_files, take_away
from eventsys.workspace.views.frame import account, blueprint, log


@blueprint.get("/texts/<key>/files", endpoint="text_files")
@access(Access.ORGANISER)
def show(key: str) -> str:
    return show_page(key, {})


@blueprint.post("/texts/<key>/files", endpoint="add_text_file")
@access(Access.ORGANISER)
@takes_files
def add(key: str) -> Response | tuple[str, int]:
    """Mails that have not been sent yet have it too."""
    entry = find(key)
    try:
        with transaction() as session:
            template = own_template(session, organiser_id=account().organiser.id, key=key)
            names = put_up(session, template)
            log(session, LogVerb.CHANGED, "text", key, name_text(entry), {}, {"file": ", ".join(names)})
    except FileWasRefused as refused:
        return show_page(key, {"files": str(refused)}), 422
    return back(key)


@blueprint.post("/texts/<key>/files/<uuid:public_id>/removal", endpoint="remove_text_file")
@access(Access.ORGANISER)
def remove(key: str, public_id: uuid.UUID) -> Response:
    entry = find(key)
    with transaction() as session:
        template = own_template(session, organiser_id=account().organiser.id, key=key)
        name = take_away(session, template, public_id)
        log(session, LogVerb.CHANGED, "text", key, name_text(entry), {"file": name}, {})
    return back(key)


def find(key: str) -> TextEntry:
    """A text that is used again; that of a one-off mail or of a call has a page of its own, under its event or call."""
    entry = find_text(db.session(), account().organiser.id, key)
    if entry is None or entry.event_id is not None or entry.call_id is not None:
        abort(404)
    return entry


def back(key: str) -> Response:
    flash(_("Saved."), "success")
    return redirect(url_for(".text_files", key=key), 303)


def show_page(key: str, errors: dict[str, str]) -> str:
    entry = find(key)
    return render_template(
        "workspace/text_files.html",
        key=key,
        name=name_text(entry),
        errors=errors,
        **show_files(
            db.session(),
            (account().organiser.id, key),
            add=url_for(".add_text_file", key=key),
            remove=lambda one: url_for(".remove_text_file", key=key, public_id=one),
        ),
    )
