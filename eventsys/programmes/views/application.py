"""The page on which an application is written: shown, saved with its files, kept as it is written."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.merging import Typed, mark
from eventsys.programmes.applications import actions, forms, labels, queries
from eventsys.programmes.applications.joining import Joined, is_outrun, is_unfinished, join, may_be_written, remember
from eventsys.programmes.applications.queries import Own
from eventsys.programmes.applications.rules import (
    LONGEST_LINE,
    LONGEST_TEXT,
    LONGEST_UNIT,
    ApplicationFacts,
    Area,
    ConfirmingSide,
    FileKind,
    list_missing,
)
from eventsys.programmes.views.application_files import put_up
from eventsys.programmes.views.application_frame import (
    SEEN_FOR,
    Page,
    describe_frame,
    name_clock,
    open_own,
    show_read,
)
from eventsys.programmes.views.frame import blueprint
from eventsys.web import Access, access, takes_files

_REMOVED = re.compile(r"remove-(goal|file)-([0-9a-f-]{36})")


@blueprint.get("/applications/<token>")
@access(Access.TOKEN)
def application(token: str) -> Page:
    """The form while it is being written, and then what was sent."""
    own = open_own(db.session(), token)
    if not may_be_written(own.application.state):
        return show_read(token, own)
    facts = queries.read_facts(db.session(), own.application)
    kept = queries.read_draft(db.session(), own.member)
    if is_unfinished(kept) and request.args.get("draft"):
        typed = Typed(kept)
        return show_form(token, own, facts, typed, was=typed["was"])
    return show_form(token, own, facts, forms.to_typed(facts), has_draft=is_unfinished(kept))


def show_form(
    token: str,
    own: Own,
    facts: ApplicationFacts,
    typed: Typed,
    *,
    was: str = "",
    errors: dict[str, str] | None = None,
    has_draft: bool = False,
    status: int = 200,
) -> tuple[str, int]:
    """The form as it is typed; `was` says how its fields were when that began, and is what the application says now where
    it is left out."""
    ids, errors = forms.list_goal_ids(forms.to_typed(facts), typed), errors or {}
    fields = labels.describe_fields(ids)
    missing = list_missing(facts)
    page = render_template(
        "programmes/application.html",
        **describe_frame(token, own),
        typed=typed,
        was=was or mark(forms.to_typed(facts), fields),
        page=uuid.uuid4().hex,
        errors=errors,
        summary=[(name, tell_error(name, message, fields)) for name, message in errors.items()],
        names=labels.name_fields(),
        areas=[(area.value, labels.name_area(area)) for area in Area],
        goals=[*ids, str(uuid.uuid4())],
        is_new=len(ids),
        goal_field=forms.goal_field,
        sides=[(side.value, labels.name_side(side), prefix_of(side)) for side in ConfirmingSide],
        files=facts.files,
        kinds=FileKind,
        missing=labels.list_to_mend(missing, facts),
        has_draft=has_draft,
        others=tell_others(db.session(), own),
        longest={"text": LONGEST_TEXT, "line": LONGEST_LINE, "unit": LONGEST_UNIT},
    )
    return page, status


def prefix_of(side: ConfirmingSide) -> str:
    return forms.side_field(side, "name").removesuffix("name")


def tell_error(name: str, message: str, fields: Any) -> str:
    return f"{fields[name].label}: {message}" if name in fields else message


def tell_others(session: Session, own: Own) -> str:
    names = queries.list_others(session, own.member, since=clock.real_now() - SEEN_FOR)
    return _("Open here too: %(names)s.", names=", ".join(names)) if names else ""


@blueprint.post("/applications/<token>")
@access(Access.TOKEN)
@takes_files
def save_application(token: str) -> Page:
    """Saves what clashes with nothing, with the files, and goes where the button says. What two changed is asked about."""
    now, sent = clock.now(), read_sent()
    go = sent.get("go", "")
    with transaction() as session:
        own = open_own(session, token)
        actions.lock(session, own.application.id)
        if not may_be_written(own.application.state):
            flash(_("The application is sent. What you wrote after that is not in it."), "warning")
            return show_read(token, own, status=409)
        joined = save(session, own, leave_out(sent, go), now)
        errors = joined.errors | put_up(session, own.application, now)
        facts = queries.read_facts(session, own.application)
    if joined.clashes:
        return show_conflict(token, own, joined, facts, go), 409
    if joined.taken:
        flash(tell_taken(own, joined), "info")
    if errors:
        return show_form(token, own, facts, joined.typed, errors=errors, status=422)
    return redirect(follow(token, go), 303)


def read_sent() -> Typed:
    return Typed([pair for pair in request.form.items(multi=True) if pair[0] not in ("csrf_token", "seen", "left")])


def leave_out(sent: Typed, go: str) -> Typed:
    """The form without the goal that a button takes away."""
    found = _REMOVED.fullmatch(go)
    if found and found[1] == "goal":
        for part in forms.GOAL_PARTS:
            sent.poplist(forms.goal_field(found[2], part))
    return sent


def save(session: Session, own: Own, sent: Typed, now: Any) -> Joined:
    """In the transaction that saves, with the application locked."""
    kept = queries.read_draft(session, own.member)
    joined = join(sent, queries.read_facts(session, own.application), kept=kept)
    actions.write(session, own.application, joined.facts, member=own.member, now=now)
    actions.keep_draft(
        session, own.member, edition=own.application.edition, fields=remember(sent, joined), now=clock.real_now()
    )
    return joined


def follow(token: str, go: str) -> str:
    """Where the button leads."""
    found = _REMOVED.fullmatch(go)
    if found and found[1] == "file":
        return url_for(".confirm_removing_file", token=token, public_id=found[2])
    if go == "review":
        return url_for(".review_application", token=token)
    flash(_("Saved. It is not sent yet."), "success")
    anchors = {"add": "goal-new", "upload": "files"}
    return url_for(".application", token=token, _anchor="goals" if found else anchors.get(go))


def show_conflict(token: str, own: Own, joined: Joined, facts: ApplicationFacts, go: str) -> str:
    """Both, where two changed the same; the rest goes along, and is saved already."""
    names = [name for name in joined.fields if name not in {clash.name for clash in joined.clashes}]
    mine = [(clash.name, value) for clash in joined.clashes for value in joined.typed.getlist(clash.name)]
    rest = [(name, value) for name in names for value in joined.typed.getlist(name)]
    was = mark(forms.to_typed(facts), joined.fields)
    return render_template(
        "programmes/application_conflict.html",
        **describe_frame(token, own),
        clashes=joined.clashes,
        by=queries.find_last_writer(db.session(), own.member),
        hidden=[*mine, *rest, ("was", was), ("go", go)],
    )


def tell_taken(own: Own, joined: Joined) -> str:
    names, by = ", ".join(joined.taken), queries.find_last_writer(db.session(), own.member)
    if by:
        return _("%(name)s had changed this meanwhile, and it is kept: %(fields)s.", name=by, fields=names)
    return _("Somebody else had changed this meanwhile, and it is kept: %(fields)s.", fields=names)


@blueprint.post("/applications/<token>/autosave")
@access(Access.TOKEN)
def autosave_application(token: str) -> dict[str, str]:
    """Writes it as it is typed, or only notes that it is open (`seen`) or was closed (`left`); answers who else has it
    open, and what could not be saved."""
    told = {"saved": "", "others": "", "newer": "", "was": ""}
    now, sent = clock.now(), read_sent()
    with transaction() as session:
        own = open_own(session, token)
        if "left" in request.form:
            actions.note_left(session, own.member, now=clock.real_now())
        elif "seen" in request.form:
            actions.note_seen(session, own.member, edition=own.application.edition, now=clock.real_now())
        else:
            actions.lock(session, own.application.id)
            told |= keep(session, own, sent, now)
        told["others"] = tell_others(session, own)
    return told


def keep(session: Session, own: Own, sent: Typed, now: Any) -> dict[str, str]:
    if not may_be_written(own.application.state):
        return {"newer": _("The application is sent. What you write here is not in it.")}
    if is_outrun(sent, queries.read_draft(session, own.member)):
        return {}
    if sum(len(value) for value in sent.values()) > 20 * LONGEST_TEXT:
        abort(413)
    joined = save(session, own, sent, now)
    newer = [tell_error(name, message, joined.fields) for name, message in joined.errors.items()]
    by = queries.find_last_writer(session, own.member) or _("Somebody else")
    if joined.clashes:
        names = ", ".join(clash.field.label for clash in joined.clashes)
        newer.append(_("%(name)s has changed this too: %(fields)s. Save, and you choose.", name=by, fields=names))
    if joined.taken:
        names = ", ".join(joined.taken)
        newer.append(_("%(name)s has changed this: %(fields)s. Load the page to see it.", name=by, fields=names))
    saved = _("Saved %(at)s, not sent", at=name_clock(now, own.call)) if joined.is_settled else ""
    return {"saved": saved, "newer": " ".join(newer), "was": joined.was}


@blueprint.post("/applications/<token>/draft/removal")
@access(Access.TOKEN)
def forget_application_draft(token: str) -> Response:
    with transaction() as session:
        actions.forget_draft(session, open_own(session, token).member)
    flash(_("What was not saved is thrown away."), "success")
    return redirect(url_for(".application", token=token), 303)
