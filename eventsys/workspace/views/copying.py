"""An event made over again: what follows and on which days is shown and can be changed before anything is made.

The addresses are not among those of the event itself: who helps with one event makes no other.
"""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.events.bookings.labels import tell_taken
from eventsys.events.bookings.rules import RoomIsTaken
from eventsys.events.copying.rules import name_next
from eventsys.events.labels import name_run, name_times
from eventsys.events.models import Event
from eventsys.events.rules import RunStatus
from eventsys.events.series.queries import find_series, list_series
from eventsys.extensions import db, transaction
from eventsys.web import Access, access, language
from eventsys.workspace.copying.actions import copy_event, facts_of
from eventsys.workspace.copying.forms import (
    A_YEAR,
    FOLLOWS,
    FROM_DAY,
    NO_DAYS,
    CopyEntry,
    CopyRow,
    count_days,
    read_copy,
    tell_day,
    type_choices,
    type_days,
)
from eventsys.workspace.forms import LANGUAGES, Reader, Typed
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event


@blueprint.get("/events/new/copy", endpoint="choose_copy")
@access(Access.ORGANISER)
def choose() -> Response:
    """To the copy of the event that was chosen from a list; without a choice back to it."""
    if not request.args.get("event"):
        return redirect(url_for(".new_event"), 303)
    return redirect(url_for(".new_copy", slug=own_event(db.session(), request.args.get("event", "")).slug), 303)


@blueprint.get("/copies/<slug>", endpoint="new_copy")
@access(Access.ORGANISER)
def new(slug: str) -> str:
    """The form of a copy; with `?next=1` of the next in the event's series, whose days are not known yet."""
    event = own_event(db.session(), slug)
    is_next = "next" in request.args
    return show_form(event, type_copy(event, list_rows(event), is_next=is_next), {}, is_next=is_next)


@blueprint.post("/copies/<slug>", endpoint="copy_event")
@access(Access.ORGANISER)
def copy(slug: str) -> Response | str | tuple[str, int]:
    event = own_event(db.session(), slug)
    rows, reader = list_rows(event), Reader(Typed(request.form))
    is_next = "next" in reader.typed
    if "title_nb" not in reader.typed:
        reader.typed = type_copy(event, rows, is_next=False)
        type_days(reader.typed, rows, None)
    if "count" in reader.typed:
        count_days(reader, rows)
        return show_form(event, reader.typed, reader.errors, is_next=is_next)
    entry = read_copy(reader, rows)
    if reader.errors:
        return show_form(event, reader.typed, reader.errors, is_next=is_next), 422
    try:
        made = save(slug, entry)
    except RoomIsTaken as error:
        wrong = {"follow": tell_taken(error.booking, language())}
        return show_form(own_event(db.session(), slug), reader.typed, wrong, is_next=is_next), 422
    flash(
        _("This is the new draft. Nobody else sees it until you publish it, and its rules count from now."), "success"
    )
    return redirect(url_for(".event", slug=made.slug), 303)


def save(slug: str, entry: CopyEntry) -> Event:
    with transaction() as session:
        return copy_event(
            session,
            own_event(session, slug),
            entry,
            organiser=account().organiser,
            series_id=find_series_id(session, entry.series),
            base_url=current_app.config["BASE_URL"],
            account_id=account().id,
            now=clock.now(),
        )


def find_series_id(session: Session, slug: str) -> int | None:
    """The id of the organiser's own series of that name in addresses; none where none is chosen."""
    if not slug:
        return None
    found = find_series(session, slug, organiser_id=account().organiser.id)
    return found.id if found else abort(404)


def list_rows(event: Event) -> list[CopyRow]:
    """Every run that is on; all of them where none is."""
    planned = [run for run in event.runs if run.status is RunStatus.PLANNED]
    return [CopyRow(str(run.uid), facts_of(run)) for run in planned or event.runs]


def type_copy(event: Event, rows: list[CopyRow], *, is_next: bool) -> Typed:
    title = name_next(event.title, event.ordinal) if is_next else event.title
    typed = Typed({f"title_{code}": title.get(code, "") for code in LANGUAGES})
    ordinal = event.ordinal + 1 if is_next and event.ordinal else event.ordinal
    typed["ordinal"] = str(ordinal or "")
    typed["series"] = next(
        (
            line.series.slug
            for line in list_series(db.session(), event.organiser_id)
            if line.series.id == event.series_id
        ),
        "",
    )
    type_choices(typed, rows)
    if is_next:
        typed["shift"] = NO_DAYS
        type_days(typed, rows, None)
    return typed


def show_form(event: Event, typed: Typed, errors: dict[str, str], *, is_next: bool) -> str:
    return render_template(
        "workspace/copy_form.html",
        event=event,
        event_title=name_event(event),
        typed=typed,
        errors=errors,
        is_next=is_next,
        follows=list_follows(),
        rows=[describe_row(run.uid.hex, row, name_run(run), name_times(run), typed) for run, row in pair(event)],
        series=list_series_options(db.session()),
        **shift_choices(),
    )


def pair(event: Event) -> list[tuple[Any, CopyRow]]:
    rows = {row.name: row for row in list_rows(event)}
    return [(run, rows[str(run.uid)]) for run in event.runs if str(run.uid) in rows]


def describe_row(number: str, row: CopyRow, before: str, times: str, typed: Typed) -> dict[str, Any]:
    """A run as the page shows it: when it was, the field of its new first day, and when that makes it."""
    after, same = tell_day(row, typed, language())
    return {
        "id": number,
        "name": row.name,
        "before": ", ".join(part for part in (before, times) if part),
        "kept": row.name in typed.getlist("keep"),
        "after": after,
        "same_weekdays": same,
    }


def list_follows() -> list[tuple[str, str]]:
    return [(one.value, str(label)) for one, label in FOLLOWS.items()]


def shift_choices() -> dict[str, Any]:
    shifts = [
        (A_YEAR, _("52 weeks later, on the same weekdays")),
        (FROM_DAY, _("so that the first begins on the day below")),
        (NO_DAYS, _("not known yet")),
    ]
    return {"shifts": shifts}


def list_series_options(session: Session) -> list[tuple[str, str]]:
    lines = list_series(session, account().organiser.id)
    named = [(line.series.slug, texts.read(line.series.name, language()).value) for line in lines]
    return [("", _("In no series")), *named]
