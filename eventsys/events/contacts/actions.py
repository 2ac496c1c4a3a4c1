"""Deciding who answers for an event. Each change is a row of the event's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.contacts.queries import list_contacts
from eventsys.events.models import Event, EventChange, EventContact
from eventsys.events.rules import ChangeKind


@dataclass(frozen=True)
class ContactFacts:
    """Who answers for an event; with an account it is told by mail what the event's own people are told."""

    name: str
    email: str = ""
    phone: str = ""
    is_public: bool = True
    account_id: int | None = None


def set_contacts(
    session: Session, event: Event, contacts: Sequence[ContactFacts], *, account_id: int | None = None, now: datetime
) -> bool:
    """Makes these the ones who answer for the event, in this order; False and no trace if they are already.

    An account counts once, at its first place.
    """
    wanted = _once(contacts)
    rows = list_contacts(session, event.id)
    if [_facts(row) for row in rows] == wanted:
        return False
    session.execute(sa.delete(EventContact).where(EventContact.event_id == event.id))
    for place, facts in enumerate(wanted):
        columns = asdict(facts)
        session.add(EventContact(organiser_id=event.organiser_id, event_id=event.id, position=place, **columns))
    session.add(
        EventChange(event_id=event.id, kind=ChangeKind.EDITED, at=now, account_id=account_id,
                    facts={"fields": ["contacts"]})
    )  # fmt: skip
    session.flush()
    return True


def copy_contacts(session: Session, event: Event, copy: Event) -> int:
    """Who answers for an event answers for its copy too; how many they are."""
    rows = list_contacts(session, event.id)
    for row in rows:
        columns = asdict(_facts(row))
        session.add(EventContact(organiser_id=copy.organiser_id, event_id=copy.id, position=row.position, **columns))
    session.flush()
    return len(rows)


def _once(contacts: Sequence[ContactFacts]) -> list[ContactFacts]:
    seen: set[int] = set()
    found = []
    for facts in contacts:
        if facts.account_id in seen:
            continue
        if facts.account_id is not None:
            seen.add(facts.account_id)
        found.append(facts)
    return found


def _facts(row: EventContact) -> ContactFacts:
    return ContactFacts(row.name, row.email, row.phone, row.is_public, row.account_id)
