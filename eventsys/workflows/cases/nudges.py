"""Reminders of a call at the moments that its organiser chose: who has not begun, who has not sent. Each once; to whom is
decided when it is due. The caller owns the transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import UTCDateTime
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CallState, CaseAct, Nudged
from eventsys.programmes.models import Application, Call, CallNudge, CallRecipient, CaseChange


def has_due_nudge(session: Session, *, now: datetime) -> bool:
    """A read, so that an idle worker takes no lock."""
    return session.scalar(sa.select(CallNudge.id).where(*_is_due(now)).limit(1)) is not None


def nudge(session: Session, *, now: datetime) -> int:
    """Makes the reminders that are due into rows of the history, which become mail; how many reminders.

    One whose call is no longer open has had its time.
    """
    due = session.scalars(
        sa.select(CallNudge)
        .where(*_is_due(now))
        .order_by(CallNudge.due_at, CallNudge.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for one in due:
        call = session.get_one(Call, one.call_id)
        if call.state is CallState.OPEN and now < call.closes_at:
            _add_changes(session, call, one, now)
        one.sent_at = now
    session.flush()
    return len(due)


def count_nudged(session: Session, call: Call, whom: Nudged) -> int:
    """How many organisations it would go to now."""
    return session.scalar(sa.select(sa.func.count()).select_from(_select(call, whom).subquery())) or 0


def _is_due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return CallNudge.sent_at.is_(None), CallNudge.due_at <= now


def _select(call: Call, whom: Nudged) -> sa.Select[*tuple[Any, ...]]:
    """Recipient and application of each. Who said no, or withdrew, is left alone."""
    columns: tuple[Any, ...] = (CallRecipient.id.label("recipient_id"), Application.id.label("application_id"))
    theirs = sa.and_(
        Application.call_id == CallRecipient.call_id, Application.organisation_id == CallRecipient.organisation_id
    )
    select = sa.select(*columns).where(CallRecipient.call_id == call.id)
    if whom is Nudged.NOT_BEGUN:
        without = select.outerjoin_from(CallRecipient, Application, theirs).where(Application.id.is_(None))
        return without.where(CallRecipient.declined_at.is_(None))
    drafts = sa.and_(Application.call_id == call.id, Application.state == ApplicationState.DRAFT)
    return sa.select(*columns).select_from(Application).outerjoin(CallRecipient, theirs).where(drafts)


def _add_changes(session: Session, call: Call, one: CallNudge, now: datetime) -> None:
    told = _select(call, one.whom).subquery("told")
    columns: dict[str, Any] = {
        "organiser_id": sa.literal(call.organiser_id, sa.Integer()),
        "call_id": sa.literal(call.id, sa.Integer()),
        "act": sa.literal(CaseAct.NUDGED, CaseChange.act.type),
        "recipient_id": told.c.recipient_id,
        "application_id": told.c.application_id,
        "nudge_id": sa.literal(one.id, sa.Integer()),
        "at": sa.literal(now, UTCDateTime()),
        "words": sa.literal(""),
        "facts": sa.literal({}, CaseChange.facts.type),
    }
    session.execute(sa.insert(CaseChange).from_select([*columns], sa.select(*columns.values()), False))
