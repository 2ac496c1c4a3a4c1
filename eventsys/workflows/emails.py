"""Outbox messages about events made into mails: looked at once more, then written in the reader's language."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from eventsys.events.rules import EventStatus, RunStatus
from eventsys.extensions import AnyRow
from eventsys.mailing.addresses import email_key
from eventsys.mailing.markdown import Compiled, Frame
from eventsys.mailing.message import Dropped, Email, Unwritten
from eventsys.mailing.outbox import mask_links
from eventsys.tokens import Purpose, capability
from eventsys.workflows.actions.occasions import why_past
from eventsys.workflows.actions.planning import IS_CALLED_OFF, IS_OFF
from eventsys.workflows.causes import Cause, Registered, RuleSaid, find_causes, find_invited, find_registered
from eventsys.workflows.copies import is_copy
from eventsys.workflows.enclosures import MOST_ATTACHED
from eventsys.workflows.facts import Facts, find_facts, read_calendars
from eventsys.workflows.framing import Extras, find_extras
from eventsys.workflows.invitation import list_calendar_runs, make_calendar
from eventsys.workflows.messages import Imagined, Message
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import (
    BY_HAND,
    OF_ORGANISATIONS,
    TEMPLATES,
    TIMED,
    Audience,
    Demands,
    Trigger,
    Whom,
    decide_demands,
)
from eventsys.workflows.texts import compiled, find_sources
from eventsys.workflows.timetable import read_relative
from eventsys.workflows.values import About, Shared, Site

HAS_ANSWERED = "the invitation has been answered since"
HAS_CHANGED, NOBODY_NEW = "the registration has changed since", "nobody has signed up since"
HAS_SIGNED_UP = "the organisation's sign-ups have changed since"
NOTHING_LEFT = "there is nothing left to write about"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where mails come from: the site's address and name, and the address in From; how big the files of a text may be
    together to go along."""

    base_url: str
    site_name: str
    sender: str
    most_attached: int = MOST_ATTACHED


class TextIsMissing(LookupError):
    """The organiser's text is not written in the reader's language."""

    def __str__(self) -> str:
        template, language = self.args
        return f"the text «{template}» is not written in {language}"


Texts = Mapping[tuple[int, str], Mapping[str, str]]


def compose(
    session: Session, messages: Sequence[Message], *, origin: Origin, now: datetime
) -> dict[int, Unwritten | Dropped]:
    """The mail of each message, to be written when its turn comes, or why it is not to be sent any more.

    The facts of all come in a few statements, and what mails about one event share is put together once.
    """
    causes = find_causes(session, [message.id for message in messages])
    facts = find_facts(session, causes, now=now)
    shared = Shared(facts, Site(origin.base_url, origin.site_name))
    extras = find_extras(session, messages, causes, base=shared.site.base, most_attached=origin.most_attached)
    batch = _Batch(facts, _find_texts(session, messages), origin, shared, extras)
    composed: dict[int, Unwritten | Dropped] = {}
    kept: dict[int, tuple[Message, list[Cause], Demands]] = {}
    for message in messages:
        demands, still, why_not = batch.look_at(message, now)
        if why_not is None:
            kept[message.id] = (message, still, demands)
        else:
            composed[message.id] = Dropped(why_not)
    runs = {run_id for _message, still, demands in kept.values() for run_id in list_calendar_runs(still, demands)}
    read_calendars(session, facts, runs, base_url=origin.base_url)
    for message, still, demands in kept.values():
        has_files = extras.are_attached((message.organiser_id, message.template))
        composed[message.id] = Unwritten(partial(batch.write, message, still, demands), has_files)
    return composed


