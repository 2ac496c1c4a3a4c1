"""What an invitation may be and what may be answered. Pure."""

from __future__ import annotations

import enum
from datetime import timedelta

from eventsys.registrations.rules import ENDED, State


class InvitationState(enum.StrEnum):
    """Drawn up and not sent; asked and not answered; answered; or taken back by the organiser."""

    PLANNED = "planned"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PASSED_ON = "passed_on"
    WITHDRAWN = "withdrawn"


class InvitationAct(enum.StrEnum):
    """What happened to an invitation: a row of its history, and the cause of mail."""

    PLANNED = "planned"
    ASKED = "asked"
    NUDGED = "nudged"
    OPENED = "opened"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PASSED_ON = "passed_on"
    WITHDRAWN = "withdrawn"


MAY_ANSWER = (InvitationState.ASKED, InvitationState.DECLINED)
"""The states in which somebody may still say yes, or pass the invitation on: a no can be taken back."""
TOLD = (InvitationAct.ASKED, InvitationAct.NUDGED, InvitationAct.WITHDRAWN)
"""The acts that the invited are mailed of."""
NUDGED_AT_MOST = timedelta(hours=24)
LONGEST_WORDS = 500
LISTED_AT_ONCE = 50


class Shown(enum.StrEnum):
    """What an organiser looks for among invitations: an answer, none, no sign of its having been read, or an address that
    takes no mail."""

    NO_ANSWER = "no_answer"
    NOT_OPENED = "not_opened"
    UNREACHABLE = "unreachable"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PASSED_ON = "passed_on"
    WITHDRAWN = "withdrawn"


def may_sign_up(state: InvitationState, seat: State | None) -> bool:
    """Whether an invitation opens the sign-up: until it has a yes, and again when the seat it became has ended."""
    return state in MAY_ANSWER or (state is InvitationState.ACCEPTED and seat in ENDED)


class CannotBeAnswered(Exception):
    """The invitation has been taken back, passed on or answered with yes."""


class CannotBePassedOn(Exception):
    """There is no organisation whose colleague could come instead, or the colleague is the invited one."""
