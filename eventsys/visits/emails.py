"""What is mailed about a visit before a time is accepted; from then on it is an event, and its mails are those of events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import current_app
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.accounts.models import Account
from eventsys.mailing import outbox, templates
from eventsys.mailing.markdown import Link, Value
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.rules import language_of
from eventsys.organisers.models import Organiser
from eventsys.visits.models import Visit, VisitChange, VisitTime
from eventsys.visits.queries import list_hosts, list_people


def send_asked(session: Session, visit: Visit, change: VisitChange, *, path: str, on: date, now: datetime) -> None:
    """To those who can take it: all who arrange for an organiser that makes such visits, or who took it already. `path` is
    the organisers' page of the visit."""
    position = session.get_one(Position, visit.position_id)
    organisation = session.get_one(Organisation, visit.organisation_id)
    values: dict[str, Value] = {
        "organisation": organisation.label,
        "who": f"{position.name} ({position.email})",
        "place": visit.place or "–",
        "words": [Link(one, "") for one in (change.words or visit.wish,) if one],
    }
    for row in list_people(session, list_hosts(session, visit, on=on)):
        if visit.account_id is None or row.Account.id == visit.account_id:
            account: Account = row.Account
            key = f"visit/{visit.public_id}/asked/{change.id}/{account.id}"
            _send(
                session, row.organiser_id, "visit_asked", key, account.email, account.name, account.language, values,
                path, now,
            )  # fmt: skip


def send_offered(
    session: Session, visit: Visit, change: VisitChange, times: Sequence[VisitTime], *, path: str, now: datetime
) -> None:
    """To who asked, with the times; `path` is the contact's page of the visit."""
    language = _language_of(session, visit)
    comes = session.get_one(Account, visit.account_id)
    values: dict[str, Value] = {
        "who": comes.name,
        "when": "; ".join(name_time(one.starts_local, one.ends_local, language) for one in times),
        "line": [Link(change.words, "")] if change.words else [],
    }
    _send_to_contact(session, visit, "visit_offered", change, values, path, now)


def send_declined(session: Session, visit: Visit, change: VisitChange, *, path: str, now: datetime) -> None:
    """To who asked: nobody comes, and why where that is said."""
    values: dict[str, Value] = {"why": [Link(change.words, "")] if change.words else []}
    _send_to_contact(session, visit, "visit_declined", change, values, path, now)


def name_time(starts: datetime, ends: datetime, language: str) -> str:
    """«mandag 1. september 2008, kl. 10.00–12.00», of local times."""
    last = f"{ends:%H:%M}" if language == "en" else f"{ends:%H.%M}"
    return f"{dates.format_moment(starts, language)}–{last}"


def _language_of(session: Session, visit: Visit) -> str:
    position = session.get_one(Position, visit.position_id)
    organisation = session.get_one(Organisation, visit.organisation_id)
    organiser = session.get_one(Organiser, visit.organiser_id)
    return position.language or language_of(organisation.language_form, organiser.language)


def _send_to_contact(
    session: Session, visit: Visit, template: str, change: VisitChange, values: dict[str, Value], path: str, now: datetime
) -> None:  # fmt: skip
    position = session.get_one(Position, visit.position_id)
    if not position.email_key:
        return
    organisation = session.get_one(Organisation, visit.organisation_id)
    _send(
        session, visit.organiser_id, template, f"visit/{visit.public_id}/{change.act.value}/{change.id}", position.email,
        position.name, _language_of(session, visit), {"organisation": organisation.label, **values}, path, now,
    )  # fmt: skip


def _send(
    session: Session,
    organiser_id: int,
    template: str,
    reason_key: str,
    email: str,
    name: str,
    language: str,
    values: dict[str, Value],
    path: str,
    now: datetime,
) -> None:
    """The organiser's own mail, due at once."""
    base_url = current_app.config["BASE_URL"]
    organiser = session.get_one(Organiser, organiser_id)
    shared = {
        "organiser": f"{organiser.name} ({organiser.email})",
        "site": current_app.config["SITE_NAME"],
        "site_link": f"{base_url}/",
        "link": f"{base_url}{path}",
    }
    outbox.enqueue(
        session,
        organiser_id=organiser_id,
        reason_key=reason_key,
        template=template,
        email=email,
        name=name,
        language=language,
        due_at=now,
        now=now,
        content=templates.render(template, language, {**shared, **values}),
    )
