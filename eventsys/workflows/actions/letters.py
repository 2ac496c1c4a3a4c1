"""One mail put in the outbox with what it is about: a seat, or several of one act, for one reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.outbox import WAITS, enqueue, insert_into
from eventsys.workflows.models import MailCause

Causes = Sequence[dict[str, Any]]
"""Columns of `MailCause`, without the message."""


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom a mail goes."""

    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent and when. `reason` is the beginning of the reason key, which the address makes whole; until
    `next_try_at` it waits, though due earlier."""

    organiser_id: int
    reason: str
    template: str
    due_at: datetime
    next_try_at: datetime
    priority: int = 0


def add_mail(session: Session, letter: Letter, reader: Reader, causes: Causes, *, now: datetime) -> None:
    """The mail to this reader, unless it is there already. What is new of an act whose mail still waits comes into that
    mail, and else into one of its own, so that nothing of it is lost."""
    reason = f"{letter.reason}/{email_key(reader.email)}"
    outbox_id = _enqueue(session, letter, reader, reason, now)
    if outbox_id is None:
        outbox_id, causes = _find_there(session, reason, causes)
        if causes and outbox_id is None:
            told = "-".join(str(cause["registration_change_id"]) for cause in causes[:1])
            outbox_id = _enqueue(session, letter, reader, f"{letter.reason}/{told}/{email_key(reader.email)}", now)
    if outbox_id is not None and causes:
        rows = [{**cause, "outbox_id": outbox_id, "organiser_id": letter.organiser_id} for cause in causes]
        session.execute(insert_into(session, MailCause).values(rows).on_conflict_do_nothing())


def _enqueue(session: Session, letter: Letter, reader: Reader, reason: str, now: datetime) -> int | None:
    outbox_id = enqueue(
        session,
        organiser_id=letter.organiser_id,
        reason_key=reason,
        template=letter.template,
        email=reader.email,
        name=reader.name,
        language=reader.language,
        due_at=letter.due_at,
        priority=letter.priority,
        now=now,
    )
    if outbox_id is not None and letter.next_try_at != letter.due_at:
        waits = sa.update(OutboxMessage).where(OutboxMessage.id == outbox_id).values(next_try_at=letter.next_try_at)
        session.execute(waits.execution_options(synchronize_session=False))
    return outbox_id


def _find_there(session: Session, reason: str, causes: Causes) -> tuple[int | None, Causes]:
    """The mail of that reason if it waits, and which of the causes, changes all, no mail of it tells of yet."""
    changes = [cause["registration_change_id"] for cause in causes if cause.get("registration_change_id")]
    if not changes:
        return None, []
    told = session.scalars(
        sa.select(MailCause.registration_change_id)
        .join(OutboxMessage, OutboxMessage.id == MailCause.outbox_id)
        .where(MailCause.registration_change_id.in_(changes), MailCause.rule_id == causes[0]["rule_id"])
        .where(OutboxMessage.email_key == reason.rpartition("/")[2])
    ).all()
    waits = session.scalar(sa.select(OutboxMessage.id).where(OutboxMessage.reason_key == reason, WAITS))
    return waits, [cause for cause in causes if cause["registration_change_id"] not in told]
