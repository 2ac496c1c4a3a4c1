"""The arithmetic of pictures."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.chart import (
    HEIGHT,
    MOST_TICKS,
    Mark,
    Scale,
    Tick,
    close_area,
    draw_steps,
    place_days,
    scale_for,
    x_of,
)

FIRST, LAST = date(2008, 8, 18), date(2008, 9, 1)


@pytest.mark.parametrize(("highest", "top"), [(0, 2), (3, 4), (7, 8), (50, 60), (120, 150), (240, 250), (500, 600)])
def test_the_scale_ends_at_a_round_number_above(highest: int, top: int) -> None:
    assert scale_for(highest) == Scale(top)


@given(st.integers(min_value=0, max_value=1_000_000))
def test_the_highest_value_is_always_on_the_picture(highest: int) -> None:
    scale = scale_for(highest)
    assert 0 <= scale.y(highest) <= HEIGHT
    assert 2 <= len(scale.ticks()) <= MOST_TICKS + 2


def test_ticks_are_told_from_the_top() -> None:
    assert scale_for(7).ticks() == [Tick(8, 0.0), Tick(6, 50.0), Tick(4, 100.0), Tick(2, 150.0), Tick(0, 200.0)]


def test_steps_stay_level_until_the_next_day() -> None:
    scale = Scale(10)
    points = [(x_of(day, FIRST, LAST), value) for day, value in ((FIRST, 0), (date(2008, 8, 25), 5), (LAST, 10))]
    path = draw_steps(points, scale)
    assert path == "M0 200H500V100H1000V0"
    assert close_area(path, 0, 1000) == "M0 200H500V100H1000V0H1000V200H0Z"
    assert draw_steps([], scale) == close_area("", 0, 1000) == ""


def test_days_stand_evenly_below_and_the_ends_do_not_stick_out() -> None:
    assert place_days(FIRST, LAST) == [
        Mark(0.0, "start", FIRST),
        Mark(28.6, "middle", date(2008, 8, 22)),
        Mark(64.3, "middle", date(2008, 8, 27)),
        Mark(100.0, "end", LAST),
    ]
    assert place_days(FIRST, FIRST) == [Mark(0, "start", FIRST)]
    assert x_of(FIRST, FIRST, FIRST) == 0.0
