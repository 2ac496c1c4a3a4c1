"""Who comes, added up; and small numbers that must not be worked out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eventsys.followup.rules.totals import (
    FEWEST_TOLD,
    Line,
    Seats,
    Told,
    count_cohorts,
    count_sides,
    hide_few,
    list_lines,
)
from eventsys.registrations.rules import Side, State

POLITICIAN, ADMINISTRATION, EMPLOYEES = Side.POLITICIAN, Side.ADMINISTRATION, Side.EMPLOYEE_REPRESENTATIVE


def test_places_and_who_waits_are_added_up_by_organisation() -> None:
    seats = [
        Seats(1, POLITICIAN, State.CONFIRMED, 2),
        Seats(1, POLITICIAN, State.ATTENDED, 1),
        Seats(1, ADMINISTRATION, State.WAITING, 4),
        Seats(2, None, State.CANCELLED, 5),
        Seats(None, None, State.OFFERED, 1),
    ]
    expected = [Line(1, {POLITICIAN: 3}, 3, 4), Line(None, {None: 1}, 1, 0)]
    assert list_lines(seats) == expected
    assert count_sides(expected) == {POLITICIAN: 3, None: 1}


def test_an_organisation_in_two_cohorts_counts_in_both() -> None:
    lines = [Line(1, {}, 3, 0), Line(2, {}, 4, 0), Line(None, {}, 5, 0)]
    assert count_cohorts(lines, {1: {7, 8}, 2: {8}}) == {7: 3, 8: 7}


def test_all_three_sides_have_to_come() -> None:
    whole = Line(1, {POLITICIAN: 1, ADMINISTRATION: 2, EMPLOYEES: 1}, 4, 0)
    assert [whole.has_all_sides, whole._replace(sides={POLITICIAN: 4}).has_all_sides] == [True, False]


def test_small_numbers_are_told_together_when_they_are_five_or_more() -> None:
    assert hide_few({"a": 9, "b": 3, "c": 2}) == Told({"a": 9}, 5, 2)
    assert hide_few({"a": 9, "b": 5}) == Told({"a": 9, "b": 5}, 0, 0)


def test_a_single_small_number_takes_the_next_one_with_it() -> None:
    assert hide_few({"a": 9, "b": 6, "c": 1}) == Told({"a": 9}, 7, 2)
    assert hide_few({"a": 2, "b": 1}) == Told({}, 0, 2)


@given(st.dictionaries(st.integers(), st.integers(min_value=0, max_value=20)))
def test_no_number_below_five_can_be_worked_out_from_the_sum(counts: dict[int, int]) -> None:
    told = hide_few(counts)
    rest = sum(counts.values()) - sum(told.shown.values())
    assert all(count >= FEWEST_TOLD for count in told.shown.values())
    assert rest == told.others or (not told.shown and rest < FEWEST_TOLD)
