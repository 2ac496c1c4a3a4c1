"""Series: what comes again, the next of it, and a whole one made over again in another year."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.events.bookings.labels import tell_taken
from eventsys.events.bookings.rules import RoomIsTaken
from eventsys.events.copying.rules import name_in_year
from eventsys.events.labels import name_run, name_times
from eventsys.events.models import Event, Series
from eventsys.events.series import actions, queries
from eventsys.extensions import db, transaction
from eventsys.registrations.queries import count_places
from eventsys.web import Access, access, language
from eventsys.workspace.copying.actions import copy_series
from eventsys.workspace.copying.forms import (
    CopyRow,
    SeriesEntry,
    count_days,
    read_series_copy,
    type_choices,
)
from eventsys.workspace.forms import LANGUAGES, Reader, Typed
from eventsys.workspace.views.copying import describe_row, list_follows, list_rows, shift_choices
from eventsys.workspace.views.frame import account, blueprint, describe_event, log, name_dates, name_event


@blueprint.get("/series", endpoint="list_series")
@access(Access.READER)
def index() -> str:
    lines = queries.list_series(db.session(), account().organiser.id)
    found = [{"slug": line.series.slug, "name": name_series(line.series), "events": line.events} for line in lines]
    return render_template("workspace/series_list.html", lines=found)


@blueprint.get("/series/new", endpoint="new_series")
@access(Access.ORGANISER)
def new() -> str:
    return show_form(None, Typed(), {})


@blueprint.post("/series", endpoint="create_series")
@access(Access.ORGANISER)
def create() -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    name = read_name(reader)
    if reader.errors:
        return show_form(None, reader.typed, reader.errors), 422
    with transaction() as session:
        lines = queries.list_series(session, account().organiser.id)
        same = next((line.series for line in lines if line.series.name == name), None)
        row = same or actions.add_series(session, organiser_id=account().organiser.id, name=name, now=clock.now())
        if same is None:
            log(session, LogVerb.ADDED, "series", row.slug, name_series(row))
    flash(_("The series is saved. Choose its events below."), "success")
    return redirect(url_for(".series", slug=row.slug), 303)


@blueprint.get("/series/<slug>", endpoint="series")
@access(Access.READER)
def show(slug: str) -> str:
    session = db.session()
    series, events = load(slug)
    places = count_places(session, [run.id for event in events for run in event.runs])
    return render_template(
        "workspace/series.html",
        series=series,
        name=name_series(series),
        title=texts.read(series.name, language()),
        events=[describe_event(event, places) for event in events],
        loose=[
            (event.slug, f"{name_event(event).value}, {name_dates(event)}")
            for event in queries.list_loose(session, series.organiser_id)
        ],
    )


@blueprint.get("/series/<slug>/edit", endpoint="edit_series")
@access(Access.ORGANISER)
def edit(slug: str) -> str:
    series = own_series(db.session(), slug)
    return show_form(series, Typed({f"name_{code}": series.name.get(code, "") for code in LANGUAGES}), {})


@blueprint.post("/series/<slug>", endpoint="update_series")
@access(Access.ORGANISER)
def update(slug: str) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    name = read_name(reader)
    if reader.errors:
        return show_form(own_series(db.session(), slug), reader.typed, reader.errors), 422
    with transaction() as session:
        series = own_series(session, slug)
        before = {"name": series.name}
        if actions.rename(session, series, name):
            log(session, LogVerb.CHANGED, "series", slug, name_series(series), before, {"name": name})
    flash(_("The changes are saved."), "success")
    return redirect(url_for(".series", slug=slug), 303)


@blueprint.post("/series/<slug>/events", endpoint="join_series")
@access(Access.ORGANISER)
def join(slug: str) -> Response:
    """Puts events that are in no series into this one."""
    with transaction() as session:
        series = own_series(session, slug)
        events = queries.list_by_slug(session, series.organiser_id, request.form.getlist("event"))
        joined = [
            event for event in events
            if actions.join(session, event, series, account_id=account().id, now=clock.now())
        ]  # fmt: skip
    if joined:
        flash(ngettext("%(num)d event is in the series now.", "%(num)d events are in the series now.", len(joined)),
              "success")  # fmt: skip
    return redirect(url_for(".series", slug=slug), 303)


@blueprint.get("/series/<slug>/next", endpoint="next_in_series")
@access(Access.ORGANISER)
def next_one(slug: str) -> Response:
    """To the copy of the last event of the series, as its next."""
    _series, events = load(slug)
    if not events:
        flash(_("The series has no events yet. Make the first one and choose the series in its form."), "info")
        return redirect(url_for(".series", slug=slug), 303)
    return redirect(url_for(".new_copy", slug=find_last(events).slug, next=1), 303)


def find_last(events: list[Event]) -> Event:
    """The one of the highest number, else the latest."""
    return max(events, key=lambda event: (event.ordinal or 0, event.runs[0].sort_at))


@blueprint.get("/series/<slug>/copy", endpoint="new_series_copy")
@access(Access.ORGANISER)
def new_copy(slug: str) -> str:
    """The whole series a year later on the same weekdays, every day to be changed before anything is made."""
    series, events = load(slug)
    typed = Typed({f"name_{code}": text for code, text in name_in_year(series.name, 1).items()})
    type_choices(typed, [row for _event, row in list_all_rows(events)])
    return show_copy(series, events, typed, {})


@blueprint.post("/series/<slug>/copy", endpoint="copy_series")
@access(Access.ORGANISER)
def copy(slug: str) -> Response | str | tuple[str, int]:
    series, events = load(slug)
    rows, reader = [row for _event, row in list_all_rows(events)], Reader(Typed(request.form))
    if "count" in reader.typed:
        count_days(reader, rows)
        return show_copy(series, events, reader.typed, reader.errors)
    entry = read_series_copy(reader, rows)
    if not reader.errors and not entry.begins:
        reader.errors["keep"] = _("Choose something to make again.")
    if reader.errors:
        return show_copy(series, events, reader.typed, reader.errors), 422
    try:
        made, new_slug = save_copy(slug, entry)
    except RoomIsTaken as error:
        return show_copy(*load(slug), reader.typed, {"follow": tell_taken(error.booking, language())}), 422
    flash(ngettext("%(num)d draft is made.", "%(num)d drafts are made.", made), "success")
    return redirect(url_for(".series", slug=new_slug), 303)


def load(slug: str) -> tuple[Series, list[Event]]:
    session = db.session()
    series = own_series(session, slug)
    return series, queries.list_events(session, series.organiser_id, series_id=series.id)


def save_copy(slug: str, entry: SeriesEntry) -> tuple[int, str]:
    """How many drafts it made, and the address of the new series."""
    with transaction() as session:
        series = own_series(session, slug)
        new_series, made = copy_series(
            session,
            series,
            queries.list_events(session, series.organiser_id, series_id=series.id),
            entry,
            organiser=account().organiser,
            base_url=current_app.config["BASE_URL"],
            account_id=account().id,
            now=clock.now(),
        )
        log(session, LogVerb.ADDED, "series", new_series.slug, name_series(new_series))
        return len(made), new_series.slug


def list_all_rows(events: list[Event]) -> list[tuple[Event, CopyRow]]:
    """Every run of every event; those of events that are cancelled are not ticked at first."""
    return [
        (event, row._replace(is_on=event.status != "cancelled"))
        for event in events
        for row in list_rows(event)
    ]  # fmt: skip


def show_copy(series: Series, events: list[Event], typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/series_copy.html",
        series=series,
        name=name_series(series),
        typed=typed,
        errors=errors,
        follows=list_follows(),
        rows=[describe_of(event, row, typed) for event, row in list_all_rows(events)],
        **shift_choices(),
    )


def describe_of(event: Event, row: CopyRow, typed: Typed) -> dict[str, Any]:
    run = next(run for run in event.runs if str(run.uid) == row.name)
    found = describe_row(run.uid.hex, row, name_run(run), name_times(run), typed)
    return {**found, "title": name_event(event).value}


def show_form(series: Series | None, typed: Typed, errors: dict[str, str]) -> str:
    name = name_series(series) if series else ""
    return render_template("workspace/series_form.html", series=series, name=name, typed=typed, errors=errors)


def read_name(reader: Reader) -> dict[str, str]:
    names = {code: reader.text(f"name_{code}", most=200) for code in LANGUAGES}
    if not any(names[code] for code in ("nb", "nn")):
        reader.errors["name_nb"] = _("Give the series a name, in bokmål or nynorsk.")
    return {code: text for code, text in names.items() if text}


def name_series(series: Series) -> str:
    return texts.read(series.name, language()).value


def own_series(session: Session, slug: str) -> Series:
    return queries.find_series(session, slug, organiser_id=account().organiser.id) or abort(404)
