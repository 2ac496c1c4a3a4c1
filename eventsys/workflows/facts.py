"""Reads what outbox messages are about, for a whole batch in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.calendar_facts import find_calendar_facts
from eventsys.events.ics import CalendarFacts
from eventsys.events.models import Event, EventChange, Run
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import Change
from eventsys.venues.models import Venue
from eventsys.workflows.models import MailCause, Occasion


@dataclass(frozen=True, slots=True)
class About:
    """One registration that a message speaks of, with all around it.

    `times_left` is how often its person has left the run; `is_superseded` that what the mail would tell has been
    overtaken by a later change; `earlier_id` the Message-ID of the first mail about it that was sent.
    """

    registration: Registration
    run: Run
    event: Event
    organiser: Organiser
    venue: Venue | None
    organisation: str | None
    change: RegistrationChange | None
    event_change: EventChange | None
    times_left: int
    is_superseded: bool
    earlier_id: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    about: dict[int, list[About]]
    calendars: dict[int, CalendarFacts]


def find_facts(session: Session, outbox_ids: Sequence[int], *, base_url: str) -> Facts:
    """What each message is about, by its id and in the order of the registrations, and the runs' calendar facts."""
    rows = session.execute(_causes(outbox_ids)).all()
    moves = _find_moves(session, rows)
    earlier = _find_earlier(session, {row.Registration.id for row in rows})
    about: dict[int, list[About]] = defaultdict(list)
    for row in rows:
        about[row.outbox_id].append(_about(row, moves, earlier))
    run_ids = sorted({row.Run.id for row in rows})
    return Facts(about, find_calendar_facts(session, run_ids, base_url=base_url))


def _causes(outbox_ids: Sequence[int]) -> sa.Select[*tuple[Any, ...]]:
    newer = aliased(Occasion)
    is_moved = (
        sa.select(newer.id)
        .where(
            newer.rule_id == Occasion.rule_id,
            newer.run_id == Occasion.run_id,
            newer.generation > Occasion.generation,
        )
        .exists()
    )
    return (
        sa.select(
            MailCause.outbox_id,
            Registration,
            Run,
            Event,
            Organiser,
            Venue,
            Organisation.label.label("organisation"),
            RegistrationChange,
            EventChange,
            is_moved.label("is_moved"),
        )
        .join(Registration, Registration.id == MailCause.registration_id)
        .join(Run, Run.id == Registration.run_id)
        .join(Event, Event.id == Run.event_id)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .outerjoin(Venue, Venue.id == Run.venue_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .outerjoin(RegistrationChange, RegistrationChange.id == MailCause.registration_change_id)
        .outerjoin(EventChange, EventChange.id == MailCause.event_change_id)
        .outerjoin(Occasion, Occasion.id == MailCause.occasion_id)
        .where(MailCause.outbox_id.in_(outbox_ids))
        .order_by(MailCause.outbox_id, Registration.id)
    )


Moves = dict[tuple[int, int], list[Any]]


def _find_moves(session: Session, rows: Sequence[Any]) -> Moves:
    """The changes of state of the same people's registrations in the same runs, by person and run, oldest first."""
    people = {row.Registration.person_id for row in rows}
    runs = {row.Registration.run_id for row in rows}
    changes = session.execute(
        sa.select(
            Registration.person_id,
            Registration.run_id,
            RegistrationChange.id,
            RegistrationChange.registration_id,
            RegistrationChange.change,
        )
        .join(Registration, Registration.id == RegistrationChange.registration_id)
        .where(
            Registration.person_id.in_(people),
            Registration.run_id.in_(runs),
            RegistrationChange.from_state.is_distinct_from(RegistrationChange.to_state),
        )
        .order_by(RegistrationChange.id)
    )
    moves: Moves = defaultdict(list)
    for change in changes:
        moves[change.person_id, change.run_id].append(change)
    return moves


def _find_earlier(session: Session, registration_ids: set[int]) -> dict[int, str]:
    sent = session.execute(
        sa.select(MailCause.registration_id, OutboxMessage.message_id)
        .join(OutboxMessage, OutboxMessage.id == MailCause.outbox_id)
        .where(MailCause.registration_id.in_(registration_ids), OutboxMessage.sent_at.is_not(None))
        .order_by(OutboxMessage.id.desc())
    )
    return {row.registration_id: row.message_id for row in sent}


def _about(row: Any, moves: Moves, earlier: dict[int, str]) -> About:
    registration, change = row.Registration, row.RegistrationChange
    history = moves[registration.person_id, registration.run_id]
    is_overtaken = change is not None and any(
        move.registration_id == registration.id and move.id > change.id for move in history
    )
    return About(
        registration=registration,
        run=row.Run,
        event=row.Event,
        organiser=row.Organiser,
        venue=row.Venue,
        organisation=row.organisation,
        change=change,
        event_change=row.EventChange,
        times_left=sum(move.change == Change.CANCELLED for move in history),
        is_superseded=is_overtaken or bool(row.is_moved),
        earlier_id=earlier.get(registration.id),
    )
