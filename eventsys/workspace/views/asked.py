"""What participants ask for after a deadline: an organiser says yes, and it is done, or no."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events.labels import name_run
from eventsys.extensions import AnyRow, db, transaction
from eventsys.registrations import actions
from eventsys.registrations.attendance.labels import name_person
from eventsys.registrations.labels import SIDES
from eventsys.registrations.own.labels import ASKED
from eventsys.registrations.rules import Decision
from eventsys.web import Access, access
from eventsys.workspace.people_list import queries
from eventsys.workspace.people_list.actions import KNOWN, why_refused
from eventsys.workspace.people_list.labels import WHYS
from eventsys.workspace.views.frame import account, blueprint, name_event, name_moment, own_event

LONGEST_WHY = 500


@blueprint.get("/events/<slug>/requests", endpoint="change_requests")
@access(Access.ORGANISER)
def index(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    names = {run.id: name_run(run) for run in event.runs}
    return render_template(
        "workspace/change_requests.html",
        event=event,
        event_title=name_event(event),
        requests=[describe(row, names) for row in queries.list_requests(session, event)],
    )


def describe(row: AnyRow, names: dict[int, str]) -> dict[str, Any]:
    asked, registration = row.ChangeRequest, row.Registration
    return {
        "public_id": asked.public_id,
        "person": registration.public_id,
        "name": name_person(registration.name, row.organisation, registration.side),
        "about": ", ".join(
            text
            for text in (row.organisation, str(SIDES[registration.side]) if registration.side else "")
            if text and registration.name
        ),
        "asks": str(ASKED[asked.asked]),
        "run": names[registration.run_id],
        "to": names.get(asked.run_id, ""),
        "words": asked.words,
        "when": name_moment(asked.at),
    }


@blueprint.post("/events/<slug>/requests/<uuid:public_id>/decision", endpoint="decide_request")
@access(Access.ORGANISER)
def decide(slug: str, public_id: uuid.UUID) -> Response:
    """Yes carries it out in the same transaction; where that cannot be, nothing is decided."""
    if queries.find_request(db.session(), own_event(db.session(), slug), public_id) is None:
        abort(404)
    asked = request.form.get("decision", "")
    decision = Decision(asked) if asked in set(Decision) else abort(400)
    why = request.form.get("why", "").replace("\0", "").strip()[:LONGEST_WHY]
    try:
        with transaction() as session:
            found = queries.find_request(session, own_event(session, slug), public_id) or abort(404)
            was = found.decision
            actions.decide(session, found, decision=decision, account_id=account().id, why=why, now=clock.now())
    except KNOWN as refusal:
        flash(_("Nothing was changed: %(why)s.", why=WHYS[why_refused(refusal)]), "warning")
        return redirect(url_for(".change_requests", slug=slug), 303)
    if was is not None:
        flash(_("That was decided already."), "info")
    elif decision is Decision.ACCEPTED:
        flash(_("You said yes. A mail tells about it."), "success")
    else:
        flash(_("You said no. A mail tells about it."), "success")
    return redirect(url_for(".change_requests", slug=slug), 303)
