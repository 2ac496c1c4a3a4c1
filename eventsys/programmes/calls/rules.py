"""What a call may be, whom a nudge is for, and what can happen in a case. Pure."""

from __future__ import annotations

import enum


class CallState(enum.StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Nudged(enum.StrEnum):
    NOT_BEGUN = "not_begun"
    BEGUN_NOT_SENT = "begun_not_sent"


class CaseAct(enum.StrEnum):
    """What happened to a call, to somebody who got it, or to an application: the history of a case.

    Those in `MAILED` become mail.
    """

    OPENED_CALL = "opened_call"
    CLOSED_CALL = "closed_call"
    WITHDREW_CALL = "withdrew_call"
    CALLED = "called"
    NUDGED = "nudged"
    READ = "read"
    SAID_NO = "said_no"
    BEGUN = "begun"
    INVITED_COLLEAGUE = "invited_colleague"
    REMOVED_COLLEAGUE = "removed_colleague"
    ASKED_FOR_LINK = "asked_for_link"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    ASKED_TO_SUPPLEMENT = "asked_to_supplement"
    SUPPLEMENTED = "supplemented"
    ASSESSED = "assessed"
    SHORTLISTED = "shortlisted"
    NOT_SHORTLISTED = "not_shortlisted"
    DISQUALIFIED = "disqualified"
    NOT_DISQUALIFIED = "not_disqualified"
    DECIDED = "decided"
    REVERSED = "reversed"
    LETTER_READY = "letter_ready"
    LETTER_SENT = "letter_sent"


MAILED = (
    CaseAct.CALLED, CaseAct.NUDGED, CaseAct.BEGUN, CaseAct.INVITED_COLLEAGUE, CaseAct.ASKED_FOR_LINK, CaseAct.SENT,
    CaseAct.WITHDRAWN, CaseAct.ASKED_TO_SUPPLEMENT, CaseAct.SUPPLEMENTED, CaseAct.LETTER_SENT,
)  # fmt: skip
