"""Verbs of places that an organiser holds for organisations, and of giving to all what is held. The caller owns the
transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.rules import Fields
from eventsys.events.models import Event, Run
from eventsys.registrations.actions.locking import lock_event
from eventsys.registrations.actions.serving import serve_queue
from eventsys.registrations.actions.within import require_within
from eventsys.registrations.limits.notes import note, tell_holds
from eventsys.registrations.limits.rules import Kind
from eventsys.registrations.models import HeldPlaces


def hold_places(
    session: Session,
    run: Run,
    *,
    organisation_ids: Collection[int],
    places: int,
    held_until: date,
    account_id: int | None = None,
    now: datetime,
) -> None:
    """Nobody else gets so many of the run's places for each of the organisations, until the end of the day. What an
    organisation has taken already counts. Raises `TooSmall` where the run has not that many left."""
    lock_event(session, run.event_id)
    rows = session.scalars(
        sa.select(HeldPlaces).where(HeldPlaces.run_id == run.id, HeldPlaces.organisation_id.in_(organisation_ids))
    )
    there = {row.organisation_id: row for row in rows}
    before = {"held_places": tell_holds(session, there.values())}
    kept = []
    for organisation_id in organisation_ids:
        held = there.get(organisation_id) or HeldPlaces(
            organiser_id=run.organiser_id, event_id=run.event_id, run_id=run.id, organisation_id=organisation_id
        )
        held.places, held.held_until, held.released_at = places, held_until, None
        session.add(held)
        kept.append(held)
    session.flush()
    require_within(session, run.event_id, [Kind.RUN], of=[run.id], now=now)
    after = {"held_places": tell_holds(session, kept)}
    note(session, run.event_id, run.id, before, after, account_id=account_id, now=now)
    serve_queue(session, session.get_one(Event, run.event_id), now=now)


def release_places(
    session: Session, run: Run, *, organisation_id: int, account_id: int | None = None, now: datetime
) -> bool:
    """Gives what is held for the organisation to all; False where nothing is."""
    lock_event(session, run.event_id)
    held = _find_held(session, run, HeldPlaces.organisation_id == organisation_id)
    before = {"held_places": tell_holds(session, held)}
    return _release(session, run, held, before, account_id=account_id, now=now)


def release_people(
    session: Session, run: Run, *, held_until: date, account_id: int | None = None, now: datetime
) -> bool:
    """Gives to all what is held until the day for people who are invited by name; False where nothing is."""
    lock_event(session, run.event_id)
    held = _find_held(session, run, HeldPlaces.person_id.is_not(None), HeldPlaces.held_until == held_until)
    before = {"held_places": {"people": len(held), "held_until": held_until}}
    return _release(session, run, held, before, account_id=account_id, now=now)


def _find_held(session: Session, run: Run, *conditions: sa.ColumnElement[bool]) -> list[HeldPlaces]:
    held = sa.select(HeldPlaces).where(HeldPlaces.run_id == run.id, HeldPlaces.released_at.is_(None), *conditions)
    return list(session.scalars(held).all())


def _release(
    session: Session,
    run: Run,
    held: list[HeldPlaces],
    before: Fields,
    *,
    account_id: int | None,
    now: datetime,
) -> bool:
    for row in held:
        row.released_at = now
    if not held:
        return False
    session.flush()
    note(session, run.event_id, run.id, before, {"held_places": []}, account_id=account_id, now=now)
    serve_queue(session, session.get_one(Event, run.event_id), now=now)
    return True
