"""What an organisation's contact can apply to, and the applications it has: for the contact's own page."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import texts
from eventsys.programmes.applications.labels import name_state
from eventsys.programmes.applications.queries import list_calls_of
from eventsys.programmes.applications.told import list_told
from eventsys.programmes.calls.labels import tell_deadline
from eventsys.programmes.cases.links import application_path, recipient_path
from eventsys.web import language


class Way(NamedTuple):
    """A call's title, how far the organisation has come with it and how long it can, and where the contact goes on."""

    url: str
    title: texts.Text
    note: str


def list_ways(session: Session, organisation_id: int, *, email_key: str, now: datetime) -> list[Way]:
    """The calls that are open to the organisation, and those that it has applied to, the latest first. A contact who writes
    the application goes to it; another one to the call, where they may join."""
    ways = []
    rows = list_calls_of(session, organisation_id, email_key=email_key, now=now)
    states = list_told(session, [row.Application for row in rows if row.Application])
    for row in rows:
        call, application, member = row.Call, row.Application, row.ApplicationMember
        url = application_path(member) if member else recipient_path(call.slug, row.CallRecipient)
        told = (
            f"{_('Application')}: {name_state(states[application.id])}"
            if application
            else _("Nobody has begun to apply")
        )
        deadline = f". {_('Deadline')}: {tell_deadline(call)}" if call.closes_at > now else ""
        ways.append(Way(url, texts.read(call.title, language()), told + deadline))
    return ways
