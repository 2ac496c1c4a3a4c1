"""How a municipality stands to a gathering and to its promise, over all there may be."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from eventsys.obligations.rules import (
    SIDES_ASKED,
    Cell,
    Kept,
    Seat,
    Standing,
    Time,
    count_met,
    decide_standing,
    find_last_chances,
)
from eventsys.registrations.rules import Side, State

TODAY = date(2008, 8, 18)
POLITICIAN, ADMINISTRATION, EMPLOYEE = SIDES_ASKED
OVER = Time(1, date(2008, 6, 2), date(2008, 6, 3), is_recorded=True)
UNRECORDED = Time(2, date(2008, 6, 9), date(2008, 6, 10))
AHEAD = Time(3, date(2008, 9, 1), date(2008, 9, 2))
SOMETIME = Time(4, None, None)


def came(*sides: Side, run_id: int = 1) -> list[Seat]:
    return [Seat(run_id, side, State.ATTENDED) for side in sides]


def test_to_have_come_with_all_the_sides_that_are_asked_is_to_have_met_it() -> None:
    assert decide_standing([OVER], came(*SIDES_ASKED), wanted=SIDES_ASKED, today=TODAY) == Cell(
        Standing.MET, SIDES_ASKED, (), True
    )
    assert decide_standing([OVER], came(ADMINISTRATION), today=TODAY) == Cell(Standing.MET, (ADMINISTRATION,), (), True)


def test_to_have_come_without_a_side_is_partly() -> None:
    found = decide_standing([OVER], came(POLITICIAN, ADMINISTRATION), wanted=SIDES_ASKED, today=TODAY)
    assert found == Cell(Standing.PARTLY, (POLITICIAN, ADMINISTRATION), (EMPLOYEE,), True)


def test_sides_that_came_at_different_times_count_together() -> None:
    other = OVER._replace(run_id=9)
    seats = [*came(POLITICIAN, ADMINISTRATION), *came(EMPLOYEE, run_id=9)]
    assert decide_standing([OVER, other], seats, wanted=SIDES_ASKED, today=TODAY) == Cell(
        Standing.MET, SIDES_ASKED, (), True
    )


def test_nobody_has_missed_what_was_not_recorded_at_all_its_times() -> None:
    assert decide_standing([OVER], [], today=TODAY) == Cell(Standing.MISSED)
    assert decide_standing([OVER, UNRECORDED], [], today=TODAY) == Cell(Standing.NOT_RECORDED)
    with_place = [Seat(2, ADMINISTRATION, State.CONFIRMED)]
    assert decide_standing([OVER, UNRECORDED], with_place, today=TODAY) == Cell(Standing.NOT_RECORDED, is_open=True)


def test_what_comes_tells_who_is_signed_up_and_whom_it_lacks() -> None:
    seats = [Seat(3, POLITICIAN, State.CONFIRMED), Seat(3, ADMINISTRATION, State.WAITING)]
    found = decide_standing([OVER, AHEAD], seats, wanted=SIDES_ASKED, today=TODAY)
    assert found == Cell(Standing.COMING, (POLITICIAN, ADMINISTRATION), (EMPLOYEE,), True, True)
    assert found.needs_more
    assert decide_standing([SOMETIME], [], today=TODAY) == Cell(Standing.COMING, is_open=True)


def test_an_excuse_counts_unless_they_came_with_everybody_after_all() -> None:
    assert decide_standing([OVER], came(*SIDES_ASKED), wanted=SIDES_ASKED, is_excused=True, today=TODAY) == Cell(
        Standing.MET, SIDES_ASKED, (), True
    )
    assert decide_standing([OVER], [], wanted=SIDES_ASKED, is_excused=True, today=TODAY) == Cell(Standing.EXCUSED)
    assert decide_standing([AHEAD], [], wanted=SIDES_ASKED, is_excused=True, today=TODAY) == Cell(Standing.EXCUSED)


def test_who_was_no_member_stands_nowhere() -> None:
    assert decide_standing([OVER], came(*SIDES_ASKED), is_member=False, today=TODAY) is None


DAYS = st.integers(-60, 60).map(lambda days: TODAY + timedelta(days=days))
TIMES = st.lists(
    st.builds(lambda day, known, taken: (day if known else None, taken), DAYS, st.booleans(), st.booleans()), max_size=4
).map(lambda made: [Time(place, day, day, taken) for place, (day, taken) in enumerate(made)])
SEATS = st.lists(st.builds(Seat, st.integers(0, 3), st.sampled_from([*Side, None]), st.sampled_from(State)), max_size=8)
WANTED = st.sets(st.sampled_from(SIDES_ASKED))
CELLS = st.lists(
    st.none()
    | st.builds(Cell, st.sampled_from(Standing), anybody=st.booleans(), is_open=st.booleans()), max_size=12
)  # fmt: skip


@given(TIMES, SEATS, WANTED, st.booleans())
def test_missed_is_said_only_of_what_is_over_and_recorded_and_nobody_came_to(times, seats, wanted, excused) -> None:  # type: ignore[no-untyped-def]
    found = decide_standing(times, seats, wanted=wanted, is_excused=excused, today=TODAY)
    assert found is not None
    if found.standing is Standing.MISSED:
        assert all(time.last_on is not None and time.last_on < TODAY and time.is_recorded for time in times)
        assert not any(seat.state is State.ATTENDED for seat in seats)
        assert not excused


@given(TIMES, SEATS, WANTED, st.sampled_from(SIDES_ASKED))
def test_nobody_stands_worse_when_one_more_came(times, seats, wanted, side) -> None:  # type: ignore[no-untyped-def]
    before = decide_standing(times, seats, wanted=wanted, today=TODAY)
    after = decide_standing(times, [*seats, Seat(0, side, State.ATTENDED)], wanted=wanted, today=TODAY)
    assert before is not None
    assert after is not None
    if before.standing is Standing.MET:
        assert after.standing is Standing.MET
    assert after.standing is not Standing.MISSED
    assert set(after.lacking) <= set(wanted) - {side}


@given(TIMES, SEATS, WANTED)
def test_the_order_of_seats_and_times_is_nothing(times, seats, wanted) -> None:  # type: ignore[no-untyped-def]
    found = decide_standing(times, seats, wanted=wanted, today=TODAY)
    assert found == decide_standing(times[::-1], seats[::-1], wanted=wanted, today=TODAY)


@given(CELLS, st.integers(1, 6))
def test_a_promise_that_is_kept_can_be_kept_and_has_no_last_chance(cells, required) -> None:  # type: ignore[no-untyped-def]
    kept = count_met(cells, required)
    chances = find_last_chances(cells, required)
    if kept.is_kept:
        assert kept.can_be_kept
        assert chances == []
    assert all(cells[place].standing is Standing.COMING for place in chances)
    assert len(chances) <= required


@given(CELLS, st.integers(1, 6))
def test_one_missed_more_brings_the_last_chance_no_farther_away(cells, required) -> None:  # type: ignore[no-untyped-def]
    coming = [place for place, cell in enumerate(cells) if cell is not None and cell.standing is Standing.COMING]
    if not coming:
        return
    before = find_last_chances(cells, required)
    missed = [Cell(Standing.MISSED) if place == coming[0] else cell for place, cell in enumerate(cells)]
    assert set(before) - {coming[0]} <= set(find_last_chances(missed, required))


def test_last_chances_are_as_many_as_are_needed_and_no_more_are_left() -> None:
    met, missed, ahead = Cell(Standing.MET), Cell(Standing.MISSED), Cell(Standing.COMING, is_open=True)
    unsure = Cell(Standing.NOT_RECORDED, is_open=True)
    assert find_last_chances([met, missed, ahead], 2) == [2]
    assert find_last_chances([met, ahead, ahead], 2) == []
    assert find_last_chances([missed, ahead, ahead], 2) == [1, 2]
    assert find_last_chances([unsure, met, ahead], 2) == []
    assert find_last_chances([Cell(Standing.EXCUSED), met, ahead], 2) == []
    assert count_met([met, missed, missed], 2) == Kept(1, 2, False, False)
