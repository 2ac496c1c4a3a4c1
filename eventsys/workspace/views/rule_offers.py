"""What the form of a rule offers at a place: texts, an event's runs, the time there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from eventsys import clock, dates
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import OF_SAVED, SHIPPED_AT_ONCE, TIMED, Trigger
from eventsys.workflows.texts.queries import list_texts
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail_rules.forms import Offered
from eventsys.workspace.mail_rules.labels import AUDIENCES, name_audience
from eventsys.workspace.mail_rules.meant import SavedAudience, write_audience
from eventsys.workspace.mail_rules.queries import list_audiences
from eventsys.workspace.views.frame import account
from eventsys.workspace.views.rule_places import Place

Texts = list[tuple[str, str]]


def list_choices(session: Session, rule: Rule | None) -> Texts:
    """The texts that the form offers: what answers a change is offered where that change is mailed alone."""
    entries = [entry for entry in list_texts(session, account().organiser.id) if not entry.is_of_case]
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


def offer(session: Session, place: Place, texts: Texts, rule: Rule | None) -> Offered:
    saved = list_audiences(session, account().organiser.id, keep=rule.audience_id if rule is not None else None)
    runs = {str(run.uid): run.id for run in place.event.runs} if place.event else {}
    local_now = dates.to_local(clock.now(), account().organiser.timezone)
    return Offered(dict(texts).keys(), runs, may_be_absolute=place.event is not None, local_now=local_now, saved=saved)


def list_audience_options(saved: Sequence[SavedAudience]) -> list[tuple[str, str]]:
    """All whom a rule of time may be for, within a sentence."""
    own = [(audience.value, str(name)) for audience, name in AUDIENCES.items() if audience not in OF_SAVED]
    return own + list_saved_options(saved)


def list_saved_options(saved: Sequence[SavedAudience]) -> list[tuple[str, str]]:
    """Each saved audience twice: all of it, and those of it who have not signed up."""
    return [
        (write_audience(audience, one.id, saved), name_audience(audience, one.name))
        for one in saved
        for audience in OF_SAVED
    ]
