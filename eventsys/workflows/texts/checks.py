"""What an organiser may write in a mail's text: everything that can be compiled, with the placeholders that are theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from eventsys.mailing.faults import BadText, Fault
from eventsys.mailing.markdown import check_body, check_subject
from eventsys.mailing.placeholders import PLACEHOLDERS
from eventsys.workflows.texts.rules import Faults, split

NOT_ORGANISERS = ("link", "attachments", "letter_to")
"""What the link of a sign-in mail is made of, and what is put around a text: no organiser's text has them."""
OF_CASES_ALONE = (
    "name", "programme", "call_title", "call_deadline", "case_number", "cohort", "intake", "arrived",
    "supplement_by", "grounds", "call_link", "application_link",
)  # fmt: skip
OF_CASES = (*OF_CASES_ALONE, "organisation", "organiser", "site", "who", "words", "site_link", "unsubscribe_link")
"""What a mail about a call, an application or a decision may have, and what no mail about an event has."""
KNOWN = tuple(name for name in PLACEHOLDERS if name not in (*NOT_ORGANISERS, *OF_CASES_ALONE))
KNOWN_OF_CASES = tuple(name for name in PLACEHOLDERS if name in OF_CASES)
CASE_TEXTS = (
    "call_not_begun", "call_not_sent", "application_link", "application_shared", "application_received",
    "application_withdrawn", "supplement_asked", "application_supplemented", "application_admitted",
    "application_waiting", "application_declined",
)  # fmt: skip
"""The shipped texts about calls, applications and decisions, as they follow each other."""


def known_of(key: str, call_id: int | None = None) -> tuple[str, ...]:
    """The placeholders of a text under that key, or of one written for a call."""
    return KNOWN_OF_CASES if key in CASE_TEXTS or call_id is not None else KNOWN


def check(texts: Mapping[str, str], known: Collection[str] = KNOWN) -> Faults:
    """What is wrong with each language's source: its subject and its body are looked at apart, so that both are told.
    `known` are the placeholders that it may have."""
    faults: Faults = {}
    for language, source in texts.items():
        subject, body = split(source)
        try:
            check_subject(subject, known=known)
        except BadText as fault:
            faults[language, "subject"] = fault
        try:
            _check_body(body, known)
        except BadText as fault:
            faults[language, "body"] = fault
    return faults


def _check_body(body: str, known: Collection[str]) -> None:
    if not body:
        raise BadText(Fault.NO_BODY)
    check_body(body, known=known)
