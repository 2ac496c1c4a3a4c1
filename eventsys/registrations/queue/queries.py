"""Reads about the waiting list: who stands in a run's queue and in which place, and what of it has run out."""

from __future__ import annotations

import functools
from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Delegation, HeldPlaces, Registration
from eventsys.registrations.queue.rules import Unit, Waiting, find_place, make_units
from eventsys.registrations.rules import State

NO_DAY, NO_ZONE = sa.cast(sa.null(), sa.Date()), sa.cast(sa.null(), sa.String())


def list_units(session: Session, run_ids: Collection[int]) -> list[Unit]:
    """Those who wait for any of the runs, as a first or a second choice, in the order in which they are served."""
    together = sa.case((Delegation.waits_together, Delegation.id), else_=None)
    statement = (
        sa.select(
            Registration.id, Registration.run_id, Registration.second_run_id, Registration.priority,
            Registration.queued_at, Registration.organisation_id, Registration.side, Registration.person_id, together,
        )
        .outerjoin(Delegation, Delegation.id == Registration.delegation_id)
        .where(sa.or_(Registration.run_id.in_(run_ids), Registration.second_run_id.in_(run_ids)))
        .where(Registration.state == State.WAITING)
    )  # fmt: skip
    return make_units(Waiting(*row) for row in session.execute(statement))


def find_position(session: Session, registration: Registration, *, run_id: int | None = None) -> int:
    """The place, from 1, in the waiting list of the seat's run, or of the second choice that `run_id` names.

    Those who wait together stand in one place.
    """
    return find_place(list_units(session, [run_id or registration.run_id]), registration.id) or 1


def find_lapsed(session: Session, *, now: datetime) -> list[int]:
    """The events with an offer or held places that have ended."""
    values = {"at": now, "on_day": now.date()}
    rows = session.execute(_lapsed(), values).all()
    return sorted(
        {row.event_id for row in rows if row.held_until is None or is_over(row.held_until, row.timezone, now)}
    )


@functools.cache
def _lapsed() -> sa.CompoundSelect[int, date | None, str | None]:
    offers = sa.select(Registration.event_id, NO_DAY.label("held_until"), NO_ZONE.label("timezone")).where(
        Registration.state == State.OFFERED, Registration.offered_until <= sa.bindparam("at")
    )
    held = (
        sa.select(HeldPlaces.event_id, HeldPlaces.held_until, Organiser.timezone)
        .join(Organiser, Organiser.id == HeldPlaces.organiser_id)
        .where(HeldPlaces.released_at.is_(None), HeldPlaces.held_until <= sa.bindparam("on_day"))
    )
    return offers.union_all(held)


def is_over(held_until: date, timezone: str, now: datetime) -> bool:
    """Whether the day, inclusive, has ended at the place."""
    return dates.to_local(now, timezone).date() > held_until
