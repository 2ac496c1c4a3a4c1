"""Reads of invitations: what a link opens, what a mail says, what an organiser looks through, who is to be asked."""

from eventsys.invitations.queries.facts import InvitationFacts, list_facts
from eventsys.invitations.queries.found import (
    Opened,
    find_of_person,
    find_only_run,
    find_open,
    find_own,
    find_own_round,
    was_sent,
)
from eventsys.invitations.queries.lists import (
    Counted,
    ListedInvitation,
    RoundLine,
    count_invitations,
    list_invitations,
    list_rounds,
    list_to_nudge,
)
from eventsys.invitations.queries.newcomers import (
    count_new,
    has_work,
    list_due_rounds,
    list_following_rounds,
    list_new,
    list_signed_up,
    select_taken,
)

__all__ = [
    "Counted",
    "InvitationFacts",
    "ListedInvitation",
    "Opened",
    "RoundLine",
    "count_invitations",
    "count_new",
    "find_of_person",
    "find_only_run",
    "find_open",
    "find_own",
    "find_own_round",
    "has_work",
    "list_due_rounds",
    "list_facts",
    "list_following_rounds",
    "list_invitations",
    "list_new",
    "list_rounds",
    "list_signed_up",
    "list_to_nudge",
    "select_taken",
    "was_sent",
]
