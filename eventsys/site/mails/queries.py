"""Reads of the mails that one address got about certain seats, and of how many other seats each is about; and about an
application."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import AnyRow
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.programmes.models import ApplicationMember
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import Change
from eventsys.workflows.models import CaseCause, MailCause

SHOWN = (MailState.SENT, MailState.QUEUED, MailState.SENDING, MailState.DEFERRED, MailState.FAILED, MailState.UNCERTAIN)
MOST = 100


def list_mails(
    session: Session, *, organiser_id: int, email_key: str, registration_ids: Collection[int], since: datetime | None
) -> list[AnyRow]:
    """The organiser's mails to the address about the seats, newest first, none from before `since`.

    Rows of OutboxMessage and `others`: how many other seats the mail is about.
    """
    about = sa.select(MailCause.outbox_id).where(MailCause.registration_id.in_(registration_ids))
    others = (
        sa.select(sa.func.count())
        .where(MailCause.outbox_id == OutboxMessage.id, MailCause.registration_id.not_in(registration_ids))
        .correlate(OutboxMessage)
        .scalar_subquery()
    )
    statement = (
        sa.select(OutboxMessage, others.label("others"))
        .where(OutboxMessage.organiser_id == organiser_id, OutboxMessage.email_key == email_key)
        .where(OutboxMessage.id.in_(about), OutboxMessage.state.in_(SHOWN))
        .order_by(OutboxMessage.id.desc())
        .limit(MOST)
    )
    if since is not None:
        statement = statement.where(OutboxMessage.created_at >= since)
    return list(session.execute(statement))


def list_case_mails(session: Session, member: ApplicationMember) -> list[AnyRow]:
    """The mails to somebody about the application that they write, newest first; rows as those of `list_mails`."""
    mine = sa.select(CaseCause.outbox_id).where(CaseCause.member_id == member.id)
    statement = (
        sa.select(OutboxMessage, sa.literal(0).label("others"))
        .where(OutboxMessage.id.in_(mine), OutboxMessage.email_key == member.email_key)
        .where(OutboxMessage.state.in_(SHOWN))
        .order_by(OutboxMessage.id.desc())
        .limit(MOST)
    )
    return list(session.execute(statement))


def find_handed_over(session: Session, registration_id: int) -> datetime | None:
    """When the seat became its present owner's, where it was somebody else's before."""
    return session.scalar(
        sa.select(sa.func.max(RegistrationChange.at)).where(
            RegistrationChange.registration_id == registration_id, RegistrationChange.change == Change.HANDED_OVER
        )
    )


def list_seat_ids(session: Session, delegation_id: int) -> list[int]:
    statement = sa.select(Registration.id).where(Registration.delegation_id == delegation_id)
    return list(session.scalars(statement.order_by(Registration.id)))
