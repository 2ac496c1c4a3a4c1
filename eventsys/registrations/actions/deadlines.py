"""Until when: to register, and for who has a seat to do things with it without asking an organiser."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event, Run
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import ChangeRequest, Registration
from eventsys.registrations.rules import (
    Actor,
    Asked,
    Decision,
    OnlyByInvitation,
    RegistrationIsClosed,
    TooLate,
    Window,
    decide_open,
    decide_window,
    is_late,
)

OWN = (Actor.PARTICIPANT, Actor.REGISTRAR)
"""Those whom deadlines bind."""


def require_open(event: Event, run: Run, *, today: date, asks: bool = False) -> bool:
    """Raises `RegistrationIsClosed` unless the run takes registrations on that local day; says whether it takes them
    only from who asks, because the last day to register has passed."""
    window = decide_window(event.opens_on, event.closes_on, run.first_on, today=today)
    if decide_open(event.status, run.status, run.precision, window):
        return False
    without_end = decide_window(event.opens_on, None, run.first_on, today=today)
    may_ask = window is Window.CLOSED and decide_open(event.status, run.status, run.precision, without_end)
    if may_ask and asks:
        return True
    raise RegistrationIsClosed(may_ask=may_ask)


def require_invited(event: Event) -> None:
    """Raises `OnlyByInvitation` where nobody signs up without an invitation of their own."""
    if event.by_invitation:
        raise OnlyByInvitation


def is_going(event: Event, run: Run) -> bool:
    """Whether the event is public and the run, whose days are known, is to be: who may come is another matter."""
    return decide_open(event.status, run.status, run.precision, Window.OPEN)


def has_begun(run: Run, *, now: datetime) -> bool:
    """Whether the run's first day has come."""
    return run.first_on is not None and dates.to_local(now, run.timezone).date() >= run.first_on


def require_in_time(
    session: Session,
    registration: Registration,
    run: Run,
    organiser: Organiser,
    asked: Asked,
    deadline: date | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Raises `TooLate` where the actor is bound by the deadline and no organiser has said yes to that after it."""
    if actor not in OWN:
        return
    if has_begun(run, now=now):
        raise TooLate
    today = dates.to_local(now, organiser.timezone).date()
    if is_late(deadline, today=today) and not _is_allowed(session, registration, asked):
        raise TooLate


def _is_allowed(session: Session, registration: Registration, asked: Asked) -> bool:
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    ChangeRequest.registration_id == registration.id,
                    ChangeRequest.asked == asked,
                    ChangeRequest.decision == Decision.ACCEPTED,
                )
            )
        )
    )
