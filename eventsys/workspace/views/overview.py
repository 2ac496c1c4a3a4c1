"""The first page: what is on today, what needs a decision, what is coming; and the choice of organiser."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from eventsys import dates, texts
from eventsys.accounts.queries import COOKIE_ORGANISER
from eventsys.extensions import AnyRow, db
from eventsys.registrations.queries import count_places
from eventsys.web import Access, access, language
from eventsys.workspace.start.queries import Mine, count_events, list_coming, list_today
from eventsys.workspace.views.decisions import list_decisions
from eventsys.workspace.views.frame import account, blueprint, describe_event, opens, today


@blueprint.get("/")
@access(Access.MEMBER)
def index() -> str:
    """Who only checks people in sees what is on today and no more."""
    session, mine = db.session(), Mine(account().organiser.id, today(), account().events)
    at_work, counts = opens("events"), count_events(session, mine)
    coming = list_coming(session, mine) if at_work else []
    places = count_places(session, [run.id for event in coming for run in event.runs])
    return render_template(
        "workspace/index.html",
        organiser=account().organiser,
        organisers=account().organisers,
        at_work=at_work,
        today=[describe_today(row) for row in list_today(session, mine)],
        decisions=list_decisions(session, mine, counts.drafts) if at_work else [],
        events=[describe_event(event, places) for event in coming],
        counts=counts,
        is_helper=mine.slugs is not None,
    )


def describe_today(row: AnyRow) -> dict[str, Any]:
    """A run that is on today, with the way to its door where that opens."""
    is_first = row.starts_local is not None and row.first_on == today()
    return {
        "title": texts.read(row.title, language()),
        "at": dates.format_clock(row.starts_local, language()) if is_first else "",
        "expected": row.expected,
        "come": row.come,
        "url": url_for(".check_in", slug=row.slug, run=row.uid) if opens("check_in", row.slug) else "",
    }


@blueprint.post("/organiser")
@access(Access.MEMBER)
def choose_organiser() -> Response:
    """Works for another of one's organisers from now on."""
    slug = request.form.get("organiser")
    if slug not in {organiser.slug for organiser in account().organisers}:
        abort(404)
    cookie[COOKIE_ORGANISER] = slug
    return redirect(url_for(".index"), 303)
