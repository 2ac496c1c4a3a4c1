"""The list of participants as files: in full for the organisers, in public with names and organisations alone, and what
a hotel needs. Nothing sensitive is in any of them but food, as counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response as Page
from flask import abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock, dates, texts
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.registrations.rules import HOLDS_A_PLACE
from eventsys.web import Access, access, language
from eventsys.workspace.people_list import columns, filters, hotel, queries
from eventsys.workspace.people_list.columns import Shown
from eventsys.workspace.people_list.hotel import Eaten, Guest
from eventsys.workspace.people_list.rules import Wanted
from eventsys.workspace.people_list.sheets import Table, write
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, today

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


@blueprint.get("/events/<slug>/files", endpoint="participant_files")
@access(Access.ORGANISER)
def index(slug: str) -> str:
    """Which files there are, and what each holds."""
    session = db.session()
    event = own_event(session, slug)
    choices = queries.list_choices(session, event)
    chosen = filters.read(request.args, event, choices)
    counts = queries.count(session, event, chosen.wanted, on=today())
    public = {state: count for state, count in counts.shown.items() if state in HOLDS_A_PLACE}
    return render_template(
        "workspace/participant_files.html",
        event=event,
        event_title=name_event(event),
        address=chosen.kept,
        is_part=not chosen.wanted.is_everybody,
        total=counts.of_shown,
        coming=sum(public.values()),
        guests=len(hotel.list_guests(session, event)),
    )


@blueprint.get("/events/<slug>/participants.csv", endpoint="export_participants")
@access(Access.ORGANISER)
def export_csv(slug: str) -> Page:
    return export(slug, "csv")


@blueprint.get("/events/<slug>/participants.xlsx", endpoint="export_participants_xlsx")
@access(Access.ORGANISER)
def export_xlsx(slug: str) -> Page:
    return export(slug, "xlsx")


def export(slug: str, kind: str) -> Page:
    """What the list in the address shows, in the grade that is asked for."""
    session = db.session()
    event = own_event(session, slug)
    choices = queries.list_choices(session, event)
    wanted = filters.read(request.args, event, choices).wanted
    if request.args.get("grade") == "public":
        table = list_in_public(session, event, wanted)
        return answer(kind, _name_file(event, _("public")), event, [table])
    rows = queries.list_all(session, event, wanted, on=today())
    offered = columns.list_offered(event, choices.questions)
    beside = columns.read_beside(session, [key for key, _name in offered], [row.id for row in rows])
    shown = columns.full_grade(event, offered, beside)
    return answer(kind, event.slug, event, [table_of(_("Participants"), shown, rows)])


def list_in_public(session: Session, event: Event, wanted: Wanted) -> Table:
    """Who holds a place, by name. A confederation's event has none: being there tells of membership."""
    if event.asks_union:
        abort(404)
    rows = [row for row in queries.list_all(session, event, wanted, on=today()) if row.state in HOLDS_A_PLACE]
    named = [row for row in rows if row.name]
    return table_of(_("Participants"), columns.public_grade(), sorted(named, key=lambda row: row.name.casefold()))


def table_of(name: str, shown: Sequence[Shown], rows: Sequence[Any]) -> Table:
    return Table(name, [one.heading for one in shown], [[one.cell(row) for one in shown] for row in rows])


def answer(kind: str, name: str, event: Event, tables: Sequence[Table]) -> Page:
    body = write(kind, tables, title=name_event(event).value, now=clock.now())
    disposition = f'attachment; filename="{name}.{kind}"'
    return Page(body, mimetype=TYPES[kind], headers={"Content-Disposition": disposition})


# --- what a hotel needs ---------------------------------------------------------------------------------------------


@blueprint.get("/events/<slug>/hotel-list", endpoint="hotel_list")
@access(Access.ORGANISER)
def show_hotel(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    guests = hotel.list_guests(session, event)
    return render_template(
        "workspace/hotel_list.html",
        event=event,
        event_title=name_event(event),
        guests=guests,
        nights=hotel.list_nights(guests),
        sums=hotel.count_nights(guests),
        day=name_day,
        name_guest=name_guest,
        several=len({guest.venue_id for guest in guests}) > 1,
    )


@blueprint.post("/events/<slug>/hotel-list", endpoint="export_hotel_list")
@access(Access.ORGANISER)
def export_hotel(slug: str) -> Page:
    """The list as a file, with food as counts. Reading those leaves a row, so it takes a POST."""
    own_event(db.session(), slug)
    kind = request.form.get("kind", "")
    if kind not in TYPES:
        abort(400)
    with transaction() as session:
        event = own_event(session, slug)
        guests = hotel.list_guests(session, event)
        food = hotel.read_food(session, event, account_id=account().id, now=clock.now())
    return answer(kind, _name_file(event, _("hotel")), event, [list_nights(guests), list_food(event, food)])


def _name_file(event: Event, what: str) -> str:
    return f"{event.slug}-{what}"


def name_day(day: date) -> str:
    return dates.format_day(day, language(), year=False)


def name_guest(guest: Guest) -> str:
    """The name; of a seat without one, who signed it up, so that the hotel can ask."""
    if guest.name:
        return guest.name
    return _("not named (signed up by %(name)s)", name=guest.registrar) if guest.registrar else _("not named")


def list_nights(guests: Sequence[Guest]) -> Table:
    nights = hotel.list_nights(guests)
    heading = [_("Hotel"), _("Name"), _("Arrives"), _("Leaves"), _("Nights"), *(name_day(on) for on in nights)]
    rows = [
        [
            guest.hotel, name_guest(guest), f"{guest.nights[0]:%Y-%m-%d}", f"{guest.leaves_on:%Y-%m-%d}",
            str(len(guest.nights)), *("x" if on in guest.nights else "" for on in nights),
        ]
        for guest in guests
    ]  # fmt: skip
    return Table(_("Nights"), heading, rows)


def list_food(event: Event, food: Sequence[Eaten]) -> Table:
    names = {run.id: name_run(run) for run in event.runs}
    rows = [[names[one.run_id], texts.read(one.label, language()).value, str(one.how_many)] for one in food]
    return Table(_("Food"), [_("Dates"), _("Food"), _("How many")], rows)
