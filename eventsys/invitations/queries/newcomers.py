"""Who is to be asked: an audience without those who are asked already; rounds that are due or follow; yes said elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.audiences.queries import Listed, count_people, list_people
from eventsys.audiences.rules import Clause
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.invitations.rules import MAY_ANSWER
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import ENDED

AT_ONCE = 500
A_DAY = timedelta(days=1)


def select_taken(event_id: int) -> sa.CompoundSelect[Any]:
    """Who needs no invitation to the event: who has one, whatever the answer, and who is signed up. Organisations stand
    below zero."""
    of_event = Invitation.event_id == event_id
    mailbox = sa.and_(of_event, Invitation.person_id.is_(None), Invitation.organisation_id.is_not(None))
    seated = sa.and_(Registration.event_id == event_id, Registration.state.not_in(ENDED))
    return sa.union_all(
        sa.select(Invitation.person_id).where(of_event, Invitation.person_id.is_not(None)),
        sa.select(-Invitation.organisation_id).where(mailbox),
        sa.select(Registration.person_id).where(seated, Registration.person_id.is_not(None)),
        sa.select(-Registration.organisation_id).where(seated, Registration.organisation_id.is_not(None)),
    )


def count_new(session: Session, clauses: Sequence[Clause], *, event_id: int, organiser_id: int, on: date) -> int:
    """How many of the audience would be asked."""
    return count_people(session, clauses, organiser_id=organiser_id, on=on, without=select_taken(event_id))


def list_new(
    session: Session, clauses: Sequence[Clause], *, event_id: int, organiser_id: int, on: date
) -> list[Listed]:
    """All of them, with their reasons."""
    found: list[Listed] = []
    while True:
        more = list_people(
            session, clauses, organiser_id=organiser_id, on=on, limit=AT_ONCE, offset=len(found),
            without=select_taken(event_id),
        )  # fmt: skip
        found += more
        if len(more) < AT_ONCE:
            return found


def list_due_rounds(session: Session, *, now: datetime) -> list[InvitationRound]:
    """The rounds whose moment has come and whose event is published, oldest first."""
    return list(session.scalars(_due(now).order_by(InvitationRound.event_id, InvitationRound.id)))


def has_work(session: Session, *, now: datetime) -> bool:
    """Whether a round is due: the small read of a job that calls often."""
    return bool(session.scalar(sa.select(_due(now).exists())))


def _due(now: datetime) -> sa.Select[InvitationRound]:
    return (
        sa.select(InvitationRound)
        .join(Event, Event.id == InvitationRound.event_id)
        .where(
            InvitationRound.send_at <= now,
            InvitationRound.sent_at.is_(None),
            InvitationRound.stopped_at.is_(None),
            Event.status == EventStatus.PUBLISHED,
        )
    )


def list_following_rounds(session: Session, *, now: datetime) -> list[InvitationRound]:
    """The rounds that follow their audience and whose event still takes sign-ups on the day at the organiser's."""
    ahead = sa.exists().where(Run.event_id == Event.id, Run.status == RunStatus.PLANNED, Run.sort_at > now)
    rows = session.execute(
        sa.select(InvitationRound, Event.closes_on, Organiser.timezone)
        .join(Event, Event.id == InvitationRound.event_id)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .where(
            InvitationRound.follows,
            InvitationRound.sent_at.is_not(None),
            InvitationRound.stopped_at.is_(None),
            Event.status == EventStatus.PUBLISHED,
            sa.or_(Event.closes_on.is_(None), Event.closes_on >= (now - A_DAY).date()),
            ahead,
        )
        .order_by(InvitationRound.event_id, InvitationRound.id)
    )
    return [row for row, closes_on, zone in rows if closes_on is None or dates.to_local(now, zone).date() <= closes_on]


def list_signed_up(session: Session, event_id: int | None = None) -> list[tuple[Invitation, int, int | None]]:
    """The invitations without a yes whose person, or for a mailbox whose organisation, is signed up after all, each with
    the first seat and its delegation."""
    live = sa.and_(Registration.event_id == Invitation.event_id, Registration.state.not_in(ENDED))
    same_person = Registration.person_id == Invitation.person_id
    of_mailbox = sa.and_(Invitation.person_id.is_(None), Registration.organisation_id == Invitation.organisation_id)
    seat = (
        sa.select(sa.func.min(Registration.id))
        .where(live, sa.or_(same_person, of_mailbox), Registration.created_at >= Invitation.created_at)
        .correlate(Invitation)
        .scalar_subquery()
    )
    statement = (
        sa.select(Invitation, Registration.id, Registration.delegation_id)
        .join(Registration, Registration.id == seat)
        .where(Invitation.state.in_(MAY_ANSWER))
        .order_by(Invitation.event_id, Invitation.id)
    )
    if event_id is not None:
        statement = statement.where(Invitation.event_id == event_id)
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]
