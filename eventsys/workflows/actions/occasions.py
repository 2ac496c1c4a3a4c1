"""Occasions that are due made into mail: recipients are decided at that moment, in one transaction with the mark."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.extensions import AnyRow
from eventsys.mailing.rules import BULK
from eventsys.organisers.models import Organiser
from eventsys.workflows.actions.copies import add_copies
from eventsys.workflows.actions.planning import HAS_NO_DAY, IS_CALLED_OFF, IS_NOT_PUBLISHED, IS_OFF
from eventsys.workflows.actions.recipients import Mailing, add_mails
from eventsys.workflows.audiences import keep_list, read_needing, read_saved, select_recipients
from eventsys.workflows.models import MailCause, Occasion, Rule
from eventsys.workflows.rules import TOO_LATE_AFTER, Demands, OccasionState, Trigger, decide_demands
from eventsys.workflows.rules.moments import after_quiet
from eventsys.workflows.texts import find_sources
from eventsys.workflows.timetable import read_relative

BATCH = 20
HAS_BEGUN, HAS_CLOSED = "the event had begun", "registration had closed"
IS_NAMED_BY = "the last day to name people had passed"
NOBODY, NO_TEXT = "nobody was in the audience", "its text is not written"
log = structlog.get_logger()


def has_due(session: Session, *, now: datetime) -> bool:
    """Whether an occasion is due: a read, so that an idle worker takes no lock."""
    due = sa.select(Occasion.id).where(Occasion.state == OccasionState.PLANNED, Occasion.due_at <= now).limit(1)
    return session.scalar(due) is not None


def expand(session: Session, *, now: datetime, too_late_after: timedelta = TOO_LATE_AFTER) -> int:
    """Fires the occasions that are due, or records why it is too late for them; at most a batch a call, how many.

    One that goes wrong is recorded so, and stops no other.
    """
    rows = session.execute(
        sa.select(Occasion, Rule, Event, Organiser, Run)
        .join(Rule, Rule.id == Occasion.rule_id)
        .join(Event, Event.id == Occasion.event_id)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .outerjoin(Run, Run.id == Occasion.run_id)
        .where(Occasion.state == OccasionState.PLANNED, Occasion.due_at <= now)
        .order_by(Occasion.due_at, Occasion.id)
        .limit(BATCH)
        .with_for_update(of=Occasion, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    sources = find_sources(session, {(row.Rule.organiser_id, row.Rule.template) for row in rows})
    written = {key for key, texts in sources.items() if texts}
    for row in rows:
        occasion, occasion_id = row.Occasion, row.Occasion.id
        try:
            with session.begin_nested():
                _settle(session, row, written, now=now, too_late_after=too_late_after)
        except Exception as error:
            log.error("an occasion could not be made into mail", occasion=occasion_id, exc_info=error)
            occasion.state, occasion.why = OccasionState.MISSED, f"it went wrong: {type(error).__name__}: {error}"[:200]
    session.flush()
    return len(rows)


def _settle(
    session: Session,
    row: AnyRow,
    written: Collection[tuple[int, str]],
    *,
    now: datetime,
    too_late_after: timedelta,
) -> None:
    occasion, rule = row.Occasion, row.Rule
    why = _why_missed(row, now, too_late_after)
    if why is None and (rule.organiser_id, rule.template) not in written:
        why = NO_TEXT
    occasion.why = why
    if why is None:
        _fire(session, row, now=now)
    else:
        occasion.state = OccasionState.MISSED


def _fire(session: Session, row: AnyRow, *, now: datetime) -> None:
    occasion, rule, organiser = row.Occasion, row.Rule, row.Organiser
    on = dates.to_local(now, organiser.timezone).date()
    recipients = select_recipients(
        rule.audience,
        event_id=occasion.event_id,
        run_id=occasion.run_id or rule.run_id,
        on=on,
        saved=read_saved(session, rule.audience_id),
        needing=read_needing(session, rule.audience, event_id=occasion.event_id, on=on),
    )
    mailing = Mailing(
        reason=reason_of(occasion),
        template=rule.template,
        event_id=occasion.event_id,
        rule_id=rule.id,
        due_at=occasion.due_at,
        next_try_at=wait_out_quiet(organiser, max(occasion.due_at, now), occasion.due_at),
        priority=BULK,
        occasion_id=occasion.id,
    )
    keep_list(session, rule)
    add_mails(session, recipients, mailing, now=now)
    made = session.scalar(sa.select(MailCause.id).where(MailCause.occasion_id == occasion.id).limit(1))
    if made is not None and rule.trigger is Trigger.ABSOLUTE:
        add_copies(session, organiser, mailing, now=now)
    occasion.state, occasion.fired_at = OccasionState.FIRED, now
    occasion.why = NOBODY if made is None else None


def reason_of(occasion: Occasion) -> str:
    """The beginning of the reason keys of an occasion's mails."""
    about = f"event-{occasion.event_id}" if occasion.run_id is None else str(occasion.run_id)
    return f"rule/{occasion.rule_id}/{about}/{occasion.generation}"


def wait_out_quiet(organiser: Any, moment: datetime, due_at: datetime) -> datetime:
    """When a mail may first be tried that is made at `moment`: when it is due, or when quiet hours end."""
    allowed = after_quiet(moment, organiser.quiet_from, organiser.quiet_to, organiser.timezone)
    return due_at if allowed == moment else allowed


# --- what is not fired ------------------------------------------------------------------------------------------------


def _why_missed(row: AnyRow, now: datetime, too_late_after: timedelta) -> str | None:
    rule, event, run = row.Rule, row.Event, row.Run
    if rule.enabled_at is None:
        return IS_OFF
    if event.status is EventStatus.CANCELLED or (run is not None and run.status is RunStatus.CANCELLED):
        return IS_CALLED_OFF
    if event.status is not EventStatus.PUBLISHED:
        return IS_NOT_PUBLISHED
    if now - row.Occasion.due_at > too_late_after:
        return f"it was noticed more than {too_late_after / timedelta(hours=1):g} hours too late"
    demands = decide_demands(rule.trigger, rule.audience, read_relative(rule))
    return why_past(demands, run, event, row.Organiser.timezone, now)


def why_past(demands: Demands, run: Any, event: Any, timezone: str, now: datetime) -> str | None:
    """Why a mail that belongs before the run, or before a last day, is not to be sent; None while there is time.

    `run` and `event` are rows with these columns; `timezone` is the organiser's.
    """
    if demands.before_start and run is not None:
        return why_too_late(run, now)
    today = dates.to_local(now, timezone).date()
    if demands.before_deadline and event.closes_on is not None:
        return HAS_CLOSED if today > event.closes_on else None
    names_by = event.names_by or event.closes_on
    return IS_NAMED_BY if demands.before_naming and names_by is not None and today > names_by else None


def why_too_late(run: Any, now: datetime) -> str | None:
    """The same of what belongs before a run."""
    if run.first_on is None:
        return HAS_NO_DAY
    starts_at = run.starts_at or dates.to_utc(datetime.combine(run.first_on, time()), run.timezone)
    return HAS_BEGUN if now >= starts_at else None
