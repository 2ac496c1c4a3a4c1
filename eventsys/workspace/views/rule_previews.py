"""What a rule that is being written will do: when it goes out, to how many as of now, and one of the mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from flask import Response as Page
from flask import abort, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from eventsys import clock, dates
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus
from eventsys.extensions import db
from eventsys.web import language
from eventsys.workflows.actions import planning
from eventsys.workflows.actions.planning import Moment
from eventsys.workflows.models import Rule
from eventsys.workflows.rulefacts import RuleFacts
from eventsys.workflows.rules import TIMED, Audience, Trigger
from eventsys.workflows.texts import missing_languages
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.mail import previews
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail.occasions import Meant, count_readers
from eventsys.workspace.mail.previews import Aim, take_aim
from eventsys.workspace.mail_rules.forms import Offered, read_rule
from eventsys.workspace.mail_rules.labels import tell_missing, tell_rule
from eventsys.workspace.mail_rules.meant import SavedAudience, read_audience, write_audience
from eventsys.workspace.mail_rules.queries import (
    find_audience_names,
    find_fired,
    find_names,
    list_audiences,
    list_reached,
)
from eventsys.workspace.views.frame import SANDBOX, account, name_event, own_event, read_id, run_of, today
from eventsys.workspace.views.previews import write
from eventsys.workspace.views.rule_offers import list_choices, offer
from eventsys.workspace.views.rule_places import Place, at_each, find_place
from eventsys.workspace.views.rule_refusals import text_url

MOST_EVENTS, MOST_MOMENTS = 3, 12
NOT_LONG_OVER = timedelta(days=60)
CONCERNED = {
    Trigger.WAITING: Audience.WAITING,
    Trigger.REQUESTED: Audience.REQUESTED,
    Trigger.CANCELLED: Audience.CANCELLED,
}
"""Whom a mail about a change is shown to: somebody for whom it could have been made."""


@at_each("preview_rule", "preview", method="POST")
def preview(**where: str) -> str:
    """The fragment beside the form, for what is typed so far. Saves nothing."""
    session = db.session()
    place = find_place(session, where)
    rule = place.standing(session, request.form["rule"]).rule if request.form.get("rule") else None
    offered = offer(session, place, list_choices(session, rule), rule)
    shown = describe_preview(session, place, rule, Typed(request.form), offered)
    return render_template("workspace/rule_preview.html", preview=shown)


@at_each("rule_letter", "letter")
def letter(**where: str) -> Page:
    """The HTML of one mail alone, for the frame of the preview; the address says of which text, to whom, about what."""
    session = db.session()
    place = find_place(session, where)
    event = place.event or find_shown(session, place)
    aim = read_aim(session, place, event)
    readers = list_first(session, aim)
    email = write(session, aim, readers[0])[0] if readers else None
    if email is None:
        abort(404)
    headers = {"Content-Security-Policy": SANDBOX, "Cache-Control": "no-store"}
    return Page(email.html, mimetype="text/html", headers=headers)


def find_shown(session: Session, place: Place) -> Event:
    """The event that the address names, or the next that rules of this place count for."""
    if slug := request.args.get("event"):
        return own_event(session, slug)
    return next(iter(list_events(session, place, "")), None) or abort(404)


def list_first(session: Session, aim: Aim) -> list[previews.Reader]:
    """The one to whom a mail is shown, if there is one who may be."""
    return [] if aim.is_restricted else previews.list_readers(session, aim, first=0, most=1)


def read_aim(session: Session, place: Place, event: Event) -> Aim:
    args = request.args
    meant = read_audience(args.get("audience", Audience.REGISTERED), list_audiences(session, account().organiser.id))
    trigger = args.get("trigger", Trigger.RELATIVE)
    if meant is None or trigger not in set(Trigger):
        abort(404)
    run_id = run_of(event, read_id(args["run"]) or abort(404)).id if args.get("run") else None
    facts = RuleFacts(Trigger(trigger), args.get("text", "reminder")[:40], meant[0], audience_id=meant[1])
    return take_aim(session, event, make_rule(place, facts), run_id, today())


def make_rule(place: Place, facts: RuleFacts) -> Rule:
    """The rule as it would be kept, in no session."""
    return Rule(**asdict(place.scope), **asdict(facts), key="")


def describe_preview(
    session: Session, place: Place, standing: Rule | None, typed: Typed, offered: Offered
) -> dict[str, Any]:
    at_once = standing.trigger if standing is not None and standing.trigger not in TIMED else None
    reader = Reader(typed)
    facts = read_rule(reader, offered, trigger=at_once)
    if facts is None:
        return {"errors": list(dict.fromkeys(reader.errors.values()))}
    organiser = account().organiser
    name = find_names(session, organiser.id).get(facts.template) or name_template(facts.template)
    missing = missing_languages(session, organiser.id, facts.template)
    key = standing.key if standing is not None else ""
    events = list_events(session, place, key)
    moments = list_moments(place, facts, events) if at_once is None else []
    shown = choose(place, moments)
    first = next(iter(shown or moments), None)
    event, run_id = (first[0], first[1].run.id if first[1].run else None) if first else (next(iter(events), None), None)
    return {
        "sentence": tell_rule(facts, name, find_audience_names(session, organiser.id)),
        "missing": tell_missing(name, missing) if missing else "",
        "missing_url": text_url(facts.template),
        "status": tell_status(place, facts, events, moments),
        "lines": describe_moments(session, place, facts, shown, key),
        "more": len(moments) > len(shown) and place.event is not None,
        "letter": describe_letter(session, place, facts, event, run_id, offered.saved) if event else None,
    }


def list_events(session: Session, place: Place, key: str) -> list[Event]:
    """The events that it is for: the one, or the published ones that it would count for."""
    if place.event is not None:
        return [place.event]
    return list_reached(session, place.scope, key, from_on=today() - NOT_LONG_OVER)


def list_moments(place: Place, facts: RuleFacts, events: list[Event]) -> list[tuple[Event, Moment]]:
    rule, timezone = make_rule(place, facts), account().organiser.timezone
    found = [
        (event, moment) for event in events for moment in planning.moments(rule, event, event.runs, timezone=timezone)
    ]
    return sorted(found, key=lambda pair: pair[1].due_at)


def choose(place: Place, moments: list[tuple[Event, Moment]]) -> list[tuple[Event, Moment]]:
    """All of one event, passed or not; of many events the next of three."""
    if place.event is not None:
        return moments[:MOST_MOMENTS]
    coming: dict[int, tuple[Event, Moment]] = {}
    for event, moment in moments:
        if moment.due_at > clock.now():
            coming.setdefault(event.id, (event, moment))
    return list(coming.values())[:MOST_EVENTS]


def tell_status(place: Place, facts: RuleFacts, events: list[Event], moments: list[tuple[Event, Moment]]) -> str:
    """Why nothing is listed, or what keeps it from going out."""
    if place.event is not None and place.event.status is not EventStatus.PUBLISHED:
        return _("Nothing goes out before the event is published.")
    if facts.trigger not in TIMED:
        return _("It goes out within seconds, to the one it concerns.")
    if not moments and place.event is not None:
        return _("The event has no day for this yet, so nothing is planned.")
    if not choose(place, moments):
        return _("No event has such a moment ahead now. It counts for those you publish later.")
    return ""


def describe_moments(
    session: Session, place: Place, facts: RuleFacts, moments: list[tuple[Event, Moment]], key: str
) -> list[dict[str, Any]]:
    fired = find_fired(session, place.event.id, key) if place.event is not None and key else {}
    counts: dict[tuple[int, int | None], int] = {}
    for event in {id(event): event for event, _moment in moments}.values():
        run_ids = {moment.run.id if moment.run else None for one, moment in moments if one is event}
        wanted = [Meant(facts.audience, run_id, facts.audience_id) for run_id in run_ids]
        for meant, found in count_readers(session, event, wanted, on=today()).items():
            counts[event.id, meant.run_id] = sum(found.values())
    return [describe_moment(place, event, moment, counts, fired) for event, moment in moments]


def describe_moment(
    place: Place,
    event: Event,
    moment: Moment,
    counts: dict[tuple[int, int | None], int],
    fired: dict[int | None, datetime],
) -> dict[str, Any]:
    """«ma. 25. aug. kl. 09.00», which dates or which event, and to how many as of now or that it has passed."""
    run = moment.run
    run_id = run.id if run else None
    passed = moment.due_at <= clock.now()
    return {
        "at": name_local(moment.due_at, run.timezone if run else account().organiser.timezone),
        "what": name_event(event).value if place.event is None else (name_run(run, year=False) if run else ""),
        "passed": passed,
        "result": _("has passed, is not sent") if passed else tell_count(counts.get((event.id, run_id), 0)),
        "again": _("It was sent %(moment)s, and goes out once more.", moment=name_local_here(fired[run_id]))
        if not passed and run_id in fired
        else "",
    }


def tell_count(how_many: int) -> str:
    if not how_many:
        return _("to nobody as of now")
    return ngettext("to %(num)d as of now", "to %(num)d as of now", how_many)


def name_local(at: datetime, timezone: str) -> str:
    return dates.format_short_moment(dates.to_local(at, timezone), language())


def name_local_here(at: datetime) -> str:
    return name_local(at, account().organiser.timezone)


def describe_letter(
    session: Session,
    place: Place,
    facts: RuleFacts,
    event: Event,
    run_id: int | None,
    saved: Sequence[SavedAudience],
) -> dict[str, Any] | None:
    """One of the mails as it would be now: to whom, its subject, and where its HTML is; None if nobody gets one."""
    audience = facts.audience
    if audience is Audience.CONCERNED:
        audience = CONCERNED.get(facts.trigger, Audience.REGISTERED)
    rule = make_rule(place, facts)
    rule.audience = audience
    aim = take_aim(session, event, rule, run_id, today())
    readers = list_first(session, aim)
    if not readers:
        return None
    email, fault = write(session, aim, readers[0])
    run = next((run for run in event.runs if run.id == run_id), None)
    args = {
        "text": facts.template,
        "audience": write_audience(audience, facts.audience_id, saved),
        "trigger": facts.trigger.value,
    }
    if run is not None:
        args["run"] = str(run.uid)
    if place.event is None:
        args["event"] = event.slug
    return {
        "to": ", ".join(readers[0].names) or readers[0].email,
        "event": name_event(event).value if place.event is None else "",
        "subject": email.subject if email else "",
        "fault": fault,
        "url": place.url("rule_letter", **args) if email else "",
    }
