"""What an invitation may be and what may be answered. Pure."""

from __future__ import annotations

import enum


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
