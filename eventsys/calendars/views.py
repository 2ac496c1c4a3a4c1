"""The feeds that calendar programs fetch, and the page where people find them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from eventsys import clock, dates, texts
from eventsys.calendars import answers
from eventsys.calendars.queries import Feed, Kind, Window, find_feed, read_entries
from eventsys.calendars.rooms.serving import serve_room
from eventsys.events import ics
from eventsys.events.rules import TIMEZONE
from eventsys.extensions import db
from eventsys.organisations.queries import Found, find_by_label
from eventsys.organisations.rules import LanguageForm
from eventsys.organisers.queries import list_organisers
from eventsys.programmes.queries import list_cohorts, list_networks
from eventsys.web import LANGUAGES, Access, access, language, language_was_chosen

blueprint = Blueprint("calendars", __name__)

BACK = timedelta(days=90)
AHEAD_MONTHS = 18
# Raised when the same facts give other bytes than before, so that no client keeps the old ones.
FORMAT = 1


class Offer(NamedTuple):
    """One feed on the page: what it is called, what it holds, its address and one link for each calendar program."""

    name: str
    holds: str
    address: str
    webcal: str
    google: str
    outlook: str


@blueprint.get("/calendars/")
@access(Access.PUBLIC)
def index() -> str:
    asked = request.args.get("municipality", "").strip()
    session = db.session()
    found = find_by_label(session, asked) if asked else []
    cohorts, networks = _holds(Kind.COHORT, ""), _holds(Kind.NETWORK, "")
    return render_template(
        "calendars/index.html",
        asked=asked,
        found=found if len(found) > 1 else [],
        municipality=_offer_of(found[0]) if len(found) == 1 else None,
        everything=_offer(_("All events"), _holds(Kind.ALL, ""), ".all"),
        cohorts=[
            _offer(texts.read(row.name, language()).value, cohorts, ".cohort", slug=row.slug)
            for row in list_cohorts(session)
        ],
        networks=[_offer(row.name, networks, ".network", slug=row.slug) for row in list_networks(session)],
        organisers=[
            _offer(row.name, _holds(Kind.ORGANISER, row.name), ".organiser", slug=row.slug)
            for row in list_organisers(session)
        ],
    )


@blueprint.get("/calendars/all.ics", endpoint="all")
@access(Access.PUBLIC)
def everything() -> Response:
    return _serve(Kind.ALL, "", url_for(".index"))


@blueprint.get("/calendars/cohorts/<slug>.ics")
@access(Access.PUBLIC)
def cohort(slug: str) -> Response:
    return _serve(Kind.COHORT, slug, url_for(".index"))


@blueprint.get("/calendars/networks/<slug>.ics")
@access(Access.PUBLIC)
def network(slug: str) -> Response:
    return _serve(Kind.NETWORK, slug, url_for(".index"))


@blueprint.get("/calendars/organisers/<slug>.ics")
@access(Access.PUBLIC)
def organiser(slug: str) -> Response:
    return _serve(Kind.ORGANISER, slug, url_for(".index"))


@blueprint.get("/calendars/organisations/<number>.ics")
@access(Access.PUBLIC)
def organisation(number: str) -> Response:
    return _serve(Kind.ORGANISATION, number, url_for(".index", municipality=number))


@blueprint.get("/events/<slug>.ics")
@access(Access.PUBLIC)
def event(slug: str) -> Response:
    return _serve(Kind.EVENT, slug, f"/events/{slug}")


@blueprint.get("/calendars/rooms/<token>.ics")
@access(Access.TOKEN)
def room(token: str) -> Response:
    """When a room is taken, for one organiser; nothing but the token opens it."""
    return serve_room(token)


def _serve(kind: Kind, key: str, page: str) -> Response:
    """The feed of this kind and key. Nothing of it depends on who asks: no cookie is read or set."""
    try:
        window = _read_window(kind)
    except ValueError:
        return answers.plain("from and to must be days like 2008-09-01, the first not after the last", 400)
    feed = find_feed(db.session(), kind, key, window)
    if feed is None:
        return answers.plain("There is no such calendar.", 404)
    asked = request.args.get("lang")
    own = asked if asked in LANGUAGES else feed.language
    head = _head(kind, feed, own, page)
    return answers.answer(
        request,
        tag=answers.make_tag(FORMAT, own, head, feed.entries),
        changed_at=_changed_at(feed, window.today),
        file_name=f"{key or kind}.ics",
        attached=kind is Kind.EVENT,
        write=lambda: _write(feed, own, head),
    )


def _write(feed: Feed, own: str | None, head: ics.Head) -> tuple[str, bytes]:
    """The bytes and their tag: of the revisions that were read now, should one be newer than the feed's."""
    read = read_entries(db.session(), feed, own)
    entries = tuple(entry for entry, _text in read)
    latest = max((entry.revised_at for entry in entries), default=None)
    body = ics.calendar(replace(head, revised_at=latest), [text.encode() for _entry, text in read])
    return answers.make_tag(FORMAT, own, head, entries), body


