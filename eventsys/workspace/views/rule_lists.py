"""Rules of an organiser, a type of event or one event: the list, on and off, one's own and the common one again."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.events.labels import TYPES
from eventsys.extensions import db, transaction
from eventsys.workflows.actions import switching
from eventsys.workflows.actions.switching import CannotBeOn
from eventsys.workflows.models import Rule
from eventsys.workflows.pauses import list_pauses
from eventsys.workflows.rulefacts import Scope
from eventsys.workflows.rules import TIMED
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail_rules.labels import name_scope, tell_rule
from eventsys.workspace.mail_rules.queries import Standing, find_audience_names, find_names, find_next, list_standing
from eventsys.workspace.views.frame import account, name_event, name_moment, tabs
from eventsys.workspace.views.rule_log import note_rule, words_at, words_of
from eventsys.workspace.views.rule_places import Place, at_each, find_place
from eventsys.workspace.views.rule_refusals import tell_refusal


@at_each("rules")
def index(**where: str) -> str:
    session = db.session()
    return show_list(session, find_place(session, where))


@at_each("switch_rule", "<key>/switch", method="POST")
def switch(key: str, **where: str) -> Response | tuple[str, int]:
    """On or off, here alone: one that comes from farther away gets a rule in its place."""
    on = request.form.get("on") == "1"
    try:
        with transaction() as session:
            place = find_place(session, where)
            before = words_at(session, place, key)
            switch_here(session, place, place.standing(session, key), on=on)
            after = words_at(session, place, key)
            note_rule(session, place, LogVerb.CHANGED, key, before, after)
    except CannotBeOn as error:
        session = db.session()
        place = find_place(session, where)
        refused = tell_refusal(session, place.standing(session, key).rule.template, error)
        return show_list(session, place, refused), 422
    flash(
        _("It is on, and sends from now.") if on else _("It is off, and sends nothing until you switch it on."),
        "success",
    )
    return redirect(place.url("rules"), 303)


def switch_here(session: Session, place: Place, standing: Standing, *, on: bool) -> None:
    rule, now = standing.rule, clock.now()
    if standing.is_here:
        turn = switching.switch_on if on else switching.switch_off
        turn(session, rule, account_id=account().id, now=now)
        return
    facts = switching.describe(rule)
    switching.add_rule(session, place.scope, facts, key=rule.key, on=on, account_id=account().id, now=now)


@at_each("remove_rule", "<key>/removal", method="POST")
def remove(key: str, **where: str) -> Response:
    """Takes away the rule that stands here; the common one counts again where it took that one's place."""
    with transaction() as session:
        place = find_place(session, where)
        standing = place.standing(session, key)
        if not standing.is_here or not may_remove(standing):
            abort(404)
        note_rule(session, place, LogVerb.REMOVED, key, words_of(session, standing.rule), None)
        switching.remove_rule(session, standing.rule, account_id=account().id, now=clock.now())
    text = _("The common one counts again, from now.") if standing.hidden else _("It is removed. What it sent is kept.")
    flash(text, "success")
    return redirect(place.url("rules"), 303)


def may_remove(standing: Standing) -> bool:
    """What follows a change is made by nobody again, so its last rule can only be switched off."""
    return standing.rule.trigger in TIMED or standing.hidden is not None


def show_list(session: Session, place: Place, refused: dict[str, str] | None = None) -> str:
    found = list_standing(session, place.scope, place.event_type)
    rules = [one.rule for one in found]
    facts = Facts(
        place,
        find_names(session, account().organiser.id),
        find_next(session, [rule.id for rule in rules], place.scope),
        {rule_id for row in list_pauses(session, account().organiser.id) for rule_id in row.rule_ids},
        find_audience_names(session, account().organiser.id) if any(rule.audience_id for rule in rules) else {},
    )
    lines = [facts.describe(one) for one in found]
    return render_template(
        "workspace/rules.html",
        place=place,
        title=name_place(place),
        groups=[
            (_("At a set time"), [line for line in lines if line["is_timed"]]),
            (_("As it happens"), [line for line in lines if not line["is_timed"]]),
        ],
        kinds=list_kinds(place),
        refused=refused,
        tabs=tabs(place.event, "event_rules") if place.event else [],
    )


def name_place(place: Place) -> dict[str, str]:
    """The heading of the page and what stands below it."""
    organiser = account().organiser.name
    if place.event is not None:
        lead = _(
            "What goes out about this event, and where each comes from. What you change here is for this event alone."
        )
        return {"text": name_event(place.event).value, "lang": name_event(place.event).language, "lead": lead}
    if place.scope.event_type is not None:
        lead = _(
            "For every event of this kind that %(organiser)s arranges. One event may have its own.", organiser=organiser
        )
        return {"text": str(TYPES[place.scope.event_type]), "lang": "", "lead": lead}
    lead = _(
        "For everything that %(organiser)s arranges. A kind of event, or one event, may have its own.",
        organiser=organiser,
    )
    return {"text": _("Rules"), "lang": "", "lead": lead}


def list_kinds(place: Place) -> list[tuple[str, str, bool]]:
    """The organiser's page and that of each type, as tabs; none at an event, which has its own."""
    if place.event is not None:
        return []
    kinds = [
        (url_for(".type_rules", type=kind.value), str(name), kind is place.scope.event_type)
        for kind, name in TYPES.items()
    ]
    return [(url_for(".rules"), _("All events"), place.scope.event_type is None), *kinds]


class Facts:
    """What a line needs to know beside its rule, read once for the page."""

    def __init__(
        self, place: Place, names: dict[str, str], next_at: dict[int, Any], paused: set[int], saved: dict[int, str]
    ) -> None:
        self.place, self.names, self.next_at, self.paused, self.saved = place, names, next_at, paused, saved

    def describe(self, standing: Standing) -> dict[str, Any]:
        rule, place = standing.rule, self.place
        is_on = rule.enabled_at is not None
        text = self.names.get(rule.template) or name_template(rule.template)
        state = (_("Stopped"), "warning") if rule.id in self.paused else (_("On"), "success")
        return {
            "key": rule.key,
            "text": tell_rule(switching.describe(rule), text, self.saved),
            "is_timed": rule.trigger in TIMED,
            "is_on": is_on,
            "state": state if is_on else (_("Off"), "neutral"),
            "source": name_scope(scope_of(rule), account().organiser.name),
            "is_here": standing.is_here,
            "next": name_moment(self.next_at.get(rule.id)) if is_on else "",
            "hides": standing.is_here and standing.hidden is not None,
            "may_remove": standing.is_here and may_remove(standing),
            "edit_url": place.url("edit_rule", key=rule.key),
            "switch_url": place.url("switch_rule", key=rule.key),
            "remove_url": place.url("remove_rule", key=rule.key),
        }


def scope_of(rule: Rule) -> Scope:
    return Scope(rule.organiser_id, rule.event_type, rule.event_id)
