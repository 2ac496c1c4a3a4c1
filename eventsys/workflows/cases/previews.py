"""The letter of a call or of a decision as its reader will get it, before it is sent: written by what writes the mail."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.mailing.outbox import enqueue, mask_links
from eventsys.mailing.templates import Rendered
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import Call, CallRecipient, DecisionLetter
from eventsys.workflows.cases.composing import read_batch
from eventsys.workflows.cases.facts import CaseFacts, find_call_facts, find_letter_facts
from eventsys.workflows.cases.texts import key_of, key_of_outcome
from eventsys.workflows.emails import Origin, TextIsMissing
from eventsys.workflows.messages import Imagined
from eventsys.workflows.pauses import TEST_PREFIX


def read_origin() -> Origin:
    """Where the mails of this installation come from."""
    config = current_app.config
    most: int = config["MAIL_ATTACHED_MB"]
    return Origin(config["BASE_URL"], config["SITE_NAME"], config["MAIL_DEFAULT_SENDER"], most * 2**20)


def render_call(session: Session, call: Call, organisation: Organisation, language: str) -> Rendered:
    """The call to that organisation; links that belong to it alone are masked. Raises `TextIsMissing`."""
    template = key_of(call, "letter")
    if template is None:
        raise TextIsMissing("call", language)
    facts = find_call_facts(session, call, organisation)
    facts.recipient = CallRecipient(public_id=uuid.uuid4(), link_version=0)
    return _write(session, facts, template, language, organisation.email or "")


def render_letter(session: Session, letter: DecisionLetter) -> Rendered:
    """The letter about a decision as the organisation's mailbox gets it, in its one language; links are masked."""
    facts = find_letter_facts(session, letter)
    assert facts.decision is not None
    template = key_of_outcome(facts.call, facts.decision.outcome)
    email = facts.organisation.email or "" if facts.organisation is not None else ""
    return _write(session, facts, template, letter.language, email)


def send_test(
    session: Session,
    call: Call,
    rendered: Rendered,
    *,
    template: str,
    language: str,
    to: tuple[int, str, str],
    now: datetime,
) -> None:
    """Puts what was previewed in the outbox to who asked for it (account, address, name), and to nobody else."""
    account_id, address, name = to
    enqueue(
        session,
        organiser_id=call.organiser_id,
        reason_key=f"{TEST_PREFIX}{account_id}/{uuid.uuid4()}",
        template=template,
        email=address,
        name=name,
        language=language,
        due_at=now,
        now=now,
        content=rendered,
    )


def _write(session: Session, facts: CaseFacts, template: str, language: str, email: str) -> Rendered:
    name = facts.organisation.label if facts.organisation is not None else ""
    whose = facts.organiser.id
    message = Imagined(0, uuid.UUID(int=0), whose, template, email, email_key(email), name, language)
    mail = read_batch(session, [message], read_origin()).write(message, facts)
    return Rendered(mail.subject, mask_links(mail.text), mask_links(mail.html))
