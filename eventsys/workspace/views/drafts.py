"""What is typed into a form, kept while it is typed; thrown away when that is asked for."""

from __future__ import annotations

import re
from typing import Any

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.drafts import actions, queries
from eventsys.extensions import db, transaction
from eventsys.merging import Typed
from eventsys.web import Access, access
from eventsys.workspace.editing.queries import find_edition, find_last_editor_of, is_of_event
from eventsys.workspace.views.editing import read_edition, tell_others
from eventsys.workspace.views.frame import account, blueprint, name_moment

NAME = re.compile(r"[a-z_]{1,40}\.[\w.-]{1,150}")
NOT_KEPT = {"csrf_token", "seen", "left"}


@blueprint.post("/drafts/<form>", endpoint="keep_draft")
@access(Access.ORGANISER)
def keep_any(form: str) -> dict[str, Any]:
    return keep(form)


@blueprint.post("/events/<slug>/drafts/<form>", endpoint="keep_event_draft")
@access(Access.ORGANISER)
def keep_of_event(slug: str, form: str) -> dict[str, Any]:
    """The same for who works for the event alone."""
    return keep(form) if is_of(slug, form) else abort(404)


def keep(form: str) -> dict[str, Any]:
    """Keeps what is typed, or only notes that the form is open (`seen`) or was closed (`left`); answers who else has it
    open and whether somebody saved it meanwhile."""
    mine: dict[str, Any] = {"account_id": account().id, "form": checked(db.session(), form)}
    typed, now, told = Typed(request.form), clock.real_now(), {"saved": "", "others": "", "newer": ""}
    own: dict[str, Any] = {**mine, "organiser_id": account().organiser.id, "edition": read_edition(typed), "now": now}
    with transaction() as session:
        if "left" in typed:
            actions.note_left(session, **mine, now=now)
        elif "seen" in typed:
            actions.note_seen(session, **own)
        else:
            try:
                actions.save(
                    session, **own, fields=[pair for pair in typed.items(multi=True) if pair[0] not in NOT_KEPT]
                )
            except actions.TooMuch:
                abort(413)
            told["saved"] = _("Kept as a draft %(at)s", at=name_moment(clock.now()))
        others = queries.list_others(session, **mine, organiser_id=own["organiser_id"], since=now - actions.SEEN_FOR)
        edition = find_edition(session, own["organiser_id"], form)
        told["others"] = tell_others(others)
        if edition is not None and read_edition(typed) not in (0, edition):
            told["newer"] = tell_newer(find_last_editor_of(session, own["organiser_id"], form))
    return told


@blueprint.post("/drafts/<form>/removal", endpoint="remove_draft")
@access(Access.ORGANISER)
def remove_any(form: str) -> Response:
    return remove(form)


@blueprint.post("/events/<slug>/drafts/<form>/removal", endpoint="remove_event_draft")
@access(Access.ORGANISER)
def remove_of_event(slug: str, form: str) -> Response:
    return remove(form) if is_of(slug, form) else abort(404)


def is_of(slug: str, form: str) -> bool:
    """Whether the form is of that event: who works for one learns nothing of others."""
    return is_of_event(db.session(), account().organiser.id, form, slug)


def remove(form: str) -> Response:
    """Back to the form without what was typed and not saved."""
    with transaction() as session:
        if actions.forget(session, account_id=account().id, form=checked(session, form)):
            flash(_("What was not saved is thrown away."), "success")
    back = request.form.get("back", "")
    return redirect(back if back.startswith("/manage/") and "\\" not in back else "/manage/", 303)


def checked(session: Session, form: str) -> str:
    """The name of a form: of something new, or of what is the organiser's own."""
    if not NAME.fullmatch(form):
        abort(404)
    is_new = form.partition(".")[2].startswith("new")
    return form if is_new or find_edition(session, account().organiser.id, form) is not None else abort(404)


def tell_newer(by: str) -> str:
    if by:
        return _(
            "%(name)s has saved changes since you opened this. Nothing is lost: when you save, both are joined.",
            name=by,
        )
    return _("Somebody has saved changes since you opened this. Nothing is lost: when you save, both are joined.")
