"""Outbox messages made into letters: composed in a batch, written each when its turn comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog
from flask import current_app

from eventsys import clock
from eventsys.extensions import db
from eventsys.mailing.addresses import wire_address
from eventsys.mailing.message import Dropped, Email, Fields, build
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import bounce_address
from eventsys.mailing.smtp import Letter

Composed = Email | Dropped | Exception
"""A mail, why it is not to be sent, or what went wrong with it."""
Compose = Callable[[list[OutboxMessage]], Mapping[int, Composed]]
log = structlog.get_logger()


def compose_each(compose: Compose, messages: list[OutboxMessage]) -> dict[int, Composed]:
    """The whole batch in a few statements; only when that raises, each message alone, so that one cannot stop others."""
    given = {m.id: _as_given(m) for m in messages if m.text is not None}
    rest = [message for message in messages if message.id not in given]
    composed: dict[int, Composed] = {**given}
    try:
        composed.update(compose(rest) if rest else {})
    except Exception:
        for message in rest:
            try:
                db.session.rollback()
                composed.update(compose([message]))
            except Exception as error:
                log.error("a mail could not be composed", outbox_id=message.id, exc_info=error)
                composed[message.id] = error
    finally:
        db.session.rollback()  # no transaction stays open while the server thinks
    return composed


def _as_given(message: OutboxMessage) -> Email:
    """A mail that was put in the outbox with its content."""
    return Email(
        subject=message.subject or "",
        text=message.text or "",
        html=message.html or "",
        from_name=current_app.config["SITE_NAME"],
    )


def write_letter(message: OutboxMessage, mail: Email, fields: Fields) -> Letter:
    """The message as the server gets it. Raises `ValueError` for what cannot be written."""
    sender = current_app.config["MAIL_DEFAULT_SENDER"]
    content = build(
        mail,
        sender=sender,
        to_name=message.name,
        to_address=message.email,
        message_id=message.message_id,
        date=message.dated_at or clock.now(),
        language=message.language,
        fields=fields,
    )
    envelope_from = bounce_address(current_app.config["MAIL_BOUNCE_ADDRESS"], message.public_id) or sender
    return Letter(wire_address(envelope_from), wire_address(message.email), content)
