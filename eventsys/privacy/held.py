"""Where something is kept of the people behind an address, what of it they are shown, and what erasing them leaves.

One list serves the page, the file and the erasure. A test reads the models for tables that are missing from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eventsys.calendars.models import CalendarLink
from eventsys.events.models import Speaker
from eventsys.invitations.models import Invitation
from eventsys.mailing.models import OutboxMessage, ReturnedMail, Suppression
from eventsys.obligations.models import Excuse
from eventsys.organisations.models import Position, Representative
from eventsys.programmes.models import ApplicationMember, GroupMembership
from eventsys.registrations.models import (
    ChangeRequest,
    Delegation,
    PlainAnswer,
    Registration,
    RegistrationChange,
    SensitiveAnswer,
    UnionPosition,
)
from eventsys.site.models import BrochureOrder
from eventsys.visits.models import Visit, VisitChange

NOBODY: Mapping[str, Any] = {"name": "", "email": "", "email_key": ""}


@dataclass(frozen=True, slots=True)
class Whose:
    """An address, and of several people who share it the name of one (as `organisations.rules.name_key` has it)."""

    email_key: str
    name_key: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of a table that belong to an address themselves, or to rows of another that do (`through`: its column here).

    Erasing sets `blank`; without it the rows go. Of some nothing is erased, since the law keeps them (`is_kept`).
    """

    key: str
    model: Any
    shown: tuple[str, ...]
    blank: Mapping[str, Any] | None = None
    through: tuple[Any, Any] | None = None
    has_name: bool = True
    is_kept: bool = False


_SEATS = (PlainAnswer.registration_id, Registration)
HELD: tuple[Held, ...] = (
    Held("registrations", Registration, ("name", "email", "side", "state", "created_at"), NOBODY),
    Held("answers", PlainAnswer, ("text", "option"), None, _SEATS),
    Held(
        "sensitive", SensitiveAnswer, ("text", "option", "erase_on"), None,
        (SensitiveAnswer.registration_id, Registration),
    ),
    Held("unions", UnionPosition, ("erase_on",), None, (UnionPosition.registration_id, Registration)),
    Held("requests", ChangeRequest, ("asked", "words", "at"), {"words": ""}, (ChangeRequest.registration_id, Registration)),
    Held(
        "history", RegistrationChange, ("change", "at", "why"), {"why": None, "facts": {}},
        (RegistrationChange.registration_id, Registration),
    ),
    Held("delegations", Delegation, ("name", "email", "created_at"), NOBODY),
    Held("positions", Position, ("name", "email", "role", "from_on", "to_on"), NOBODY),
    Held(
        "visits", Visit, ("kind", "wish", "place", "state", "created_at"), {"wish": "", "place": ""},
        (Visit.position_id, Position),
    ),
    Held("about_visits", VisitChange, ("at", "words"), {"words": ""}, (VisitChange.position_id, Position)),
    Held("excuses", Excuse, ("state", "words", "asked_at"), {"words": ""}, (Excuse.position_id, Position)),
    Held("groups", GroupMembership, ("name", "email", "from_on", "to_on"), NOBODY),
    Held("representatives", Representative, ("name", "email", "from_on", "to_on", "erase_on")),
    Held("invitations", Invitation, ("name", "email", "state", "words", "asked_at"), {**NOBODY, "words": "", "reasons": []}),
    Held("applications", ApplicationMember, ("name", "email", "created_at", "ended_at"), is_kept=True),
    Held("speakers", Speaker, ("name", "email", "affiliation"), {"email": "", "email_key": ""}),
    Held("orders", BrochureOrder, ("name", "email", "postal_address", "copies", "created_at", "erase_on")),
    Held("calendars", CalendarLink, ("name", "created_at"), has_name=False),
    Held("returned", ReturnedMail, ("kind", "subject", "received_at"), None, (ReturnedMail.outbox_id, OutboxMessage)),
    Held(
        "mails", OutboxMessage, ("email", "subject", "state", "sent_at", "text"),
        {**NOBODY, "subject": None, "text": None, "html": None, "calendar": None, "answer": None},
    ),
    Held("blocks", Suppression, ("email_key", "category", "created_at"), has_name=False),
)  # fmt: skip
"""In the order of the page; in erasing, what hangs on other rows goes before them."""
