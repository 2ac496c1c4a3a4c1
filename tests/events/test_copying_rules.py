"""Where the days of an event that is made over again come to lie, and what it is called."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.events.copying.rules import (
    YEAR,
    keeps_weekdays,
    move,
    name_in_year,
    name_next,
    shift_day,
    suggest_day,
)
from eventsys.events.rules import Precision, RunFacts

SEMINAR = RunFacts(Precision.EXACT, date(2008, 9, 1), date(2008, 9, 2), time(10), time(15), capacity=40)
OCTOBER = RunFacts(Precision.MONTH, date(2008, 10, 1), date(2008, 10, 31))
AUTUMN = RunFacts(Precision.SEASON, date(2008, 9, 1), date(2008, 11, 30))
TWO_MONTHS = RunFacts(Precision.MONTH, date(2008, 10, 1), date(2008, 11, 30))
WEEK = RunFacts(Precision.WEEK, date(2008, 10, 13), date(2008, 10, 19))
UNKNOWN = RunFacts(Precision.UNKNOWN)


def test_a_year_later_is_on_the_same_weekdays_at_the_same_times_and_as_long() -> None:
    day = suggest_day(SEMINAR, 7 * YEAR)
    moved = move(SEMINAR, day)
    assert (moved.first_on, moved.last_on) == (date(2009, 8, 31), date(2009, 9, 1))
    assert (moved.starts, moved.ends, moved.capacity, moved.precision) == (time(10), time(15), 40, Precision.EXACT)


@pytest.mark.parametrize(
    "run, span",
    [
        (OCTOBER, (date(2009, 10, 1), date(2009, 10, 31))),
        (AUTUMN, (date(2009, 9, 1), date(2009, 11, 30))),
        (TWO_MONTHS, (date(2009, 10, 1), date(2009, 11, 30))),
        (WEEK, (date(2009, 10, 12), date(2009, 10, 18))),
    ],
    ids=["month", "season", "two months", "week"],
)
def test_a_month_a_season_and_a_week_are_the_same_a_year_later(run: RunFacts, span: tuple[date, date]) -> None:
    moved = move(run, suggest_day(run, 7 * YEAR))
    assert (moved.precision, moved.first_on, moved.last_on) == (run.precision, *span)


@given(first=st.dates(date(2000, 1, 1), date(2090, 1, 1)), length=st.integers(0, 10), weeks=st.integers(-200, 200))
def test_whole_weeks_keep_every_weekday(first: date, length: int, weeks: int) -> None:
    last = date.fromordinal(first.toordinal() + length)
    run = RunFacts(Precision.DAYS, first, last)
    moved = move(run, suggest_day(run, 7 * weeks))
    assert moved.first_on is not None
    assert moved.last_on is not None
    assert (moved.first_on.weekday(), moved.last_on.weekday()) == (first.weekday(), last.weekday())
    assert (moved.last_on - moved.first_on).days == length


def test_without_a_day_it_is_not_known_when_and_a_day_makes_it_that_day() -> None:
    gone = move(SEMINAR, None)
    assert (gone.precision, gone.first_on, gone.starts, gone.capacity) == (Precision.UNKNOWN, None, None, 40)
    assert suggest_day(UNKNOWN, 364) is None
    found = move(UNKNOWN, date(2009, 1, 5))
    assert (found.precision, found.first_on, found.last_on) == (Precision.DAYS, date(2009, 1, 5), date(2009, 1, 5))


def test_a_deadline_is_as_far_from_the_copy_as_from_the_first() -> None:
    assert shift_day(date(2008, 8, 20), 364) == date(2009, 8, 19)
    assert (shift_day(None, 364), shift_day(date(2008, 8, 20), None)) == (None, None)


def test_only_whole_weeks_keep_weekdays() -> None:
    assert [keeps_weekdays(days) for days in (364, 365, 0, None)] == [True, False, True, True]


def test_the_next_has_the_next_number_in_its_title() -> None:
    title = {"nb": "Læringsseminar 2", "nn": "Læringsseminar 2 for pulje 12"}
    assert name_next(title, 2) == {"nb": "Læringsseminar 3", "nn": "Læringsseminar 3 for pulje 12"}
    assert name_next({"nb": "Samling 12"}, 2) == {"nb": "Samling 12"}
    assert name_next(title, None) == title


def test_years_in_a_name_move_and_other_numbers_stay() -> None:
    name = {"nb": "Høsten 2008, læringsseminar 2 (2008/2009)", "en": "Autumn 20081"}
    assert name_in_year(name, 1) == {"nb": "Høsten 2009, læringsseminar 2 (2009/2010)", "en": "Autumn 20081"}
