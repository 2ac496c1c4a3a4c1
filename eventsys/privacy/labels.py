"""What the pages and the file call what is kept."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from eventsys import dates
from eventsys.events.rules import TIMEZONE
from eventsys.invitations.labels import STATES as INVITATION_STATES
from eventsys.invitations.rules import InvitationState
from eventsys.mailing.rules import MailState
from eventsys.obligations.labels import EXCUSES
from eventsys.obligations.rules import ExcuseState
from eventsys.organisations.labels import POSITION_ROLES
from eventsys.organisations.rules import PositionRole
from eventsys.privacy.queries import Section
from eventsys.registrations.labels import CHANGES, SIDES, STATES
from eventsys.registrations.rules import Change, Side, State
from eventsys.visits.labels import KINDS as VISIT_KINDS
from eventsys.visits.labels import STATES as VISIT_STATES
from eventsys.visits.rules import VisitKind, VisitState

SECTIONS = {
    "registrations": _l("Registrations"),
    "answers": _l("What you answered"),
    "sensitive": _l("What you answered that is sensitive"),
    "unions": _l("That you represent a union"),
    "requests": _l("What you asked an organiser for"),
    "history": _l("What happened to your registrations"),
    "delegations": _l("Colleagues you have signed up"),
    "positions": _l("What you are in organisations"),
    "visits": _l("Visits you have asked for"),
    "about_visits": _l("What you wrote about visits"),
    "excuses": _l("Excuses you have asked for"),
    "groups": _l("Groups you are in"),
    "representatives": _l("What a union has told of you"),
    "invitations": _l("Invitations"),
    "applications": _l("Applications you have written on"),
    "speakers": _l("That you speak at events"),
    "orders": _l("Brochures you have ordered"),
    "calendars": _l("Your calendar addresses"),
    "returned": _l("What came back from your mailbox"),
    "mails": _l("Mail you have been sent"),
    "blocks": _l("That your address gets no mail"),
}
ERASED = {
    "places": _l("Places given up"),
    "people": _l("People"),
    "mails": _l("Mail"),
}
COLUMNS = {
    "name": _l("Name"), "email": _l("E-mail"), "email_key": _l("E-mail"), "side": _l("Represents"), "state": _l("State"),
    "created_at": _l("Since"), "text": _l("Text"), "option": _l("Choice"), "erase_on": _l("Erased on"),
    "asked": _l("About"), "words": _l("Words"), "at": _l("When"), "change": _l("What changed"), "why": _l("Why"),
    "role": _l("Role"), "from_on": _l("From"), "to_on": _l("To"), "asked_at": _l("Asked on"), "ended_at": _l("Ended"),
    "affiliation": _l("From where"), "postal_address": _l("Postal address"), "copies": _l("Copies"), "kind": _l("Kind"),
    "subject": _l("Subject"), "received_at": _l("Received"), "sent_at": _l("Sent"), "category": _l("What"),
    "wish": _l("Wish"), "place": _l("Place"),
}  # fmt: skip
"""What the columns that people are shown are called."""
MAIL_STATES = {
    MailState.QUEUED: _l("Waits"), MailState.SENDING: _l("Is being sent"), MailState.SENT: _l("Sent"),
    MailState.DEFERRED: _l("Will be tried again"), MailState.FAILED: _l("Did not arrive"),
    MailState.CANCELLED: _l("Not sent"), MailState.SUPPRESSED: _l("Blocked address"),
    MailState.UNCERTAIN: _l("Perhaps sent"),
}  # fmt: skip
WORDS: Mapping[type[enum.Enum], Mapping[Any, Any]] = {
    Side: SIDES, State: STATES, Change: CHANGES, PositionRole: POSITION_ROLES, InvitationState: INVITATION_STATES,
    ExcuseState: EXCUSES, MailState: MAIL_STATES, VisitKind: VISIT_KINDS, VisitState: VISIT_STATES,
}  # fmt: skip
"""By kind of value what it is called; the states of one kind may be spelt as those of another."""


def describe(section: Section, language: str) -> dict[str, Any]:
    """A table of texts."""
    shown = section.held.shown
    return {
        "title": SECTIONS[section.held.key],
        "is_kept": section.held.is_kept,
        "headings": [COLUMNS[name] for name in shown],
        "rows": [[tell(value, language) for value in row] for row in section.rows],
    }


def tell(value: Any, language: str) -> str:
    if isinstance(value, datetime):
        return dates.format_moment(dates.to_local(value, TIMEZONE), language)
    if isinstance(value, date):
        return dates.format_day(value, language)
    if isinstance(value, enum.Enum):
        return str(WORDS.get(type(value), {}).get(value) or str(value.value).replace("_", " "))
    return "" if value is None else str(value)


def as_plain(sections: Sequence[Section]) -> dict[str, list[dict[str, Any]]]:
    """For the file: by kind, the rows as JSON has them; moments in UTC, ISO 8601."""
    return {
        section.held.key: [
            {name: _plain(value) for name, value in zip(section.held.shown, row, strict=True)} for row in section.rows
        ]
        for section in sections
    }


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


def tell_counts(counts: dict[str, Any]) -> str:
    """«Registrations: 3 · Mail: 12»; kinds that only programs have a name for stand as they are."""
    names = {**SECTIONS, **ERASED}
    kinds = [*(kind for kind in names if kind in counts), *sorted(counts.keys() - names.keys())]
    return " · ".join(f"{names.get(kind, kind)}: {counts[kind]}" for kind in kinds)
