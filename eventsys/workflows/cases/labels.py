"""Which text tells of each act, what stands where there is nothing to say, and why a mail is not sent any more."""

from __future__ import annotations

from eventsys.programmes.calls.rules import CaseAct, Nudged

TEXTS = {
    CaseAct.BEGUN: "application_link",
    CaseAct.ASKED_FOR_LINK: "application_link",
    CaseAct.INVITED_COLLEAGUE: "application_shared",
    CaseAct.SENT: "application_received",
    CaseAct.WITHDRAWN: "application_withdrawn",
    CaseAct.ASKED_TO_SUPPLEMENT: "supplement_asked",
    CaseAct.SUPPLEMENTED: "application_supplemented",
}
"""The letter of a call and those of decisions are of the call."""
NUDGES = {Nudged.NOT_BEGUN: "call_not_begun", Nudged.BEGUN_NOT_SENT: "call_not_sent"}
AS_SOON_AS_YOU_CAN = {"nb": "så snart dere kan", "nn": "så snart de kan", "en": "as soon as you can"}
NO_NUMBER = "–"
WAS_WITHDRAWN = "the call was withdrawn"
HAS_CLOSED = "the call has closed"
HAS_ANSWERED = "the organisation has answered since"
HAS_CHANGED = "the application has changed since"
HAS_LEFT = "who was to read it takes no part in the application any more"
