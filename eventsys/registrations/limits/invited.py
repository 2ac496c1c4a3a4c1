"""Verbs of places that are held because somebody is invited, until they answer or the day is over. The caller owns the
transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, Run
from eventsys.registrations.actions.locking import lock_event
from eventsys.registrations.actions.serving import find_today, serve_queue
from eventsys.registrations.limits.queries import HOLDS, count_limits
from eventsys.registrations.limits.rules import Dimension, Kind
from eventsys.registrations.models import HeldPlaces, Registration


def hold_for_invited(
    session: Session,
    run: Run,
    *,
    organisation_ids: Collection[int] = (),
    person_ids: Collection[int] = (),
    places: int = 1,
    held_until: date,
    now: datetime,
) -> int:
    """Holds so many places for each of the organisations, and one for each of the people, as long as there are some left;
    says for how many of them. What somebody has taken counts; what an organiser holds for an organisation stays as it is.
    """
    lock_event(session, run.event_id)
    event = session.get_one(Event, run.event_id)
    limits = count_limits(session, event.id, on=find_today(session, event, now=now), kinds=[Kind.RUN])
    left = limits[Dimension(Kind.RUN, run.id)].left
    rows = session.scalars(sa.select(HeldPlaces).where(HeldPlaces.run_id == run.id)).all()
    there = {(row.organisation_id, row.person_id): row for row in rows}
    asked = [(one, None, places) for one in organisation_ids] + [(None, one, 1) for one in person_ids]
    had = _count_had(session, run.id)
    held = 0
    for organisation_id, person_id, many in asked:
        row = there.get((organisation_id, person_id))
        if row is not None and row.released_at is None:
            held += 1
            continue
        needs = max(many - had.get((organisation_id, person_id), 0), 0)
        if left is not None and needs > left:
            continue
        left = None if left is None else left - needs
        _hold(session, run, row, organisation_id, person_id, many, held_until)
        held += 1
    session.flush()
    return held


def _count_had(session: Session, run_id: int) -> dict[tuple[int | None, int | None], int]:
    """How many places each organisation, and each person, has in the run."""
    found: dict[tuple[int | None, int | None], int] = {}
    rows = session.execute(
        sa.select(Registration.organisation_id, Registration.person_id).where(Registration.run_id == run_id, HOLDS)
    )
    for organisation_id, person_id in rows:
        for key in ((organisation_id, None), (None, person_id)):
            found[key] = found.get(key, 0) + 1
    return found


def _hold(
    session: Session,
    run: Run,
    row: HeldPlaces | None,
    organisation_id: int | None,
    person_id: int | None,
    places: int,
    held_until: date,
) -> None:
    row = row or HeldPlaces(
        organiser_id=run.organiser_id,
        event_id=run.event_id,
        run_id=run.id,
        organisation_id=organisation_id,
        person_id=person_id,
    )
    row.places, row.held_until, row.released_at, row.by_invitation = places, held_until, None, True
    session.add(row)


def release_invited(
    session: Session,
    event_id: int,
    *,
    organisation_ids: Collection[int] = (),
    person_ids: Collection[int] = (),
    now: datetime,
) -> bool:
    """Gives to all what an invitation holds for these; False where that is nothing."""
    theirs = sa.or_(HeldPlaces.organisation_id.in_(organisation_ids), HeldPlaces.person_id.in_(person_ids))
    held = sa.select(HeldPlaces).where(
        HeldPlaces.event_id == event_id, HeldPlaces.by_invitation, HeldPlaces.released_at.is_(None), theirs
    )
    if not session.scalars(held.limit(1)).first():
        return False
    lock_event(session, event_id)
    for row in session.scalars(held.execution_options(populate_existing=True)).all():
        row.released_at = now
    session.flush()
    serve_queue(session, session.get_one(Event, event_id), now=now)
    return True
