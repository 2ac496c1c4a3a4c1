"""How many chairs, lunches and beds are needed on each date at each place, over events and over organisers."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby

from flask import render_template, request
from flask_babel import gettext as _

from eventsys import dates
from eventsys.extensions import db
from eventsys.registrations.totals.queries import MOST_DAYS, count_beds_and_chairs
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.views.frame import account, blueprint, today

USUAL = timedelta(days=30)


@blueprint.get("/beds-and-chairs", endpoint="beds_and_chairs")
@access(Access.ORGANISER)
def index() -> str:
    reader = Reader(Typed(request.args))
    first_on = reader.day("first_on") or today()
    last_on = reader.day("last_on") or first_on + USUAL
    check(reader, first_on, last_on)
    found = []
    if not reader.errors:
        found = count_beds_and_chairs(
            db.session(), organiser_id=account().organiser.id, first_on=first_on, last_on=last_on
        )
    return render_template(
        "workspace/beds_and_chairs.html",
        typed={"first_on": reader.typed.get("first_on") or write_day(first_on),
               "last_on": reader.typed.get("last_on") or write_day(last_on)},
        errors=reader.errors,
        venues=[(name, list(rows)) for name, rows in groupby(found, key=lambda row: row.venue)],
        day=lambda on: dates.format_day(on, language(), weekday=True),
    )  # fmt: skip


def check(reader: Reader, first_on: date, last_on: date) -> None:
    if last_on < first_on:
        reader.errors.setdefault("last_on", _("The last day is before the first."))
    elif (last_on - first_on).days >= MOST_DAYS:
        reader.errors.setdefault("last_on", _("At most %(days)d days at a time.", days=MOST_DAYS))
