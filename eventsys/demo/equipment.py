"""What the demo's seminars offer beside a place: parallel sessions, nights at the hotel, questions about food and access."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.demo.programme import SET_UP_AT, Activity
from eventsys.demo.sessions import make_programme
from eventsys.events.models import Event, EventSession, Run
from eventsys.events.rules import DATED, EventType
from eventsys.registrations.limits import actions as limits
from eventsys.registrations.models import RunNight
from eventsys.registrations.questions.actions import add_shipped_questions

ROOMS = 130
STAY_OVER = 0.6


@dataclass(frozen=True)
class Offered:
    """The ids of a run's sessions and of its nights; of the nights the first is the one before it begins."""

    sessions: Sequence[int]
    nights: Sequence[int]

    def choose(self, form_token: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What somebody takes, the same each time: a session, and by and large every second one a night."""
        random = Random(form_token)  # noqa: S311  (the same demo each time is what is wanted)
        sessions = (random.choice(self.sessions),) if self.sessions else ()
        return sessions, (self.nights[-1],) if self.nights and random.random() < STAY_OVER else ()


def list_offered(session: Session, run: Run) -> Offered:
    sessions = session.scalars(
        sa.select(EventSession.id).where(EventSession.run_id == run.id, EventSession.chosen).order_by(EventSession.id)
    )
    nights = session.scalars(sa.select(RunNight.id).where(RunNight.run_id == run.id).order_by(RunNight.on))
    return Offered(sessions.all(), nights.all())


def equip(session: Session, made: Sequence[tuple[Event, Activity]]) -> None:
    """Every event that people have signed up to asks about food and access; the one that is held twice has more."""
    for event, activity in made:
        if not activity.seats:
            continue
        add_shipped_questions(session, event, now=SET_UP_AT)
        if event.type is EventType.LEARNING_SEMINAR and len(activity.seats) > 1:
            for run in session.scalars(sa.select(Run).where(Run.event_id == event.id).order_by(Run.sort_at)):
                _equip_run(session, run)


def _equip_run(session: Session, run: Run) -> None:
    """A programme; the night before it and those between its days, which the two runs
    share at one hotel."""
    if run.precision not in DATED or run.first_on is None or run.last_on is None or run.venue_id is None:
        return
    make_programme(session, run)
    nights = [run.first_on + timedelta(days=day) for day in range(-1, (run.last_on - run.first_on).days)]
    for on in nights:
        limits.set_room_block(
            session, organiser_id=run.organiser_id, venue_id=run.venue_id, on=on, rooms=ROOMS, now=SET_UP_AT
        )
    limits.set_run_nights(session, run, venue_id=run.venue_id, nights=nights, now=SET_UP_AT)
