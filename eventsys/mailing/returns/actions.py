"""What a returned mail changes, once: the mail that bounced and its address. Nothing is ever sent in answer."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.mailing.models import OutboxMessage, ReturnedMail, Suppression
from eventsys.mailing.outbox import insert_into
from eventsys.mailing.returns import queries
from eventsys.mailing.returns.rules import Fate, Returned
from eventsys.mailing.rules import MailState, ReturnKind
from eventsys.organisers.models import INSTALLATION, Organiser

BOUNCES = (ReturnKind.HARD_BOUNCE, ReturnKind.SOFT_BOUNCE, ReturnKind.DELAY)
WAS_SENT = (MailState.SENT, MailState.UNCERTAIN)


class NotYet(Exception):
    """The mail that it is about is being handed over at this moment: ask again when that is written down."""


def take(session: Session, returned: Returned, *, site_name: str, address: str, now: datetime) -> int | None:
    """Keeps what came back and does what it means; its id, or None where the same was taken before.

    A hard bounce of a mail that was sent to that very address makes the mail failed and blocks the address for
    everything. All else changes nothing. What is nobody's goes to the organiser `installation`, which is made with the
    site's name and address where it is missing. Raises `NotYet`.
    """
    mail, is_sure = _find_mail(session, returned)
    if mail is not None and mail.state is MailState.SENDING:
        raise NotYet(mail.message_id)
    kind, fate = _judge(returned, mail, is_sure=is_sure)
    values = {
        "public_id": uuid.uuid4(),
        "key": returned.key,
        "organiser_id": mail.organiser_id if mail else _find_installation(session, site_name, address),
        "outbox_id": mail.id if mail else None,
        "kind": kind,
        "sender": returned.sender,
        "subject": returned.subject,
        "status": fate.status if fate else returned.status,
        "words": fate.words if fate else returned.words,
        "raw": returned.raw,
        "received_at": now,
    }
    insert = insert_into(session, ReturnedMail).values(values).on_conflict_do_nothing()
    added: int | None = session.scalar(insert.returning(ReturnedMail.id))
    if added is not None and mail is not None and fate is not None and kind is ReturnKind.HARD_BOUNCE:
        _fail(session, mail, fate)
        _block(session, mail.email_key, fate, now=now)
    return added


def see(session: Session, returned: ReturnedMail, *, and_older: bool, now: datetime) -> None:
    """An organiser has looked at it, or at it and all that came before it."""
    row = ReturnedMail
    older = sa.or_(
        row.received_at < returned.received_at, sa.and_(row.received_at == returned.received_at, row.id <= returned.id)
    )
    which = older if and_older else row.id == returned.id
    session.execute(
        sa.update(row)
        .where(row.organiser_id == returned.organiser_id, row.seen_at.is_(None), which)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def lift(session: Session, block: Suppression) -> None:
    """New mails go to the address again; those that were held back stay so until somebody tries them again."""
    session.delete(block)
    session.flush()


def _find_mail(session: Session, returned: Returned) -> tuple[OutboxMessage | None, bool]:
    """The mail that it is about, and whether that is sure: by its address (VERP), else by the Message-ID."""
    if returned.public_id is not None:
        mail = queries.find_by_public_id(session, returned.public_id)
        return mail, mail is not None
    keys = {email_key(address) for address in (*returned.recipients, returned.sender) if address}
    if returned.message_ids:
        mail = queries.find_by_message_id(session, returned.message_ids, email_keys=keys)
        if mail is not None:
            return mail, returned.is_report
    if returned.answered_uid:
        return queries.find_by_calendar(session, returned.answered_uid, email_keys=keys), False
    return None, False


def _judge(returned: Returned, mail: OutboxMessage | None, *, is_sure: bool) -> tuple[ReturnKind, Fate | None]:
    """What it is once the mail is known. A report that does not fit the mail is unknown, and so is one without any."""
    if returned.fates and mail is not None and is_sure and _was_sent(mail):
        fits = [fate for fate in returned.fates if not fate.recipient or email_key(fate.recipient) == mail.email_key]
        if fits:
            worst = min(fits, key=lambda fate: BOUNCES.index(fate.kind))
            return worst.kind, worst
    return (ReturnKind.UNKNOWN if returned.kind in BOUNCES else returned.kind), None


def _was_sent(mail: OutboxMessage) -> bool:
    return mail.sent_at is not None or mail.state in WAS_SENT


def _fail(session: Session, mail: OutboxMessage, fate: Fate) -> None:
    session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id == mail.id, OutboxMessage.state.in_(WAS_SENT))
        .values(state=MailState.FAILED, answer=fate.words or fate.status)
        .execution_options(synchronize_session=False)
    )


def _block(session: Session, key: str, fate: Fate, *, now: datetime) -> None:
    """The address gets no more mail of any kind; twice is once."""
    row = {
        "public_id": uuid.uuid4(),
        "email_key": key,
        "category": "",
        "why": f"returned: {fate.status}",
        "created_at": now,
    }
    session.execute(insert_into(session, Suppression).values(row).on_conflict_do_nothing())


def _find_installation(session: Session, name: str, address: str) -> int:
    """The organiser of what is nobody's, as the sign-in mails make it."""
    values = {"slug": INSTALLATION, "name": name, "email": address, "language": "nb", "timezone": "Europe/Oslo"}
    session.execute(insert_into(session, Organiser).values(values).on_conflict_do_nothing())
    return session.execute(sa.select(Organiser.id).where(Organiser.slug == INSTALLATION)).scalar_one()
