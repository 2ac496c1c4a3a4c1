"""What holds for an event's registration: who decides, deadlines, how the waiting list works; and the way to its limits."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.registrations.limits import actions
from eventsys.registrations.limits.terms import Terms
from eventsys.web import Access, access, language
from eventsys.workflows.actions import plan_event
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.limits.forms import read_terms, type_terms
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, tabs


@blueprint.get("/events/<slug>/registration", endpoint="registration_terms")
@access(Access.ORGANISER)
def edit(slug: str) -> str:
    event = own_event(db.session(), slug)
    return show_form(event, type_terms(terms_of(event)), {})


@blueprint.post("/events/<slug>/registration", endpoint="update_registration_terms")
@access(Access.ORGANISER)
def update(slug: str) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    terms = read_terms(reader)
    if terms is None:
        return show_form(own_event(db.session(), slug), reader.typed, reader.errors), 422
    with transaction() as session:
        event = own_event(session, slug)
        now = clock.now()
        changed = actions.change_terms(session, event, terms, account_id=account().id, now=now)
        if changed:
            plan_event(session, event.id, now=now)  # the mails that count from the day for names
    flash(_("The changes are saved.") if changed else _("Nothing was changed."), "success" if changed else "info")
    return redirect(url_for(".registration_terms", slug=slug), 303)


def terms_of(event: Event) -> Terms:
    return Terms(
        asks_approval=event.asks_approval,
        names_by=event.names_by,
        change_by=event.change_by,
        cancel_by=event.cancel_by,
        hand_over_by=event.hand_over_by,
        offer_hours=event.offer_hours,
        promotion_stops_hours=event.promotion_stops_hours,
    )


def show_form(event: Event, typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/registration_terms.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "registration_terms"),
        typed=typed,
        errors=errors,
        opens=dates.format_day(event.opens_on, language()) if event.opens_on else "",
        closes=dates.format_day(event.closes_on, language()) if event.closes_on else "",
    )
