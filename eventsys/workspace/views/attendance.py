"""Who came to a run, in one step: everybody but those who are ticked; and taking it back."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events.labels import name_run
from eventsys.events.models import Run
from eventsys.extensions import db, transaction
from eventsys.registrations.attendance import actions
from eventsys.registrations.attendance.labels import tell_attendance
from eventsys.registrations.attendance.queries import count_attendance, list_people
from eventsys.registrations.attendance.rules import EXPECTED, suggest_absent
from eventsys.web import Access, access
from eventsys.workspace.door.forms import read_absent
from eventsys.workspace.views.check_in import choose_run, describe_person, list_runs
from eventsys.workspace.views.frame import account, blueprint, name_event, name_moment, own_event, run_of, tabs, today


@blueprint.get("/events/<slug>/attendance", endpoint="attendance")
@access(Access.ORGANISER)
def index(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    run, runs = choose_run(event), list_runs(event)
    people = list_people(session, run.id, states=EXPECTED)
    standing = count_attendance(session, [one.id for one in runs])
    absent = suggest_absent({row.id: row.state for row in people}, standing[run.id])
    return render_template(
        "workspace/attendance.html",
        event=event,
        event_title=name_event(event),
        run=run,
        run_name=name_run(run),
        runs=[(one, name_run(one, year=False), tell_attendance(standing[one.id])) for one in runs],
        sentence=tell_attendance(standing[run.id]),
        taken=name_moment(run.attendance_at),
        has_begun=has_begun(run),
        people=[{**describe_person(row), "id": row.id, "absent": row.id in absent} for row in people],
        tabs=tabs(event, "check_in"),
    )


def has_begun(run: Run) -> bool:
    """Nobody can be said to have come before the first day."""
    return run.first_on is not None and run.first_on <= today()


@blueprint.post("/events/<slug>/runs/<uuid:uid>/attendance", endpoint="record_attendance")
@access(Access.ORGANISER)
def record(slug: str, uid: uuid.UUID) -> Response:
    absent = read_absent(request.form.getlist("absent"))
    with transaction() as session:
        run = run_of(own_event(session, slug), uid)
        if not has_begun(run):
            flash(_("These dates have not begun. Attendance can be recorded from the first day."), "warning")
            return redirect(url_for(".attendance", slug=slug, run=uid), 303)
        made = actions.record_attendance(session, run, absent_ids=absent, account_id=account().id, now=clock.now())
    came = ngettext("%(num)d came", "%(num)d came", made.came)
    away = ngettext("%(num)d did not", "%(num)d did not", made.absent)
    flash(_("Attendance is recorded: %(came)s, %(away)s.", came=came, away=away), "success")
    return redirect(url_for(".attendance", slug=slug, run=uid), 303)


@blueprint.post("/events/<slug>/runs/<uuid:uid>/attendance/removal", endpoint="unrecord_attendance")
@access(Access.ORGANISER)
def unrecord(slug: str, uid: uuid.UUID) -> Response:
    with transaction() as session:
        run = run_of(own_event(session, slug), uid)
        actions.unrecord_attendance(session, run, account_id=account().id, now=clock.now())
    flash(_("Attendance counts as not taken. Marks made one by one at the door are kept."), "success")
    return redirect(url_for(".attendance", slug=slug, run=uid), 303)
