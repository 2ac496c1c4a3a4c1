"""Reads about what came back: the mail that it is about, an organiser's list, the addresses that are blocked."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import AnyRow
from eventsys.mailing.models import OutboxMessage, ReturnedMail, Suppression
from eventsys.mailing.rules import MailState, ReturnKind

A_PAGE = 50
MOST_BLOCKED = 500
TO_LOOK_AT = (ReturnKind.HARD_BOUNCE, ReturnKind.SOFT_BOUNCE, ReturnKind.UNKNOWN)
"""What an organiser is told of. Delays and automatic replies are there to be read, and ask for nothing."""


def count_unseen(session: Session, organiser_id: int) -> int:
    """How many bounces and unknown mails came back that the organiser has not looked at."""
    statement = sa.select(sa.func.count()).where(
        ReturnedMail.organiser_id == organiser_id, ReturnedMail.seen_at.is_(None), ReturnedMail.kind.in_(TO_LOOK_AT)
    )
    return session.scalar(statement) or 0


def list_returned(
    session: Session, organiser_id: int, *, kinds: Collection[ReturnKind] = (), page: int = 1
) -> Sequence[AnyRow]:
    """A page, newest first, and one row more where there is a next page: the mail that came and the one it is about."""
    statement = (
        sa.select(ReturnedMail, OutboxMessage)
        .outerjoin(OutboxMessage, OutboxMessage.id == ReturnedMail.outbox_id)
        .where(ReturnedMail.organiser_id == organiser_id)
        .order_by(ReturnedMail.received_at.desc(), ReturnedMail.id.desc())
        .options(sa.orm.defer(ReturnedMail.raw), *_without_content())
        .offset((page - 1) * A_PAGE)
        .limit(A_PAGE + 1)
    )
    if kinds:
        statement = statement.where(ReturnedMail.kind.in_(kinds))
    return session.execute(statement).all()


def list_of_mail(session: Session, outbox_id: int) -> Sequence[ReturnedMail]:
    """What came back about one mail, oldest first."""
    statement = (
        sa.select(ReturnedMail)
        .where(ReturnedMail.outbox_id == outbox_id)
        .order_by(ReturnedMail.received_at, ReturnedMail.id)
        .options(sa.orm.defer(ReturnedMail.raw))
    )
    return session.scalars(statement).all()


def find_returned(session: Session, public_id: uuid.UUID, *, organiser_id: int) -> ReturnedMail | None:
    return session.scalar(
        sa.select(ReturnedMail).where(ReturnedMail.public_id == public_id, ReturnedMail.organiser_id == organiser_id)
    )


def find_mail(session: Session, returned: ReturnedMail) -> OutboxMessage | None:
    """The mail that it is about."""
    return session.get(OutboxMessage, returned.outbox_id) if returned.outbox_id is not None else None


def list_blocked(session: Session, organiser_id: int) -> Sequence[Suppression]:
    """Addresses that get no mail at all, of those that the organiser has written to; the newest first, not without end."""
    statement = (
        sa.select(Suppression)
        .where(Suppression.category == "", _is_written_to(organiser_id))
        .order_by(Suppression.created_at.desc(), Suppression.id.desc())
        .limit(MOST_BLOCKED)
    )
    return session.scalars(statement).all()


def find_block_of(session: Session, mail: OutboxMessage) -> Suppression | None:
    """The block of the mail's address, if there is one."""
    return session.scalar(
        sa.select(Suppression).where(Suppression.email_key == mail.email_key, Suppression.category == "")
    )


def find_blocked(session: Session, public_id: uuid.UUID, *, organiser_id: int) -> Suppression | None:
    return session.scalar(
        sa.select(Suppression).where(
            Suppression.public_id == public_id, Suppression.category == "", _is_written_to(organiser_id)
        )
    )


def find_by_public_id(session: Session, public_id: uuid.UUID) -> OutboxMessage | None:
    return session.scalar(sa.select(OutboxMessage).where(OutboxMessage.public_id == public_id))


def find_by_message_id(
    session: Session, message_ids: Collection[str], *, email_keys: Collection[str]
) -> OutboxMessage | None:
    """The mail with one of these, among those to these addresses."""
    return session.scalar(
        sa.select(OutboxMessage)
        .where(OutboxMessage.email_key.in_(email_keys), OutboxMessage.message_id.in_(message_ids))
        .limit(1)
    )


def find_by_calendar(session: Session, uid: str, *, email_keys: Collection[str]) -> OutboxMessage | None:
    """The newest mail to one of these addresses that carried the calendar entry."""
    return session.scalar(
        sa.select(OutboxMessage)
        .where(
            OutboxMessage.email_key.in_(email_keys),
            OutboxMessage.state == MailState.SENT,
            OutboxMessage.calendar.contains(f"UID:{uid}", autoescape=True),
        )
        .order_by(OutboxMessage.id.desc())
        .limit(1)
    )


def _is_written_to(organiser_id: int) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        OutboxMessage.email_key == Suppression.email_key, OutboxMessage.organiser_id == organiser_id
    )


def _without_content() -> list[sa.orm.interfaces.ORMOption]:
    return [sa.orm.defer(column) for column in (OutboxMessage.text, OutboxMessage.html, OutboxMessage.calendar)]
