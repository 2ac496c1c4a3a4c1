"""Rows of an event's history about its limits: which quota, whose places and which nights, from what to what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.rules import Fields, as_plain
from eventsys.events.models import EventChange
from eventsys.events.rules import ChangeKind
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import Cohort
from eventsys.registrations.models import HeldPlaces, Quota, RunNight
from eventsys.venues.models import Venue


def note(
    session: Session,
    event_id: int,
    run_id: int | None,
    before: Fields,
    after: Fields,
    *,
    fields: Collection[str] = (),
    account_id: int | None,
    now: datetime,
) -> None:
    """What became of the fields, or of what is named alone; nobody is told of it."""
    names = list(dict.fromkeys([*fields, *before, *after]))
    told = {"fields": names, "from": as_plain(before), "to": as_plain(after)}
    session.add(
        EventChange(
            event_id=event_id,
            run_id=run_id,
            kind=ChangeKind.EDITED,
            at=now,
            account_id=account_id,
            facts=told,
            noticed_at=now,
        )
    )
    session.flush()


def tell_quota(session: Session, quota: Quota | None) -> dict[str, Any] | None:
    """Whose quota it is and how much; what it does not say is left out."""
    if quota is None:
        return None
    cohort = session.get(Cohort, quota.cohort_id) if quota.cohort_id is not None else None
    facts = {
        "each_organisation": quota.per_organisation or None,
        "cohort": cohort.name if cohort else None,
        "side": quota.side,
        "most_seats": quota.most_seats,
        "free_seats": quota.free_seats,
    }
    return {name: value for name, value in facts.items() if value is not None}


def tell_holds(session: Session, rows: Iterable[HeldPlaces]) -> list[dict[str, Any]]:
    """What is held for each of the organisations now."""
    held = {row.organisation_id: row for row in rows if row.released_at is None and row.organisation_id is not None}
    names = session.execute(
        sa.select(Organisation.id, Organisation.label)
        .where(Organisation.id.in_(held))
        .order_by(Organisation.sort_key, Organisation.id)
    )
    return [
        {"whose": label, "places": held[one].places, "held_until": held[one].held_until} for one, label in names.all()
    ]


def tell_nights(session: Session, nights: Iterable[RunNight]) -> dict[str, Any]:
    """Which nights, and at which hotel."""
    rows = sorted(nights, key=lambda night: night.on)
    hotels = sa.select(Venue.name).where(Venue.id.in_({night.venue_id for night in rows})).order_by(Venue.name)
    return {"nights": [night.on for night in rows], "hotel": list(session.scalars(hotels)) if rows else []}
