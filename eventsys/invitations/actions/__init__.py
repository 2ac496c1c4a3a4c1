"""Verbs of invitations. Each takes the event's lock first; the caller commits."""

from eventsys.invitations.actions.answering import (
    accept,
    decline,
    note_answers,
    note_opened,
    pass_on,
    sign_up,
    sign_up_several,
)
from eventsys.invitations.actions.asking import ask_again, nudge, withdraw
from eventsys.invitations.actions.rounds import (
    RoundFacts,
    Sent,
    follow_rounds,
    forget_audience,
    plan_round,
    send_due_rounds,
    send_round,
    stop_round,
)

__all__ = [
    "RoundFacts",
    "Sent",
    "accept",
    "ask_again",
    "decline",
    "follow_rounds",
    "forget_audience",
    "note_answers",
    "note_opened",
    "nudge",
    "pass_on",
    "plan_round",
    "send_due_rounds",
    "send_round",
    "sign_up",
    "sign_up_several",
    "stop_round",
    "withdraw",
]
