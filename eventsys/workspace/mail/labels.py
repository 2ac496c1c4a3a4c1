"""What pages call mails: templates, states, and why something was not sent, in the reader's language."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys.mailing.rules import MailState

TEMPLATES = {
    "confirmed": _l("Confirmation"),
    "waiting": _l("On the waiting list"),
    "promoted": _l("A place from the waiting list"),
    "requested": _l("The request is received"),
    "declined": _l("No place"),
    "cancelled": _l("Cancellation of a registration"),
    "repeated": _l("The link once more"),
    "readdressed": _l("New address"),
    "named": _l("Signed up by somebody else"),
    "delegation": _l("List of the places of a delegation"),
    "offered": _l("Offer of a place"),
    "lapsed": _l("An offer that nobody answered"),
    "changed": _l("Changed registration"),
    "moved": _l("New date"),
    "moved_from": _l("A date that no longer applies"),
    "handed_over": _l("A place from a colleague"),
    "given_away": _l("A place given to a colleague"),
    "restored": _l("A registration that stands again"),
    "asked": _l("A request that waits for your answer"),
    "answered": _l("Answer to a request"),
    "run_changed": _l("New time or place"),
    "run_cancelled": _l("The event is cancelled"),
    "reminder": _l("Reminder"),
    "practical": _l("Practical information"),
    "nudge": _l("Nudge"),
    "lacking": _l("Nudge about the delegation"),
    "last_chance": _l("The last chance to keep a promise"),
    "unnamed": _l("Nudge about names"),
    "digest": _l("List of participants"),
    "thanks": _l("Thanks"),
    "free": _l("Message"),
    "sign_in": _l("Link to sign in"),
    "team_invitation": _l("Invitation into a team"),
    "own_pages": _l("Link to one’s own page"),
    "contact": _l("Confirmation of a contact"),
    "contact_confirmed": _l("Confirmed contact"),
    "contract_deadline": _l("Deadline of a contract"),
    "visit_asked": _l("A visit is asked for"),
    "visit_offered": _l("Times for a visit"),
    "visit_declined": _l("No visit"),
    "programme_changed": _l("New programme"),
    "materials_published": _l("Papers"),
    "invited": _l("Invitation"),
    "invitation_nudged": _l("Reminder of an invitation"),
    "invitation_withdrawn": _l("Withdrawn invitation"),
    "network_draft": _l("A draft that waits for its adviser"),
    "call_not_begun": _l("Reminder of a call"),
    "call_not_sent": _l("Reminder of an application that is not sent"),
    "application_link": _l("Link to an application"),
    "application_shared": _l("Invitation to write on an application"),
    "application_received": _l("Receipt of an application"),
    "application_withdrawn": _l("Withdrawn application"),
    "supplement_asked": _l("More is asked for"),
    "application_supplemented": _l("What was asked for has come"),
    "application_admitted": _l("Letter of admission"),
    "application_waiting": _l("Letter about the waiting list"),
    "application_declined": _l("Letter of refusal"),
    "brochure_ordered": _l("Receipt of an order"),
    "brochure_sent": _l("An order that is sent"),
    "brochure_declined": _l("An order that is declined"),
    "group_link": _l("Link to a group’s pages"),
    "group_minutes": _l("Minutes of a meeting"),
    "test": _l("Test of the mail"),
}
STATES = {
    MailState.QUEUED: _l("Waits"),
    MailState.SENDING: _l("Is being sent"),
    MailState.SENT: _l("Sent"),
    MailState.DEFERRED: _l("Will be tried again"),
    MailState.FAILED: _l("Did not arrive"),
    MailState.CANCELLED: _l("Not sent"),
    MailState.SUPPRESSED: _l("Blocked address"),
    MailState.UNCERTAIN: _l("Perhaps sent"),
}
STATE_KINDS = {
    MailState.QUEUED: "info",
    MailState.SENDING: "info",
    MailState.SENT: "success",
    MailState.DEFERRED: "warning",
    MailState.FAILED: "danger",
    MailState.CANCELLED: "neutral",
    MailState.SUPPRESSED: "neutral",
    MailState.UNCERTAIN: "warning",
}
# The worker writes why in English; these are the ones that organisers read.
REASONS = {
    "the rule was switched off": _l("the rule was switched off"),
    "the invitation has been answered since": _l("the invitation has been answered since"),
    "another rule took its place": _l("another rule took its place"),
    "the event had begun": _l("the event had begun"),
    "registration had closed": _l("registration had closed"),
    "the last day to name people had passed": _l("the last day to say who comes had passed"),
    "the event was called off": _l("the event was called off"),
    "the event is not published": _l("the event is not published"),
    "the day is not set": _l("the day is not set"),
    "its new time had passed": _l("its new time had passed"),
    "nobody was in the audience": _l("there was nobody to send it to"),
    "its text is not written": _l("its text is not written"),
    "the registration has changed since": _l("the registration has changed since"),
    "nobody has signed up since": _l("nobody has signed up since"),
    "the organisation's sign-ups have changed since": _l("the organisation's sign-ups have changed since"),
    "there is nothing left to write about": _l("there is nothing left to write about"),
    "the address gets no mail of this kind": _l("the address gets no mail of this kind"),
    "called off by an organiser": _l("called off by an organiser"),
    "the worker ended before it heard the mail server's answer": _l(
        "the worker ended before it heard the mail server's answer"
    ),
    "another test took its place": _l("another test took its place"),
    "the call was withdrawn": _l("the call was withdrawn"),
    "the call has closed": _l("the call has closed"),
    "the organisation has answered since": _l("the organisation has answered since"),
    "the application has changed since": _l("the application has changed since"),
    "who was to read it takes no part in the application any more": _l(
        "who was to read it takes no part in the application any more"
    ),
}
OWN = "own-"
TOO_LATE = re.compile(r"it was noticed more than (\d+) hours too late")


def name_template(template: str) -> str:
    """A text of the organiser's own that is gone is called what its key was made from."""
    if template not in TEMPLATES and template.startswith(OWN):
        return template.removeprefix(OWN).replace("-", " ").capitalize()
    return str(TEMPLATES.get(template, template))


def tell_reason(why: str | None) -> str:
    """Why something was not sent; a mail server's own words stay as they are."""
    if found := TOO_LATE.fullmatch(why or ""):
        return str(_("it was noticed more than %(hours)s hours too late", hours=found[1]))
    return str(REASONS.get(why or "", why or ""))
