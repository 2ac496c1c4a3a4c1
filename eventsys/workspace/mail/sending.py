"""What organisers do with mails: order one again, try all of an event's again, a test to oneself. The caller commits."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing import outbox, templates
from eventsys.mailing.addresses import email_key
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.outbox import CannotBeDone
from eventsys.mailing.rules import MailState
from eventsys.organisers.models import Organiser
from eventsys.workflows.models import CaseCause, MailCause
from eventsys.workflows.pauses import TEST_PREFIX
from eventsys.workspace.mail import causes

TEST = "test"
UNTRIED = (MailState.QUEUED, MailState.SENDING, MailState.UNCERTAIN)
AT_ONCE = 1000
COPIED = (
    "organiser_id", "event_id", "registration_id", "organisation_id", "rule_id", "occasion_id",
    "registration_change_id", "event_change_id", "invitation_id", "person_id", "invitation_change_id",
)  # fmt: skip
OF_CASE = ("organiser_id", "change_id", "member_id", "is_copy")


def send_again(
    session: Session, mail: OutboxMessage, *, account_id: int, number: int, now: datetime
) -> OutboxMessage | None:
    """A new mail for the same reasons, written anew when it goes; the one there is when it was ordered already.

    Raises `CannotBeDone` for one that was not sent, that nothing speaks of any more, or that was ordered too often.
    """
    reader = causes.find_reader(session, mail)
    if mail.state is not MailState.SENT or reader is None or not 0 < number <= causes.MOST_AGAIN:
        raise CannotBeDone(mail.state.value)
    reason_key = causes.again_key(mail, account_id=account_id, number=number)
    outbox_id = outbox.enqueue(
        session,
        organiser_id=mail.organiser_id,
        reason_key=reason_key,
        template=mail.template,
        email=reader.email,
        name=reader.name,
        language=mail.language,
        due_at=now,
        now=now,
    )
    if outbox_id is not None:
        _copy_causes(session, mail, outbox_id, reader)
    return causes.find_by_reason(session, reason_key)


def _copy_causes(session: Session, mail: OutboxMessage, outbox_id: int, reader: causes.Reader) -> None:
    """The reasons of the mail that still concern its reader, for the new one."""
    columns: list[Any] = [MailCause.__table__.c[name] for name in COPIED]
    theirs = sa.or_(MailCause.registration_id.is_(None), MailCause.registration_id.in_(reader.registration_ids))
    rows = sa.select(sa.literal(outbox_id), *columns).where(MailCause.outbox_id == mail.id, theirs)
    session.execute(sa.insert(MailCause).from_select(["outbox_id", *COPIED], rows))
    columns = [CaseCause.__table__.c[name] for name in OF_CASE]
    rows = sa.select(sa.literal(outbox_id), *columns).where(CaseCause.outbox_id == mail.id)
    session.execute(sa.insert(CaseCause).from_select(["outbox_id", *OF_CASE], rows))


def retry_failed(session: Session, *, organiser_id: int, event_id: int, now: datetime) -> int:
    """Makes an event's mails that failed due now, the oldest `AT_ONCE` of them; how many."""
    done = 0
    for mail in session.scalars(causes.select_failed(organiser_id, event_id).limit(AT_ONCE)).all():
        try:
            outbox.retry(session, mail, now=now)
            done += 1
        except CannotBeDone:
            continue
    return done


def send_test(
    session: Session,
    organiser: Organiser,
    *,
    account_id: int,
    email: str,
    name: str,
    language: str,
    site: str,
    base_url: str,
    now: datetime,
) -> OutboxMessage:
    """A mail to the account's own address that goes the way of all mail; the last one where that has not been tried."""
    last = find_last_test(session, organiser.id, key=email_key(email))
    if last is not None and last.state in UNTRIED:
        return last
    if last is not None and last.state is MailState.DEFERRED:
        outbox.cancel(session, last, why="another test took its place", now=now)
    values = {"organiser": organiser.name, "site": site, "site_link": f"{base_url}/"}
    outbox_id = outbox.enqueue(
        session,
        organiser_id=organiser.id,
        reason_key=f"{TEST_PREFIX}{account_id}/{uuid.uuid4()}",
        template=TEST,
        email=email,
        name=name,
        language=language,
        due_at=now,
        now=now,
        content=templates.render(TEST, language, values),
    )
    return session.get_one(OutboxMessage, outbox_id)


def find_last_test(session: Session, organiser_id: int, *, key: str) -> OutboxMessage | None:
    """The newest test to an address, by its key."""
    return session.scalar(
        sa.select(OutboxMessage)
        .where(
            OutboxMessage.organiser_id == organiser_id,
            OutboxMessage.email_key == key,
            OutboxMessage.template == TEST,
        )
        .order_by(OutboxMessage.id.desc())
        .limit(1)
    )
