"""The figures of one event: sign-ups over time against capacity, who comes from where, and the times before."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.events.rules import RunStatus
from eventsys.extensions import db
from eventsys.followup import labels, queries
from eventsys.followup.rules.curve import Point, draw_curve
from eventsys.followup.rules.totals import Line, count_cohorts, count_sides, list_lines
from eventsys.registrations.labels import SIDES
from eventsys.registrations.queries import count_places
from eventsys.registrations.rules import Places
from eventsys.web import Access, access
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, tabs, today


@blueprint.get("/events/<slug>/figures", endpoint="figures")
@access(Access.READER)
def figures(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    events = [event, *queries.list_earlier(session, event)]
    places = count_places(session, [run.id for one in events for run in one.runs])
    curves = read_curves(session, events)
    return render_template(
        "workspace/figures.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "figures"),
        curve=labels.describe_curve(curves[event.id], capacity_of(event, places)),
        runs=[(run, places[run.id]) for run in event.runs if run.status is RunStatus.PLANNED],
        **describe_people(session, event),
        comparison=compare(session, events, curves, places) if len(events) > 1 else None,
    )


def read_curves(session: Session, events: list[Event]) -> dict[int, list[Point]]:
    """How sign-ups to each event grew, up to today or the day it began."""
    deltas = queries.list_deltas(session, [event.id for event in events])
    zone = account().organiser.timezone
    return {
        one.id: draw_curve(deltas.get(one.id, []), zone, until=min(today(), _begins(one) or today())) for one in events
    }


def _begins(event: Event) -> date | None:
    return min((run.first_on for run in event.runs if run.first_on and run.status is RunStatus.PLANNED), default=None)


def capacity_of(event: Event, places: dict[int, Places]) -> int | None:
    """Of all its runs together, where each has a limit."""
    limits = [places[run.id].capacity for run in event.runs if run.status is RunStatus.PLANNED]
    known = [limit for limit in limits if limit is not None]
    return sum(known) if known and len(known) == len(limits) else None


def describe_people(session: Session, event: Event) -> dict[str, Any]:
    """Places by side, cohort and organisation; from five upwards only where a seat tells of union membership."""
    hidden = queries.tells_of_union(session, event)
    lines = list_lines(queries.count_seats(session, event.id))
    ids = [line.organisation_id for line in lines if line.organisation_id is not None]
    on = _begins(event) or today()
    among = queries.list_cohorts_of(session, ids, organiser_id=event.organiser_id, on=on)
    sides = count_sides(lines)
    organisations = queries.list_organisations(session, ids)
    return {
        "few_hidden": hidden,
        "side_names": [str(SIDES[side]) if side else "" for side in sides] if not hidden else [],
        "sides": labels.describe_sides(sides, few_hidden=hidden),
        "cohorts": labels.describe_cohorts(among.cohorts, count_cohorts(lines, among.of), few_hidden=hidden),
        "places": labels.describe_lines(lines, organisations, list(sides), few_hidden=hidden),
        "composition": "" if hidden else labels.tell_composition(_with_sides(lines)),
        "missing": [] if hidden else queries.list_missing(session, event.id, organiser_id=event.organiser_id, on=on),
        "most_missing": queries.MOST_MISSING,
    }


def _with_sides(lines: list[Line]) -> list[Line]:
    """All lines where sides were asked for at all, else none: then there is nothing to say of them."""
    return lines if any(side is not None for line in lines for side in line.sides) else []


def compare(
    session: Session, events: list[Event], curves: dict[int, list[Point]], places: dict[int, Places]
) -> dict[str, Any]:
    attended = queries.count_attended(session, [event.id for event in events])
    rows = [
        labels.Earlier(
            one, name_event(one), _begins(one), curves[one.id], capacity_of(one, places), attended.get(one.id, 0),
            is_this=one is events[0],
        )
        for one in events
    ]  # fmt: skip
    return labels.describe_comparison(rows, today())
