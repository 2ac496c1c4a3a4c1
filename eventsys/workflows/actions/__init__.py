"""Verbs of workflows: what changes and time make into mail. The caller owns the transaction."""

from __future__ import annotations

from eventsys.workflows.actions.changes import has_unnoticed, notice_changes
from eventsys.workflows.actions.defaults import add_default_rules, add_missing_rules
from eventsys.workflows.actions.occasions import expand, has_due
from eventsys.workflows.actions.planning import find_unplanned, moments, plan, plan_event, plan_events

__all__ = [
    "add_default_rules", "add_missing_rules", "expand", "find_unplanned", "has_due", "has_unnoticed", "moments",
    "notice_changes", "plan", "plan_event", "plan_events",
]  # fmt: skip
