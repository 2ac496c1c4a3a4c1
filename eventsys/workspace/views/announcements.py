"""Paste a programme: what each line was understood as, and drafts of those that are chosen."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.events.announcements import Announcement, read
from eventsys.events.labels import ROLES, TYPES, join_cohorts
from eventsys.events.rules import EventStatus, Precision, RunFacts
from eventsys.extensions import db, transaction
from eventsys.web import Access, access, language
from eventsys.workspace import actions
from eventsys.workspace.pasted import Planned
from eventsys.workspace.remarks import tell
from eventsys.workspace.views.frame import account, blueprint, today

MOST_LINES = 200
MOST_CHARACTERS = 50_000
YEARS = (2000, 2100)


@blueprint.get("/announcements", endpoint="announcements")
@access(Access.ORGANISER)
def new() -> str:
    return show_form("", str(today().year), {})


@blueprint.post("/announcements/preview", endpoint="preview_announcements")
@access(Access.ORGANISER)
def preview() -> str | tuple[str, int]:
    """What each line was understood as; nothing is saved."""
    text, year = request.form.get("text", ""), request.form.get("year", "")
    errors = check(text, year)
    if errors:
        return show_form(text, year, errors), 422
    planned = actions.preview_announcements(
        db.session(), read(text, year=int(year)), organiser=account().organiser, owners=account().organisers
    )
    return render_template(
        "workspace/announcements_preview.html",
        lines=[describe(line) for line in planned],
        good=sum(not line.refused and not line.already for line in planned),
        text=text,
        year=year,
    )


@blueprint.post("/announcements/text", endpoint="edit_announcements")
@access(Access.ORGANISER)
def edit() -> str:
    """Back to the lines as they were pasted."""
    return show_form(request.form.get("text", "").lstrip("\r\n"), request.form.get("year", ""), {})


@blueprint.post("/announcements", endpoint="save_announcements")
@access(Access.ORGANISER)
def save() -> Response | tuple[str, int]:
    text, year = request.form.get("text", ""), request.form.get("year", "")
    errors = check(text, year)
    if errors:
        return show_form(text, year, errors), 422
    chosen = set(request.form.getlist("line"))
    lines: list[Announcement] = [line for line in read(text, year=int(year)) if str(line.line) in chosen]
    with transaction() as session:
        saved = actions.save_announcements(
            session,
            lines,
            organiser=account().organiser,
            owners=account().organisers,
            base_url=current_app.config["BASE_URL"],
            account_id=account().id,
            now=clock.now(),
        )
    tell_saved([planned for planned, event in saved if event is not None], [line for line, _event in saved])
    return redirect(url_for(".events", status=EventStatus.DRAFT.value), 303)


def tell_saved(made: list[Planned], lines: list[Planned]) -> None:
    """How many drafts there are now, whose they are, and what was there already."""
    if made:
        text = ngettext("%(num)d draft is saved.", "%(num)d drafts are saved.", len(made))
        others = {
            line.organiser.name for line in made if line.organiser and line.organiser.id != account().organiser.id
        }
        for name in sorted(others):
            text += " " + _("What %(organiser)s arranges is among the drafts of %(organiser)s.", organiser=name)
        flash(text, "success")
    already = sum(line.already for line in lines)
    if already:
        flash(ngettext("%(num)d was there already.", "%(num)d were there already.", already), "info")
    if not made and not already:
        flash(_("Nothing was chosen, so nothing is saved."), "info")


def check(text: str, year: str) -> dict[str, str]:
    errors = {}
    if not text.strip():
        errors["text"] = _("Paste some lines first.")
    elif len(text) > MOST_CHARACTERS or len(text.splitlines()) > MOST_LINES:
        errors["text"] = _("At most %(lines)s lines at a time.", lines=MOST_LINES)
    if not (year.isascii() and year.isdigit() and len(year) == 4 and YEARS[0] <= int(year) <= YEARS[1]):
        errors["year"] = _("Write a year such as 2008.")
    return errors


def show_form(text: str, year: str, errors: dict[str, str]) -> str:
    return render_template("workspace/announcements.html", text=text, year=year, errors=errors)


def describe(line: Planned) -> dict[str, Any]:
    """A line as the page shows it: what it will be, and what to look at."""
    announcement = line.announcement
    return {
        "line": announcement.line,
        "text": announcement.text,
        "title": announcement.title,
        "dates": [name_span(run) for run in line.runs],
        "type": TYPES[announcement.type] if announcement.type else "",
        "ordinal": announcement.ordinal,
        "audience": name_audience(line),
        "venue": announcement.venue or "",
        "venue_is_new": bool(announcement.venue) and line.venue is None,
        "organiser": line.organiser.name if line.organiser else "",
        "remarks": [tell(remark) for remark in line.remarks],
        "refused": line.refused,
        "already": line.already,
    }


def name_span(run: RunFacts) -> str:
    """The days as the event will show them, with weekdays and times where there are any."""
    code = language()
    name = dates.format_span(run.precision, run.first_on, run.last_on, code)
    if run.first_on is None or run.last_on is None or run.precision not in (Precision.EXACT, Precision.DAYS):
        return name
    name = f"{dates.format_weekdays(run.first_on, run.last_on, code)} {name}"
    if run.starts is None or run.ends is None:
        return name
    return f"{name}, {dates.format_clock(run.starts, code)}–{run.ends:%H:%M}"


def name_audience(line: Planned) -> list[str]:
    names = []
    if line.cohorts:
        names.append(join_cohorts([texts.read(cohort.name, language()).value for cohort in line.cohorts]))
    if line.announcement.networks:
        names.append(_("The regional networks"))
    if line.confederation is not None:
        names.append(_("Elected representatives in %(organisation)s", organisation=line.confederation.name))
    if line.announcement.role is not None:
        names.append(str(ROLES[line.announcement.role]))
    return names or [_("Everybody")]
