"""Changes made into mail: each unnoticed row of a history once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event, EventChange, Run
from eventsys.events.rules import ChangeKind, EventStatus
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import RegistrationChange
from eventsys.workflows.actions.invitations import has_unnoticed_invitation, notice_invitations
from eventsys.workflows.actions.noticing import BATCH, Rules, alone, find_rules, was_on
from eventsys.workflows.actions.occasions import wait_out_quiet
from eventsys.workflows.actions.planning import plan
from eventsys.workflows.actions.recipients import Mailing, add_mails
from eventsys.workflows.actions.seats import notice_seats
from eventsys.workflows.audiences import select_registrations
from eventsys.workflows.cases.noticing import has_unnoticed_case, notice_cases
from eventsys.workflows.rulebook import whose_turn
from eventsys.workflows.rules import BY_TRIGGER, Trigger

MAILED = {
    ChangeKind.RUN_CHANGED: Trigger.RUN_CHANGED,
    ChangeKind.RUN_CANCELLED: Trigger.RUN_CANCELLED,
    ChangeKind.PROGRAMME_CHANGED: Trigger.PROGRAMME_CHANGED,
    ChangeKind.MATERIALS_PUBLISHED: Trigger.MATERIALS_PUBLISHED,
}
OF_WHOLE_EVENTS = (Trigger.MATERIALS_PUBLISHED, Trigger.PROGRAMME_CHANGED)
"""What may be told of an event and not of one run of it; papers come when all is over, too."""
MOVES_OCCASIONS = (
    ChangeKind.PUBLISHED,
    ChangeKind.RUN_ADDED,
    ChangeKind.RUN_CHANGED,
    ChangeKind.RUN_CANCELLED,
    ChangeKind.CANCELLED,
)


def has_unnoticed(session: Session) -> bool:
    """Whether there is anything to notice: a read, so that an idle worker takes no lock."""
    registrations = sa.select(RegistrationChange.id).where(RegistrationChange.noticed_at.is_(None)).limit(1)
    events = sa.select(EventChange.id).where(EventChange.noticed_at.is_(None)).limit(1)
    is_there = session.scalar(registrations) is not None or session.scalar(events) is not None
    return is_there or has_unnoticed_invitation(session) or has_unnoticed_case(session)


def notice_changes(session: Session, *, now: datetime) -> int:
    """Makes changes that nobody has noticed into mail by the rules in force, and plans the runs that they touched.

    A rule that was switched on after a change says nothing about it; what happens in a case is told by no rule. At most a
    batch of each history a call; how many changes were noticed.
    """
    of_events = notice_seats(session, now=now) + _notice_events(session, now=now)
    return of_events + notice_invitations(session, now=now) + notice_cases(session, now=now)


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
    rules = find_rules(session, [(row.event.id, row.event.organiser_id) for row in rows])
    latest = {row.change.id for row in _latest_of_each_run(rows)}
    touched = _touched_runs(session, rows)
    noticed = 0
    for row in rows:
        with alone(session, row.change):
            if row.change.id in latest:
                _mail_event_change(session, row, rules, now=now)
            row.change.noticed_at = now
            noticed += 1
    if touched:
        plan(session, touched, now=now)
    return noticed


def _latest_of_each_run(rows: Sequence[_EventRow]) -> list[_EventRow]:
    """Changed twice before anybody noticed is told once: the mail says how it is now."""
    latest = {
        (row.event.id, row.run.id if row.run else None, row.change.kind): row
        for row in rows
        if row.change.kind in MAILED
    }
    return list(latest.values())


def _mail_event_change(session: Session, row: _EventRow, rules: Rules, *, now: datetime) -> None:
    change, event, organiser, run = row
    trigger = MAILED[change.kind]
    if event.status is EventStatus.DRAFT or (run is None and trigger not in OF_WHOLE_EVENTS):
        return
    is_over = run is not None and run.last_on is not None and run.last_on < _local_day(change.at, run.timezone)
    if is_over and trigger not in OF_WHOLE_EVENTS:
        return  # a correction of what is over is nobody's news
    run_id = run.id if run is not None else None
    recipients = select_registrations(BY_TRIGGER[trigger].states, event_id=event.id, run_id=run_id)
    for rule in whose_turn(rules, event.id, trigger):
        if not was_on(rule, change.at) or (rule.run_id is not None and rule.run_id != run_id):
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


def _local_day(at: datetime, timezone: str) -> date:
    return dates.to_local(at, timezone).date()


def _touched_runs(session: Session, rows: Sequence[_EventRow]) -> list[int]:
    moving = [row for row in rows if row.change.kind in MOVES_OCCASIONS]
    runs = {row.run.id for row in moving if row.run is not None}
    whole_events = {row.event.id for row in moving if row.run is None}
    if whole_events:
        runs.update(session.scalars(sa.select(Run.id).where(Run.event_id.in_(whole_events))))
    return sorted(runs)
