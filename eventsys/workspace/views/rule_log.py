"""What the log keeps of a rule: its sentence, and whether it is on, as they were and as they are."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsys.accounts.rules import LogVerb
from eventsys.events.labels import TYPES
from eventsys.workflows.actions.switching import describe
from eventsys.workflows.models import Rule
from eventsys.workspace.mail_rules.labels import tell_rule
from eventsys.workspace.mail_rules.queries import find_audience_names, find_names
from eventsys.workspace.views.frame import account, log, name_event
from eventsys.workspace.views.rule_places import Place

Words = dict[str, Any]


def words_at(session: Session, place: Place, key: str) -> Words:
    """The rule that counts at the place, and whether it is one of the place's own."""
    standing = place.standing(session, key)
    return {**words_of(session, standing.rule), "own_here": standing.is_here}


def words_of(session: Session, rule: Rule) -> Words:
    """The rule as people read it, in the language of whoever changes it."""
    organiser_id, facts = account().organiser.id, describe(rule)
    name = str(find_names(session, organiser_id).get(facts.template, facts.template))
    return {
        "rule": tell_rule(facts, name, find_audience_names(session, organiser_id)),
        "on": rule.enabled_at is not None,
    }


def note_rule(
    session: Session, place: Place, verb: LogVerb, key: str, before: Words | None, after: Words | None
) -> None:
    """Notes it with where the rule stands: at an event, a type of event, or everywhere."""
    name = (
        name_event(place.event).value
        if place.event
        else str(TYPES[place.scope.event_type])
        if place.scope.event_type
        else ""
    )
    log(session, verb, "rule", f"{place.kind}{key}", name, before, after)
