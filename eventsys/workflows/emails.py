"""Outbox messages about registrations made into mails: looked at once more, then written in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy.orm import Session

from eventsys import texts
from eventsys.events import ics
from eventsys.events.ics import CalendarFacts
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.mailing import templates
from eventsys.mailing.markdown import Link, Value
from eventsys.mailing.message import Dropped, Email, one_line
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.rules import State
from eventsys.tokens import Purpose, capability
from eventsys.workflows import wording
from eventsys.workflows.actions.occasions import why_too_late
from eventsys.workflows.facts import About, Facts, find_facts
from eventsys.workflows.rules import REMINDERS, TEMPLATES, Demands


@dataclass(frozen=True, slots=True)
class Origin:
    """Where mails come from: the site's address and name, and the address in From."""

    base_url: str
    site_name: str
    sender: str


def compose(
    session: Session, messages: Sequence[OutboxMessage], *, origin: Origin, now: datetime
) -> dict[int, Email | Dropped]:
    """The mail of each message, or why it is not to be sent any more; the facts of all come in a few statements."""
    facts = find_facts(session, [message.id for message in messages], base_url=origin.base_url)
    return {message.id: _compose_one(message, facts, origin, now) for message in messages}


def _compose_one(message: OutboxMessage, facts: Facts, origin: Origin, now: datetime) -> Email | Dropped:
    demands = TEMPLATES[message.template]
    about = facts.about.get(message.id, [])
    still = [one for one in about if one.registration.state in demands.states and not one.is_superseded]
    why_not = _why_not(still, demands, now)
    if why_not:
        return Dropped(why_not)
    rendered = templates.render(message.template, message.language, _values(message, still, origin))
    organiser = still[0].organiser
    method, calendar = _calendar(message, still, facts.calendars, demands, origin)
    return Email(
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        from_name=organiser.name,
        reply_to=organiser.email,
        calendar=calendar,
        calendar_method=method,
        category=demands.category,
        headers=_headers(still, demands, origin),
    )


def _why_not(still: Sequence[About], demands: Demands, now: datetime) -> str | None:
    if not still:
        return "the registration has changed since"
    run, event = still[0].run, still[0].event
    if demands.needs_run and (run.status is RunStatus.CANCELLED or event.status is EventStatus.CANCELLED):
        return "the event was called off"
    return why_too_late(run, now) if demands.before_start else None


# --- the text -------------------------------------------------------------------------------------------------------


def _values(message: OutboxMessage, about: Sequence[About], origin: Origin) -> dict[str, Value]:
    first, language = about[0], message.language
    run, base = first.run, origin.base_url.rstrip("/")
    span = wording.Span(run.precision, run.first_on, run.last_on, run.starts_local, run.ends_local)
    people = [wording.say_who(one.registration.name, one.organisation) for one in about]
    links = [Link(who, _personal_link(one, base)) for who, one in zip(people, about, strict=True)]
    venue_name, venue_address = (first.venue.name, first.venue.address) if first.venue else (None, None)
    return {
        "event": texts.read(first.event.title, language).value,
        "short_date": wording.say_short_date(span, language),
        "when": wording.say_when(span, language),
        "place": wording.say_place(venue_name, venue_address, language),
        "before": wording.say_before(first.event_change.facts, language) if first.event_change else "",
        "who": wording.say_all(people),
        "organiser": first.organiser.name,
        "site": origin.site_name,
        "registrations": links,
        "event_link": f"{base}/events/{first.event.slug}",
        "site_link": f"{base}/",
        "unsubscribe_link": _unsubscribe_link(first, base),
    }


def _personal_link(about: About, base: str) -> str:
    registration = about.registration
    token = capability(Purpose.REGISTRATION, registration.public_id, registration.link_version)
    return f"{base}/registrations/{token}"


def _unsubscribe_link(about: About, base: str) -> str:
    """Of one registration, for its address; never revoked, since it must work for years (RFC 8058)."""
    return f"{base}/unsubscribe/{capability(Purpose.UNSUBSCRIBE, about.registration.public_id, 0)}"


# --- the rest of the mail -------------------------------------------------------------------------------------------


def _headers(about: Sequence[About], demands: Demands, origin: Origin) -> dict[str, str]:
    first = about[0]
    headers = {}
    if first.earlier_id:
        headers = {"In-Reply-To": f"<{first.earlier_id}>", "References": f"<{first.earlier_id}>"}
    if demands.category == REMINDERS:
        domain = origin.sender.rpartition("@")[2]
        headers["List-Unsubscribe"] = f"<{_unsubscribe_link(first, origin.base_url.rstrip('/'))}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        headers["List-Id"] = f"<{REMINDERS}.{first.organiser.slug}.{domain}>"
    return headers


def _calendar(
    message: OutboxMessage,
    about: Sequence[About],
    calendars: dict[int, CalendarFacts],
    demands: Demands,
    origin: Origin,
) -> tuple[str, bytes | None]:
    """The calendar part, for who has or had a place; none below whole days. RFC 5546: one attendee, the reader.

    SEQUENCE rises with the run and by two each time the person leaves, the leaving itself in between, so that who signs
    up again is newer than having left.
    """
    first = next((one for one in about if _is_in_calendar(one)), None)
    if not demands.calendar or first is None:
        return "", None
    whole_run = first.change is None
    is_leaving = demands.calendar == "CANCEL" and not whole_run
    content = ics.request(
        calendars[first.run.id],
        method=cast(Literal["REQUEST", "CANCEL"], demands.calendar),
        sequence=first.run.sequence + 2 * first.times_left - is_leaving,
        organiser=(one_line(first.organiser.name), origin.sender),
        attendee=(one_line(first.registration.name), message.email),
        whole_run=whole_run,
        revised_at=max(first.run.revised_at, first.change.at) if first.change else first.run.revised_at,
        language=message.language,
    )
    return (demands.calendar, content) if content else ("", None)


def _is_in_calendar(one: About) -> bool:
    """Whether the person was told of a place, so that there is an entry to make, move or take away."""
    if one.change is not None and one.change.to_state is State.CANCELLED:
        return one.change.from_state is State.CONFIRMED
    return one.registration.state is not State.WAITING and one.registration.state is not State.REQUESTED
