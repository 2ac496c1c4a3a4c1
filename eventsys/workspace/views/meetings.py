"""The meetings of a group: a list of them, many made at once, the members on their lists and with their links."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.accounts.rules import LogVerb
from eventsys.events.labels import STAGES, name_times
from eventsys.events.meetings import queries
from eventsys.events.meetings.labels import MINUTES_STATES, RHYTHMS, STATE_KINDS
from eventsys.events.meetings.queries import Meeting
from eventsys.events.meetings.rules import KINDS, MOST_DATES, Rhythm
from eventsys.events.rules import RunStatus, Stage
from eventsys.events.starting.rules import BEGINNINGS
from eventsys.extensions import db, transaction
from eventsys.programmes.groups import emails
from eventsys.programmes.groups.queries import find_member
from eventsys.programmes.models import Group
from eventsys.venues.queries import list_venues
from eventsys.web import Access, access, language
from eventsys.workflows.rules.moments import is_working_day
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.meetings import actions
from eventsys.workspace.meetings.forms import read_dates, read_meetings
from eventsys.workspace.views.event_form import CODES
from eventsys.workspace.views.frame import (
    STAGE_KINDS,
    account,
    blueprint,
    log,
    name_dates,
    name_event,
    stage_of,
    today,
)
from eventsys.workspace.views.groups import find, lasts
from eventsys.workspace.views.organisation import name

Answer = Response | str | tuple[str, int]


@blueprint.get("/groups/<group>/meetings", endpoint="group_meetings")
@access(Access.READER)
def index(group: str) -> str:
    session = db.session()
    row = find(session, group)
    meetings = queries.list_meetings(session, row.id)
    coming = [one for one in meetings if not is_over(one)]
    lacking = actions.find_lacking(session, row, now=clock.now())
    return render_template(
        "workspace/meetings.html",
        group=row,
        title=name(row.name),
        coming=[describe(one) for one in coming],
        past=[describe(one) for one in reversed(meetings) if is_over(one)],
        add=len({member.person_id for _run, member in lacking.add}),
        remove=len({seat.person_id for seat in lacking.remove}),
    )


def is_over(one: Meeting) -> bool:
    return stage_of(one.event) is Stage.HELD or all(run.last_on and run.last_on < today() for run in one.event.runs)


def describe(one: Meeting) -> dict[str, Any]:
    event = one.event
    planned = [run for run in event.runs if run.status is RunStatus.PLANNED] or event.runs
    stage = stage_of(event)
    return {
        "slug": event.slug,
        "title": name_event(event),
        "ordinal": event.ordinal,
        "dates": name_dates(event),
        "times": ", ".join(dict.fromkeys(name_times(run) for run in planned)),
        "venue": ", ".join(dict.fromkeys(run.venue.name for run in planned if run.venue)),
        "status": STAGES[stage],
        "kind": STAGE_KINDS[stage],
        "on_agenda": one.items,
        "minutes": MINUTES_STATES[one.minutes] if one.minutes else "",
        "minutes_kind": STATE_KINDS[one.minutes] if one.minutes else "",
    }


@blueprint.get("/groups/<group>/meetings/new", endpoint="new_meetings")
@access(Access.ORGANISER)
def new(group: str) -> str:
    row = find(db.session(), group)
    begins = BEGINNINGS[KINDS[row.kind]].title or row.name
    titles = {f"title_{code}": text for code, text in begins.items()}
    usual = {"rhythm": Rhythm.WEEKDAY.value, "count": "11", "skips_july": "1", "is_out": "1"}
    return show_form(row, Typed(titles | usual), {})


def show_form(row: Group, typed: Typed, errors: dict[str, str], days: list[date] | None = None) -> str:
    venues = list_venues(db.session(), account().organiser.id)
    left_out = set(typed.getlist("shown")) - set(typed.getlist("day"))
    return render_template(
        "workspace/meetings_form.html",
        group=row,
        title=name(row.name),
        typed=typed,
        errors=errors,
        codes=CODES,
        rhythms=[(value.value, str(label)) for value, label in RHYTHMS.items()],
        venues=[("", _("Not known yet")), *((venue.slug, venue.name) for venue in venues)],
        most=MOST_DATES,
        days=[(day.isoformat(), name_day(day)) for day in days or []],
        left_out=left_out,
    )


def name_day(day: date) -> str:
    """«tirsdag 9. september 2008», and that nobody works that day where it is so."""
    said = dates.format_day(day, language(), weekday=True)
    return said if is_working_day(day) else _("%(day)s (no working day)", day=said)


@blueprint.post("/groups/<group>/meetings", endpoint="create_meetings")
@access(Access.ORGANISER)
def create(group: str) -> Answer:
    reader = Reader(Typed(request.form))
    if "show" in reader.typed:
        days = read_dates(reader)
        return show_form(find(db.session(), group), reader.typed, reader.errors, days)
    entry = read_meetings(reader)
    if entry is None:
        days = read_dates(Reader(reader.typed)) if reader.typed.getlist("shown") else []
        return show_form(find(db.session(), group), reader.typed, reader.errors, days), 422
    with transaction() as session:
        row = find(session, group)
        made = actions.make_meetings(
            session, row, entry, organiser=account().organiser, base_url=current_app.config["BASE_URL"],
            account_id=account().id, now=clock.now(),
        )  # fmt: skip
        if made:
            log(session, LogVerb.ADDED, "group", row.slug, name(row.name), after={"events": len(made)})
    if made:
        flash(ngettext("%(num)d meeting is made.", "%(num)d meetings are made.", len(made)), "success")
    else:
        flash(_("There was a meeting on each of these days already."), "info")
    return redirect(url_for(".group_meetings", group=group), 303)


@blueprint.post("/groups/<group>/meetings/members", endpoint="follow_members")
@access(Access.ORGANISER)
def follow(group: str) -> Response:
    """Makes the lists of the coming meetings the group's."""
    with transaction() as session:
        row = find(session, group)
        added, removed = actions.follow_members(session, row, account_id=account().id, now=clock.now())
        if added or removed:
            told = {"participants": f"+{added} −{removed}"}
            log(session, LogVerb.CHANGED, "group", row.slug, name(row.name), before={}, after=told)
    flash(_("The lists of the coming meetings are the group’s now."), "success")
    return redirect(url_for(".group_meetings", group=group), 303)


@blueprint.post("/groups/<group>/links", endpoint="mail_group_links")
@access(Access.ORGANISER)
def mail_links(group: str) -> Response:
    with transaction() as session:
        row = find(session, group)
        sent = actions.mail_links(session, row, on=today(), now=clock.now())
        if sent:
            note_mailed(session, row, sent)
    flash(_("The members have their links by mail. Within an hour nobody gets it twice."), "success")
    return redirect(url_for(".group", group=group), 303)


@blueprint.post("/groups/<group>/members/<uuid:member>/link", endpoint="mail_group_link")
@access(Access.ORGANISER)
def mail_link(group: str, member: uuid.UUID) -> Response:
    with transaction() as session:
        row = find(session, group)
        found = find_member(session, member, group_id=row.id)
        if found is None or not found.email_key or not lasts(found):
            abort(404)
        if emails.send_link(session, found, row, now=clock.now()):
            note_mailed(session, row, 1)
    flash(_("The link is on its way by mail."), "success")
    return redirect(url_for(".group", group=group), 303)


def note_mailed(session: Session, row: Group, sent: int) -> None:
    log(session, LogVerb.INVITED, "group", row.slug, name(row.name), after={"links": sent})
