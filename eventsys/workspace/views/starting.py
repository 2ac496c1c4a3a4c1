"""Ways to begin an event, and the preview of what is written with marks."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys import texts
from eventsys.events.labels import TYPES
from eventsys.events.rules import EventType
from eventsys.events.series.queries import list_series
from eventsys.extensions import db
from eventsys.web import Access, access, language
from eventsys.workspace import queries
from eventsys.workspace.forms import LANGUAGES
from eventsys.workspace.views.frame import account, blueprint, name_dates, name_event

SAYS = {
    EventType.KICKOFF: _l("the first gathering of a cohort"),
    EventType.LEARNING_SEMINAR: _l("days and times, for a cohort"),
    EventType.PROJECT_LEADERS: _l("for project leaders alone"),
    EventType.NETWORK_GATHERING: _l("the month first, the day later"),
    EventType.CONFERENCE: _l("several days, many rooms"),
    EventType.STEERING_GROUP: _l("for its members, by invitation"),
    EventType.POLITICAL_CONTACT: _l("for politicians, by invitation"),
    EventType.MEETING: _l("anything else"),
}


@blueprint.get("/events/new", endpoint="new_event")
@access(Access.ORGANISER)
def start() -> str:
    """The ways there are, the most used first."""
    session, organiser_id = db.session(), account().organiser.id
    events = queries.list_events(session, organiser_id)
    audiences = queries.list_audiences(session, organiser_id)
    return render_template(
        "workspace/event_start.html",
        types=[(kind.value, str(label), str(SAYS[kind])) for kind, label in TYPES.items()],
        events=[(event.slug, f"{name_event(event).value}, {name_dates(event)}") for event in reversed(events)],
        series=[describe(line.series, line.ordinal) for line in list_series(session, organiser_id) if line.events],
        networks=len(audiences.networks),
    )


def describe(series: Any, ordinal: int | None) -> dict[str, str]:
    return {
        "slug": series.slug,
        "name": texts.read(series.name, language()).value,
        "next": _("number %(ordinal)d", ordinal=ordinal + 1) if ordinal else "",
        "url": url_for(".next_in_series", slug=series.slug),
    }


@blueprint.post("/markdown/<field>", endpoint="preview_markdown")
@access(Access.ORGANISER)
def preview(field: str) -> Response:
    """How a description that is being written is shown: a piece of a page, nothing is kept."""
    if field not in {f"description_{code}" for code in LANGUAGES}:
        abort(404)
    return Response(texts.to_html(request.form.get(field, "")[:20_000]), mimetype="text/html")
