"""The copies of a letter that has gone out, put in the outbox in the same transaction, each partner's once."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import UTCDateTime
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.outbox import insert_into, random_id
from eventsys.mailing.rules import MailState
from eventsys.organisers.models import Organiser
from eventsys.workflows.actions.recipients import Mailing
from eventsys.workflows.models import MailCause, MailCopy, MailTemplate
from eventsys.workflows.texts import find_sources
from eventsys.workflows.texts.rules import LANGUAGES

PREFIX = "copy/"


def add_copies(session: Session, organiser: Organiser, mailing: Mailing, *, now: datetime) -> None:
    """A mail for each partner of the letter, in the organiser's language where the letter is written in it.

    Who gets the letter itself gets no copy. A copy is about nobody and of no occasion, so that it is never counted among
    the mails of the letter.
    """
    of_letter = (MailTemplate.organiser_id == organiser.id, MailTemplate.key == mailing.template)
    template_id = sa.select(MailTemplate.id).where(*of_letter).scalar_subquery()
    is_partner = MailCopy.template_id == template_id
    if session.scalar(sa.select(MailCopy.id).where(is_partner).limit(1)) is None:
        return
    written = find_sources(session, [(organiser.id, mailing.template)])[organiser.id, mailing.template]
    language = next(code for code in (organiser.language, *LANGUAGES) if code in written)
    reason = sa.literal(f"{PREFIX}{mailing.reason}/") + MailCopy.email_key
    got_it = sa.exists().where(OutboxMessage.reason_key == sa.literal(f"{mailing.reason}/") + MailCopy.email_key)
    columns: dict[str, Any] = {
        "public_id": random_id(session),
        "organiser_id": sa.literal(organiser.id, sa.Integer()),
        "reason_key": reason,
        "template": sa.literal(mailing.template),
        "email": MailCopy.email,
        "email_key": MailCopy.email_key,
        "name": MailCopy.name,
        "language": sa.literal(language),
        "state": sa.literal(MailState.QUEUED, OutboxMessage.state.type),
        "due_at": sa.literal(mailing.due_at, UTCDateTime()),
        "next_try_at": sa.literal(mailing.next_try_at, UTCDateTime()),
        "created_at": sa.literal(now, UTCDateTime()),
        "attempts": sa.literal(0),
        "priority": sa.literal(mailing.priority, sa.SmallInteger()),
        "message_id": sa.literal(f"outbox-{uuid.uuid4().hex[:12]}-") + sa.cast(random_id(session), sa.String()),
    }
    select = sa.select(*columns.values()).where(is_partner, sa.not_(got_it))
    insert = insert_into(session, OutboxMessage).from_select([*columns], select, False)
    session.execute(insert.on_conflict_do_nothing())
    causes: dict[str, Any] = {
        "outbox_id": OutboxMessage.id,
        "organiser_id": OutboxMessage.organiser_id,
        "event_id": sa.literal(mailing.event_id, sa.Integer()),
        "rule_id": sa.literal(mailing.rule_id, sa.Integer()),
    }
    select = sa.select(*causes.values()).join_from(MailCopy, OutboxMessage, OutboxMessage.reason_key == reason)
    insert = insert_into(session, MailCause).from_select([*causes], select.where(is_partner), False)
    session.execute(insert.on_conflict_do_nothing())
