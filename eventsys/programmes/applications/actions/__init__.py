"""Verbs of applications; the caller owns the transaction."""

from eventsys.programmes.applications.actions.attaching import add_file, remove_file
from eventsys.programmes.applications.actions.locking import lock
from eventsys.programmes.applications.actions.members import begin, begin_again, end_member, invite
from eventsys.programmes.applications.actions.sending import ask_to_supplement, send, supplement, withdraw
from eventsys.programmes.applications.actions.writing import forget_draft, keep_draft, note_left, note_seen, write

__all__ = [
    "add_file",
    "ask_to_supplement",
    "begin",
    "begin_again",
    "end_member",
    "forget_draft",
    "invite",
    "keep_draft",
    "lock",
    "note_left",
    "note_seen",
    "remove_file",
    "send",
    "supplement",
    "withdraw",
    "write",
]
