"""An audience made into mails by the database, in two statements: a mail for each address, whoever shares it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import UTCDateTime
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.outbox import insert_into, random_id
from eventsys.mailing.rules import MailState
from eventsys.organisers.models import Organiser
from eventsys.workflows.audiences import Recipients
from eventsys.workflows.models import MailCause

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Mailing:
    """What is mailed and why. `reason` is the beginning of the reason keys, which the address makes whole; of the change
    and the occasion exactly one is given. Until `next_try_at` the mails wait, though due earlier."""

    reason: str
    template: str
    event_id: int
    rule_id: int
    due_at: datetime
    next_try_at: datetime
    priority: int = 0
    occasion_id: int | None = None
    event_change_id: int | None = None


def add_mails(session: Session, recipients: Recipients, mailing: Mailing, *, now: datetime) -> None:
    """One mail for each address among the recipients, unless it is there already, and what each is about."""
    found = recipients.subquery("recipients")
    mails = _mails(session, found.c, mailing, now)
    select = (
        sa.select(*mails.values())
        .join_from(found, Organiser, Organiser.id == found.c.organiser_id)
        .where(sa.true())
        .group_by(found.c.email_key, found.c.organiser_id, Organiser.language)
    )
    insert: Any = insert_into(session, OutboxMessage).from_select([*mails], select, False)
    session.execute(insert.on_conflict_do_nothing())
    causes = _causes(found.c, mailing)
    select = sa.select(*causes.values()).join_from(
        found, OutboxMessage, OutboxMessage.reason_key == _reason(found.c, mailing)
    )
    insert = insert_into(session, MailCause).from_select([*causes], select.where(sa.true()), False)
    session.execute(insert.on_conflict_do_nothing())


def _reason(of: Any, mailing: Mailing) -> sa.ColumnElement[str]:
    key: sa.ColumnElement[str] = sa.literal(f"{mailing.reason}/") + of.email_key
    return key


def _mails(session: Session, of: Any, mailing: Mailing, now: datetime) -> dict[str, Any]:
    """Columns of the outbox by what fills them. Who shares an address and reads different languages gets the
    organiser's, and no single name to be greeted by."""
    lowest, highest = sa.func.min(of.language), sa.func.max(of.language)
    is_one = sa.func.min(of.name) == sa.func.max(of.name)
    only_name = sa.case((is_one, sa.func.min(sa.func.substr(of.name, 1, LONGEST_NAME))), else_="")
    return {
        "public_id": random_id(session),
        "organiser_id": of.organiser_id,
        "reason_key": _reason(of, mailing),
        "template": sa.literal(mailing.template),
        "email": sa.func.min(of.email),
        "email_key": of.email_key,
        "name": only_name,
        "language": sa.case((lowest == highest, lowest), else_=Organiser.language),
        "state": sa.literal(MailState.QUEUED, OutboxMessage.state.type),
        "due_at": sa.literal(mailing.due_at, UTCDateTime()),
        "next_try_at": sa.literal(mailing.next_try_at, UTCDateTime()),
        "created_at": sa.literal(now, UTCDateTime()),
        "attempts": sa.literal(0),
        "priority": sa.literal(mailing.priority, sa.SmallInteger()),
        "message_id": sa.literal(f"outbox-{uuid.uuid4().hex[:12]}-") + sa.cast(random_id(session), sa.String()),
    }


def _causes(of: Any, mailing: Mailing) -> dict[str, Any]:
    return {
        "outbox_id": OutboxMessage.id,
        "organiser_id": of.organiser_id,
        "event_id": sa.literal(mailing.event_id, sa.Integer()),
        "registration_id": of.registration_id,
        "organisation_id": of.organisation_id,
        "invitation_id": of.invitation_id,
        "person_id": of.person_id,
        "rule_id": sa.literal(mailing.rule_id, sa.Integer()),
        "occasion_id": sa.literal(mailing.occasion_id, sa.Integer()),
        "event_change_id": sa.literal(mailing.event_change_id, sa.Integer()),
    }
