"""Reads of what else a person has on the same days. For the person alone: where somebody goes may tell of a union."""

from __future__ import annotations

import functools

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.models import Event, Run
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.extensions import AnyRow
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import LEAVABLE, State

Other = aliased(Registration)
OtherRun = aliased(Run, name="other_run")


def list_clashes(session: Session, registration: Registration) -> list[AnyRow]:
    """The person's other live registrations in runs that overlap this one's, whoever arranges them, soonest first.

    Rows of Event, `other_run` and state; none for a seat without a name. Runs with clock times overlap by these, others by
    day.
    """
    if registration.person_id is None or registration.state in (State.CANCELLED, State.DECLINED):
        return []
    return list(session.execute(_clashes(), {"id": registration.id}))


@functools.cache
def _clashes() -> sa.Select[Event, Run, State]:
    return (
        sa.select(Event, OtherRun, Other.state)
        .select_from(Registration)
        .join(Run, Run.id == Registration.run_id)
        .join(Other, sa.and_(Other.person_id == Registration.person_id, Other.id != Registration.id))
        .join(OtherRun, OtherRun.id == Other.run_id)
        .join(Event, Event.id == Other.event_id)
        .where(
            Registration.id == sa.bindparam("id"),
            Other.state.in_(LEAVABLE),
            OtherRun.status == RunStatus.PLANNED,
            Event.status == EventStatus.PUBLISHED,
            overlap(Run, OtherRun),
        )
        .order_by(OtherRun.sort_at, Other.id)
    )


def overlap(one: type[Run], other: type[Run]) -> sa.ColumnElement[bool]:
    """Whether two runs are at the same time, as far as their times are known."""
    have_times = sa.and_(one.starts_at.is_not(None), other.starts_at.is_not(None))
    by_times = sa.and_(one.starts_at < other.ends_at, other.starts_at < one.ends_at)
    by_days = sa.and_(one.first_on <= other.last_on, other.first_on <= one.last_on)
    return sa.and_(by_days, sa.or_(sa.not_(have_times), by_times))
