"""Mails about cases put in the outbox with what each is about, many in two statements. The caller owns the transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.mailing.message import one_line
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.outbox import insert_into, new_message_id
from eventsys.mailing.rules import MailState
from eventsys.workflows.models import CaseCause

LONGEST_NAME = 200


class CaseMail(NamedTuple):
    """One mail to one reader, and the row of the history that it tells of; `member_id` where its reader writes the
    application. Until `next_try_at` it waits, though due earlier."""

    organiser_id: int
    reason: str
    template: str
    email: str
    name: str
    language: str
    due_at: datetime
    next_try_at: datetime
    priority: int
    change_id: int
    member_id: int | None = None
    is_copy: bool = False


def add_case_mails(session: Session, mails: Sequence[CaseMail], *, now: datetime) -> None:
    """Those that are not there already, by their reasons."""
    by_reason = {mail.reason: mail for mail in mails}
    if not by_reason:
        return
    insert: Any = insert_into(session, OutboxMessage).values([_message(mail, now) for mail in by_reason.values()])
    added = session.execute(insert.on_conflict_do_nothing().returning(OutboxMessage.id, OutboxMessage.reason_key)).all()
    causes = [_cause(row.id, by_reason[row.reason_key]) for row in added]
    if causes:
        session.execute(sa.insert(CaseCause).values(causes))


def _message(mail: CaseMail, now: datetime) -> dict[str, Any]:
    return {
        "public_id": uuid.uuid4(),
        "organiser_id": mail.organiser_id,
        "reason_key": mail.reason,
        "template": mail.template,
        "email": mail.email,
        "email_key": email_key(mail.email),
        "name": one_line(mail.name)[:LONGEST_NAME],
        "language": mail.language,
        "state": MailState.QUEUED,
        "due_at": mail.due_at,
        "next_try_at": mail.next_try_at,
        "created_at": now,
        "attempts": 0,
        "priority": mail.priority,
        "message_id": new_message_id(),
    }


def _cause(outbox_id: int, mail: CaseMail) -> dict[str, Any]:
    return {
        "outbox_id": outbox_id,
        "organiser_id": mail.organiser_id,
        "change_id": mail.change_id,
        "member_id": mail.member_id,
        "is_copy": mail.is_copy,
    }
