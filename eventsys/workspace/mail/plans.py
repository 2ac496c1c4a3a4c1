"""What an event's rules would send if it were published now: a read that plans nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.workflows.actions.planning import moments
from eventsys.workflows.models import Rule
from eventsys.workflows.rulebook import list_effective
from eventsys.workflows.rules import TIMED, Audience
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail.occasions import Meant, count_readers
from eventsys.workspace.mail_rules.queries import find_names


class PlannedMail(NamedTuple):
    """A mail that a rule would send at a moment, about one run or all, and to how many if it went now."""

    due_at: datetime
    text: str
    audience: Audience
    run_id: int | None
    how_many: int


def list_planned(session: Session, event: Event, *, timezone: str, on: date, now: datetime) -> list[PlannedMail]:
    """In the order of time, those that are still to come; the event's runs are loaded."""
    rules = [rule for rule in _list_rules(session, event) if rule.trigger in TIMED and rule.enabled_at is not None]
    found = [
        (rule, moment.due_at, moment.run.id if moment.run else None)
        for rule in rules
        for moment in moments(rule, event, event.runs, timezone=timezone)
        if moment.due_at >= now
    ]
    wanted = {Meant(rule.audience, run_id, rule.audience_id): None for rule, _at, run_id in found}
    readers = count_readers(session, event, wanted, on=on)
    names = find_names(session, event.organiser_id)
    planned = [
        PlannedMail(
            due_at,
            names.get(rule.template) or name_template(rule.template),
            rule.audience,
            run_id,
            sum(readers[Meant(rule.audience, run_id, rule.audience_id)].values()),
        )
        for rule, due_at, run_id in found
    ]
    return sorted(planned, key=lambda mail: (mail.due_at, mail.text))


def _list_rules(session: Session, event: Event) -> list[Rule]:
    return list_effective(session, organiser_id=event.organiser_id, event_ids=[event.id]).get(event.id, [])
