"""Reads the causes of outbox messages: for each what it is about, and by which rule; columns alone."""

from __future__ import annotations

import functools
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.models import EventChange
from eventsys.extensions import dialect_of, is_among
from eventsys.invitations.models import Invitation
from eventsys.invitations.rules import InvitationState
from eventsys.organisations.models import Organisation
from eventsys.registrations.models import Delegation, Registration, RegistrationChange
from eventsys.registrations.rules import Change, Side, State
from eventsys.workflows.models import MailCause, Occasion, Rule
from eventsys.workflows.rules import Anchor, Audience, Relative, Trigger, Unit


class Registered(NamedTuple):
    """One seat that a message speaks of; what begins with `registrar` and `delegation` is null for one of no delegation."""

    id: int
    public_id: uuid.UUID
    link_version: int
    run_id: int
    person_id: int | None
    name: str
    email_key: str
    side: Side | None
    state: State
    offered_until: datetime | None
    delegation: uuid.UUID | None
    delegation_version: int | None
    registrar: str | None
    registrar_key: str | None
    registrar_id: int | None
    organisation: str | None


class Invited(NamedTuple):
    """The invitation that a message speaks of."""

    id: int
    public_id: uuid.UUID
    name: str
    email_key: str
    state: InvitationState


class Changed(NamedTuple):
    """The change that a message tells of."""

    id: int
    change: Change
    from_state: State | None
    to_state: State
    from_run_id: int | None
    why: str | None
    facts: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """What the rule says that made a message; `is_on` as it stands now."""

    trigger: Trigger
    audience: Audience
    relative: Relative | None
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Cause:
    """One subject of a message: a registration, an organisation, an invitation, or none; by which rule, at which moment.

    `is_moved` says that the moment has moved since; `before` is what the event's change tells of how it was.
    """

    event_id: int
    run_id: int | None = None
    registration: Registered | None = None
    organisation_id: int | None = None
    organisation: str | None = None
    rule: RuleSaid | None = None
    due_at: datetime | None = None
    change: Changed | None = None
    before: Mapping[str, Any] | None = None
    is_moved: bool = False
    invitation: Invited | None = None

    @property
    def speaks_of(self) -> int | None:
        """The run whose time and place it tells: of one that was left, that one."""
        if self.rule is not None and self.rule.trigger is Trigger.MOVED_FROM and self.change is not None:
            return self.change.from_run_id
        return self.registration.run_id if self.registration is not None else self.run_id


def find_causes(session: Session, outbox_ids: Sequence[int]) -> dict[int, list[Cause]]:
    """What each message is about, by its id and in the order of the registrations."""
    said: dict[int, RuleSaid] = {}
    found: dict[int, list[Cause]] = defaultdict(list)
    for row in session.execute(_causes(dialect_of(session)), {"outbox_ids": list(outbox_ids)}):
        if row.rule_id is not None and row.rule_id not in said:
            said[row.rule_id] = RuleSaid(row.trigger, row.audience, _relative(row[12:16]), row.enabled_at is not None)
        found[row.outbox_id].append(
            Cause(
                event_id=row.event_id,
                run_id=row.run_id,
                registration=Registered(*row[SEAT:INVITED]) if row.registration_id is not None else None,
                invitation=Invited(*row[INVITED:CHANGE]) if row.invitation_id is not None else None,
                organisation_id=row.organisation_id,
                organisation=row[INVITED - 1],
                rule=said.get(row.rule_id),
                due_at=row.due_at,
                change=Changed(*row[CHANGE:-1]) if row.registration_change_id is not None else None,
                before=row.before,
                is_moved=bool(row.is_moved),
            )
        )
    return found


def find_registered(session: Session, registration_ids: Sequence[int]) -> list[Registered]:
    """Registrations as messages speak of them, in their order."""
    statement = (
        sa.select(*_REGISTERED)
        .outerjoin(Delegation, Delegation.id == Registration.delegation_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.id.in_(registration_ids))
        .order_by(Registration.id)
    )
    return [Registered(*row) for row in session.execute(statement)]


