"""Changes made into mail: each unnoticed row of a history once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event, EventChange, Run
from eventsys.events.rules import ChangeKind, EventStatus
from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import Actor
from eventsys.workflows.actions.late import add_mail, decide_late, find_late, mail_late
from eventsys.workflows.actions.occasions import wait_out_quiet
from eventsys.workflows.actions.planning import plan
from eventsys.workflows.actions.recipients import Mailing, add_mails
from eventsys.workflows.audiences import mail_language, select_registrations
from eventsys.workflows.models import MailCause, Rule
from eventsys.workflows.rulebook import find_effective, whose_turn
from eventsys.workflows.rules import BY_TRIGGER, OWN_ACT, Trigger, decide_trigger

BATCH = 200
log = structlog.get_logger()
MAILED = {ChangeKind.RUN_CHANGED: Trigger.RUN_CHANGED, ChangeKind.RUN_CANCELLED: Trigger.RUN_CANCELLED}
MOVES_OCCASIONS = (ChangeKind.PUBLISHED, ChangeKind.RUN_ADDED, *MAILED, ChangeKind.CANCELLED)

Rules = Mapping[int, list[Rule]]


def has_unnoticed(session: Session) -> bool:
    """Whether there is anything to notice: a read, so that an idle worker takes no lock."""
    registrations = sa.select(RegistrationChange.id).where(RegistrationChange.noticed_at.is_(None)).limit(1)
    events = sa.select(EventChange.id).where(EventChange.noticed_at.is_(None)).limit(1)
    return session.scalar(registrations) is not None or session.scalar(events) is not None


def notice_changes(session: Session, *, now: datetime) -> int:
    """Makes changes that nobody has noticed into mail by the rules in force, and plans the runs that they touched.

    A rule that was switched on after a change says nothing about it. At most a batch of each history a call; how many
    changes were noticed.
    """
    return _notice_registrations(session, now=now) + _notice_events(session, now=now)


# --- registrations --------------------------------------------------------------------------------------------------


def _notice_registrations(session: Session, *, now: datetime) -> int:
    rows = session.execute(
        sa.select(RegistrationChange, Registration, Organiser, mail_language().label("language"))
        .join(Registration, Registration.id == RegistrationChange.registration_id)
        .join(Organiser, Organiser.id == Registration.organiser_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(RegistrationChange.noticed_at.is_(None))
        .order_by(RegistrationChange.id)
        .limit(BATCH)
        .with_for_update(of=RegistrationChange, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    rules = _find_rules(session, [(row.Registration.event_id, row.Registration.organiser_id) for row in rows])
    late = find_late(session, rules, {row.Registration.run_id for row in rows})
    noticed = 0
    for row in rows:
        change = row.RegistrationChange
        trigger = decide_trigger(change.change, change.from_state, change.to_state)
        with _alone(session, change):
            for rule in whose_turn(rules, row.Registration.event_id, trigger) if trigger else ():
                if _is_on(rule, change.at) and rule.run_id in (None, row.Registration.run_id):
                    _mail_change(session, row, rule, now=now)
            if occasion := decide_late(late, row.Registration, change, now=now):
                mail_late(session, row, occasion, now=now)
            change.noticed_at = now
            noticed += 1
    return noticed


@contextmanager
def _alone(session: Session, change: RegistrationChange | EventChange) -> Iterator[None]:
    """What goes wrong with one change is undone and logged; the change stays to be noticed and stops no other."""
    kind, number = type(change).__name__, change.id
    try:
        with session.begin_nested():
            yield
    except Exception as error:
        log.error("a change could not be made into mail", kind=kind, number=number, exc_info=error)


def _mail_change(session: Session, row: AnyRow, rule: Rule, *, now: datetime) -> None:
    """An answer to what its reader just did goes at once, whatever the hour."""
    change, registration = row.RegistrationChange, row.Registration
    is_answer = change.actor is Actor.PARTICIPANT and now - change.at <= OWN_ACT
    add_mail(
        session,
        row,
        reason=f"change/registration/{change.id}/{rule.key}",
        template=rule.template,
        due_at=change.at,
        next_try_at=change.at if is_answer else wait_out_quiet(row.Organiser, max(change.at, now), change.at),
        cause=MailCause(
            registration_id=registration.id,
            organiser_id=registration.organiser_id,
            event_id=registration.event_id,
            rule_id=rule.id,
            registration_change_id=change.id,
        ),
        now=now,
    )


# --- events and their runs ------------------------------------------------------------------------------------------


class _EventRow(NamedTuple):
    change: EventChange
    event: Event
    organiser: Organiser
    run: Run | None


def _notice_events(session: Session, *, now: datetime) -> int:
    found = session.execute(
        sa.select(EventChange, Event, Organiser, Run)
        .join(Event, Event.id == EventChange.event_id)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .outerjoin(Run, Run.id == EventChange.run_id)
        .where(EventChange.noticed_at.is_(None))
        .order_by(EventChange.id)
        .limit(BATCH)
        .with_for_update(of=EventChange, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = [_EventRow(*row) for row in found]
    rules = _find_rules(session, [(row.event.id, row.event.organiser_id) for row in rows])
    latest = {row.change.id for row in _latest_of_each_run(rows)}
    touched = _touched_runs(session, rows)
    noticed = 0
    for row in rows:
        with _alone(session, row.change):
            if row.change.id in latest:
                _mail_event_change(session, row, rules, now=now)
            row.change.noticed_at = now
            noticed += 1
    if touched:
        plan(session, touched, now=now)
    return noticed


def _latest_of_each_run(rows: Sequence[_EventRow]) -> list[_EventRow]:
    """Moved twice before anybody noticed is told once: the mail says how it is now."""
    latest = {(row.run.id, row.change.kind): row for row in rows if row.run and row.change.kind in MAILED}
    return list(latest.values())


def _mail_event_change(session: Session, row: _EventRow, rules: Rules, *, now: datetime) -> None:
    change, event, organiser, run = row
    if event.status is EventStatus.DRAFT or run is None:
        return
    if run.last_on is not None and run.last_on < dates.to_local(change.at, run.timezone).date():
        return  # a correction of what is over is nobody's news
    trigger = MAILED[change.kind]
    recipients = select_registrations(BY_TRIGGER[trigger].states, event_id=event.id, run_id=run.id)
    for rule in whose_turn(rules, event.id, trigger):
        if not _is_on(rule, change.at) or rule.run_id not in (None, run.id):
            continue
        mailing = Mailing(
            reason=f"change/event/{change.id}/{rule.key}",
            template=rule.template,
            event_id=event.id,
            rule_id=rule.id,
            due_at=change.at,
            next_try_at=wait_out_quiet(organiser, max(change.at, now), change.at),
            event_change_id=change.id,
        )
        add_mails(session, recipients, mailing, now=now)


def _touched_runs(session: Session, rows: Sequence[_EventRow]) -> list[int]:
    moving = [row for row in rows if row.change.kind in MOVES_OCCASIONS]
    runs = {row.run.id for row in moving if row.run is not None}
    whole_events = {row.event.id for row in moving if row.run is None}
    if whole_events:
        runs.update(session.scalars(sa.select(Run.id).where(Run.event_id.in_(whole_events))))
    return sorted(runs)


def _find_rules(session: Session, events: Collection[tuple[int, int]]) -> Rules:
    """The rules in force of events, each given with its organiser."""
    if not events:
        return {}
    return find_effective(
        session, sorted({event for event, _whose in events}), organiser_ids=sorted({whose for _event, whose in events})
    )


def _is_on(rule: Rule, at: datetime) -> bool:
    return rule.enabled_at is not None and rule.enabled_at <= at
