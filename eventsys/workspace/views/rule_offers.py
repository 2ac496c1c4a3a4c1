"""What the form of a rule offers at a place: texts, an event's runs, the time there."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eventsys import clock, dates
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import SHIPPED_AT_ONCE, TIMED, Trigger
from eventsys.workflows.texts.queries import list_texts
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail_rules.forms import Offered
from eventsys.workspace.views.frame import account
from eventsys.workspace.views.rule_places import Place

Texts = list[tuple[str, str]]


def list_choices(session: Session, rule: Rule | None) -> Texts:
    """The texts that the form offers: what answers a change is offered where that change is mailed alone."""
    entries = list_texts(session, account().organiser.id)
    trigger = rule.trigger if rule is not None else Trigger.RELATIVE
    fits = {trigger.value} if trigger not in TIMED else {entry.key for entry in entries} - set(SHIPPED_AT_ONCE)
    found = [
        (entry.key, entry.name or name_template(entry.key))
        for entry in entries
        if entry.key in fits or not entry.is_shipped
    ]
    if rule is not None and rule.template not in dict(found):
        found.append((rule.template, name_template(rule.template)))
    return found


def offer(place: Place, texts: Texts) -> Offered:
    runs = {str(run.uid): run.id for run in place.event.runs} if place.event else {}
    local_now = dates.to_local(clock.now(), account().organiser.timezone)
    return Offered(dict(texts).keys(), runs, may_be_absolute=place.event is not None, local_now=local_now)
