"""Occasions that are due made into mail: recipients are decided at that moment, in one transaction with the mark."""

from __future__ import annotations

from datetime import datetime, time

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Run
from eventsys.mailing.rules import BULK
from eventsys.workflows.actions.recipients import add_mails
from eventsys.workflows.models import Occasion, Rule
from eventsys.workflows.rules import TEMPLATES, TOO_LATE_AFTER, OccasionState

BATCH = 20
log = structlog.get_logger()


def has_due(session: Session, *, now: datetime) -> bool:
    """Whether an occasion is due: a read, so that an idle worker takes no lock."""
    due = sa.select(Occasion.id).where(Occasion.state == OccasionState.PLANNED, Occasion.due_at <= now).limit(1)
    return session.scalar(due) is not None


def expand(session: Session, *, now: datetime) -> int:
    """Fires the occasions that are due, or records why it is too late for them; at most a batch a call, how many.

    One that goes wrong is recorded so, and stops no other.
    """
    rows = session.execute(
        sa.select(Occasion, Rule, Run)
        .join(Rule, Rule.id == Occasion.rule_id)
        .join(Run, Run.id == Occasion.run_id)
        .where(Occasion.state == OccasionState.PLANNED, Occasion.due_at <= now)
        .order_by(Occasion.due_at, Occasion.id)
        .limit(BATCH)
        .with_for_update(of=Occasion, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for occasion, rule, run in rows:
        occasion_id = occasion.id
        try:
            with session.begin_nested():
                _settle(session, occasion, rule, run, now=now)
        except Exception as error:
            log.error("an occasion could not be made into mail", occasion=occasion_id, exc_info=error)
            occasion.state, occasion.why = OccasionState.MISSED, f"it went wrong: {type(error).__name__}: {error}"[:200]
    session.flush()
    return len(rows)


def _settle(session: Session, occasion: Occasion, rule: Rule, run: Run, *, now: datetime) -> None:
    occasion.why = _why_missed(occasion, rule, run, now)
    if occasion.why is None:
        _fire(session, occasion, rule, now=now)
    else:
        occasion.state = OccasionState.MISSED


def _fire(session: Session, occasion: Occasion, rule: Rule, *, now: datetime) -> None:
    assert occasion.run_id is not None
    add_mails(
        session,
        run_id=occasion.run_id,
        states=TEMPLATES[rule.template].states,
        reason=f"rule/{rule.id}/{occasion.run_id}/{occasion.generation}",
        template=rule.template,
        due_at=occasion.due_at,
        priority=BULK,
        rule_id=rule.id,
        occasion_id=occasion.id,
        now=now,
    )
    occasion.state, occasion.fired_at = OccasionState.FIRED, now


def _why_missed(occasion: Occasion, rule: Rule, run: Run, now: datetime) -> str | None:
    if rule.enabled_at is None:
        return "the rule was switched off"
    if now - occasion.due_at > TOO_LATE_AFTER:
        return "it was noticed more than 24 hours too late"
    return why_too_late(run, now) if TEMPLATES[rule.template].before_start else None


def why_too_late(run: Run, now: datetime) -> str | None:
    """Why a mail that belongs before the run is not to be sent; None while there is time."""
    if run.first_on is None:
        return "the day is not set"
    starts_at = run.starts_at or dates.to_utc(datetime.combine(run.first_on, time()), run.timezone)
    return "the event had begun" if now >= starts_at else None
