"""What is kept of the reader: all of it on a page and in a file, and one press that erases it. Behind one's own pages."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask import Response as Page
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.events.rules import TIMEZONE
from eventsys.extensions import db, transaction
from eventsys.privacy import actions, labels, queries
from eventsys.privacy.held import Whose
from eventsys.registrations.people.actions import OPEN
from eventsys.registrations.people.links import COOKIE
from eventsys.registrations.people.queries import find_usable
from eventsys.web import Access, access, language

blueprint = Blueprint("privacy", __name__)
ALL = "*"
"""What the form says for everybody behind the address."""


@blueprint.get("/me/data")
@access(Access.PUBLIC)
def own_data() -> Page | Response:
    if (key := _opened()) is None:
        return redirect(url_for("registrations.me"), 303)
    return _show(key)


@blueprint.get("/me/data.json")
@access(Access.PUBLIC)
def own_file() -> Page | Response:
    """Everything, for a program to read (GDPR article 20)."""
    if (key := _opened()) is None:
        return redirect(url_for("registrations.me"), 303)
    plain = {"address": key, "kept": labels.as_plain(queries.gather(db.session(), Whose(key)))}
    answer = Page(json.dumps(plain, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/me/erasure")
@access(Access.PUBLIC)
def erase_own_data() -> Page | Response | tuple[Page, int]:
    """Of one of several people behind the address, or of all of them."""
    if (key := _opened()) is None:
        return redirect(url_for("registrations.me"), 303)
    chosen, is_sure = request.form.get("who", ""), request.form.get("sure") == "1"
    names = queries.list_names(db.session(), key)
    if chosen != ALL and chosen not in names:
        abort(404)
    if not is_sure:
        return _show(key, error=_("Tick that you are sure: it cannot be undone.")), 422
    now = clock.now()
    whose = Whose(key, None if chosen == ALL else chosen)
    with transaction() as session:
        actions.erase_person(session, whose, today=dates.to_local(now, TIMEZONE).date(), now=now)
        if whose.name_key is None:
            cookie.pop(COOKIE)
    flash(_("It is erased. What is left are numbers without a name."), "success")
    return redirect(url_for("registrations.me"), 303)


def _opened() -> str | None:
    """The address whose pages are open in this browser."""
    token = cookie.get(COOKIE)
    return find_usable(db.session(), token, OPEN, real_now=clock.real_now()) if isinstance(token, str) else None


def _show(key: str, *, error: str = "") -> Page:
    names = queries.list_names(db.session(), key)
    sections: list[dict[str, Any]] = [
        labels.describe(one, language()) for one in queries.gather(db.session(), Whose(key))
    ]
    page = make_response(
        render_template(
            "privacy/own_data.html", address=key, sections=sections, names=names, everybody=ALL, error=error,
            chosen=request.form.get("who", ""),
        )
    )  # fmt: skip
    page.headers["Cache-Control"] = "no-store"
    return page
