"""Verbs of orders: ordered, sent, declined, erased. The caller owns the transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.site.models import BrochureOrder, SiteDocument
from eventsys.site.orders import queries
from eventsys.site.rules import (
    KEPT,
    KEPT_AFTER,
    MOST_ORDERS_AN_HOUR,
    NotOnPaper,
    OrderFacts,
    OrderState,
    TooManyCopies,
    TooManyOrders,
    may_become,
)


def order(
    session: Session, document: SiteDocument, *, facts: OrderFacts, form_token: str, now: datetime
) -> BrochureOrder | None:
    """The order; None where this form was sent already. Raises `NotOnPaper`, `TooManyCopies`, `TooManyOrders`."""
    if not document.on_paper:
        raise NotOnPaper
    if facts.copies > document.most_copies:
        raise TooManyCopies(document.most_copies)
    if session.scalar(sa.select(BrochureOrder.id).where(BrochureOrder.form_token == form_token)):
        return None
    key = email_key(facts.email)
    if queries.count_since(session, key, since=now - timedelta(hours=1)) >= MOST_ORDERS_AN_HOUR:
        raise TooManyOrders
    ordered = BrochureOrder(
        organiser_id=document.organiser_id,
        document_id=document.id,
        form_token=form_token,
        copies=facts.copies,
        language=facts.language,
        name=facts.name,
        organisation=facts.organisation,
        postal_address=facts.postal_address,
        email=facts.email,
        email_key=key,
        created_at=now,
        erase_on=(now + KEPT).date(),
    )
    session.add(ordered)
    session.flush()
    return ordered


def answer(session: Session, ordered: BrochureOrder, *, state: OrderState, now: datetime) -> bool:
    """Marks it sent or declined, once; False where it was answered already. Its name and address go some time after."""
    if not may_become(ordered.state, state):
        return False
    ordered.state = state
    ordered.sent_at = now if state is OrderState.SENT else None
    ordered.erase_on = (now + KEPT_AFTER).date()
    session.flush()
    return True


def erase(session: Session, *, now: datetime) -> int:
    """Takes names and addresses out of the orders whose day has come; the numbers stay. How many orders."""
    nobody = dict.fromkeys(("name", "organisation", "postal_address", "email", "email_key"), "")
    due = sa.update(BrochureOrder).where(BrochureOrder.erase_on <= now.date(), BrochureOrder.email_key != "")
    result: Any = session.execute(due.values(**nobody).execution_options(synchronize_session=False))
    return int(result.rowcount)
