"""Changes made into mail: each unnoticed row of a history once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event, EventChange, Run
from eventsys.events.rules import ChangeKind, EventStatus
from eventsys.mailing.outbox import enqueue
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.workflows.actions.planning import plan
from eventsys.workflows.actions.recipients import add_mails, mail_language
from eventsys.workflows.models import MailCause, Rule
from eventsys.workflows.rules import TEMPLATES, Trigger, decide_trigger

BATCH = 200
log = structlog.get_logger()
MAILED = {ChangeKind.RUN_CHANGED: Trigger.RUN_CHANGED, ChangeKind.RUN_CANCELLED: Trigger.RUN_CANCELLED}
MOVES_OCCASIONS = (ChangeKind.PUBLISHED, ChangeKind.RUN_ADDED, *MAILED, ChangeKind.CANCELLED)

Rules = dict[tuple[int, Trigger], Rule]


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
        sa.select(RegistrationChange, Registration, mail_language().label("language"))
        .join(Registration, Registration.id == RegistrationChange.registration_id)
        .join(Organiser, Organiser.id == Registration.organiser_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(RegistrationChange.noticed_at.is_(None))
        .order_by(RegistrationChange.id)
        .limit(BATCH)
        .with_for_update(of=RegistrationChange, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    rules = _find_rules(session, {row.Registration.organiser_id for row in rows})
    noticed = 0
    for row in rows:
        change, registration = row.RegistrationChange, row.Registration
        trigger = decide_trigger(change.change, change.from_state, change.to_state)
        rule = rules.get((registration.organiser_id, trigger)) if trigger else None
        with _alone(session, change):
            if rule is not None and _is_on(rule, change.at):
                _mail_change(session, change, registration, rule, row.language, now=now)
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


def _mail_change(
    session: Session,
    change: RegistrationChange,
    registration: Registration,
    rule: Rule,
    language: str,
    *,
    now: datetime,
) -> None:
    outbox_id = enqueue(
        session,
        organiser_id=registration.organiser_id,
        reason_key=f"change/registration/{change.id}/{registration.email_key}",
        template=rule.template,
        email=registration.email,
        name=registration.name,
        language=language,
        due_at=change.at,
        now=now,
    )
    if outbox_id is not None:
        session.add(
            MailCause(
                outbox_id=outbox_id,
                registration_id=registration.id,
                organiser_id=registration.organiser_id,
                event_id=registration.event_id,
                rule_id=rule.id,
                registration_change_id=change.id,
            )
        )


# --- events and their runs ------------------------------------------------------------------------------------------


class _EventRow(NamedTuple):
    change: EventChange
    event: Event
    run: Run | None


def _notice_events(session: Session, *, now: datetime) -> int:
    found = session.execute(
        sa.select(EventChange, Event, Run)
        .join(Event, Event.id == EventChange.event_id)
        .outerjoin(Run, Run.id == EventChange.run_id)
        .where(EventChange.noticed_at.is_(None))
        .order_by(EventChange.id)
        .limit(BATCH)
        .with_for_update(of=EventChange, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = [_EventRow(change, event, run) for change, event, run in found]
    rules = _find_rules(session, {row.event.organiser_id for row in rows})
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
    change, event, run = row
    rule = rules.get((event.organiser_id, MAILED[change.kind]))
    if rule is None or not _is_on(rule, change.at) or event.status is EventStatus.DRAFT or run is None:
        return
    if run.last_on is not None and run.last_on < dates.to_local(change.at, run.timezone).date():
        return  # a correction of what is over is nobody's news
    add_mails(
        session,
        run_id=run.id,
        states=TEMPLATES[rule.template].states,
        reason=f"change/event/{change.id}",
        template=rule.template,
        due_at=change.at,
        rule_id=rule.id,
        event_change_id=change.id,
        now=now,
    )


def _touched_runs(session: Session, rows: Sequence[_EventRow]) -> list[int]:
    moving = [row for row in rows if row.change.kind in MOVES_OCCASIONS]
    runs = {row.run.id for row in moving if row.run is not None}
    whole_events = {row.event.id for row in moving if row.run is None}
    if whole_events:
        runs.update(session.scalars(sa.select(Run.id).where(Run.event_id.in_(whole_events))))
    return sorted(runs)


def _find_rules(session: Session, organiser_ids: set[int]) -> Rules:
    if not organiser_ids:
        return {}
    enabled = sa.select(Rule).where(
        Rule.organiser_id.in_(organiser_ids), Rule.trigger != Trigger.RELATIVE, Rule.enabled_at.is_not(None)
    )
    return {(rule.organiser_id, rule.trigger): rule for rule in session.scalars(enabled)}


def _is_on(rule: Rule, at: datetime) -> bool:
    return rule.enabled_at is not None and rule.enabled_at <= at
