"""Reads for the demo's pages: who may be signed in as, and what falls due next."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account, Membership
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.organisers.models import Organiser
from eventsys.workflows.models import Occasion
from eventsys.workflows.rules import OccasionState


class DemoAccount(NamedTuple):
    """Somebody to sign in as, and the names of the organisers it works for."""

    name: str
    email: str
    organisers: str


def list_accounts(session: Session) -> list[DemoAccount]:
    """Those who can sign in, the first made first."""
    rows = session.execute(
        sa.select(Account.name, Account.email, Organiser.name.label("organiser"))
        .join(Membership, Membership.account_id == Account.id)
        .join(Organiser, Organiser.id == Membership.organiser_id)
        .where(Account.disabled_at.is_(None))
        .order_by(Account.id, Organiser.id)
    )
    return [
        DemoAccount(name, email, ", ".join(row.organiser for row in of))
        for (name, email), of in groupby(rows, key=lambda row: (row.name, row.email))
    ]


def find_account(session: Session, email: str) -> Account | None:
    if "\0" in email:
        return None
    return session.scalar(sa.select(Account).where(Account.email == email, Account.disabled_at.is_(None)))


def find_next_due(session: Session, *, after: datetime, until: datetime) -> datetime | None:
    """The first moment in this span at which an occasion or a mail falls due."""
    occasion = sa.select(sa.func.min(Occasion.due_at)).where(
        Occasion.state == OccasionState.PLANNED, Occasion.due_at > after, Occasion.due_at <= until
    )
    mail = sa.select(sa.func.min(OutboxMessage.next_try_at)).where(
        OutboxMessage.state.in_((MailState.QUEUED, MailState.DEFERRED)),
        OutboxMessage.next_try_at > after,
        OutboxMessage.next_try_at <= until,
    )
    return min(filter(None, (session.scalar(occasion), session.scalar(mail))), default=None)
