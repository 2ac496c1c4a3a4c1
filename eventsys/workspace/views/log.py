"""What has been done for the organiser: who, when, what, from what to what; filtered by person, object and days."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from eventsys import texts
from eventsys.dates import read_day
from eventsys.extensions import db
from eventsys.web import Access, access, language
from eventsys.workspace.history.labels import OBJECTS, name_act, name_who, tell_differences
from eventsys.workspace.history.queries import Asked, Line, Place, Source, list_lines, list_people
from eventsys.workspace.views.frame import account, blueprint, name_moment, words

PAGES = {
    "event": ("event", "slug"),
    "venue": ("venue", "slug"),
    "speaker": ("speaker", "public_id"),
    "group": ("group", "group"),
    "news": ("edit_news", "slug"),
    "document": ("edit_site_document", "slug"),
    "text": ("text", "key"),
    "person": ("person", "public_id"),
}
"""Where an object of a kind is shown, while there is such a page."""


@blueprint.get("/log", endpoint="log")
@access(Access.ORGANISER)
def index() -> str:
    session, organiser = db.session(), account().organiser
    people = list_people(session, organiser.id)
    chosen = {name: words(name) for name in ("account", "object", "key", "since", "until")}
    asked, errors = read_asked({str(row.id) for row in people}, chosen)
    lines, following = list_lines(session, asked, before=read_place(words("before")))
    return render_template(
        "workspace/log.html",
        lines=[describe(line) for line in lines],
        chosen=chosen,
        errors=errors,
        people_options=[("", ""), *((row.id, row.name) for row in people)],
        object_options=[
            ("", ""),
            *sorted(((key, str(label)) for key, label in OBJECTS.items()), key=lambda one: one[1]),
        ],
        next_page=write_place(following) if following else "",
        is_later_page=bool(words("before")),
        only=name_only(lines, asked),
    )


def read_asked(people: set[str], chosen: dict[str, str]) -> tuple[Asked, dict[str, str]]:
    """What the address asks for; what is no day is said beside its field, anything else unknown asks for nothing."""
    errors: dict[str, str] = {}
    since, until = (read_moment(chosen, name, errors) for name in ("since", "until"))
    found = Asked(
        account().organiser.id,
        account_id=int(chosen["account"]) if chosen["account"] in people else None,
        object=chosen["object"] if chosen["object"] in OBJECTS else "",
        key=chosen["key"] if chosen["object"] in OBJECTS else "",
        since=since,
        until=until + timedelta(days=1) if until else None,
    )
    return found, errors


def read_moment(chosen: dict[str, str], name: str, errors: dict[str, str]) -> datetime | None:
    """The beginning of the day that was typed, at the organiser's."""
    try:
        day = read_day(chosen[name])
    except ValueError:
        errors[name] = _("Write a day that exists, such as 01.09.2008.")
        return None
    zone = ZoneInfo(account().organiser.timezone)
    return datetime.combine(day, time(), zone).astimezone(UTC) if day else None


def write_place(place: Place) -> str:
    at, source, number = place
    return f"{at.isoformat()}_{source}_{number}"


def read_place(text: str) -> Place | None:
    """The place that a link to the next page names; None for anything else."""
    try:
        at, source, number = text.split("_")
        moment = datetime.fromisoformat(at)
        return (moment, Source(source), int(number)) if moment.tzinfo and len(number) < 19 else None
    except ValueError:
        return None


def describe(line: Line) -> dict[str, Any]:
    return {
        "at": name_moment(line.at),
        "who": name_who(line),
        "act": name_act(line),
        "object": OBJECTS.get(line.object, ""),
        "name": line.name,
        "event": texts.read(line.event, language()) if line.event else None,
        "differences": tell_differences(line),
        "more": url_for(".log", object=line.object, key=line.key) if line.object in ("event", *LOG_OBJECTS) else "",
        "url": find_page(line),
    }


LOG_OBJECTS = tuple(name for name in OBJECTS if name not in set(Source))


def find_page(line: Line) -> str:
    """The page of what was done something to; of one that is gone it answers 404, as it should."""
    if line.source in (Source.REGISTRATION, Source.INVITATION, Source.SENSITIVE):
        return url_for(".event", slug=line.facts["slug"])
    endpoint, argument = PAGES.get(line.object, ("", ""))
    try:
        return url_for(f".{endpoint}", **{argument: line.key}) if endpoint else ""  # type: ignore[arg-type]
    except BuildError:
        return ""


def name_only(lines: list[Line], asked: Asked) -> str:
    """What the list is about where it is about one thing."""
    if not asked.key or not lines:
        return asked.key
    first = lines[0]
    return texts.read(first.event, language()).value if first.event else first.name or asked.key
