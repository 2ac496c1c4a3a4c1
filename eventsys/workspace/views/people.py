"""Every mail that one person got from the organiser, and why."""

from __future__ import annotations

import uuid

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from eventsys.extensions import db
from eventsys.mailing.models import OutboxMessage
from eventsys.web import Access, access
from eventsys.workspace.mail import causes
from eventsys.workspace.mail.queries import MAILS_A_PAGE
from eventsys.workspace.mail.story import tell_why
from eventsys.workspace.mail_rules.queries import find_names
from eventsys.workspace.views.frame import account, blueprint
from eventsys.workspace.views.outbox import describe_mail


@blueprint.get("/people/<uuid:public_id>/mail", endpoint="person_mail")
@access(Access.ORGANISER)
def mails_of(public_id: uuid.UUID) -> str:
    session, organiser_id = db.session(), account().organiser.id
    names = causes.list_names(session, organiser_id, public_id) or abort(404)
    keys = list(dict.fromkeys(row.email_key for row in names))
    before = request.args.get("before", "")
    found = causes.list_mails_of(
        session, organiser_id, public_id, keys, before=int(before) if before.isascii() and before.isdigit() else None
    )
    shown = found[:MAILS_A_PAGE]
    return render_template(
        "workspace/person_mail.html",
        name=names[0].name,
        addresses=list(dict.fromkeys(row.email for row in names if row.email)),
        public_id=public_id,
        mails=describe_with_why(session, organiser_id, shown),
        before=before,
        after=shown[-1].id if len(found) > MAILS_A_PAGE else "",
    )


def describe_with_why(session: Session, organiser_id: int, mails: list[OutboxMessage]) -> list[dict[str, object]]:
    made_by = causes.list_causes(session, [mail.id for mail in mails])
    names = find_names(session, organiser_id)
    return [{**describe_mail(mail), "why": tell_why(made_by.get(mail.id, []), names)} for mail in mails]
