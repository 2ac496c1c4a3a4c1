"""The figures of an event as pages show them: pictures with their tables, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys import chart, dates, texts
from eventsys.events.models import Event
from eventsys.followup.rules.curve import Aligned, Point, align, read_at, thin_out
from eventsys.followup.rules.totals import SIDES_ASKED, Line, hide_few
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import Cohort
from eventsys.registrations.labels import SIDES
from eventsys.registrations.rules import Side
from eventsys.web import language

MOST_ROWS = 31
FEWEST_POINTS = 2


class Bar(NamedTuple):
    """One part of a whole: what it is called, how many, and how long its bar is in per cent."""

    name: str
    how_many: int
    percent: float


def describe_curve(points: Sequence[Point], capacity: int | None) -> dict[str, Any] | None:
    """The picture and the table of how sign-ups grew; None before anything has happened."""
    if not points:
        return None
    first, last = points[0].on, points[-1].on
    highest = max(capacity or 0, *(point.taken for point in points), *(point.waiting for point in points))
    scale = chart.scale_for(highest)
    taken = _path(points, "taken", scale)
    waiting = _path(points, "waiting", scale) if any(point.waiting for point in points) else ""
    return {
        "height": chart.HEIGHT,
        "width": chart.WIDTH,
        "ticks": scale.ticks(),
        "capacity": {"y": scale.y(capacity), "value": capacity} if capacity else None,
        "taken": taken,
        "area": chart.close_area(taken, 0, chart.WIDTH) if first != last else "",
        "waiting": waiting,
        "days": [(mark, name_short(mark.on)) for mark in chart.place_days(first, last)],
        "label": tell_curve(points, capacity),
        "rows": [(name_day(point.on), point.taken, point.waiting) for point in thin_out(points, MOST_ROWS)],
        "by_week": len(points) > MOST_ROWS,
        "has_waiting": bool(waiting),
    }


def _path(points: Sequence[Point], name: str, scale: chart.Scale) -> str:
    first, last = points[0].on, points[-1].on
    return chart.draw_steps([(chart.x_of(one.on, first, last), getattr(one, name)) for one in points], scale)


def tell_curve(points: Sequence[Point], capacity: int | None) -> str:
    """What the picture says, in a sentence."""
    facts = {"first": name_day(points[0].on), "last": name_day(points[-1].on), "taken": points[-1].taken}
    if capacity:
        return _(
            "From %(first)s to %(last)s: %(taken)d of %(capacity)d places taken at the end.", capacity=capacity, **facts
        )
    return _("From %(first)s to %(last)s: %(taken)d with a place at the end.", **facts)


def name_day(on: date) -> str:
    return dates.format_day(on, language())


def name_short(on: date) -> str:
    """The day without its year, for the foot of a picture."""
    return dates.format_day(on, language(), year=False)


# --- who comes ------------------------------------------------------------------------------------------------------


def describe_sides(counts: dict[Side | None, int], *, few_hidden: bool) -> list[Bar]:
    names = {side: str(SIDES[side]) if side else _("Not said") for side in counts}
    return _bars({names[side]: count for side, count in counts.items()}, few_hidden=few_hidden)


def describe_cohorts(cohorts: Sequence[Cohort], counts: dict[int, int], *, few_hidden: bool) -> list[Bar]:
    named = {texts.read(one.name, language()).value: counts[one.id] for one in cohorts if counts.get(one.id)}
    return _bars(named, few_hidden=few_hidden)


def _bars(counts: dict[str, int], *, few_hidden: bool) -> list[Bar]:
    if few_hidden:
        told = hide_few(counts)
        counts = {**told.shown, **({_("The others together"): told.others} if told.others else {})}
    most = max(counts.values(), default=0)
    return [Bar(name, count, round(100 * count / most, 1)) for name, count in counts.items() if count]


class Place(NamedTuple):
    """One organisation as a row: its places by side (empty where sides are not told), all of them, and who waits."""

    name: str
    sides: list[int]
    taken: int
    waiting: int


def describe_lines(
    lines: Sequence[Line], organisations: dict[int, Organisation], sides: Sequence[Side | None], *, few_hidden: bool
) -> list[Place]:
    """By organisation in Norwegian order; without the small ones, and without sides, where a seat tells of a union."""
    by_id = {line.organisation_id: line for line in lines}
    ids: list[int | None] = [one for one in organisations if one in by_id]
    rows = [(one, by_id[one]) for one in [*ids, *([None] if None in by_id else [])]]
    names = {one: organisations[one].label if one else _("Without an organisation") for one, _line in rows}
    if not few_hidden:
        return [
            Place(names[one], [line.sides.get(side, 0) for side in sides], line.taken, line.waiting)
            for one, line in rows
        ]
    told = hide_few({one: line.taken for one, line in rows})
    shown = [Place(names[one], [], told.shown[one], 0) for one, _line in rows if one in told.shown]
    others = [Place(_("The others together"), [], told.others, 0)] if told.others else []
    return shown + others


def tell_composition(lines: Sequence[Line]) -> str:
    """How many organisations come, and how many of them with every side."""
    coming = [line for line in lines if line.taken and line.organisation_id is not None]
    if not coming:
        return ""
    whole = sum(line.has_all_sides for line in coming)
    come = ngettext("%(num)d organisation comes.", "%(num)d organisations come.", len(coming))
    sides = ngettext("%(num)d has all three sides with it.", "%(num)d have all three sides with them.", whole)
    return f"{come} {sides}"


ASKED = [SIDES[side] for side in SIDES_ASKED]


# --- the times before -----------------------------------------------------------------------------------------------


class Earlier(NamedTuple):
    """One event of a comparison: its curve, and its figures as a row."""

    event: Event
    title: texts.Text
    begins: date | None
    points: list[Point]
    capacity: int | None
    attended: int
    is_this: bool = False


def describe_comparison(events: Sequence[Earlier], on: date) -> dict[str, Any]:
    """The curves side by side, each as days before its own beginning, and a table: how many had signed up when there were
    as many days left as there are now, and in the end."""
    this = events[0]
    left = max((this.begins - on).days, 0) if this.begins else 0
    curves = [(one, align(one.points, one.begins)) for one in events if one.begins and len(one.points) >= FEWEST_POINTS]
    longest = max((curve[0].days_before for _one, curve in curves), default=0)
    highest = max((point.taken for _one, curve in curves for point in curve), default=0)
    scale = chart.scale_for(highest)
    return {
        "height": chart.HEIGHT,
        "width": chart.WIDTH,
        "ticks": scale.ticks(),
        "days_left": left,
        "longest": longest,
        "lines": [
            {"number": events.index(one) + 1, "path": _draw_aligned(curve, longest, scale)} for one, curve in curves
        ],
        "rows": [
            {
                "number": place,
                "slug": one.event.slug,
                "title": one.title,
                "begins": name_day(one.begins) if one.begins else "",
                "then": _then(one, left),
                "in_all": one.points[-1].taken if one.points else 0,
                "capacity": one.capacity,
                "attended": one.attended,
                "is_this": one.is_this,
            }
            for place, one in enumerate(events, 1)
        ],
    }


def _then(one: Earlier, days_left: int) -> int | None:
    """How many had a place when as many days were left as there are now for this event."""
    if one.begins is None:
        return None
    return read_at(one.points, date.fromordinal(one.begins.toordinal() - days_left))


def _draw_aligned(curve: Sequence[Aligned], longest: int, scale: chart.Scale) -> str:
    width = longest or 1
    return chart.draw_steps(
        [(round(chart.WIDTH * (longest - one.days_before) / width, 1), one.taken) for one in curve], scale
    )
