"""Takes an audience away, once no mail is to go to it; what was sent to it stays as it is."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.audiences import actions
from eventsys.events.labels import TYPES
from eventsys.extensions import db, transaction
from eventsys.invitations.actions import forget_audience
from eventsys.web import Access, access, language
from eventsys.workspace.audiences.naming import list_naming, was_named
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.views.audiences import own_audience
from eventsys.workspace.views.frame import blueprint, log, today


@blueprint.get("/audiences/<uuid:public_id>/removal", endpoint="confirm_remove_audience")
@access(Access.ORGANISER)
def confirm_remove(public_id: uuid.UUID) -> str:
    session = db.session()
    row = own_audience(session, public_id)
    naming = [describe_naming(one) for one in list_naming(session, row.id)]
    return render_template("workspace/audience_removal.html", audience=row, naming=naming)


def describe_naming(one: Any) -> tuple[str, str, str]:
    """Where a rule or a letter is changed, what it sends, and the event that it is of."""
    rule, event = one.Rule, texts.read(one.title, language()).value if one.title else ""
    if one.is_letter:
        return url_for(".mailing", slug=one.slug, mailing=rule.key), one.name, event
    name = one.name or name_template(rule.template)
    if one.slug:
        return url_for(".edit_event_rule", slug=one.slug, key=rule.key), name, event
    if rule.event_type is not None:
        return url_for(".edit_type_rule", type=rule.event_type.value, key=rule.key), name, str(TYPES[rule.event_type])
    return url_for(".edit_rule", key=rule.key), name, ""


@blueprint.post("/audiences/<uuid:public_id>/removal", endpoint="remove_audience")
@access(Access.ORGANISER)
def remove(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        row = own_audience(session, public_id)
        session.refresh(row, with_for_update=True)
        if list_naming(session, row.id):
            return redirect(url_for(".confirm_remove_audience", public_id=public_id), 303)
        forget_audience(session, row.id)
        log(session, LogVerb.REMOVED, "audience", str(row.public_id), row.name)
        if was_named(session, row.id):
            actions.retire(session, row, on=today(), now=clock.now())
        else:
            actions.remove(session, row)
    flash(_("The audience is taken away."), "success")
    return redirect(url_for(".audiences"), 303)