def preview(
    session: Session,
    *,
    rule: Rule,
    event_id: int,
    run_id: int | None,
    registration_ids: Sequence[int],
    invitation_ids: Sequence[int] = (),
    organisation_id: int | None,
    organisation: str = "",
    name: str,
    email: str,
    language: str,
    origin: Origin,
    now: datetime,
) -> Email:
    """The mail of a rule, kept or not, as this reader would get it now; what belongs to them alone is masked.

    Whether it would still make sense to send is not asked. Raises `TextIsMissing`.
    """
    about = Cause(event_id, run_id, rule=RuleSaid(rule.trigger, rule.audience, read_relative(rule)), due_at=now)
    registered = find_registered(session, registration_ids) if registration_ids else []
    invited = find_invited(session, invitation_ids) if invitation_ids else []
    causes = [replace(about, registration=one, organisation=one.organisation) for one in registered]
    causes += [replace(about, invitation=one) for one in invited]
    causes = causes or [replace(about, organisation_id=organisation_id, organisation=organisation)]
    facts = find_facts(session, {0: causes}, now=now)
    whose = facts.events[event_id].organiser_id
    message = Imagined(0, uuid.UUID(int=0), whose, rule.template, email, email_key(email), name, language)
    demands = _demands_of(about.rule, rule.template)
    read_calendars(session, facts, list_calendar_runs(causes, demands), base_url=origin.base_url)
    shared = Shared(facts, Site(origin.base_url, origin.site_name))
    extras = find_extras(session, [message], {}, base=shared.site.base, most_attached=origin.most_attached)
    mail = _Batch(facts, _find_texts(session, [message]), origin, shared, extras).write(message, causes, demands)
    headers = {field: mask_links(value) for field, value in mail.headers.items()}
    return replace(mail, text=mask_links(mail.text), html=mask_links(mail.html), headers=headers)


def _find_texts(session: Session, messages: Sequence[Message]) -> Texts:
    return find_sources(session, {(message.organiser_id, message.template) for message in messages})


