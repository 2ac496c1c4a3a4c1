"""Rules made, changed, switched on and off, removed and copied; the plan of what they touch is right at once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import asdict, fields
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.queries import is_there
from eventsys.events.models import EventClause
from eventsys.organisers.models import Organiser
from eventsys.workflows.actions import planning
from eventsys.workflows.models import Rule
from eventsys.workflows.rulefacts import RuleFacts, Scope, is_too_early
from eventsys.workflows.rules import OF_ORGANISATIONS, Trigger
from eventsys.workflows.texts import missing_languages

OWN_KEY = re.compile(r"own-[a-z0-9]{10}")
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class CannotBeOn(ValueError):
    """The rule may be kept, but not be on; the classes below say why."""


class TextIsMissing(CannotBeOn):
    """The text is not written in these languages, which its readers have."""

    def __init__(self, languages: Collection[str]) -> None:
        super().__init__(f"no text in {', '.join(languages)}")
        self.languages = list(languages)


class NobodyHasCome(CannotBeOn):
    """It is for those who came or stayed away, and fires before anybody can have."""


class AudienceIsGone(CannotBeOn):
    """Its saved audience was taken away meanwhile; such a rule cannot be kept either."""


class NobodyIsInvited(CannotBeOn):
    """It is for the organisations that the event is for, and the event is for everybody."""


def check_may_be_on(
    session: Session, scope: Scope, facts: RuleFacts, *, languages: Collection[str] | None = None
) -> None:
    """Raises a `CannotBeOn` for a rule that says this. `languages` are those of its readers, all three if not given."""
    if is_too_early(facts):
        raise NobodyHasCome
    if facts.audience in OF_ORGANISATIONS and scope.event_id is not None and not _has_clauses(session, scope.event_id):
        raise NobodyIsInvited
    missing = missing_languages(session, scope.organiser_id, facts.template)
    if missing := [code for code in missing if languages is None or code in languages]:
        raise TextIsMissing(missing)


def _has_clauses(session: Session, event_id: int) -> bool:
    return session.scalar(sa.select(EventClause.id).where(EventClause.event_id == event_id).limit(1)) is not None


def _hold_audience(session: Session, facts: RuleFacts) -> None:
    """Keeps the saved audience from being taken away before the rule names it."""
    if facts.audience_id is None:
        return
    statement = sa.select(AudienceRecord.id).where(AudienceRecord.id == facts.audience_id, is_there())
    if session.scalar(statement.with_for_update(read=True, key_share=True)) is None:
        raise AudienceIsGone


def make_key() -> str:
    """A key for a rule of the organiser's own, that no other has."""
    return "own-" + "".join(secrets.choice(LETTERS) for _ in range(10))


def describe(rule: Rule) -> RuleFacts:
    return RuleFacts(**{field.name: getattr(rule, field.name) for field in fields(RuleFacts)})


def find_rule(session: Session, scope: Scope, key: str) -> Rule | None:
    """The rule that stands at exactly this scope; None if there is none or it was removed."""
    return session.scalar(
        sa.select(Rule).where(
            Rule.organiser_id == scope.organiser_id,
            Rule.event_type.is_not_distinct_from(scope.event_type),
            Rule.event_id.is_not_distinct_from(scope.event_id),
            Rule.key == key,
            Rule.removed_at.is_(None),
        )
    )


def add_rule(
    session: Session,
    scope: Scope,
    facts: RuleFacts,
    *,
    key: str,
    on: bool = True,
    languages: Collection[str] | None = None,
    account_id: int | None = None,
    now: datetime,
) -> Rule:
    """A rule at this scope, on from now or off; the one that stands there under that key already if there is one.

    Under the key of a rule farther away it takes that one's place here. Raises a `CannotBeOn`; see `check_may_be_on`.
    """
    _lock(session, scope.organiser_id)
    found = find_rule(session, scope, key)
    if found is not None:
        return found
    _hold_audience(session, facts)
    if on:
        check_may_be_on(session, scope, facts, languages=languages)
    rule = Rule(**asdict(scope), **asdict(facts), key=key, enabled_at=now if on else None, account_id=account_id)
    session.add(rule)
    _plan(session, scope, now)
    return rule


