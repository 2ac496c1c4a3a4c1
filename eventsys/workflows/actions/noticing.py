"""What noticing changes of seats and of events has in common: the rules in force, and each act on its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from eventsys.events.models import EventChange
from eventsys.invitations.models import InvitationChange
from eventsys.programmes.models import CaseChange
from eventsys.registrations.models import RegistrationChange
from eventsys.workflows.models import Rule
from eventsys.workflows.rulebook import find_effective

BATCH = 200
log = structlog.get_logger()
Rules = Mapping[int, list[Rule]]


def find_rules(session: Session, events: Collection[tuple[int, int]]) -> Rules:
    """The rules in force of events, each given with its organiser."""
    if not events:
        return {}
    return find_effective(
        session, sorted({event for event, _whose in events}), organiser_ids=sorted({whose for _event, whose in events})
    )


def was_on(rule: Rule, at: datetime) -> bool:
    return rule.enabled_at is not None and rule.enabled_at <= at


@contextmanager
def alone(session: Session, change: RegistrationChange | EventChange | InvitationChange | CaseChange) -> Iterator[None]:
    """What goes wrong with one act is undone and logged; its changes stay to be noticed and stop no other."""
    kind, number = type(change).__name__, change.id
    try:
        with session.begin_nested():
            yield
    except Exception as error:
        log.error("a change could not be made into mail", kind=kind, number=number, exc_info=error)
