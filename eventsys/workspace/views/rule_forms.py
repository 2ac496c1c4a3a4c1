"""A rule made or changed as a sentence, with what it will do shown beside it."""

from __future__ import annotations

from typing import Any

from flask import Response as Page
from flask import flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.events.labels import name_run
from eventsys.extensions import db, transaction
from eventsys.web import CSP
from eventsys.workflows.actions import switching
from eventsys.workflows.actions.switching import CannotBeOn
from eventsys.workflows.models import Rule
from eventsys.workflows.rulefacts import RuleFacts
from eventsys.workflows.rules import TIMED
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.mail_rules.forms import ABSOLUTE, RELATIVE, Offered, read_rule, type_new, type_rule
from eventsys.workspace.mail_rules.labels import ANCHORS, CHANGES, SIDES, UNITS, name_scope, tell_rule
from eventsys.workspace.mail_rules.queries import find_audience_names
from eventsys.workspace.views.frame import account
from eventsys.workspace.views.rule_lists import scope_of
from eventsys.workspace.views.rule_log import note_rule, words_at, words_of
from eventsys.workspace.views.rule_offers import Texts, list_audience_options, list_choices, offer
from eventsys.workspace.views.rule_places import Place, at_each, find_place
from eventsys.workspace.views.rule_previews import describe_preview
from eventsys.workspace.views.rule_refusals import tell_refusal

OWN_KEY = switching.OWN_KEY


@at_each("new_rule", "new")
def new(**where: str) -> Page:
    place = find_place(db.session(), where)
    return show_form(db.session(), place, None, type_new(), {})


@at_each("create_rule", method="POST")
def create(**where: str) -> Response | tuple[Page, int]:
    """Saves it, on or off; the same form sent twice makes one, since the form names the rule's key."""
    session: Session = db.session()
    place = find_place(session, where)
    reader = Reader(Typed(request.form))
    facts = read_rule(reader, offer(session, place, list_choices(session, None), None))
    if "show" in reader.typed or facts is None:
        return show_form(session, place, None, reader.typed, {} if "show" in reader.typed else reader.errors), 422
    key = reader.typed.get("key", "")
    key, on = key if OWN_KEY.fullmatch(key) else switching.make_key(), "off" not in reader.typed
    try:
        with transaction() as session:
            place = find_place(session, where)
            by = account().id
            made = switching.add_rule(session, place.scope, facts, key=key, on=on, account_id=by, now=clock.now())
            note_rule(session, place, LogVerb.ADDED, key, None, words_of(session, made))
    except CannotBeOn as error:
        return show_refusal(find_place(db.session(), where), None, reader, facts, error), 422
    flash(_("It is saved, and sends from now.") if on else _("It is saved and is off."), "success")
    return redirect(place.url("rules"), 303)


@at_each("edit_rule", "<key>")
def edit(key: str, **where: str) -> Page:
    session = db.session()
    place = find_place(session, where)
    rule = place.standing(session, key).rule
    saved = offer(session, place, [], rule).saved
    typed = type_rule(switching.describe(rule), run=name_run_of(place, rule), saved=saved)
    return show_form(session, place, rule, typed, {})


@at_each("update_rule", "<key>", method="POST")
def update(key: str, **where: str) -> Response | tuple[Page, int]:
    """Changes the rule that stands here, or gives this place one of its own instead of the common one."""
    session: Session = db.session()
    place = find_place(session, where)
    rule, reader = place.standing(session, key).rule, Reader(Typed(request.form))
    at_once = rule.trigger if rule.trigger not in TIMED else None
    facts = read_rule(reader, offer(session, place, list_choices(session, rule), rule), trigger=at_once)
    if "show" in reader.typed or facts is None:
        return show_form(session, place, rule, reader.typed, {} if "show" in reader.typed else reader.errors), 422
    try:
        with transaction() as session:
            place = find_place(session, where)
            before = words_at(session, place, key)
            changed = save(session, place, key, facts)
            after = words_at(session, place, key)
            note_rule(session, place, LogVerb.CHANGED, key, before, after)
    except CannotBeOn as error:
        session = db.session()
        place = find_place(session, where)
        return show_refusal(place, place.standing(session, key).rule, reader, facts, error), 422
    flash(_("The changes are saved.") if changed else _("Nothing was changed."), "success" if changed else "info")
    return redirect(place.url("rules"), 303)


def save(session: Session, place: Place, key: str, facts: RuleFacts) -> bool:
    standing, now = place.standing(session, key), clock.now()
    rule = standing.rule
    if standing.is_here:
        return switching.change_rule(session, rule, facts, account_id=account().id, now=now)
    if switching.describe(rule) == facts:
        return False
    on = rule.enabled_at is not None
    switching.add_rule(session, place.scope, facts, key=key, on=on, account_id=account().id, now=now)
    return True


def show_refusal(place: Place, rule: Rule | None, reader: Reader, facts: RuleFacts, error: CannotBeOn) -> Page:
    session = db.session()
    refused = tell_refusal(session, facts.template, error)
    return show_form(session, place, rule, reader.typed, {refused["field"]: refused["text"]}, text_url=refused["url"])


def name_run_of(place: Place, rule: Rule) -> str:
    runs = place.event.runs if place.event else []
    return next((str(run.uid) for run in runs if run.id == rule.run_id), "")


def show_form(
    session: Session, place: Place, rule: Rule | None, typed: Typed, errors: dict[str, str], *, text_url: str = ""
) -> Page:
    texts = list_choices(session, rule)
    names, offered = dict(texts), offer(session, place, texts, rule)
    saved = find_audience_names(session, account().organiser.id)
    page = make_response(
        render_template(
            "workspace/rule_form.html",
            place=place,
            rule=rule,
            key=rule.key if rule else typed.get("key") or switching.make_key(),
            title=tell_rule(switching.describe(rule), names[rule.template], saved) if rule else _("New rule"),
            common=name_scope(scope_of(rule), account().organiser.name)
            if rule and scope_of(rule) != place.scope
            else "",
            change=CHANGES.get(rule.trigger) if rule else None,
            typed=typed,
            errors=errors,
            text_url=text_url,
            preview=describe_preview(session, place, rule, typed, offered),
            **list_options(place, texts, offered),
        )
    )
    page.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return page


def list_options(place: Place, texts: Texts, offered: Offered) -> dict[str, Any]:
    runs = place.event.runs if place.event else []
    all_dates = [("", _("all dates"))]
    return {
        "whens": [(RELATIVE, _("Counted from the event")), (ABSOLUTE, _("On a day of its own"))] if place.event else [],
        "units": list(UNITS.items()),
        "sides": list(SIDES.items()),
        "anchors": list(ANCHORS.items()),
        "audiences": list_audience_options(offered.saved),
        "texts": texts,
        "runs": all_dates + [(str(run.uid), name_run(run)) for run in runs] if len(runs) > 1 else [],
    }
