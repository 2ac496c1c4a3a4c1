"""Every mail that one person got from the organiser, and why."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from eventsys.extensions import db
from eventsys.mailing.addresses import email_key
from eventsys.mailing.models import OutboxMessage
from eventsys.web import Access, access
from eventsys.workspace.mail import causes
from eventsys.workspace.mail.case_causes import list_closed
from eventsys.workspace.mail.queries import MAILS_A_PAGE
from eventsys.workspace.mail.story import tell_why
from eventsys.workspace.mail_rules.queries import find_names
from eventsys.workspace.registers.queries import people
from eventsys.workspace.registers.queries.scope import select_people
from eventsys.workspace.views.frame import account, blueprint, today
from eventsys.workspace.views.outbox import describe_mail
from eventsys.workspace.views.persons import name_person, scope


@blueprint.get("/people/<uuid:public_id>/mail", endpoint="person_mail")
@access(Access.ORGANISER)
def mails_of(public_id: uuid.UUID) -> str:
    session, organiser_id = db.session(), account().organiser.id
    known = [Known(row.name, row.email, row.email_key) for row in causes.list_names(session, organiser_id, public_id)]
    names = known or find_known(session, public_id) or abort(404)
    keys = list(dict.fromkeys(one.email_key for one in names))
    before = request.args.get("before", "")
    found = causes.list_mails_of(session, organiser_id, public_id, keys, before=read_number(before))
    shown = found[:MAILS_A_PAGE]
    return render_template(
        "workspace/person_mail.html",
        name=names[0].name,
        addresses=list(dict.fromkeys(one.email for one in names if one.email)),
        public_id=public_id,
        mails=describe_with_why(session, organiser_id, shown),
        before=before,
        after=shown[-1].id if len(found) > MAILS_A_PAGE else "",
    )


def read_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class Known(NamedTuple):
    """How somebody is called, and the address as typed and as it is compared."""

    name: str
    email: str
    email_key: str


def find_known(session: Session, public_id: uuid.UUID) -> list[Known]:
    """Somebody without a seat whom the account sees otherwise: in a group, by a role, invited; empty for anybody else."""
    row = people.find_person(session, public_id, select_people(account(), on=today()))
    if row is None or row.email_key is None:
        return []
    names = people.find_names(session, [row.id], scope())
    name, email = name_person(names, row), names[row.id].email if row.id in names else row.email_key
    return [Known(name, email, key) for key in dict.fromkeys((email_key(email), row.email_key))]


def describe_with_why(session: Session, organiser_id: int, mails: list[OutboxMessage]) -> list[dict[str, object]]:
    """Without what says that the person is a union's representative, and what is about an application that the account
    may not read."""
    ids = [mail.id for mail in mails]
    closed = causes.list_restricted(session, ids) | list_closed(session, ids, account().id)
    mails = [mail for mail in mails if mail.id not in closed]
    made_by = causes.list_causes(session, [mail.id for mail in mails])
    names = find_names(session, organiser_id)
    return [{**describe_mail(mail), "why": tell_why(made_by.get(mail.id, []), names)} for mail in mails]
