"""What the organisers' pages share: the blueprint, the menu, and finding what is the organiser's own or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from flask import Blueprint, abort, current_app, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock, dates, texts
from eventsys.accounts.log.actions import note
from eventsys.accounts.log.rules import Fields, find_differences
from eventsys.accounts.queries import SignedInAccount
from eventsys.accounts.rules import LogVerb
from eventsys.events.labels import STAGES, name_run
from eventsys.events.meetings.rules import MEETINGS
from eventsys.events.models import Event, Run
from eventsys.events.queries import find_own_event
from eventsys.events.rules import RunStatus, Stage, find_stage
from eventsys.organisers.models import Organiser
from eventsys.organisers.queries import find_organiser
from eventsys.registrations.models import Registration
from eventsys.registrations.queries import find_own_registration
from eventsys.registrations.rules import Places
from eventsys.web import Access, declared_access, event_of_request, language
from eventsys.workflows.retention.periods import erased_on

blueprint = Blueprint("workspace", __name__, url_prefix="/manage")

# Mails carry their style sheet inline by nature; in a sandbox nothing in them can run, load or lead anywhere.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"

STAGE_KINDS = {
    Stage.DRAFT: "warning",
    Stage.PUBLISHED: "success",
    Stage.HELD: "info",
    Stage.CANCELLED: "neutral",
}
NAMES_PEOPLE = ("contact_person", "venue")
"""Objects of the log whose facts tell whom to contact."""
UNDER = {
    "events": ("/manage/announcements", "/manage/series", "/manage/calendars"),
    "settings": ("/manage/team", "/manage/privacy", "/manage/language-report"),
    "mail": ("/manage/rules/", "/manage/texts/", "/manage/health"),
    "people": (
        "/manage/organisations",
        "/manage/positions",
        "/manage/contacts",
        "/manage/groups",
        "/manage/representatives",
        "/manage/audiences",
        "/manage/programmes",
        "/manage/obligations",
        "/manage/excuses",
        "/manage/cohorts",
        "/manage/networks",
        "/manage/projects",
        "/manage/visits",
    ),
    "venues": ("/manage/rooms", "/manage/deadlines", "/manage/beds-and-chairs"),
    "site": ("/manage/news", "/manage/documents", "/manage/orders", "/manage/contact-people"),
}
"""What belongs to a place of the menu without its address beginning like it."""


@blueprint.context_processor
def frame() -> dict[str, Any]:
    """The strip of the organiser's own places on every page."""
    if g.get("account") is None:
        return {}  # an error page of somebody who is not signed in, or of a form without its token
    return {
        "organiser_name": account().organiser.name,
        "manage_items": [(url_for(f".{name}"), label, _is_here(name)) for name, label in menu().items() if opens(name)],
        "manage_search_url": url_for(".search") if opens("search") else "",
        "moment": name_moment,
        "opens": opens,
        "may_change": account().may(Access.ORGANISER, event_of_request()),
    }


def opens(name: str, event: str | None = None) -> bool:
    """Whether the page of this name opens for the account: what does not is no link either."""
    who = declared_access(current_app, f"workspace.{name}")
    return who is not None and account().may(who, event)


def menu() -> dict[str, str]:
    """The organiser's own places, in order."""
    return {
        "index": _("Overview"),
        "events": _("Events"),
        "calls": _("Calls"),
        "mail": _("Mail"),
        "venues": _("Places"),
        "people": _("People"),
        "site": _("Web site"),
        "log": _("Log"),
        "settings": _("Settings"),
    }


def _is_here(name: str) -> bool:
    path = url_for(f".{name}")
    paths = (path, *UNDER.get(name, ()))
    return request.path == path if name == "index" else request.path.startswith(paths)


def account() -> SignedInAccount:
    """The account of the request: there is one wherever a right is declared."""
    return cast(SignedInAccount, g.account)


def log(
    session: Session,
    verb: LogVerb,
    object: str,
    key: str,
    name: str = "",
    before: Fields | None = None,
    after: Fields | None = None,
    about_people: bool = False,
) -> None:
    """Notes in the log that the account of this request did this just now, with the fields that differ.

    A change that left every field as it was is none. Of what is sensitive give the names of the fields alone. Words about
    people go when the organiser's ordinary period is over.
    """
    facts = find_differences(before, after)
    if verb is LogVerb.CHANGED and not facts and (before is not None or after is not None):
        return
    note(
        session,
        organiser_id=account().organiser.id,
        account_id=account().id,
        verb=verb,
        object=object,
        key=key,
        name=name,
        facts=facts,
        erase_on=erased_on(account().organiser, today()) if about_people or object in NAMES_PEOPLE else None,
        now=clock.now(),
    )


