"""Verbs on calls; who one is sent to is the mail's work. The caller owns the transaction."""

from eventsys.programmes.calls.actions.answering import note_opened, say_no, take_back_no
from eventsys.programmes.calls.actions.ending import add_nudge, close_call, open_call, remove_nudge, withdraw_call
from eventsys.programmes.calls.actions.writing import (
    add_paper,
    change_call,
    create_call,
    lock_call,
    remove_draft,
    remove_paper,
    set_audience,
)

__all__ = [
    "add_nudge",
    "add_paper",
    "change_call",
    "close_call",
    "create_call",
    "lock_call",
    "note_opened",
    "open_call",
    "remove_draft",
    "remove_nudge",
    "remove_paper",
    "say_no",
    "set_audience",
    "take_back_no",
    "withdraw_call",
]
