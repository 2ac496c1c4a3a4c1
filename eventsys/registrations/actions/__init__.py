"""Verbs of registrations. Each takes the event's lock first, then counts rows, then decides; the caller commits."""

from eventsys.registrations.actions.capacity import change_capacity
from eventsys.registrations.actions.deadlines import has_begun, is_going, require_in_time, require_open
from eventsys.registrations.actions.deciding import accept, ask, decide, decline, set_priority
from eventsys.registrations.actions.delegations import RegisteredDelegation, add_seats, list_seats, register_delegation
from eventsys.registrations.actions.details import change_details
from eventsys.registrations.actions.erasing import shift_erasure
from eventsys.registrations.actions.history import record_change, set_state
from eventsys.registrations.actions.leaving import cancel, lapse, restore, take_offer
from eventsys.registrations.actions.locking import lock_blocks, lock_event, lock_events, lock_rooms, lock_run
from eventsys.registrations.actions.moving import move
from eventsys.registrations.actions.people import hand_over, name_seat, readdress
from eventsys.registrations.actions.serving import serve_queue
from eventsys.registrations.actions.signing import Registered, add_by_organiser, register
from eventsys.registrations.actions.within import list_last, require_within

__all__ = [
    "Registered",
    "RegisteredDelegation",
    "accept",
    "add_by_organiser",
    "add_seats",
    "ask",
    "cancel",
    "change_capacity",
    "change_details",
    "decide",
    "decline",
    "hand_over",
    "has_begun",
    "is_going",
    "lapse",
    "list_last",
    "list_seats",
    "lock_blocks",
    "lock_event",
    "lock_events",
    "lock_rooms",
    "lock_run",
    "move",
    "name_seat",
    "readdress",
    "record_change",
    "register",
    "register_delegation",
    "require_in_time",
    "require_open",
    "require_within",
    "restore",
    "serve_queue",
    "set_priority",
    "set_state",
    "shift_erasure",
    "take_offer",
]
