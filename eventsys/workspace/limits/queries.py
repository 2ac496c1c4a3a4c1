"""Reads for the pages of an event's limits: quotas, held places, sessions, nights, each with what is taken."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import EventSession, Run
from eventsys.events.programme.queries import list_programme
from eventsys.events.rules import SessionKind
from eventsys.organisations.models import Organisation
from eventsys.registrations.limits.queries import count_limits, nights
from eventsys.registrations.limits.rules import QUOTAS, Kind, Limit
from eventsys.registrations.limits.terms import Part
from eventsys.registrations.models import HeldPlaces, Quota, Registration, RoomBlock, RunNight
from eventsys.registrations.rules import HOLDS_A_PLACE


class QuotaRow(NamedTuple):
    """A quota; `taken` is what the one part has, or the organisation that has most."""

    part: Part
    free_seats: int | None
    most_seats: int | None
    taken: int


def list_quotas(session: Session, event_id: int, *, on: date) -> list[QuotaRow]:
    """The event's quotas as they were made; `on` decides who is in a cohort."""
    rows = session.scalars(sa.select(Quota).where(Quota.event_id == event_id).order_by(Quota.id)).all()
    taken: dict[int, int] = {}
    if rows:
        for dimension, limit in count_limits(session, event_id, on=on, kinds=QUOTAS).items():
            taken[dimension.of] = max(taken.get(dimension.of, 0), limit.taken)
    return [
        QuotaRow(
            Part(row.per_organisation, row.cohort_id, row.side), row.free_seats, row.most_seats, taken.get(row.id, 0)
        )
        for row in rows
    ]


class HoldRow(NamedTuple):
    """Places of a run held for an organisation, and how many of its own it has taken."""

    run_id: int
    organisation_id: int
    label: str
    places: int
    had: int
    held_until: date


def list_holds(session: Session, event_id: int) -> list[HoldRow]:
    """What is held now, by run and in Norwegian order."""
    had = (
        sa.select(sa.func.count())
        .where(Registration.run_id == HeldPlaces.run_id, Registration.state.in_(HOLDS_A_PLACE))
        .where(Registration.organisation_id == HeldPlaces.organisation_id)
        .correlate(HeldPlaces)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            HeldPlaces.run_id, HeldPlaces.organisation_id, Organisation.label, HeldPlaces.places, had,
            HeldPlaces.held_until,
        )
        .join(Organisation, Organisation.id == HeldPlaces.organisation_id)
        .join(Run, Run.id == HeldPlaces.run_id)
        .where(HeldPlaces.event_id == event_id, HeldPlaces.released_at.is_(None))
        .order_by(Run.sort_at, Run.id, Organisation.sort_key)
    )  # fmt: skip
    return [HoldRow(*row) for row in rows]


class PeopleHeld(NamedTuple):
    """How many people, invited by name, a place of a run is held for until a day, and how many of them have taken it."""

    run_id: int
    held_until: date
    places: int
    had: int


def list_people_held(session: Session, event_id: int) -> list[PeopleHeld]:
    """What is held now for people by name, counted: who they are stands among the invitations."""
    had = (
        sa.exists()
        .where(Registration.run_id == HeldPlaces.run_id, Registration.state.in_(HOLDS_A_PLACE))
        .where(Registration.person_id == HeldPlaces.person_id)
    )
    rows = session.execute(
        sa.select(
            HeldPlaces.run_id, HeldPlaces.held_until, sa.func.count(), sa.func.sum(sa.case((had, 1), else_=0))
        )
        .join(Run, Run.id == HeldPlaces.run_id)
        .where(
            HeldPlaces.event_id == event_id, HeldPlaces.released_at.is_(None), HeldPlaces.person_id.is_not(None)
        )
        .group_by(Run.sort_at, HeldPlaces.run_id, HeldPlaces.held_until)
        .order_by(Run.sort_at, HeldPlaces.run_id, HeldPlaces.held_until)
    )  # fmt: skip
    return [PeopleHeld(*row) for row in rows]


class SessionRow(NamedTuple):
    """A session that people come to, how many have chosen it, and how many it takes (none: no limit)."""

    session: EventSession
    taken: int
    capacity: int | None


def list_sessions(session: Session, event_id: int, *, on: date) -> list[SessionRow]:
    """The sessions of all the event's runs, in order of time, without breaks and meals."""
    rows = [one for one in list_programme(session, event_id) if one.kind is SessionKind.SESSION]
    limits = count_limits(session, event_id, on=on, kinds=(Kind.SESSION,)) if rows else {}
    found = {dimension.of: limit for dimension, limit in limits.items()}
    none = Limit(None, 0)
    return [SessionRow(row, found.get(row.id, none).taken, found.get(row.id, none).capacity) for row in rows]


class NightRow(NamedTuple):
    """A night that those who come to a run can have; `rooms` are the organiser's at the hotel, for all its events."""

    run_id: int
    on: date
    venue_id: int
    hotel: str
    rooms: int | None
    taken: int


def list_nights(session: Session, event_id: int) -> list[NightRow]:
    """The nights of all the event's runs, in order."""
    rows = session.execute(nights().where(RunNight.event_id == event_id))
    return [
        NightRow(night.run_id, night.on, night.venue_id, hotel, rooms, taken) for night, hotel, rooms, taken in rows
    ]


def list_blocks(session: Session, organiser_id: int, venue_id: int, days: list[date]) -> dict[date, int]:
    """How many rooms the organiser has at the hotel in each of the nights."""
    rows = session.execute(
        sa.select(RoomBlock.on, RoomBlock.rooms).where(
            RoomBlock.organiser_id == organiser_id, RoomBlock.venue_id == venue_id, RoomBlock.on.in_(days)
        )
    )
    return {row.on: row.rooms for row in rows}