def find_invited(session: Session, invitation_ids: Sequence[int]) -> list[Invited]:
    """Invitations as messages speak of them, in their order."""
    statement = sa.select(*_INVITED).where(Invitation.id.in_(invitation_ids)).order_by(Invitation.id)
    return [Invited(*row) for row in session.execute(statement)]


# --- causes -----------------------------------------------------------------------------------------------------------

_REGISTERED: tuple[Any, ...] = (
    Registration.id,
    Registration.public_id,
    Registration.link_version,
    Registration.run_id,
    Registration.person_id,
    Registration.name,
    Registration.email_key,
    Registration.side,
    Registration.state,
    Registration.offered_until,
    Delegation.public_id,
    Delegation.link_version,
    Delegation.name,
    Delegation.email_key,
    Delegation.registrar_id,
    Organisation.label,
)
_INVITED: tuple[Any, ...] = (
    Invitation.id,
    Invitation.public_id,
    Invitation.name,
    Invitation.email_key,
    Invitation.state,
)
SEAT = 17
INVITED = SEAT + len(_REGISTERED)
CHANGE = INVITED + len(_INVITED)
"""Where in a row the columns of the seat begin, those of the invitation, and those of the change."""


@functools.cache
def _causes(dialect: str) -> sa.Select[*tuple[Any, ...]]:
    """The columns stand in the order that `find_causes` cuts them in."""
    whose = sa.func.coalesce(Registration.organisation_id, MailCause.organisation_id, Invitation.organisation_id)
    columns: tuple[Any, ...] = (
        MailCause.outbox_id,
        MailCause.event_id,
        sa.func.coalesce(Occasion.run_id, Rule.run_id).label("run_id"),
        MailCause.registration_id,
        MailCause.organisation_id,
        MailCause.rule_id,
        MailCause.registration_change_id,
        MailCause.invitation_id,
        Occasion.due_at,
        _is_moved().label("is_moved"),
        Rule.trigger,
        Rule.audience,
        Rule.anchor,
        Rule.offset_units,
        Rule.unit,
        Rule.clock_time,
        Rule.enabled_at,
        *_REGISTERED,
        *_INVITED,
        RegistrationChange.id,
        RegistrationChange.change,
        RegistrationChange.from_state,
        RegistrationChange.to_state,
        RegistrationChange.from_run_id,
        RegistrationChange.why,
        RegistrationChange.facts,
        RegistrationChange.at,
        EventChange.facts.label("before"),
    )
    return (
        sa.select(*columns)
        .select_from(MailCause)
        .outerjoin(Rule, Rule.id == MailCause.rule_id)
        .outerjoin(Occasion, Occasion.id == MailCause.occasion_id)
        .outerjoin(Registration, Registration.id == MailCause.registration_id)
        .outerjoin(Delegation, Delegation.id == Registration.delegation_id)
        .outerjoin(Invitation, Invitation.id == MailCause.invitation_id)
        .outerjoin(Organisation, Organisation.id == whose)
        .outerjoin(RegistrationChange, RegistrationChange.id == MailCause.registration_change_id)
        .outerjoin(EventChange, EventChange.id == MailCause.event_change_id)
        .where(is_among(MailCause.outbox_id, "outbox_ids", dialect))
        .order_by(MailCause.outbox_id, MailCause.registration_id, MailCause.invitation_id)
    )


def _is_moved() -> sa.ColumnElement[bool]:
    """Whether a later occasion of the same rule for the same run, or event, has taken the place of the message's."""
    newer = aliased(Occasion)
    same = sa.or_(newer.run_id == Occasion.run_id, sa.and_(newer.run_id.is_(None), Occasion.run_id.is_(None)))
    return (
        sa.select(newer.id)
        .where(
            newer.rule_id == Occasion.rule_id,
            newer.event_id == Occasion.event_id,
            same,
            newer.generation > Occasion.generation,
        )
        .correlate(Occasion)
        .exists()
    )


def _relative(columns: Sequence[Any]) -> Relative | None:
    anchor: Anchor | None = columns[0]
    unit: Unit | None = columns[2]
    return Relative(anchor, columns[1], unit, columns[3]) if anchor is not None and unit is not None else None
