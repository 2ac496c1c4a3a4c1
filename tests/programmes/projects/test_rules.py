"""How a goal stands, the lines that are pasted, the picture, and the sums with few left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.programmes.applications.rules import Area
from eventsys.programmes.projects.curve import draw
from eventsys.programmes.projects.pasted import Line, Wrong, read_lines, read_when
from eventsys.programmes.projects.rules import Direction, Figure, GoalFacts, Standing, decide_standing, find_share
from eventsys.workspace.goals.rules import ALL, OneGoal, hide_in_table, summarise
from tests.programmes.projects.given import ABSENCE

DAY = date(2008, 12, 31)


@pytest.mark.parametrize(
    ("values", "standing", "share"),
    [
        ([], Standing.NO_FIGURES, None),
        ([9.5], Standing.NOT_ON_ITS_WAY, 0.0),
        ([9.9], Standing.NOT_ON_ITS_WAY, -20.0),
        ([9.9, 8.5], Standing.ON_ITS_WAY, 50.0),
        ([7.5], Standing.REACHED, 100.0),
        ([7.0, 8.0], Standing.ON_ITS_WAY, 75.0),
    ],
)
def test_a_goal_stands_by_its_latest_figure(values: list[float], standing: Standing, share: float | None) -> None:
    figures = [Figure(date(2008, 1 + place, 1), value) for place, value in enumerate(values)]
    assert (decide_standing(ABSENCE, figures), find_share(ABSENCE, figures)) == (standing, share)


def test_a_goal_that_should_rise_is_reached_from_below() -> None:
    goal = replace(ABSENCE, direction=Direction.UP, start_value=None, start_on=None, target_value=80.0)
    low, high = Figure(date(2008, 1, 1), 60.0), Figure(DAY, 80.0)
    assert decide_standing(goal, [low]) is Standing.NOT_ON_ITS_WAY
    assert (decide_standing(goal, [low, high]), find_share(goal, [low, high])) == (Standing.REACHED, 100.0)
    assert decide_standing(GoalFacts("Trivsel"), [low]) is Standing.NOT_MEASURED


def test_each_pasted_line_is_a_figure_or_says_what_is_wrong() -> None:
    text = "År\tFravær\n2006\t9,5\n03.2008 9.1 %\n1. kv. 2009;8,5\n\n1.9.2009: 1 200\nhei 3\n2010 abc\n2006 8\n2006 9,5"
    assert read_lines(text) == [
        Line(2, "2006\t9,5", Figure(date(2006, 12, 31), 9.5)),
        Line(3, "03.2008 9.1 %", Figure(date(2008, 3, 31), 9.1)),
        Line(4, "1. kv. 2009;8,5", Figure(date(2009, 3, 31), 8.5)),
        Line(6, "1.9.2009: 1 200", Figure(date(2009, 9, 1), 1200.0)),
        Line(7, "hei 3", wrong=Wrong.NO_DAY),
        Line(8, "2010 abc", wrong=Wrong.NO_NUMBER),
        Line(9, "2006 8", wrong=Wrong.TWICE),
        Line(10, "2006 9,5", Figure(date(2006, 12, 31), 9.5)),
    ]


@pytest.mark.parametrize(
    "text", ["31.12.2008", "2008-12-31", "12.2008", "12/2008", "2008-12", "desember 2008", "2008", "2008K4"]
)
def test_a_month_a_quarter_or_a_year_is_its_last_day(text: str) -> None:
    assert read_when(text) == DAY


@given(st.text(max_size=200))
def test_no_pasted_text_is_too_odd_to_be_read(text: str) -> None:
    assert all(line.figure is None or line.wrong is None for line in read_lines(text))


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=12), st.booleans())
def test_every_figure_is_on_the_picture(values: list[float], has_target: bool) -> None:
    goal = ABSENCE if has_target else GoalFacts("Fravær")
    drawn = draw(goal, [Figure(date(2000 + place, 1, 1), value) for place, value in enumerate(values)])
    if drawn is None:
        assert len(values) == 1
        assert not has_target
    else:
        assert all(0 <= dot.percent <= 100 and 0 <= dot.y <= 200 for dot in drawn.dots)


def test_the_line_goes_from_the_start_and_the_target_is_marked() -> None:
    drawn = draw(ABSENCE, [Figure(date(2008, 12, 31), 9.0), Figure(date(2009, 12, 31), 8.0)])
    assert drawn is not None
    assert (drawn.line.count("L"), drawn.aim.count("L"), len(drawn.dots)) == (2, 1, 2)
    assert drawn.start is not None
    assert drawn.target is not None
    assert (drawn.start.percent, drawn.target.percent, drawn.target_y) == (0.0, 100.0, drawn.target.y)


def test_the_sums_leave_out_few_and_what_gives_them_away() -> None:
    reached = OneGoal(Area.SICKNESS_ABSENCE, ABSENCE, [Figure(DAY, 7.0)])
    behind = OneGoal(Area.SICKNESS_ABSENCE, ABSENCE, [Figure(DAY, 9.6)])
    other = OneGoal(Area.OWN, ABSENCE, [])
    told = summarise([reached] * 6 + [behind] * 2 + [other] * 3)
    row = told.counts[Area.SICKNESS_ABSENCE]
    assert (told.counts[ALL][ALL], row[Standing.REACHED], row[Standing.NOT_ON_ITS_WAY]) == (11, None, None)
    assert (told.counts[Area.OWN][ALL], told.medians[Area.OWN], told.medians[ALL]) == (None, None, 125.0)


@given(st.lists(st.tuples(st.sampled_from(list(Area)), st.sampled_from(list(Standing))), max_size=80))
def test_no_small_number_can_be_worked_out_from_its_row_or_column(goals: list[tuple[Area, Standing]]) -> None:
    counts = {row: dict.fromkeys((*Standing, ALL), 0) for row in (*Area, ALL)}
    for area, standing in goals:
        for row in (area, ALL):
            counts[row][standing] += 1
            counts[row][ALL] += 1
    told = hide_in_table(counts)
    names = [*Standing, ALL]
    lines = [[(row, name) for name in names] for row in counts] + [[(row, name) for row in counts] for name in names]
    for line in lines:
        cells = [told[row][name] for row, name in line]
        assert all(value is None or value == 0 or value >= 5 for value in cells)
        lost = [counts[row][name] for row, name in line[:-1] if told[row][name] is None]
        assert cells[-1] is None or not lost or (len(lost) > 1 and sum(lost) >= 5)
