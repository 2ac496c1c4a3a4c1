"""Events from a calendar file: what each entry was understood as, and drafts of those that are chosen."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events.labels import TYPES
from eventsys.events.rules import EventStatus, EventType
from eventsys.events.starting.calendar_files import MOST_ENTRIES, CalendarEntry, NoCalendar, read_calendar
from eventsys.extensions import db, transaction
from eventsys.web import Access, access
from eventsys.workspace.calendar_files.actions import PlannedEntry, plan_entries, save_entries
from eventsys.workspace.views.announcements import name_span
from eventsys.workspace.views.frame import account, blueprint, today

FAULTS = {
    "no_start": _l("It does not say when it begins."),
    "too_often": _l("It repeats more often than daily."),
    "cancelled": _l("It is called off."),
    "unreadable": _l("It cannot be read."),
}


@blueprint.get("/events/new/calendar", endpoint="calendar_file")
@access(Access.ORGANISER)
def new() -> str:
    return show_form("", {})


@blueprint.post("/events/new/calendar/preview", endpoint="preview_calendar_file")
@access(Access.ORGANISER)
def preview() -> str | tuple[str, int]:
    """What each entry was understood as; nothing is saved."""
    text = read_text()
    try:
        entries = read_entries(text)
    except NoCalendar:
        return show_form(request.form.get("text", ""), {"file": tell_wrong(text)}), 422
    planned = plan_entries(db.session(), entries, organiser=account().organiser)
    return render_template(
        "workspace/calendar_file_preview.html",
        lines=[describe(line) for line in planned],
        good=sum(line.can_be_saved for line in planned),
        most=MOST_ENTRIES if len(entries) == MOST_ENTRIES else 0,
        types=[(kind.value, label) for kind, label in TYPES.items()],
        text=text,
    )


@blueprint.post("/events/new/calendar", endpoint="save_calendar_file")
@access(Access.ORGANISER)
def save() -> Response | tuple[str, int]:
    text, asked = read_text(), request.form.get("type", "")
    try:
        entries = read_entries(text)
    except NoCalendar:
        return show_form(text, {"file": tell_wrong(text)}), 422
    with transaction() as session:
        made = save_entries(
            session,
            entries,
            chosen={int(number) for number in request.form.getlist("line") if number.isdecimal() and len(number) < 9},
            kind=EventType(asked) if asked in set(EventType) else EventType.MEETING,
            organiser=account().organiser,
            base_url=current_app.config["BASE_URL"],
            account_id=account().id,
            now=clock.now(),
        )
    if made:
        flash(ngettext("%(num)d draft is saved.", "%(num)d drafts are saved.", len(made)), "success")
    else:
        flash(_("Nothing was chosen, so nothing is saved."), "info")
    return redirect(url_for(".events", status=EventStatus.DRAFT.value), 303)


def read_text() -> str:
    """The file that was put up, else what was pasted."""
    file = request.files.get("file")
    content = file.read().decode("utf-8-sig", "replace") if file is not None and file.filename else ""
    return (content or request.form.get("text", "")).replace("\0", "")


def read_entries(text: str) -> list[CalendarEntry]:
    """Raises `NoCalendar`. A browser sends the lines of a text field with other ends than a file's."""
    return read_calendar("\r\n".join(text.splitlines()).encode(), timezone=account().organiser.timezone)


def tell_wrong(text: str) -> str:
    if not text.strip():
        return _("Choose a file, or paste what is in it.")
    return _("This is no calendar file with events in it, or it has more than %(most)s.", most=MOST_ENTRIES)


def show_form(text: str, errors: dict[str, str]) -> str:
    return render_template("workspace/calendar_file.html", text=text, errors=errors)


def describe(line: PlannedEntry) -> dict[str, Any]:
    """An entry as the page shows it: what it will be, or why not."""
    entry = line.entry
    is_ahead = entry.run is not None and (entry.run.last_on is None or entry.run.last_on >= today())
    return {
        "line": entry.number,
        "title": entry.title or _("Without a title"),
        "dates": name_span(entry.run) if entry.run else "",
        "venue": entry.place,
        "venue_is_new": line.is_new_venue,
        "is_repeated": entry.is_repeated,
        "already": line.already,
        "can_be_saved": line.can_be_saved,
        "chosen": is_ahead,
        "fault": FAULTS.get(entry.fault, "") if entry.fault else "" if entry.title else _("It has no title."),
    }
