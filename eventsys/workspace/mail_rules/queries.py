"""Reads for the pages of rules: which stand where, which of them count, and when they fire next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.queries import list_saved
from eventsys.audiences.rules import asks_for_union, read_clauses
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus, EventType
from eventsys.workflows.models import MailTemplate, Occasion, Rule
from eventsys.workflows.rulefacts import Scope
from eventsys.workflows.rules import TIMED, Anchor, OccasionState, Trigger, Unit
from eventsys.workspace import queries as workspace
from eventsys.workspace.mail_rules.meant import SavedAudience

ORDER = list(Trigger)
HOURS = {Unit.MINUTES: 1 / 60, Unit.HOURS: 1.0, Unit.DAYS: 24.0, Unit.WORKING_DAYS: 34.0, Unit.WEEKS: 168.0}
ANCHOR_ORDER = {Anchor.DEADLINE: 0, Anchor.NAMING: 1, Anchor.START: 2, Anchor.END: 3, None: 4}


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule that counts at a scope, and the one farther away that it takes the place of, if there is one."""

    rule: Rule
    hidden: Rule | None
    is_here: bool


def list_standing(session: Session, scope: Scope, event_type: EventType | None = None) -> list[Standing]:
    """The rules that count at the scope, on or off, in the order of time; `event_type` is that of the scope's event.

    Mails that were written once for one event are no rules to their writers, and are left out.
    """
    kind = scope.event_type or event_type
    found = session.scalars(
        sa.select(Rule).where(
            Rule.organiser_id == scope.organiser_id,
            Rule.removed_at.is_(None),
            sa.or_(Rule.event_id.is_(None), Rule.event_id == scope.event_id),
            sa.or_(Rule.event_type.is_(None), Rule.event_type == kind),
            sa.not_(_is_written_once()),
        )
    ).all()
    return sorted((_stand(rules, scope) for rules in _by_key(found).values()), key=lambda one: place(one.rule))


def _is_written_once() -> sa.ColumnElement[bool]:
    own = (MailTemplate.organiser_id == Rule.organiser_id, MailTemplate.key == Rule.template)
    written = sa.select(MailTemplate.id).where(*own, MailTemplate.event_id.is_not(None))
    return sa.and_(Rule.trigger == Trigger.ABSOLUTE, written.exists())


def _by_key(rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    """The nearest of each key first."""
    found: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda rule: (rule.event_id is None, rule.event_type is None)):
        found.setdefault(rule.key, []).append(rule)
    return found


def _stand(rules: list[Rule], scope: Scope) -> Standing:
    nearest = rules[0]
    is_here = (nearest.event_type, nearest.event_id) == (scope.event_type, scope.event_id)
    return Standing(nearest, rules[1] if len(rules) > 1 else None, is_here)


def find_standing(session: Session, scope: Scope, key: str, event_type: EventType | None = None) -> Standing | None:
    """The rule of that key that counts at the scope."""
    return next((one for one in list_standing(session, scope, event_type) if one.rule.key == key), None)


def place(rule: Rule) -> tuple[int, int, float, str]:
    """Where a rule stands in a list: what the clock does as it comes about, then what follows a change."""
    if rule.trigger not in TIMED:
        return (9, ORDER.index(rule.trigger), 0, rule.key)
    if rule.at_local is not None:
        return (8, 0, 0, rule.at_local.isoformat())
    hours = HOURS[rule.unit or Unit.DAYS] * (rule.offset_units or 0)
    return (ANCHOR_ORDER[rule.anchor], 0, hours, rule.key)


def find_next(session: Session, rule_ids: Collection[int], scope: Scope) -> dict[int, datetime]:
    """When each rule fires next for the events of the scope; those that have nothing planned are left out."""
    statement = (
        sa.select(Occasion.rule_id, sa.func.min(Occasion.due_at).label("due_at"))
        .where(Occasion.rule_id.in_(rule_ids), Occasion.state == OccasionState.PLANNED)
        .group_by(Occasion.rule_id)
    )
    if scope.event_id is not None:
        statement = statement.where(Occasion.event_id == scope.event_id)
    if scope.event_type is not None:
        statement = statement.join(Event, Event.id == Occasion.event_id).where(Event.type == scope.event_type)
    return {row.rule_id: row.due_at for row in session.execute(statement)}


def find_fired(session: Session, event_id: int, key: str) -> dict[int | None, datetime]:
    """When a rule of this key last went out for each run of the event, or for all of it."""
    rows = session.execute(
        sa.select(Occasion.run_id, sa.func.max(Occasion.fired_at).label("fired_at"))
        .join(Rule, Rule.id == Occasion.rule_id)
        .where(Occasion.event_id == event_id, Rule.key == key, Occasion.state == OccasionState.FIRED)
        .group_by(Occasion.run_id)
    )
    return {row.run_id: row.fired_at for row in rows}


def find_names(session: Session, organiser_id: int) -> dict[str, str]:
    """What the organiser calls its texts, by their keys; shipped ones that it gave no name are left out."""
    statement = sa.select(MailTemplate.key, MailTemplate.name).where(
        MailTemplate.organiser_id == organiser_id, MailTemplate.name != ""
    )
    return {row.key: row.name for row in session.execute(statement)}


def find_audience_names(session: Session, organiser_id: int) -> dict[int, str]:
    """What the organiser calls its saved audiences, by their ids."""
    statement = sa.select(AudienceRecord.id, AudienceRecord.name).where(AudienceRecord.organiser_id == organiser_id)
    return {row.id: row.name for row in session.execute(statement)}


def list_audiences(session: Session, organiser_id: int, *, keep: int | None = None) -> list[SavedAudience]:
    """The saved audiences that mail may be aimed at, in the order of their names.

    Those that ask for a union are reached by invitations alone, where each look at them is noted; one that a rule names
    already, by its id in `keep`, stays.
    """
    return [
        SavedAudience(row.id, str(row.public_id), row.name)
        for row in list_saved(session, organiser_id)
        if row.id == keep or not asks_for_union(read_clauses(row.clauses))
    ]


def list_reached(session: Session, scope: Scope, key: str, *, from_on: date) -> list[Event]:
    """The published events, not long over, that a rule of this scope and key counts for: none that has a nearer one."""
    events = workspace.list_events(session, scope.organiser_id, status=EventStatus.PUBLISHED, from_on=from_on)
    nearer = session.execute(
        sa.select(Rule.event_id, Rule.event_type).where(
            Rule.organiser_id == scope.organiser_id, Rule.key == key, Rule.removed_at.is_(None)
        )
    ).all()
    ids = {row.event_id for row in nearer if row.event_id is not None}
    types = {row.event_type for row in nearer if row.event_type is not None} if scope.event_type is None else set()
    return [
        event
        for event in events
        if event.id not in ids and event.type not in types and scope.event_type in (None, event.type)
    ]
