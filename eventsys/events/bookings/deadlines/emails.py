"""The mail that reminds an organiser's people of a contract's deadline, in each reader's language."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from eventsys import dates, texts
from eventsys.accounts.models import Account
from eventsys.events.bookings.deadlines.labels import KINDS
from eventsys.events.bookings.deadlines.queries import Due
from eventsys.mailing import outbox, templates
from eventsys.mailing.markdown import Link, Value
from eventsys.mailing.models import OutboxMessage


def find_new(session: Session, due: list[Due]) -> list[Due]:
    """Those that nobody has been mailed about yet."""
    starts = {_reason(one): one for one in due}
    if not starts:
        return []
    begins = (OutboxMessage.reason_key.startswith(reason, autoescape=True) for reason in starts)
    keys = session.scalars(sa.select(OutboxMessage.reason_key).where(sa.or_(*begins)))
    told = {key.rpartition("/")[0] for key in keys}
    return [one for reason, one in starts.items() if reason not in told]


def remind(session: Session, due: Due, account: Account, *, path: str, now: datetime) -> None:
    """Puts the reminder in the outbox, due at once; `path` is the page where the deadline is marked as done."""
    language = account.language
    outbox.enqueue(
        session,
        organiser_id=due.organiser.id,
        reason_key=f"{_reason(due)}/{account.id}",
        template="contract_deadline",
        email=account.email,
        name=account.name,
        language=language,
        due_at=now,
        now=now,
        content=templates.render("contract_deadline", language, _values(due, language, path)),
    )


def _values(due: Due, language: str, path: str) -> dict[str, Value]:
    base_url = current_app.config["BASE_URL"]
    with force_locale(language):
        what = str(KINDS[due.deadline.kind])
    title = texts.read(due.event_title, language).value if due.event_title else ""
    return {
        "asked": what,
        "place": due.venue,
        "deadline": _name_day(due.deadline.due_on, language),
        "words": [Link(one, "") for one in (title, due.deadline.words) if one],
        "organiser": due.organiser.name,
        "site": current_app.config["SITE_NAME"],
        "site_link": f"{base_url}/",
        "link": f"{base_url}{path}",
    }


def _name_day(day: date, language: str) -> str:
    return dates.format_day(day, language, weekday=True)


def _reason(due: Due) -> str:
    """One mail a person for each deadline and day that it is due on: a deadline that moves is reminded of again."""
    return f"contract/{due.deadline.public_id}/{due.deadline.due_on}/{due.reminder}"
