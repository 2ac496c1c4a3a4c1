"""When a case has had its time: what is over of calls and applications, for everything that is kept about them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.models import Application, Call, CaseChange, Decision, Programme
from eventsys.workflows.models import CaseCause
from eventsys.workflows.retention.periods import Groups, for_each

NEVER_SENT = timedelta(days=182)
"""How long a draft that was not sent is kept after the deadline: half a year."""
ENDED = (ApplicationState.DECLINED, ApplicationState.WITHDRAWN, ApplicationState.DRAFT)


def application_is_over(groups: Groups, today: date) -> sa.ColumnElement[bool]:
    """Of `Application`, `Call` and `Programme`: refused or withdrawn longer ago than the organiser's period, or not sent
    half a year after the deadline; of one that was sent and not refused the programme ended so long ago. Where a programme
    has no end, such a case has none."""
    unsent = sa.and_(Application.state == ApplicationState.DRAFT, Call.closes_at < _begin(today - NEVER_SENT))
    return sa.or_(unsent, for_each(groups, Call.organiser_id, lambda period: _ended_before(today - period)))


def _ended_before(day: date) -> sa.ColumnElement[bool]:
    moment, state = _begin(day), Application.state
    refused = sa.exists().where(
        Decision.application_id == Application.id, Decision.reversed_at.is_(None), Decision.decided_at < moment
    )
    return sa.or_(
        sa.and_(state == ApplicationState.DECLINED, refused),
        sa.and_(state == ApplicationState.WITHDRAWN, Application.changed_at < moment),
        sa.and_(state.not_in(ENDED), Programme.ends_on < day),
    )


def call_is_over(groups: Groups, today: date) -> sa.ColumnElement[bool]:
    """Of `Call` and `Programme`: the programme ended so long ago; where it has no end, the call closed so long ago."""
    return for_each(groups, Call.organiser_id, lambda period: _was_over(today - period))


def _was_over(day: date) -> sa.ColumnElement[bool]:
    return sa.case((Programme.ends_on.is_(None), Call.closes_at < _begin(day)), else_=Programme.ends_on < day)


def select_applications_over(groups: Groups, today: date) -> sa.Select[int]:
    columns: Any = Application.id
    return (
        sa.select(columns)
        .join(Call, Call.id == Application.call_id)
        .join(Programme, Programme.id == Call.programme_id)
        .where(application_is_over(groups, today))
    )


def select_calls_over(groups: Groups, today: date) -> sa.Select[int]:
    columns: Any = Call.id
    return sa.select(columns).join(Programme, Programme.id == Call.programme_id).where(call_is_over(groups, today))


def select_mails_over(groups: Groups, today: date) -> sa.Select[int]:
    """The mails about cases that are over."""
    of_application = sa.and_(Application.id.is_not(None), application_is_over(groups, today))
    of_call = sa.and_(Application.id.is_(None), call_is_over(groups, today))
    columns: Any = CaseCause.outbox_id
    return (
        sa.select(columns)
        .join(CaseChange, CaseChange.id == CaseCause.change_id)
        .join(Call, Call.id == CaseChange.call_id)
        .join(Programme, Programme.id == Call.programme_id)
        .outerjoin(Application, Application.id == CaseChange.application_id)
        .where(sa.or_(of_application, of_call))
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
