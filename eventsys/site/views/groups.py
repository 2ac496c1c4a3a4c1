"""A group's own pages, behind each member's link: what is to come, what was, a meeting with its agenda and minutes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time
from typing import Any

from flask import Response as Answered
from flask import abort, current_app, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.calendars import answers
from eventsys.events import ics
from eventsys.events.labels import name_run, name_times
from eventsys.events.materials.answers import send_material
from eventsys.events.materials.labels import describe_material
from eventsys.events.materials.queries import find_material, list_out
from eventsys.events.materials.rules import OPENS, Reader, may_open
from eventsys.events.meetings.labels import ITEM_KINDS, MINUTES_STATES, STATE_KINDS
from eventsys.events.meetings.pdf import make_minutes
from eventsys.events.meetings.queries import Meeting, list_items
from eventsys.events.models import MeetingItem, MeetingMinutes
from eventsys.events.queries import find_open_event
from eventsys.events.rules import EventStatus, MinutesState, RunStatus
from eventsys.extensions import AnyRow, db
from eventsys.programmes.groups.labels import GROUP_KINDS
from eventsys.programmes.groups.links import calendar_path, find_behind
from eventsys.programmes.models import Group
from eventsys.site.groups import queries
from eventsys.site.views.frame import blueprint
from eventsys.tokens import Purpose
from eventsys.web import Access, access, language


def behind(token: str, purpose: Purpose = Purpose.GROUP) -> AnyRow:
    """The membership, group and organiser. 404 for a link that never was, 410 for one that is over."""
    return find_behind(db.session(), token, purpose, on=clock.today()) or abort(404)


@blueprint.get("/groups/<token>", endpoint="group_page")
@access(Access.TOKEN)
def show(token: str) -> str:
    row = behind(token)
    session, group = db.session(), row.Group
    meetings = [describe(one) for one in queries.list_shown(session, group.id)]
    about = texts.read(group.about, language())
    return render_template(
        "site/group.html",
        token=token,
        title=texts.read(group.name, language()),
        kind=GROUP_KINDS[group.kind],
        about=about,
        organiser=row.Organiser,
        member=row.GroupMembership.name,
        coming=[one for one in meetings if not one["is_over"]],
        past=[one for one in reversed(meetings) if one["is_over"]],
        names=queries.list_names(session, group.id, on=clock.today()),
        feed=f"{current_app.config['BASE_URL']}{calendar_path(row.GroupMembership)}",
    )


def describe(one: Meeting) -> dict[str, Any]:
    """A meeting as the pages show it; a draft of the minutes is nothing to members."""
    event = one.event
    runs = [run for run in event.runs if run.status is RunStatus.PLANNED] or event.runs
    is_out = one.minutes is not None and one.minutes is not MinutesState.DRAFT
    return {
        "slug": event.slug,
        "title": texts.read(event.title, language()),
        "ordinal": event.ordinal,
        "dates": " · ".join(dict.fromkeys(name_run(run) for run in runs)),
        "times": ", ".join(dict.fromkeys(name_times(run) for run in runs if name_times(run))),
        "venue": ", ".join(dict.fromkeys(run.venue.name for run in runs if run.venue)),
        "cancelled": event.status is EventStatus.CANCELLED or runs[0].status is RunStatus.CANCELLED,
        "is_over": all(run.last_on is not None and run.last_on < clock.today(run.timezone) for run in runs),
        "on_agenda": one.items,
        "minutes": MINUTES_STATES[one.minutes] if is_out and one.minutes else "",
        "minutes_kind": STATE_KINDS[one.minutes] if is_out and one.minutes else "",
    }


def find_meeting(session: Session, group: Group, slug: str) -> Meeting:
    return queries.find_shown(session, group.id, slug) or abort(404)


@blueprint.get("/groups/<token>/meetings/<slug>", endpoint="group_meeting")
@access(Access.TOKEN)
def meeting(token: str, slug: str) -> str:
    row = behind(token)
    session = db.session()
    found = find_meeting(session, row.Group, slug)
    minutes = queries.read_minutes(session, found.event.id)
    papers = [one for one in list_out(session, found.event.id, now=clock.now()) if Reader.MEMBER in OPENS[one.access]]
    return render_template(
        "site/group_meeting.html",
        token=token,
        group_title=texts.read(row.Group.name, language()),
        meeting=describe(found),
        description=texts.read(found.event.description, language()),
        organiser=row.Organiser,
        items=[describe_item(item, minutes) for item in list_items(session, found.event.id)],
        present=[line.strip() for line in minutes.present.splitlines() if line.strip()] if minutes else [],
        has_minutes=minutes is not None,
        papers=[describe_material(one) for one in papers],
    )


def describe_item(item: MeetingItem, minutes: MeetingMinutes | None) -> dict[str, str]:
    return {
        "title": item.title,
        "kind": str(ITEM_KINDS[item.kind]),
        "presenter": item.presenter,
        "text": item.text,
        "outcome": item.outcome if minutes is not None else "",
    }


@blueprint.get("/groups/<token>/meetings/<slug>/minutes.pdf", endpoint="group_minutes")
@access(Access.TOKEN)
def minutes(token: str, slug: str) -> Answered:
    row = behind(token)
    session = db.session()
    found = find_meeting(session, row.Group, slug)
    said = queries.read_minutes(session, found.event.id) or abort(404)
    event = find_open_event(session, slug) or abort(404)
    content = make_minutes(event, list_items(session, event.id), said, language=language(), at=said.at)
    headers = {
        "Content-Disposition": f'inline; filename="{slug}-minutes.pdf"',
        "Cache-Control": "no-store",
    }
    return Answered(content, mimetype="application/pdf", headers=headers)


@blueprint.get("/groups/<token>/meetings/<slug>/materials/<uuid:public_id>", endpoint="group_material")
@access(Access.TOKEN)
def material(token: str, slug: str, public_id: uuid.UUID) -> Response:
    row = behind(token)
    session = db.session()
    found = find_meeting(session, row.Group, slug)
    paper = find_material(session, found.event.id, public_id) or abort(404)
    if not may_open(paper.access, paper.published_at, Reader.MEMBER, now=clock.now()):
        abort(404)
    return send_material(paper)


@blueprint.get("/groups/calendars/<token>.ics", endpoint="group_calendar")
@access(Access.TOKEN)
def calendar(token: str) -> Answered:
    """The group's meetings for a calendar program, in the member's language or the organiser's."""
    row = behind(token, Purpose.CALENDAR)
    code = row.GroupMembership.language or row.Organiser.language
    runs = queries.list_entries(db.session(), row.Group.id)
    title = texts.read(row.Group.name, code).value
    page = f"{current_app.config['BASE_URL']}{url_for('site.index')}"
    head = ics.Head(title, _("Meetings of %(group)s", group=title), page, "", queries.find_last_change(runs))
    entries = [run.ics.get(code, "").encode() for run in runs]
    tag = answers.make_tag(head, entries)
    return answers.answer(
        request,
        tag=tag,
        changed_at=queries.find_last_change(runs) or datetime.combine(row.GroupMembership.from_on, time.min, UTC),
        file_name=f"{row.Group.slug}.ics",
        kept=answers.PRIVATE,
        write=lambda: (tag, ics.calendar(head, entries)),
    )
