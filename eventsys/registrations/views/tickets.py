"""What somebody takes to the door and home again: the ticket with its code, and the certificate of attendance."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from eventsys import texts
from eventsys.events.labels import name_run, name_times
from eventsys.extensions import AnyRow, db
from eventsys.registrations import labels, tickets
from eventsys.registrations.attendance.labels import name_person
from eventsys.registrations.attendance.queries import find_language_form, list_session_hours
from eventsys.registrations.attendance.rules import EXPECTED, choose_language, may_have_certificate
from eventsys.registrations.certificates import make_certificate
from eventsys.registrations.views.frame import blueprint, find_by_token
from eventsys.web import LANGUAGES, Access, access, language


@blueprint.get("/registrations/<token>/ticket")
@access(Access.TOKEN)
def ticket(token: str) -> str:
    """To be shown at the door, on a screen or on paper; without a place there is none, and the page says so."""
    row = find_by_token(token)
    registration, run = row.Registration, row.Run
    valid = registration.state in EXPECTED
    return render_template(
        "registrations/ticket.html",
        token=token,
        registration=registration,
        name=name_person(registration.name, row.organisation, registration.side),
        event=row.Event,
        title=texts.read(row.Event.title, language()),
        when=name_run(run),
        times=name_times(run),
        venue=row.Venue,
        organisation=row.organisation,
        organiser=row.Organiser,
        state=labels.STATES[registration.state],
        state_kind=labels.STATE_KINDS[registration.state],
        square=tickets.draw(registration) if valid else None,
        code=tickets.short_code(registration) if valid else "",
    )


@blueprint.get("/registrations/<token>/certificate")
@access(Access.TOKEN)
def certificate(token: str) -> AnyResponse:
    """The certificate, for who attended; who cannot have one is told why on their own page."""
    row = find_by_token(token)
    registration = row.Registration
    if not registration.name or not may_have_certificate(registration.state, row.Run.attendance_at):
        flash(tell_why_not(row), "info")
        return redirect(url_for(".show", token=token), 303)
    name = f"{row.Event.slug}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(write_certificate(row), mimetype="application/pdf", headers=headers)


def tell_why_not(row: AnyRow) -> str:
    if row.Run.attendance_at is None:
        return _("The organiser has not recorded yet who came. Look here again after the event.")
    return _("A certificate is for those who came. If you were there, write to the organiser: %(email)s",
             email=row.Organiser.email)  # fmt: skip


def write_certificate(row: AnyRow) -> bytes:
    session: Any = db.session()
    registration = row.Registration
    form = find_language_form(session, registration.organisation_id)
    asked = request.args.get("lang")
    own = choose_language(registration.language, form, row.Organiser.language)
    return make_certificate(
        registration,
        row.Run,
        row.Event,
        row.Organiser,
        venue=row.Venue,
        organisation=row.organisation,
        sessions=list_session_hours(session, registration),
        site=current_app.config["SITE_NAME"],
        language=asked if asked in LANGUAGES else own,
        taken_at=row.Run.attendance_at,
    )
