"""Reads of the organiser's whole outbox; what is about one event is read by `workflows.queries`."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.workflows.models import MailCause

MAILS_A_PAGE = 50
WAITING = (MailState.QUEUED, MailState.SENDING, MailState.DEFERRED)


def count_mails(session: Session, organiser_id: int) -> dict[MailState, int]:
    statement = (
        sa.select(OutboxMessage.state, sa.func.count().label("how_many"))
        .where(OutboxMessage.organiser_id == organiser_id)
        .group_by(OutboxMessage.state)
    )
    return {row.state: row.how_many for row in session.execute(statement)}


def list_mails(
    session: Session,
    organiser_id: int,
    *,
    states: Sequence[MailState] = (),
    search: str = "",
    page: int = 1,
    event_id: int | None = None,
) -> list[OutboxMessage]:
    """A page of the outbox or of an event's part of it, newest first, and one row more where there is a next page."""
    statement = (
        sa.select(OutboxMessage)
        .where(OutboxMessage.organiser_id == organiser_id)
        .order_by(OutboxMessage.due_at.desc(), OutboxMessage.id.desc())
        .offset((page - 1) * MAILS_A_PAGE)
        .limit(MAILS_A_PAGE + 1)
    )
    if event_id is not None:
        statement = statement.where(OutboxMessage.id.in_(_about(organiser_id, event_id)))
    if states:
        statement = statement.where(OutboxMessage.state.in_(states))
    if search:
        in_name = [OutboxMessage.name.contains(word, autoescape=True) for word in {search, search.title()}]
        in_address = OutboxMessage.email_key.contains(search.casefold(), autoescape=True)
        statement = statement.where(sa.or_(in_address, *in_name))
    return list(session.scalars(statement))


def _about(organiser_id: int, event_id: int) -> sa.Select[int]:
    return sa.select(MailCause.outbox_id).where(MailCause.organiser_id == organiser_id, MailCause.event_id == event_id)
