"""What a call may be, whom a nudge is for, and what can happen in a case. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from eventsys.extensions import Translated


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
    EDITED = "edited"
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

MOST_INTAKES = 6
MOST_NUDGES = 10
MOST_FILES = 10
MOST_ACTS_AN_HOUR = 10
"""How often one recipient's link begins, asks again and says no."""
LONGEST_WORDS = 500


class Standing(enum.StrEnum):
    """How far an organisation that got the call has come, the furthest that is known."""

    NO_MAILBOX = "no_mailbox"
    QUEUED = "queued"
    FAILED = "failed"
    DELIVERED = "delivered"
    OPENED = "opened"
    DECLINED = "declined"
    BEGUN = "begun"
    SENT = "sent"


class Stage(enum.StrEnum):
    """Where a call stands at a moment: an open one is over when its deadline has passed."""

    DRAFT = "draft"
    OPEN = "open"
    OVER = "over"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class MailFate(enum.StrEnum):
    """What became of the letter to one of them, as far as the list of recipients tells."""

    NONE = "none"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class IntakeIsUsed(Exception):
    """Somebody is on the shortlist of the intake or was decided on in it: it cannot be taken away."""


class ChangedMeanwhile(Exception):
    """Somebody else has changed the call since the form was opened."""


class CannotBeChanged(Exception):
    """The call is closed or withdrawn, or what is to be changed has happened already."""


class CannotBeAnswered(Exception):
    """The call takes no answers: it is not open, its deadline has passed, or the organisation applies already."""


@dataclass(frozen=True, slots=True)
class IntakeFacts:
    """One intake as it was written; `ordinal` is which one of the call's it is."""

    ordinal: int
    name: Translated
    ceiling: int
    beside: int = 0
    cohort_id: int | None = None
    decides_on: date | None = None
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A call as it was written; `closes_local` is what the clock shows in `timezone` when it is too late."""

    title: Translated
    closes_local: datetime
    body: Translated = field(default_factory=dict)
    timezone: str = "Europe/Oslo"
    case_number: str = ""
    intakes: Sequence[IntakeFacts] = ()


def find_stage(state: CallState, closes_at: datetime, now: datetime) -> Stage:
    """What comes before `closes_at` is in time."""
    if state is CallState.OPEN and now >= closes_at:
        return Stage.OVER
    return Stage(state.value)


def find_standing(
    *, has_mailbox: bool, fate: MailFate, is_opened: bool, is_declined: bool, has_begun: bool, has_sent: bool
) -> Standing:
    """An application tells more than a no, a no more than that it was opened, that more than what became of the mail."""
    if has_begun:
        return Standing.SENT if has_sent else Standing.BEGUN
    if is_declined:
        return Standing.DECLINED
    if is_opened:
        return Standing.OPENED
    if not has_mailbox:
        return Standing.NO_MAILBOX
    fates = {MailFate.SENT: Standing.DELIVERED, MailFate.FAILED: Standing.FAILED}
    return fates.get(fate, Standing.QUEUED)


def list_whom(clauses: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[int]]:
    """The kinds of organisation and the ids of cohorts that a call's audience names."""
    said = [one for clause in clauses for one in clause.get("conditions", ()) if not one.get("negated")]
    kinds = [word for one in said if one["kind"] == "organisation_kind" for word in one.get("words", ())]
    cohorts = [id_ for one in said if one["kind"] == "cohort" for id_ in one.get("ids", ())]
    return list(dict.fromkeys(kinds)), list(dict.fromkeys(cohorts))
