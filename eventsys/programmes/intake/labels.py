"""What pages call states of applications, outcomes, letters and what stops a batch."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventsys.programmes.applications import labels
from eventsys.programmes.applications.rules import ApplicationState, Area
from eventsys.programmes.intake.lists import Sort
from eventsys.programmes.intake.rules import Lacks, LetterState, Outcome

STATES = {
    ApplicationState.SENT: _l("To be decided on"),
    ApplicationState.SUPPLEMENT: _l("Asked to supplement"),
    ApplicationState.WITHDRAWN: _l("Withdrawn"),
    ApplicationState.ADMITTED: _l("Admitted"),
    ApplicationState.WAITING: _l("Waits for a later intake"),
    ApplicationState.DECLINED: _l("Refusal"),
}
"""Of what was sent; drafts are nobody's but their writers'."""
STATE_KINDS = {
    ApplicationState.SENT: "info",
    ApplicationState.SUPPLEMENT: "warning",
    ApplicationState.WITHDRAWN: "neutral",
    ApplicationState.ADMITTED: "success",
    ApplicationState.WAITING: "warning",
    ApplicationState.DECLINED: "neutral",
}
AREAS = {**labels.AREAS, Area.OWN: _l("An area of their own")}
OUTCOMES = {
    Outcome.ADMITTED: _l("Admitted"),
    Outcome.WAITING: _l("Waits"),
    Outcome.DECLINED: _l("Refusal"),
}
OUTCOME_KINDS = {Outcome.ADMITTED: "success", Outcome.WAITING: "warning", Outcome.DECLINED: "neutral"}
LETTER_STATES = {
    LetterState.DRAFT: _l("Draft"),
    LetterState.READY: _l("Ready to be sent"),
    LetterState.SENT: _l("Sent"),
}
LETTER_KINDS = {LetterState.DRAFT: "warning", LetterState.READY: "info", LetterState.SENT: "success"}
LACKS = {
    Lacks.GROUNDS: _l("The grounds are missing in the applicant’s language."),
    Lacks.TEXT: _l("The letter has no text in this language."),
    Lacks.ADDRESS: _l("There is nobody to send it to: the organisation has no mailbox and no contact."),
}
SORTS = {
    Sort.NAME: _l("By name"),
    Sort.POINTS: _l("By points of all"),
    Sort.MINE: _l("By your own points"),
    Sort.SENT: _l("By when they came"),
}