def change_rule(
    session: Session, rule: Rule, facts: RuleFacts, *, account_id: int | None = None, now: datetime
) -> bool:
    """Makes the rule say this; False if it does already. With another time or other people it counts from now on.

    Raises a `CannotBeOn` for one that is on, and `AudienceIsGone` for any.
    """
    _lock(session, rule.organiser_id)
    session.refresh(rule)
    before = describe(rule)
    if before == facts:
        return False
    _hold_audience(session, facts)
    if rule.enabled_at is not None:
        check_may_be_on(session, _scope(rule), facts)
    for name, value in asdict(facts).items():
        setattr(rule, name, value)
    only_text = asdict(before) | {"template": facts.template} == asdict(facts)
    if rule.enabled_at is not None and not only_text:
        rule.enabled_at = now
    rule.account_id = account_id
    _plan(session, _scope(rule), now)
    return True


def switch_on(session: Session, rule: Rule, *, account_id: int | None = None, now: datetime) -> bool:
    """Lets the rule fire for moments from now on; False if it is on already. Raises a `CannotBeOn`."""
    _lock(session, rule.organiser_id)
    session.refresh(rule)
    if rule.enabled_at is not None:
        return False
    check_may_be_on(session, _scope(rule), describe(rule))
    rule.enabled_at, rule.account_id = now, account_id
    _plan(session, _scope(rule), now)
    return True


def switch_off(session: Session, rule: Rule, *, account_id: int | None = None, now: datetime) -> bool:
    """Stops the rule where it stands; it hides one farther away still. False if it is off already."""
    _lock(session, rule.organiser_id)
    session.refresh(rule)
    if rule.enabled_at is None:
        return False
    rule.enabled_at, rule.account_id = None, account_id
    _plan(session, _scope(rule), now)
    return True


def remove_rule(session: Session, rule: Rule, *, account_id: int | None = None, now: datetime) -> bool:
    """Takes the rule away for good; what it sent is kept, and one farther away under its key counts again."""
    _lock(session, rule.organiser_id)
    session.refresh(rule)
    if rule.removed_at is not None:
        return False
    rule.enabled_at, rule.removed_at, rule.account_id = None, now, account_id
    _plan(session, _scope(rule), now)
    return True


def copy_rules(
    session: Session, from_event_id: int, to_event_id: int, *, account_id: int | None = None, now: datetime
) -> int:
    """Gives an event the rules that another has of its own, those that are on from now; how many.

    What is for one day or one run of the other is left out: it means nothing here.
    """
    rows = session.scalars(
        sa.select(Rule)
        .where(Rule.event_id == from_event_id, Rule.removed_at.is_(None), Rule.trigger != Trigger.ABSOLUTE)
        .where(Rule.run_id.is_(None))
        .order_by(Rule.id)
    ).all()
    for row in rows:
        scope = Scope(row.organiser_id, event_id=to_event_id)
        on = row.enabled_at is not None
        copy = Rule(**asdict(scope), **asdict(describe(row)), key=row.key, enabled_at=now if on else None)
        copy.account_id = account_id
        session.add(copy)
    session.flush()
    planning.plan_event(session, to_event_id, now=now)
    return len(rows)


def _scope(rule: Rule) -> Scope:
    return Scope(rule.organiser_id, rule.event_type, rule.event_id)


def _lock(session: Session, organiser_id: int) -> None:
    """One change of an organiser's rules at a time; what refers to the organiser's row goes on meanwhile."""
    session.execute(sa.select(Organiser.id).where(Organiser.id == organiser_id).with_for_update(key_share=True))


def _plan(session: Session, scope: Scope, now: datetime) -> None:
    session.flush()
    if scope.event_id is not None:
        planning.plan_event(session, scope.event_id, now=now)
    else:
        planning.plan(session, now=now)
