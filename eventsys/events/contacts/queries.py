"""Reads about who answers for an event."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account, Membership
from eventsys.accounts.rules import MemberRole
from eventsys.events.models import EventContact


class Colleague(NamedTuple):
    """Somebody of the organiser's own who can answer for an event."""

    id: int
    name: str
    email: str


def list_contacts(session: Session, event_id: int, *, public: bool = False) -> list[EventContact]:
    """Who answers for the event, in order; with `public` those who are shown to everybody."""
    statement = sa.select(EventContact).where(EventContact.event_id == event_id)
    if public:
        statement = statement.where(EventContact.is_public)
    return list(session.scalars(statement.order_by(EventContact.position, EventContact.id)))


def list_colleagues(session: Session, organiser_id: int) -> list[Colleague]:
    """The organiser's people who work on its events, by name."""
    statement = (
        sa.select(Account.id, Account.name, Account.email)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organiser_id == organiser_id, Account.disabled_at.is_(None))
        .where(Membership.role.in_((MemberRole.OWNER, MemberRole.ORGANISER, MemberRole.HELPER)))
        .order_by(Account.name, Account.id)
    )
    return [Colleague(*row) for row in session.execute(statement)]
