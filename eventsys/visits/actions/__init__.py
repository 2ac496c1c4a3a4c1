"""The verbs of visits: asked for, taken, times offered, one accepted and made an event, moved, called off."""

from eventsys.visits.actions.agreeing import accept, cancel, move, name_event, pass_on_visits
from eventsys.visits.actions.asking import ask, ask_again, withdraw
from eventsys.visits.actions.offering import Taker, decline, offer, take

__all__ = [
    "Taker",
    "accept",
    "ask",
    "ask_again",
    "cancel",
    "decline",
    "move",
    "name_event",
    "offer",
    "pass_on_visits",
    "take",
    "withdraw",
]