def _head(kind: Kind, feed: Feed, own: str | None, page: str) -> ics.Head:
    base, code = current_app.config["BASE_URL"].rstrip("/"), own or "nb"
    with force_locale(code):
        name = texts.read(feed.name, code).value or _("All events")
        description = _holds(kind, name)
    return ics.Head(
        name=name if kind is Kind.EVENT else f"{current_app.config['SITE_NAME']}: {name}",
        description=description,
        url=base + page,
        source=base + _own_path(),
    )


def _holds(kind: Kind, name: str) -> str:
    return {
        Kind.ALL: _("Every published event"),
        Kind.COHORT: _("Everything the cohort is invited to"),
        Kind.NETWORK: _("The network's own gatherings, and those of all networks"),
        Kind.ORGANISER: _("Everything this organiser arranges"),
        Kind.ORGANISATION: _("Everything that concerns %(municipality)s", municipality=name),
        Kind.EVENT: name,
    }[kind]


def _own_path() -> str:
    """The feed's address without anything that it does not read, so that stray parameters make no new bytes."""
    read = {name: request.args[name] for name in ("lang", "from", "to") if name in request.args}
    return quote(request.path) + (f"?{urlencode(read)}" if read else "")


def _changed_at(feed: Feed, today: date) -> datetime:
    """When the feed last changed, as far as a time can tell: a new day moves its window."""
    midnight = dates.to_utc(datetime.combine(today, time.min), TIMEZONE)
    return max([midnight, *(entry.revised_at for entry in feed.entries)])


def _read_window(kind: Kind) -> Window:
    """The days asked for; by default some months around today, for one event's file all there are."""
    today = dates.to_local(clock.now(), TIMEZONE).date()
    first, last = _read_day("from"), _read_day("to")
    if kind is not Kind.EVENT:
        first, last = first or today - BACK, last or _add_months(today, AHEAD_MONTHS)
    if first and last and last < first:
        raise ValueError("the last day is before the first")
    return Window(first, last, today)


def _read_day(name: str) -> date | None:
    text = request.args.get(name)
    return date.fromisoformat(text) if text else None


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _offer(name: str, holds: str, endpoint: str, *, code: str = "", **values: Any) -> Offer:
    """`code` is the language to fetch in, the page's own if empty; bokmål is not said."""
    code = code or language()
    path = url_for(endpoint, **values, lang=None if code == "nb" else code)
    address = current_app.config["BASE_URL"].rstrip("/") + path
    webcal = "webcal://" + address.split("://", 1)[1]
    title = f"{current_app.config['SITE_NAME']}: {name}"
    return Offer(
        name=name,
        holds=holds,
        address=address,
        webcal=webcal,
        google="https://calendar.google.com/calendar/render?" + urlencode({"cid": webcal}),
        outlook="https://outlook.office.com/calendar/0/addfromweb?" + urlencode({"url": address, "name": title}),
    )


def _offer_of(municipality: Found) -> Offer:
    """In the visitor's chosen language, else the municipality's own."""
    nynorsk = municipality.language_form is LanguageForm.NYNORSK
    code = language_was_chosen() or ("nn" if nynorsk else "")
    holds = _("Everything that concerns %(municipality)s", municipality=municipality.label)
    return _offer(municipality.label, holds, ".organisation", code=code, number=municipality.number)
