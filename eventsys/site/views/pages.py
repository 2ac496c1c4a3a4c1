"""The public pages: what is coming, one event, one municipality, the programme, privacy."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.events import queries as events
from eventsys.events.contacts.queries import list_contacts
from eventsys.events.labels import TYPES, name_clauses
from eventsys.events.models import Event, Run
from eventsys.events.rules import DATED, EventStatus, RunStatus
from eventsys.events.shown import find_public_event
from eventsys.extensions import db
from eventsys.mailing.health import find_trouble, list_workers
from eventsys.organisations.queries import find_by_label, find_organisation
from eventsys.organisers.queries import list_organisers, read_kept
from eventsys.programmes.queries import list_memberships, list_programmes
from eventsys.registrations import labels
from eventsys.registrations.queries import count_places
from eventsys.site import listing
from eventsys.site.contacts.queries import list_public as list_contact_people
from eventsys.site.mails import pages
from eventsys.site.models import ContactPerson
from eventsys.site.programme import describe_programme
from eventsys.site.views.frame import blueprint
from eventsys.site.views.news import list_newest
from eventsys.web import Access, access, language

AHEAD = timedelta(days=183)


@blueprint.get("/")
@access(Access.PUBLIC)
def index() -> str:
    now = clock.now()
    rows = list_rows(events.list_public_events(db.session(), from_at=now, until=now + AHEAD))
    return render_template(
        "site/index.html", months=listing.list_months(rows), season=name_season(clock.today()), news=list_newest()
    )


@blueprint.get("/events/", endpoint="events")
@access(Access.PUBLIC)
def list_all() -> str:
    rows = list_rows(events.list_public_events(db.session(), from_at=clock.now()))
    return render_template("site/events.html", months=listing.list_months(rows))


def name_season(day: date) -> str:
    return _("Events this autumn") if day.month >= 7 else _("Events this spring")


def list_rows(found: list[Event]) -> list[listing.Row]:
    """The lists' rows, in two statements however many events there are."""
    places = count_places(db.session(), [run.id for event in found for run in event.runs])
    programmes = {programme.organiser_id for programme in list_programmes(db.session())}
    return [
        listing.describe(event, places, clock.today(), names_organiser=event.organiser_id not in programmes)
        for event in found
    ]


@blueprint.get("/events/<slug>")
@access(Access.PUBLIC)
def event(slug: str) -> str:
    tx = db.session()
    found, has_sessions, has_materials, has_contacts = find_public_event(tx, slug) or abort(404)
    runs = [run for run in found.runs if run.status is RunStatus.PLANNED] or found.runs
    places = count_places(tx, [run.id for run in found.runs])
    title = texts.read(found.title, language())
    return render_template(
        "site/event.html",
        event=found,
        title=title,
        description=texts.read(found.description, language()),
        type=TYPES[found.type],
        audience=name_clauses(found.clauses),
        organiser=found.organiser,
        runs=[
            labels.describe_run(found, run, places[run.id], clock.today()) | add_to(found, run) for run in found.runs
        ],
        contacts=list_contacts(tx, found.id, public=True) if has_contacts else [],
        is_open=listing.is_open(found, runs, clock.today()),
        note=name_entrance(found) or listing.name_note(found, runs, places, clock.today())[0],
        closes=dates.format_day(found.closes_on, language(), weekday=True).capitalize() if found.closes_on else "",
        opens=dates.format_day(found.opens_on, language(), weekday=True).capitalize() if found.opens_on else "",
        feed=f"{current_app.config['BASE_URL']}{url_for('calendars.event', slug=slug)}",
        linked_data=describe_as_linked_data(found, runs, places, title.value),
        **describe_programme(tx, found, has_sessions=has_sessions, has_materials=has_materials),
    )


def add_to(event: Event, run: Run) -> dict[str, Any]:
    """A run's room; and of an event that one is invited to, that none is open to whoever passes by."""
    shut = {"open": False, "late": False} if event.by_invitation else {}
    return {"room": run.room.name if run.room else "", **shut}


def name_entrance(event: Event) -> str:
    if not event.by_invitation or event.status is EventStatus.CANCELLED:
        return ""
    return _("This event is by invitation. Those who are invited sign up with the link in their invitation.")


