"""Outbox messages about calls, applications and decisions made into mails: looked at once more, then written in the
language of the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from eventsys.mailing.markdown import Compiled
from eventsys.mailing.message import Dropped, Email
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CallState, CaseAct, Nudged
from eventsys.tokens import Purpose, capability
from eventsys.workflows.cases.facts import CaseFacts, find_case_facts
from eventsys.workflows.cases.labels import HAS_ANSWERED, HAS_CHANGED, HAS_CLOSED, HAS_LEFT, WAS_WITHDRAWN
from eventsys.workflows.cases.values import AboutCase
from eventsys.workflows.emails import Origin, TextIsMissing
from eventsys.workflows.enclosures import find_enclosures
from eventsys.workflows.framing import Extras, say_went_to
from eventsys.workflows.messages import Message
from eventsys.workflows.rules import REMINDERS
from eventsys.workflows.texts import compiled, find_sources
from eventsys.workflows.values import Site

Texts = Mapping[tuple[int, str], Mapping[str, str]]
OF_CALL = (CaseAct.CALLED, CaseAct.NUDGED)
log = structlog.get_logger()


def compose_cases(
    session: Session, messages: Sequence[Message], *, origin: Origin, now: datetime
) -> dict[int, Email | Dropped | Exception]:
    """The mail of each message that is about a case, why it is not to be sent any more, or what went wrong with it alone;
    messages about something else are no keys."""
    facts = find_case_facts(session, [message.id for message in messages])
    mine = [message for message in messages if message.id in facts]
    batch = read_batch(session, mine, origin)
    composed: dict[int, Email | Dropped | Exception] = {}
    for message in mine:
        why_not = why_not_sent(facts[message.id], message.email_key, now)
        if why_not is not None:
            composed[message.id] = Dropped(why_not)
            continue
        try:
            composed[message.id] = batch.write(message, facts[message.id])
        except Exception as error:
            log.warning("a mail could not be written", outbox_id=message.id, exc_info=error)
            composed[message.id] = error
    return composed


def why_not_sent(facts: CaseFacts, reader: str, now: datetime) -> str | None:
    """Why the mail no longer makes sense to its reader, whose address as it is compared is given; None where it does."""
    if facts.call.state is CallState.WITHDRAWN:
        return WAS_WITHDRAWN
    if facts.member is not None and (facts.member.ended_at is not None or facts.member.email_key != reader):
        return HAS_LEFT
    if facts.change.act in OF_CALL:
        return _why_not_called(facts, now)
    return None if _still_so(facts) else HAS_CHANGED


def _why_not_called(facts: CaseFacts, now: datetime) -> str | None:
    """A copy of the call is the record of a letter that went out, whatever its first reader has answered."""
    if facts.is_copy:
        return None
    if facts.call.state is CallState.CLOSED or now >= facts.call.closes_at:
        return HAS_CLOSED
    if facts.recipient is not None and facts.recipient.declined_at is not None:
        return HAS_ANSWERED
    if facts.change.act is not CaseAct.NUDGED or facts.nudge is None:
        return None
    if facts.nudge.whom is Nudged.NOT_BEGUN:
        return HAS_ANSWERED if facts.has_begun else None
    is_draft = facts.application is not None and facts.application.state is ApplicationState.DRAFT
    return None if is_draft else HAS_ANSWERED


def _still_so(facts: CaseFacts) -> bool:
    act, application = facts.change.act, facts.application
    if application is None:
        return False
    if act is CaseAct.WITHDRAWN:
        return application.state is ApplicationState.WITHDRAWN
    if application.state is ApplicationState.WITHDRAWN:
        return False
    if act is CaseAct.ASKED_TO_SUPPLEMENT:
        return application.state is ApplicationState.SUPPLEMENT
    if act is CaseAct.LETTER_SENT:
        return facts.letter is not None and facts.decision is not None and facts.decision.reversed_at is None
    return True


def read_batch(session: Session, messages: Sequence[Message], origin: Origin) -> Batch:
    """What the mails of these messages are written with; two statements."""
    wanted = {(message.organiser_id, message.template) for message in messages}
    site = Site(origin.base_url, origin.site_name)
    extras = Extras(find_enclosures(session, wanted), {}, origin.most_attached, site.base)
    return Batch(find_sources(session, wanted), extras, origin, site)


@dataclass(frozen=True, slots=True)
class Batch:
    """The texts of messages that are written together, and what goes along."""

    texts: Texts
    extras: Extras
    origin: Origin
    site: Site

    def write(self, message: Message, facts: CaseFacts) -> Email:
        """Raises `TextIsMissing`."""
        key, language = (message.organiser_id, message.template), message.language
        is_reminder = facts.change.act is CaseAct.NUDGED
        unsubscribe = self._unsubscribe_link(message) if is_reminder else ""
        about = AboutCase(
            facts=facts,
            site=self.site,
            language=language,
            name=message.name,
            unsubscribe=unsubscribe,
            files=self.extras.list_files(key, language),
            letter_to=say_went_to(facts.went_to, language) if facts.is_copy else "",
        )
        text = self._find_text(message, facts)
        rendered = text.render({name: about.read(name) for name in text.names})
        return Email(
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            from_name=facts.organiser.name,
            reply_to=facts.organiser.email,
            category=REMINDERS if is_reminder else "",
            headers=self._headers(facts, unsubscribe) if is_reminder else {},
            has_files=self.extras.are_attached(key),
        )

    def _find_text(self, message: Message, facts: CaseFacts) -> Compiled:
        """A letter that was edited by itself has its own words, in its one language."""
        key, language = (message.organiser_id, message.template), message.language
        own = facts.letter.text if facts.letter is not None else None
        source = own or self.texts[key].get(language)
        if source is None:
            raise TextIsMissing(message.template, language)
        return compiled(source, language, self.extras.frame(key, language, is_copy=facts.is_copy))

    def _unsubscribe_link(self, message: Message) -> str:
        return f"{self.site.base}/unsubscribe/{capability(Purpose.UNSUBSCRIBE, message.public_id, 0)}"

    def _headers(self, facts: CaseFacts, unsubscribe: str) -> dict[str, str]:
        domain = self.origin.sender.rpartition("@")[2]
        return {
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<{REMINDERS}.{facts.organiser.slug}.{domain}>",
        }
