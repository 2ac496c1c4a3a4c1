"""Sign-ups day by day, and beside other events as days before the beginning."""

from __future__ import annotations

from datetime import UTC, date, datetime

from eventsys.followup.rules.curve import Aligned, Delta, Point, align, draw_curve, read_at, thin_out

OSLO = "Europe/Oslo"


def at(day: int, hour: int, taken: int, waiting: int = 0) -> Delta:
    return Delta(datetime(2008, 8, day, hour, tzinfo=UTC), taken, waiting)


def test_a_day_is_the_local_one_and_hours_add_up() -> None:
    deltas = [at(18, 21, 2), at(18, 22, 3), at(19, 6, -1, 1)]
    assert draw_curve(deltas, OSLO) == [Point(date(2008, 8, 18), 2, 0), Point(date(2008, 8, 19), 4, 1)]


def test_the_last_day_is_told_again_when_nothing_happened_since() -> None:
    expected = [Point(date(2008, 8, 18), 2, 0), Point(date(2008, 8, 25), 2, 0)]
    assert draw_curve([at(18, 6, 2)], OSLO, until=date(2008, 8, 25)) == expected
    assert draw_curve([at(18, 6, 2)], OSLO, until=date(2008, 8, 1)) == expected[:1]
    assert draw_curve([], OSLO, until=date(2008, 8, 25)) == []


def test_how_many_had_a_place_on_a_day_between() -> None:
    points = [Point(date(2008, 8, 18), 2, 0), Point(date(2008, 8, 25), 5, 0)]
    days = [date(2008, 8, 17), date(2008, 8, 18), date(2008, 8, 24), date(2008, 9, 1)]
    assert [read_at(points, day) for day in days] == [0, 2, 2, 5]


def test_a_long_curve_is_told_by_week() -> None:
    points = [Point(date(2008, 8, day), day, 0) for day in range(18, 30)]
    assert thin_out(points, 12) == points
    assert thin_out(points, 11) == [points[6], points[11]]


def test_what_came_after_the_beginning_stands_at_the_beginning() -> None:
    points = [Point(date(2008, 8, 20), 4, 0), Point(date(2008, 9, 1), 9, 0), Point(date(2008, 9, 2), 8, 0)]
    assert align(points, date(2008, 9, 1)) == [Aligned(12, 4), Aligned(0, 8)]
