"""What each role may open, in the words that routes declare themselves with. Decided here, read at each request."""

from __future__ import annotations

from eventsys.accounts.rules import MemberRole
from eventsys.web import Access

WORK = frozenset({Access.DOOR, Access.READER, Access.ORGANISER})
"""What a helper may at the events that it helps with, and nowhere else."""

ALLOWED: dict[MemberRole, frozenset[Access]] = {
    MemberRole.OWNER: WORK | {Access.MEMBER, Access.HELPER, Access.OWNER},
    MemberRole.ORGANISER: WORK | {Access.MEMBER, Access.HELPER},
    MemberRole.HELPER: frozenset({Access.MEMBER, Access.HELPER}),
    MemberRole.DOOR: frozenset({Access.MEMBER, Access.DOOR}),
    MemberRole.READER: frozenset({Access.MEMBER, Access.HELPER, Access.READER}),
}


def is_allowed(role: MemberRole, who: Access, *, helps_here: bool = False) -> bool:
    """Whether the role opens what is declared as `who`; `helps_here` of a helper at one of its own events."""
    return who in ALLOWED[role] or (role is MemberRole.HELPER and helps_here and who in WORK)
