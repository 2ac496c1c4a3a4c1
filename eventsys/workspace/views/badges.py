"""What is printed for a run: the list to sign or to keep, and badges."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from flask_babel import gettext as _

from eventsys import clock
from eventsys.documents import make_pdf
from eventsys.events.labels import name_run
from eventsys.events.models import Event, Run
from eventsys.extensions import AnyRow, db
from eventsys.registrations.attendance.labels import name_person, tell_attendance
from eventsys.registrations.attendance.queries import count_attendance, list_people
from eventsys.registrations.attendance.rules import EXPECTED, Attendance
from eventsys.registrations.rules import State
from eventsys.web import Access, access, language
from eventsys.workspace.views.frame import blueprint, name_event, own_event, run_of


@blueprint.get("/events/<slug>/runs/<uuid:uid>/attendance.pdf", endpoint="attendance_list")
@access(Access.ORGANISER)
def attendance_list(slug: str, uid: uuid.UUID) -> Response:
    """Before attendance is taken a list to be signed, afterwards one of who came."""
    session = db.session()
    event = own_event(session, slug)
    run = run_of(event, uid)
    standing = count_attendance(session, [run.id])[run.id]
    people = list_people(session, run.id, states=EXPECTED)
    values = describe_list(run, people, standing)
    return answer("attendance", event, values, title=_("List of participants"), suffix=_("participants"))


def describe_list(run: Run, people: list[AnyRow], standing: Attendance) -> dict[str, Any]:
    taken = standing.taken_at is not None
    return {
        "lines": [" · ".join(part for part in (name_run(run), run.venue.name if run.venue else "") if part)],
        "notice": "" if taken else tell_attendance(standing),
        "columns": [_("No."), _("Name"), _("From"), _("Came") if taken else _("Signature")],
        "rows": [
            [str(number), name_person(row.name, None, row.side), row.organisation or "", tell_mark(row.state, taken)]
            for number, row in enumerate(people, 1)
        ],
    }


def tell_mark(state: State, taken: bool) -> str:
    """Yes or no where attendance was taken; else nothing, so that there is room to sign."""
    return {State.ATTENDED: _("yes"), State.ABSENT: _("no")}.get(state, "") if taken else ""


@blueprint.get("/events/<slug>/runs/<uuid:uid>/badges.pdf", endpoint="badges")
@access(Access.ORGANISER)
def badges(slug: str, uid: uuid.UUID) -> Response:
    """One for each who is expected; a seat without a name gets a line to write on. Sides are nobody's business there."""
    session = db.session()
    event = own_event(session, slug)
    run = run_of(event, uid)
    people = list_people(session, run.id, states=EXPECTED)
    values = {
        "small": name_run(run),
        "people": [{"name": row.name, "organisation": row.organisation or ""} for row in people],
    }
    return answer("badges", event, values, title=_("Badges"), suffix=_("badges"))


def answer(template: str, event: Event, values: dict[str, Any], *, title: str, suffix: str) -> Response:
    name = name_event(event)
    shared = {"event": name.value, "event_language": name.language, "nobody": _("Nobody has a place yet.")}
    body = make_pdf(template, {**values, **shared}, title=f"{title}: {name.value}", language=language(), at=clock.now())
    headers = {"Content-Disposition": f'inline; filename="{event.slug}-{suffix}.pdf"'}
    return Response(body, mimetype="application/pdf", headers=headers)
