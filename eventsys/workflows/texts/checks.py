"""What an organiser may write in a mail's text: everything that can be compiled, with the placeholders that are theirs."""

from __future__ import annotations

from collections.abc import Mapping

from eventsys.mailing.faults import BadText, Fault
from eventsys.mailing.markdown import check_body, check_subject
from eventsys.mailing.placeholders import PLACEHOLDERS
from eventsys.workflows.texts.rules import Faults, split

NOT_ORGANISERS = ("link", "attachments", "letter_to")
"""What the link of a sign-in mail is made of, and what is put around a text: no organiser's text has them."""
KNOWN = tuple(name for name in PLACEHOLDERS if name not in NOT_ORGANISERS)


def check(texts: Mapping[str, str]) -> Faults:
    """What is wrong with each language's source: its subject and its body are looked at apart, so that both are told."""
    faults: Faults = {}
    for language, source in texts.items():
        subject, body = split(source)
        try:
            check_subject(subject, known=KNOWN)
        except BadText as fault:
            faults[language, "subject"] = fault
        try:
            _check_body(body)
        except BadText as fault:
            faults[language, "body"] = fault
    return faults


def _check_body(body: str) -> None:
    if not body:
        raise BadText(Fault.NO_BODY)
    check_body(body, known=KNOWN)
