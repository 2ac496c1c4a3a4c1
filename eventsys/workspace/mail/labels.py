"""What pages call mails: templates, states, and why something was not sent, in the reader's language."""

from __future__ import annotations

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
    "run_changed": _l("New time or place"),
    "run_cancelled": _l("The event is cancelled"),
    "reminder": _l("Reminder"),
    "practical": _l("Practical information"),
    "sign_in": _l("Link to sign in"),
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
    "it was noticed more than 24 hours too late": _l("it was noticed more than 24 hours too late"),
    "the event had begun": _l("the event had begun"),
    "the registration has changed since": _l("the registration has changed since"),
    "the event was called off": _l("the event was called off"),
}


def name_template(template: str) -> str:
    return str(TEMPLATES.get(template, template))


def tell_reason(why: str | None) -> str:
    """Why something was not sent; a mail server's own words stay as they are."""
    return str(REASONS.get(why or "", why or ""))
