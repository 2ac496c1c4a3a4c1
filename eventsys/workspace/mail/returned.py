"""What pages call what came back: its kind, what a status code (RFC 3463) means, and what it changed, in plain words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventsys.mailing.rules import ReturnKind

KINDS = {
    ReturnKind.HARD_BOUNCE: _l("The address does not work"),
    ReturnKind.SOFT_BOUNCE: _l("Did not arrive"),
    ReturnKind.DELAY: _l("Delayed"),
    ReturnKind.AUTO_REPLY: _l("Automatic reply"),
    ReturnKind.CALENDAR_ANSWER: _l("Answer from a calendar"),
    ReturnKind.UNKNOWN: _l("Not recognised"),
}
COLORS = {
    ReturnKind.HARD_BOUNCE: "danger",
    ReturnKind.SOFT_BOUNCE: "warning",
    ReturnKind.DELAY: "info",
    ReturnKind.AUTO_REPLY: "neutral",
    ReturnKind.CALENDAR_ANSWER: "neutral",
    ReturnKind.UNKNOWN: "warning",
}
MEANINGS = {
    ReturnKind.HARD_BOUNCE: _l(
        "The mail did not arrive, and the address takes no mail. It is blocked, so that nothing more is sent to it."
    ),
    ReturnKind.SOFT_BOUNCE: _l("The mail did not arrive, but the address may well work. Nothing was changed here."),
    ReturnKind.DELAY: _l(
        "The mail has not arrived yet. The other mail server goes on trying, and says so if it gives up."
    ),
    ReturnKind.AUTO_REPLY: _l("A program answered, not a person. The answer is kept here; nothing is sent back."),
    ReturnKind.CALENDAR_ANSWER: _l(
        "The reader’s calendar answered. The registration is as it was; nothing is sent back."
    ),
    ReturnKind.UNKNOWN: _l(
        "It could not be seen what this is about, so nothing was changed. Read it and decide for yourself."
    ),
}
# By the subject and detail of a status code; the class (4 or 5) only says whether it was given up.
DETAILS = {
    "1.0": _l("the address does not work"),
    "1.1": _l("unknown address"),
    "1.2": _l("there is no such domain"),
    "1.3": _l("the address is written wrongly"),
    "1.4": _l("the address fits several people"),
    "1.6": _l("the reader has moved"),
    "1.10": _l("the domain takes no mail"),
    "2.1": _l("the mailbox is closed"),
    "2.2": _l("the mailbox is full"),
    "2.3": _l("the mail was too large"),
    "3.4": _l("the mail was too large"),
    "4.4": _l("there is no such domain"),
}
SUBJECTS = {
    "1": _l("something is wrong with an address"),
    "2": _l("the mailbox cannot take mail now"),
    "3": _l("the reader’s mail server has a fault"),
    "4": _l("the reader’s mail server did not answer"),
    "5": _l("the mail servers did not understand each other"),
    "6": _l("the reader’s mail server did not like the content"),
    "7": _l("the reader’s mail server turned the mail away; that is about us, not about the address"),
}
ANSWERS = {
    "accepted": _l("said yes"),
    "declined": _l("said no"),
    "tentative": _l("said perhaps"),
    "delegated": _l("gave it to somebody else"),
}


def tell_status(status: str) -> str:
    """A status code or calendar answer in plain words; empty where there is none that is known."""
    if status in ANSWERS:
        return str(ANSWERS[status])
    _class, _dot, detail = status.partition(".")
    return str(DETAILS.get(detail) or SUBJECTS.get(detail.partition(".")[0]) or "")


def tell_block(why: str) -> str:
    """Why an address is blocked."""
    return tell_status(why.removeprefix("returned: ")) or why
