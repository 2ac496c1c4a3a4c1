"""How a secret calendar is answered over HTTP. No cache but the client's own keeps it: its address is a secret."""

from __future__ import annotations

from datetime import datetime, time

from flask import Response, current_app, request
from flask_babel import force_locale
from flask_babel import gettext as _

from eventsys import clock, dates, tokens
from eventsys.calendars import answers, asked, fetches
from eventsys.calendars.models import CalendarLink
from eventsys.calendars.own import entries
from eventsys.calendars.own.queries import Seat, find_link, list_seats
from eventsys.calendars.queries import Kind
from eventsys.calendars.rules import LinkKind, find_client
from eventsys.events import ics
from eventsys.events.calendar_facts import find_calendar_facts
from eventsys.events.rules import TIMEZONE
from eventsys.extensions import AnyRow, db

# Raised when the same facts give other bytes than before.
FORMAT = 1


def link_token(link: CalendarLink) -> str:
    """Good until the calendar is renewed or ended."""
    return tokens.capability(tokens.Purpose.CALENDAR, link.public_id, link.link_version)


def serve_link(token: str) -> Response:
    """404 for a token that never was; 410 for one that has a new address, has ended, or whose owner may not any more."""
    today = clock.today()
    public_id = tokens.public_id_of(token)
    row = find_link(db.session(), public_id, on=today) if public_id else None
    if public_id is None or row is None:
        return answers.plain("There is no such calendar.", 404)
    try:
        if not tokens.check(token, tokens.Purpose.CALENDAR, public_id, row.CalendarLink.link_version):
            return answers.plain("There is no such calendar.", 404)
    except tokens.LinkIsRevoked:
        return answers.plain("This calendar has a new address.", 410)
    if not is_open(row):
        return answers.plain("This calendar has been closed.", 410)
    try:
        wish = asked.read(Kind.ALL, "", request.args, today=today)
    except ValueError:
        return answers.plain("from and to must be days like 2008-09-01, the first not after the last", 400)
    response = _answer(row, list_seats(db.session(), row, wish.window), wish)
    fetches.note(str(public_id), find_client(request.headers.get("User-Agent", "")))
    return response


def is_open(row: AnyRow) -> bool:
    """Whether a `find_link` still may see what it is of."""
    link: CalendarLink = row.CalendarLink
    needs = {LinkKind.PERSONAL: True, LinkKind.CONTACT: row.organisation_id, LinkKind.ORGANISER: row.role}
    return link.ended_at is None and needs[link.kind] is not None


def _answer(row: AnyRow, seats: list[Seat], wish: asked.Asked) -> Response:
    link: CalendarLink = row.CalendarLink
    base_url = current_app.config["BASE_URL"].rstrip("/")
    language = wish.language or link.language
    midnight = dates.to_utc(datetime.combine(wish.window.today, time.min), TIMEZONE)
    moments = [moment for seat in seats for moment in (seat.revised_at, seat.changed_at) if moment]
    head = ics.Head(
        name=f"{current_app.config['SITE_NAME']}: {link.name}",
        description=tell_holds(link.kind, language),
        url=f"{base_url}/calendars/",
        source="",
        revised_at=max(moments, default=None),
    )
    tag = answers.make_tag(FORMAT, language, head, seats)
    return answers.answer(
        request,
        tag=tag,
        changed_at=max([midnight, *moments]),
        file_name="calendar.ics",
        kept=answers.PRIVATE,
        write=lambda: (tag, _write(seats, head, language, base_url)),
    )


def _write(seats: list[Seat], head: ics.Head, language: str, base_url: str) -> bytes:
    runs = entries.group(seats)
    facts = find_calendar_facts(db.session(), list(runs), base_url=base_url)
    return ics.calendar(
        head,
        [
            ics.vevent(entries.place(facts[run_id], of_run, base_url), language, entries.describe(of_run))
            for run_id, of_run in runs.items()
            if run_id in facts
        ],
    )


def tell_holds(kind: LinkKind, language: str) -> str:
    with force_locale(language):
        return {
            LinkKind.PERSONAL: _("Everything you are signed up for, with what waits and what is cancelled"),
            LinkKind.CONTACT: _("What your organisation's people are signed up for"),
            LinkKind.ORGANISER: _("Everything you arrange, drafts too"),
        }[kind]
