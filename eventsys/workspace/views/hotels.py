"""How many chairs, meals and beds are needed on each date at each place, over events and over organisers."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from flask import render_template, request
from flask_babel import gettext as _

from eventsys import dates, texts
from eventsys.extensions import db
from eventsys.registrations.totals.queries import (
    MOST_DAYS,
    Needed,
    count_beds_and_chairs,
    count_offered,
    list_meals,
)
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.views.frame import account, blueprint, today

USUAL = timedelta(days=30)


class Day(NamedTuple):
    """What one place must have on one date; `meals` are those of the programme as (name, time, people), `offered` how many
    places there are together, None where there is no limit."""

    needed: Needed
    meals: list[tuple[str, str, int]]
    offered: int | None


@blueprint.get("/beds-and-chairs", endpoint="beds_and_chairs")
@access(Access.READER)
def index() -> str:
    reader = Reader(Typed(request.args))
    first_on = reader.day("first_on") or today()
    last_on = reader.day("last_on") or first_on + USUAL
    check(reader, first_on, last_on)
    found = read(first_on, last_on) if not reader.errors else []
    return render_template(
        "workspace/beds_and_chairs.html",
        typed={"first_on": reader.typed.get("first_on") or write_day(first_on),
               "last_on": reader.typed.get("last_on") or write_day(last_on)},
        errors=reader.errors,
        venues=[(name, list(rows)) for name, rows in groupby(found, key=lambda day: day.needed.venue)],
        day=lambda on: dates.format_day(on, language(), weekday=True),
    )  # fmt: skip


def read(first_on: date, last_on: date) -> list[Day]:
    """What is needed on each date, with the meals of the programmes and how many may still come."""
    session = db.session()
    asked: dict[str, Any] = {"organiser_id": account().organiser.id, "first_on": first_on, "last_on": last_on}
    meals: dict[tuple[int, date], list[tuple[str, str, int]]] = defaultdict(list)
    for meal in list_meals(session, **asked):
        name = texts.read(meal.title, language()).value
        at = dates.format_clock(meal.starts_local, language())
        meals[meal.venue_id, meal.starts_local.date()].append((name, at, meal.people))
    offered = count_offered(session, **asked)
    needed = count_beds_and_chairs(session, **asked)
    return [Day(row, meals[row.venue_id, row.on], offered.get((row.venue_id, row.on))) for row in needed]


def check(reader: Reader, first_on: date, last_on: date) -> None:
    if last_on < first_on:
        reader.errors.setdefault("last_on", _("The last day is before the first."))
    elif (last_on - first_on).days >= MOST_DAYS:
        reader.errors.setdefault("last_on", _("At most %(days)d days at a time.", days=MOST_DAYS))
