"""The versions of a mail text: an earlier one beside the one that counts, and putting it or the shipped one back."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.templates import read_shipped
from eventsys.web import Access, access
from eventsys.workflows.texts import actions, queries
from eventsys.workflows.texts.rules import BadTexts, ChangedMeanwhile
from eventsys.workspace.forms import Typed
from eventsys.workspace.texts import wording
from eventsys.workspace.texts.forms import fill, read_number
from eventsys.workspace.views.frame import account, blueprint
from eventsys.workspace.views.texts import describe, describe_version, find, list_differences


@blueprint.get("/texts/<key>/versions/<int:number>", endpoint="text_version")
@access(Access.ORGANISER)
def version(key: str, number: int) -> str:
    """An earlier version, and what is other in the one that counts now."""
    session, organiser_id = db.session(), account().organiser.id
    entry = find(session, key)
    versions = queries.list_versions(session, organiser_id, key)
    chosen = next((one for one in versions if one.number == number), None) or abort(404)
    texts = chosen.texts or read_shipped(key)
    return render_template(
        "workspace/text_version.html",
        entry=describe(entry),
        version=describe_version(chosen, newest=versions[0].number),
        opened_at=entry.number,
        typed=fill(texts),
        codes=[(code, name) for code, name in wording.LANGUAGES.items() if code in texts],
        differences=list_differences(texts, entry.texts),
    )


@blueprint.post("/texts/<key>/versions/<int:number>/restoration", endpoint="restore_text")
@access(Access.ORGANISER)
def restore(key: str, number: int) -> Response:
    """An earlier version counts again, as a new one."""
    return put_back(key, number)


@blueprint.post("/texts/<key>/shipped", endpoint="use_shipped_text")
@access(Access.ORGANISER)
def use_shipped(key: str) -> Response:
    """The shipped text counts again, as a new version."""
    return put_back(key, None)


def put_back(key: str, number: int | None) -> Response:
    find(db.session(), key)
    whose: Any = {"organiser_id": account().organiser.id, "key": key, "account_id": account().id, "now": clock.now()}
    opened_at = read_number(Typed(request.form), "opened_at")
    try:
        with transaction() as session:
            if number is None:
                actions.use_shipped(session, **whose, opened_at=opened_at)
            else:
                actions.restore_version(session, **whose, number=number, opened_at=opened_at)
    except LookupError:
        abort(404)
    except ChangedMeanwhile:
        flash(_("Somebody saved another version meanwhile. Look at it first; nothing was changed."), "warning")
        return redirect(url_for(".text", key=key), 303)
    except BadTexts:
        flash(
            _("That version uses placeholders that are no longer there, so it cannot count again as it is."), "warning"
        )
        return redirect(url_for(".text_version", key=key, number=number), 303)
    flash(_("The text counts again, as a new version."), "success")
    return redirect(url_for(".text", key=key), 303)
