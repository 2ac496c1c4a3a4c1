"""Mails in the outbox that may come back, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from eventsys.extensions import db, transaction
from eventsys.mailing.addresses import email_key
from eventsys.mailing.models import OutboxMessage, ReturnedMail, Suppression
from eventsys.mailing.returns import actions, rules
from eventsys.mailing.rules import MailState
from eventsys.organisers import actions as organisers
from tests.mailing.returns.samples import BOUNCE, KARI, MESSAGE_ID, PUBLIC_ID

NOW = datetime(2008, 8, 18, 6, tzinfo=UTC)


def add_mail(slug: str = "sekretariatet", **more: Any) -> int:
    """A sent mail of an organiser of its own, to Kari unless told otherwise; its id."""
    email = more.get("email", KARI)
    with transaction() as session:
        organiser = organisers.add(session, slug=slug, name=slug.title(), email=f"post@{slug}.example")
        values = {
            "public_id": PUBLIC_ID, "organiser_id": organiser.id, "reason_key": f"mail/{slug}", "template": "confirmed",
            "email": email, "email_key": email_key(email), "language": "nb", "state": MailState.SENT, "due_at": NOW,
            "next_try_at": NOW, "created_at": NOW, "sent_at": NOW, "message_id": MESSAGE_ID, "subject": "Velkommen",
            "answer": "250 OK",
        }  # fmt: skip
        mail = OutboxMessage(**{**values, **more})
        session.add(mail)
        session.flush()
        return mail.id


def take(raw: bytes, envelope_to: str = "", *, now: datetime = NOW) -> int | None:
    returned = rules.read(raw, bounce_address=BOUNCE, envelope_to=envelope_to)
    with transaction() as session:
        return actions.take(session, returned, site_name="Programmet", address="post@program.example", now=now)


def mail_states() -> list[tuple[str, str | None]]:
    """State and answer of each mail, in the order of the outbox."""
    db.session.rollback()
    rows = db.session.execute(sa.select(OutboxMessage.state, OutboxMessage.answer).order_by(OutboxMessage.id))
    return [(state.value, answer) for state, answer in rows]


def blocked() -> list[tuple[str, str, str]]:
    """Address, category and reason of each block."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(Suppression).order_by(Suppression.id))
    return [(row.email_key, row.category, row.why) for row in rows]


def all_returned() -> list[ReturnedMail]:
    db.session.rollback()
    query = sa.select(ReturnedMail).order_by(ReturnedMail.id).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def kinds() -> list[tuple[str, int | None, str]]:
    """Kind, mail and status of each mail that came back."""
    return [(row.kind.value, row.outbox_id, row.status) for row in all_returned()]
