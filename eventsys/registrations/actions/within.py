"""That no limit is below what is taken: asked after a limit was changed, under the event's lock."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.models import Event
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import CohortMembership
from eventsys.programmes.queries import lasts
from eventsys.registrations.actions.serving import find_today
from eventsys.registrations.limits.queries import HOLDS, count_limits
from eventsys.registrations.limits.rules import Dimension, Kind
from eventsys.registrations.models import (
    PlainAnswer,
    Quota,
    Registration,
    RegistrationNight,
    RunNight,
    SensitiveAnswer,
    SessionSeat,
)
from eventsys.registrations.rules import TooSmall


def require_within(
    session: Session,
    event_id: int,
    kinds: Collection[Kind] = tuple(Kind),
    *,
    of: Collection[int] | None = None,
    now: datetime,
) -> None:
    """Raises `TooSmall` where more is taken of one of these dimensions (those whose `of` is given, else all of the kinds)
    than its limit, with the names of those who came last."""
    on = find_today(session, session.get_one(Event, event_id), now=now)
    for dimension, limit in count_limits(session, event_id, on=on, kinds=kinds).items():
        if limit.is_exceeded and (of is None or dimension.of in of):
            above = limit.taken + limit.held - (limit.capacity or 0)
            raise TooSmall(limit.taken + limit.held, list_last(session, event_id, dimension, above, on=on))


def list_last(session: Session, event_id: int, dimension: Dimension, many: int, *, on: date) -> list[str]:
    """The names of the last who got what is limited, in order of queueing; of a seat without a name its organisation."""
    rows = session.execute(
        sa.select(Registration.name, Organisation.label)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(HOLDS, _has(dimension, event_id, on))
        .order_by(Registration.queued_at.desc(), Registration.id.desc())
        .limit(many)
    )
    return [name or label or "" for name, label in reversed(rows.all())]


def _has(dimension: Dimension, event_id: int, on: date) -> sa.ColumnElement[bool]:
    """The condition that a seat is counted in the dimension."""
    kind, of, part = dimension
    if kind is Kind.RUN:
        return Registration.run_id == of
    if kind is Kind.SESSION:
        return sa.exists().where(SessionSeat.registration_id == Registration.id, SessionSeat.session_id == of)
    if kind is Kind.NIGHT:
        return _has_night(of)
    if kind is Kind.CHOICE:
        return sa.or_(*(
            sa.exists().where(table.registration_id == Registration.id, table.question_id == of, table.option == part)
            for table in (PlainAnswer, SensitiveAnswer)
        ))  # fmt: skip
    in_event = Registration.event_id == event_id
    if kind is Kind.ORGANISATION:
        return sa.and_(in_event, Registration.organisation_id == part)
    if kind is Kind.SIDE:
        return sa.and_(in_event, Registration.side == sa.select(Quota.side).where(Quota.id == of).scalar_subquery())
    cohort = sa.select(Quota.cohort_id).where(Quota.id == of).scalar_subquery()
    members = sa.select(CohortMembership.organisation_id).where(
        CohortMembership.cohort_id == cohort, lasts(CohortMembership, on)
    )
    return sa.and_(in_event, Registration.organisation_id.in_(members))


def _has_night(night_id: int) -> sa.ColumnElement[bool]:
    """The same night at the same hotel, at whichever of the organiser's events."""
    one, other = aliased(RunNight), aliased(RunNight)
    return sa.exists().where(
        one.id == night_id,
        other.organiser_id == one.organiser_id,
        other.venue_id == one.venue_id,
        other.on == one.on,
        RegistrationNight.night_id == other.id,
        RegistrationNight.registration_id == Registration.id,
    )
