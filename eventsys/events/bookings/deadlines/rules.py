"""When a contract's deadline is reminded of. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from eventsys.events.rules import DeadlineKind

MOST_REMIND_DAYS = 90


@dataclass(frozen=True)
class DeadlineFacts:
    """What must be told by `due_on`; `remind_days` before, a mail says so."""

    kind: DeadlineKind
    due_on: date
    remind_days: int = 7
    words: str = ""


def find_reminder(due_on: date, remind_days: int, *, made_on: date, on: date) -> date | None:
    """The day whose reminder is due by the day `on`: the last day itself, or the one `remind_days` before. None before
    that, for a deadline that was written down after it, and when the last day is over."""
    if on > due_on:
        return None
    if on == due_on:
        return due_on
    first = due_on - timedelta(days=remind_days)
    return first if made_on < first <= on else None