def describe_as_linked_data(event: Event, runs: list[Run], places: Any, title: str) -> list[dict[str, Any]]:
    """schema.org events, one for each dated run: no person in them, nothing that the page does not say."""
    base = current_app.config["BASE_URL"]
    found = []
    for run in runs:
        if run.precision not in DATED or run.first_on is None:
            continue
        state = "EventCancelled" if event.status is EventStatus.CANCELLED else "EventScheduled"
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": title,
            "url": f"{base}{url_for('site.event', slug=event.slug)}",
            "startDate": (in_zone(run.starts_at, run) if run.starts_at else run.first_on).isoformat(),
            "endDate": (in_zone(run.ends_at, run) if run.ends_at else run.last_on or run.first_on).isoformat(),
            "eventStatus": f"https://schema.org/{state}",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "isAccessibleForFree": True,
            "inLanguage": language(),
        }
        if run.venue is not None:
            data["location"] = {
                "@type": "Place",
                "name": run.venue.name,
                "address": run.venue.address or run.venue.name,
            }
        if places[run.id].capacity is not None:
            data["maximumAttendeeCapacity"] = places[run.id].capacity
            data["remainingAttendeeCapacity"] = places[run.id].left
        found.append(data)
    return found


def in_zone(moment: datetime, run: Run) -> datetime:
    return moment.astimezone(ZoneInfo(run.timezone))


@blueprint.get("/municipalities/")
@access(Access.PUBLIC)
def municipalities() -> str | Response:
    """«Hva gjelder min kommune?»: to the one that was meant, or a choice where the words fit several."""
    asked = request.args.get("q", "").strip()
    found = find_by_label(db.session(), asked) if asked else []
    exact = [row for row in found if row.label.casefold() == asked.casefold()]
    if len(found) == 1 or len(exact) == 1:
        return redirect(url_for(".municipality", number=(exact or found)[0].address), 303)
    return render_template("site/municipalities.html", asked=asked, found=found)


@blueprint.get("/municipalities/<number>")
@access(Access.PUBLIC)
def municipality(number: str) -> str:
    tx = db.session()
    organisation = find_organisation(tx, number) or abort(404)
    memberships = list_memberships(tx, organisation.id, on=clock.today(), told=True)
    concern = events.concerns(organisation.id, clock.today())
    rows = list_rows(events.list_public_events(tx, from_at=clock.now(), concern=concern))
    return render_template(
        "site/municipality.html",
        organisation=organisation,
        cohorts=[texts.read(cohort.name, language()).value for cohort in memberships.cohorts],
        networks=[network.name for network in memberships.networks],
        months=listing.list_months(rows),
        feed=f"{current_app.config['BASE_URL']}{url_for('calendars.organisation', number=number)}",
    )


@blueprint.get("/privacy")
@access(Access.PUBLIC)
def privacy() -> str:
    return render_template("site/privacy.html", kept=read_kept(db.session()))


@blueprint.get("/contact")
@access(Access.PUBLIC)
def contact() -> str:
    """Whom to write to: each organiser that has something public or somebody to name, and its people."""
    tx = db.session()
    people = list_contact_people(tx)
    arranging = {organiser.id: organiser for organiser in events.list_arranging(tx)}
    named = [organiser for organiser in list_organisers(tx) if organiser.id in arranging or organiser.id in people]
    return render_template(
        "site/contact.html",
        organisers=[
            (organiser, [describe_contact(one) for one in people.get(organiser.id, [])]) for organiser in named
        ],
    )


def describe_contact(person: ContactPerson) -> dict[str, Any]:
    return {
        "name": person.name,
        "title": texts.read(person.title, language()),
        "email": person.email,
        "phone": person.phone,
    }


@blueprint.get("/healthz")
@access(Access.PUBLIC)
def health() -> Response:
    """Whether this process answers; looks at nothing else."""
    return plain("alive")


@blueprint.get("/readyz")
@access(Access.PUBLIC)
def readiness() -> Response:
    """503, and which part, when the database does not answer or a worker is silent, hangs or is not there."""
    try:
        workers = list_workers(db.session())
    except sa.exc.SQLAlchemyError:
        return plain("database: it does not answer", 503)
    if (trouble := find_trouble(workers, real_now=clock.real_now())) is not None:
        return plain(f"worker: {trouble}", 503)
    return plain("ready")


def plain(text: str, status: int = 200) -> Response:
    return Response(f"{text}\n", status, {"Cache-Control": "no-store"}, mimetype="text/plain")


@blueprint.get("/registrations/<token>/mails")
@access(Access.TOKEN)
def own_mails(token: str) -> str:
    return pages.show_own_mails(token)


@blueprint.get("/delegations/<token>/mails")
@access(Access.TOKEN)
def delegation_mails(token: str) -> str:
    return pages.show_delegation_mails(token)


@blueprint.get("/applications/<token>/mails")
@access(Access.TOKEN)
def application_mails(token: str) -> str:
    return pages.show_application_mails(token)
