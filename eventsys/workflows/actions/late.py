"""Who comes in after a mail of time went out: gets the latest that still makes sense, where its rule says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event, Run
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.mailing.rules import BULK
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import Change, State
from eventsys.workflows.actions.letters import Letter, Reader, add_mail
from eventsys.workflows.actions.occasions import reason_of, wait_out_quiet, why_past
from eventsys.workflows.models import Occasion, Rule
from eventsys.workflows.rules import STATES, TIMED, OccasionState, decide_demands
from eventsys.workflows.timetable import read_relative


class Fired(NamedTuple):
    """An occasion that has fired, of a rule that is for late joiners too."""

    occasion: Occasion
    rule: Rule
    event: Event
    run: Run
    timezone: str


Late = Mapping[int, list[Fired]]


def find_late(session: Session, rules: Mapping[int, list[Rule]], run_ids: Collection[int]) -> Late:
    """For each of the runs what has fired already of such rules, newest first; no statement where there are none."""
    wanted = {
        rule.id
        for of_event in rules.values()
        for rule in of_event
        if rule.late_joiners and rule.enabled_at is not None and rule.trigger in TIMED and rule.audience in STATES
    }
    if not wanted or not run_ids:
        return {}
    rows = session.execute(
        sa.select(Occasion, Rule, Event, Run, Organiser.timezone)
        .join(Rule, Rule.id == Occasion.rule_id)
        .join(Event, Event.id == Occasion.event_id)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .join(Run, sa.and_(Run.event_id == Event.id, sa.or_(Occasion.run_id.is_(None), Occasion.run_id == Run.id)))
        .where(
            Occasion.rule_id.in_(wanted),
            Occasion.state == OccasionState.FIRED,
            Run.id.in_(run_ids),
            sa.or_(Rule.run_id.is_(None), Rule.run_id == Run.id),
        )
        .order_by(Occasion.due_at.desc(), Occasion.id.desc())
    )
    found: dict[int, list[Fired]] = {}
    for row in rows:
        found.setdefault(row.Run.id, []).append(Fired(*row))
    return found


def decide_late(late: Late, registration: Registration, change: RegistrationChange, *, now: datetime) -> Fired | None:
    """The one mail that somebody who has come into an audience by this change gets: never more than the latest."""
    return next(
        (
            fired
            for fired in late.get(registration.run_id, ())
            if _has_come_in(registration, change, STATES[fired.rule.audience]) and _why_not(fired, now) is None
        ),
        None,
    )


def _has_come_in(registration: Registration, change: RegistrationChange, states: Collection[State]) -> bool:
    is_in = registration.state in states and change.to_state in states
    is_new = change.from_run_id is not None or change.change is Change.HANDED_OVER
    return is_in and (is_new or change.from_state not in states)


def mail_late(session: Session, row: Any, fired: Fired, *, now: datetime) -> None:
    """The mail of an occasion that has fired to one more registration, unless its address has it."""
    registration = row.registration
    if not registration.email_key:
        return
    letter = Letter(
        organiser_id=registration.organiser_id,
        reason=reason_of(fired.occasion),
        template=fired.rule.template,
        due_at=now,
        next_try_at=wait_out_quiet(row.organiser, now, now),
        priority=BULK,
    )
    cause = {
        "registration_id": registration.id,
        "event_id": registration.event_id,
        "rule_id": fired.rule.id,
        "occasion_id": fired.occasion.id,
    }
    reader = Reader(registration.email, registration.name, row.language)
    add_mail(session, letter, reader, [cause], now=now)


def _why_not(fired: Fired, now: datetime) -> str | None:
    if fired.event.status is not EventStatus.PUBLISHED or fired.run.status is RunStatus.CANCELLED:
        return "the event was called off"
    demands = decide_demands(fired.rule.trigger, fired.rule.audience, read_relative(fired.rule))
    return why_past(demands, fired.run, fired.event, fired.timezone, now)