def own_organiser(session: Session) -> Organiser:
    """The organiser that the account works for, as this transaction finds it."""
    return find_organiser(session, account().organiser.slug) or abort(404)


def own_event(session: Session, slug: str) -> Event:
    """The organiser's own event with its runs, their venues and its clauses; another's answers 404."""
    found = None if "\0" in slug else find_own_event(session, slug, organiser_id=account().organiser.id)
    return found or abort(404)


def own_registration(session: Session, event: Event, public_id: uuid.UUID) -> Registration:
    """A registration at this event of the organiser's own, or 404."""
    found = find_own_registration(session, public_id, organiser_id=event.organiser_id)
    return found if found is not None and found.event_id == event.id else abort(404)


def run_of(event: Event, uid: uuid.UUID) -> Run:
    return next((run for run in event.runs if run.uid == uid), None) or abort(404)


def words(name: str) -> str:
    """A search in the address, as plain text."""
    return request.args.get(name, "").replace("\0", "").strip()[:200]


def page_number() -> int:
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1


def read_id(text: str) -> uuid.UUID | None:
    """A public id as a form or an address names it; None for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def today() -> date:
    return clock.today(account().organiser.timezone)


def stage_of(event: Event) -> Stage:
    """How far an event with its runs is today."""
    last_days = [run.last_on for run in event.runs if run.status is RunStatus.PLANNED]
    return find_stage(event.status, last_days, today())


def name_event(event: Event) -> texts.Text:
    """The event's title and its language; the ordinal and cohort stand in it already."""
    return texts.read(event.title, language())


def name_moment(at: datetime | None) -> str:
    """«ma. 25. aug. kl. 09.00», at the organiser's, with its year where that is another; empty for one that has not been."""
    local = dates.to_local(at, account().organiser.timezone) if at else None
    return dates.format_short_moment(local, language(), today=today()) if local else ""


def name_dates(event: Event) -> str:
    """The days of every run that is on, in one line; the year once where all have the same."""
    runs = [run for run in event.runs if run.status is RunStatus.PLANNED] or event.runs
    same_year = len({run.first_on.year if run.first_on else 0 for run in runs}) == 1
    names = [name_run(run, year=run is runs[-1] or not same_year) for run in runs]
    return " · ".join(dict.fromkeys(names))


def describe_event(event: Event, places: Mapping[int, Places]) -> dict[str, Any]:
    """One event as a row of a list: how full it is counts the runs that are on, where all of them have a limit."""
    runs = [run for run in event.runs if run.status is RunStatus.PLANNED]
    found = [places[run.id] for run in runs]
    limits = [one.capacity for one in found if one.capacity is not None]
    return {
        "slug": event.slug,
        "title": name_event(event),
        "dates": name_dates(event),
        "venues": ", ".join(dict.fromkeys(run.venue.name for run in runs if run.venue)) or _("Venue to come"),
        "status": STAGES[stage_of(event)],
        "kind": STAGE_KINDS[stage_of(event)],
        "taken": sum(one.taken for one in found),
        "waiting": sum(one.waiting for one in found),
        "capacity": sum(limits) if limits and len(limits) == len(found) else None,
    }


def tabs(event: Event, here: str) -> list[tuple[str, str, bool]]:
    """The places of one event."""
    labels = {
        "event": _("Overview"),
        "programme": _("Programme"),
        **({"agenda": _("Agenda"), "minutes": _("Minutes")} if event.type in MEETINGS else {}),
        "invitations": _("Invitations"),
        "participants": _("Participants"),
        "check_in": _("Check-in"),
        "registration_terms": _("Registration"),
        "questions": _("Questions"),
        "materials": _("Materials"),
        "event_mail": _("Mail"),
        "event_rules": _("Rules"),
        "figures": _("Figures"),
        "edit_event": _("Change"),
    }
    return [
        (url_for(f".{name}", slug=event.slug), label, name == here)
        for name, label in labels.items()
        if opens(name, event.slug)
    ]
