"""Reads of outbox messages about events."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.invitations.models import Invitation
from eventsys.mailing.models import OutboxMessage


def find_mail(session: Session, *, organiser_id: int, public_id: uuid.UUID) -> OutboxMessage | None:
    """One of the organiser's own mails, as it was sent if it was."""
    return session.scalar(
        sa.select(OutboxMessage).where(OutboxMessage.public_id == public_id, OutboxMessage.organiser_id == organiser_id)
    )


def find_message(session: Session, public_id: uuid.UUID) -> OutboxMessage | None:
    """A mail of anybody's, for a reader who holds its link."""
    return session.scalar(sa.select(OutboxMessage).where(OutboxMessage.public_id == public_id))


def find_invitation(session: Session, public_id: uuid.UUID) -> Invitation | None:
    """An invitation of anybody's, for a reader who holds a mail's link."""
    return session.scalar(sa.select(Invitation).where(Invitation.public_id == public_id))