@dataclass(slots=True)
class _Batch:
    """Messages that are written together, with all that is known."""

    facts: Facts
    texts: Texts
    origin: Origin
    shared: Shared
    extras: Extras

    def look_at(self, message: Message, now: datetime) -> tuple[Demands, list[Cause], str | None]:
        """What the message demands, what of its causes still holds, and why it is not to be sent where none does."""
        causes = self.facts.causes.get(message.id, [])
        if not causes:
            return BY_HAND, [], NOTHING_LEFT
        rule = causes[0].rule
        demands = _demands_of(rule, message.template)
        still = [cause for cause in causes if self._holds(cause, demands, message.email_key)]
        return demands, still, self._why_not(causes, still, demands, now)

    def _holds(self, cause: Cause, demands: Demands, reader: str) -> bool:
        rule = cause.rule
        if cause.is_moved:
            return False
        if cause.registration is not None:
            return _still_so(self.facts, cause, cause.registration, demands, reader)
        if cause.invitation is not None:
            return cause.invitation.state in demands.invited and cause.invitation.email_key == reader
        if rule is not None and rule.audience in OF_ORGANISATIONS and cause.organisation_id is not None:
            return (cause.event_id, rule.audience, cause.organisation_id) in self.facts.meant
        if rule is not None and rule.audience is Audience.ORGANISERS and cause.due_at is not None:
            return bool(self.facts.signed_up.get((cause.event_id, cause.due_at)))
        return True

    def _why_not(self, causes: Sequence[Cause], still: Sequence[Cause], demands: Demands, now: datetime) -> str | None:
        rule = causes[0].rule
        if rule is not None and rule.trigger in TIMED and not rule.is_on:
            return IS_OFF
        if not still:
            return _why_gone(causes[0])
        event, run = self.facts.events[still[0].event_id], self.run_of(still[0])
        is_off = event.status is EventStatus.CANCELLED or (run is not None and run.status is RunStatus.CANCELLED)
        if demands.needs_run and is_off:
            return IS_CALLED_OFF
        return why_past(demands, run, event, event.timezone, now)

    def run_of(self, cause: Cause) -> AnyRow | None:
        run_id = cause.speaks_of
        return self.facts.runs[run_id] if run_id is not None else None

    def write(self, message: Message, causes: Sequence[Cause], demands: Demands) -> Email:
        key, language, copied = (message.organiser_id, message.template), message.language, is_copy(causes)
        text = self._find_text(message, self.extras.frame(key, language, is_copy=copied))
        unsubscribe = partial(self._unsubscribe_link, message, causes[0])
        files, to = self.extras.list_files(key, language), self.extras.say_letter_to(key, language, is_copy=copied)
        about = About(self.shared, causes, demands, language, message.email_key, unsubscribe, files, to)
        rendered = about.render(text)
        event = self.facts.events[causes[0].event_id]
        method, calendar = make_calendar(
            self.facts, causes, demands, email=message.email, language=message.language, sender=self.origin.sender
        )
        return Email(
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            from_name=event.organiser,
            reply_to=event.organiser_email,
            calendar=calendar,
            calendar_method=method,
            category=demands.category,
            headers=self._headers(causes[0], event, demands, unsubscribe),
        )

    def _find_text(self, message: Message, frame: Frame) -> Compiled:
        source = self.texts[message.organiser_id, message.template].get(message.language)
        if source is None:
            raise TextIsMissing(message.template, message.language)
        return compiled(source, message.language, frame)

    def _unsubscribe_link(self, message: Message, cause: Cause) -> str:
        """Of one registration or invitation, or of the mail itself where it is about none, for its address; never
        revoked, since it must work for years (RFC 8058)."""
        subject = cause.registration or cause.invitation or message
        public_id = subject.public_id
        return f"{self.shared.site.base}/unsubscribe/{capability(Purpose.UNSUBSCRIBE, public_id, 0)}"

    def _headers(self, cause: Cause, event: AnyRow, demands: Demands, unsubscribe: Callable[[], str]) -> dict[str, str]:
        headers = {}
        if cause.registration is not None and (earlier := self.facts.earlier.get(cause.registration.id)):
            headers = {"In-Reply-To": f"<{earlier}>", "References": f"<{earlier}>"}
        if demands.category:
            domain = self.origin.sender.rpartition("@")[2]
            headers["List-Unsubscribe"] = f"<{unsubscribe()}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            headers["List-Id"] = f"<{demands.category}.{event.organiser_slug}.{domain}>"
        return headers


def _still_so(facts: Facts, cause: Cause, seat: Registered, demands: Demands, reader: str) -> bool:
    """Whether a mail about the seat still tells what is so, to one whom it is still about."""
    rule, change, histories = cause.rule, cause.change, facts.histories
    if seat.state not in demands.states or not _is_still_read_by(seat, demands.whom, reader):
        return False
    if rule is not None and rule.audience is Audience.UNNAMED:
        return seat.person_id is None
    if change is None:
        return True
    if rule is not None and rule.trigger is Trigger.MOVED_FROM:
        return seat.run_id != change.from_run_id
    if rule is not None and rule.trigger is Trigger.ASKED:
        request = histories.requests.get(change.id)
        return request is not None and request.decided_at is None
    return demands.lasts or change.id not in histories.overtaken


def _is_still_read_by(seat: Registered, whom: Whom, reader: str) -> bool:
    """Nobody reads of a seat that is another's meanwhile, or whose address was mended."""
    if whom is Whom.PERSON:
        return seat.email_key == reader
    return whom is not Whom.REGISTRAR or seat.registrar_key == reader


def _demands_of(rule: RuleSaid | None, template: str) -> Demands:
    if rule is None:
        return TEMPLATES.get(template, BY_HAND)
    return decide_demands(rule.trigger, rule.audience, rule.relative)


def _why_gone(cause: Cause) -> str:
    """Why nothing is left of what the message was about."""
    if cause.registration is not None:
        return HAS_CHANGED
    if cause.invitation is not None:
        return HAS_ANSWERED
    return NOBODY_NEW if cause.organisation_id is None else HAS_SIGNED_UP
