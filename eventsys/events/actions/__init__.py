"""The verbs of events and runs: made, edited, moved, published, cancelled. Each writes history and calendar entries,
raises the event's `edition`, and makes the bookings of rooms what the runs say."""

from eventsys.events.actions.events import cancel, clause_facts, create, edit, publish
from eventsys.events.actions.keeping import keep_calendar_bytes
from eventsys.events.actions.runs import add_run, cancel_run, change_run

__all__ = [
    "add_run",
    "cancel",
    "cancel_run",
    "change_run",
    "clause_facts",
    "create",
    "edit",
    "keep_calendar_bytes",
    "publish",
]
