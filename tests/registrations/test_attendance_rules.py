"""The rules of attendance: marks, whole runs, hours, whose language. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.organisations.rules import LanguageForm
from eventsys.registrations.attendance.rules import (
    Attendance,
    HasNoPlace,
    choose_language,
    count_hours,
    decide_mark,
    decide_marks,
    may_have_certificate,
    suggest_absent,
)
from eventsys.registrations.rules import State

CAME, AWAY, EXPECTED = State.ATTENDED, State.ABSENT, State.CONFIRMED
NOW = datetime(2008, 9, 3, 12, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2008, 9, day, hour, minute)


@pytest.mark.parametrize(
    "before, wanted, changes",
    [
        (EXPECTED, CAME, True),
        (CAME, CAME, False),
        (AWAY, CAME, True),
        (State.OFFERED, CAME, True),
        (CAME, EXPECTED, True),
        (EXPECTED, EXPECTED, False),
        (State.OFFERED, EXPECTED, False),
    ],
)
def test_a_mark_changes_something_once(before: State, wanted: State, changes: bool) -> None:
    assert decide_mark(before, wanted) is changes


@pytest.mark.parametrize("before", [State.WAITING, State.REQUESTED, State.CANCELLED, State.DECLINED])
def test_who_has_no_place_is_not_marked(before: State) -> None:
    with pytest.raises(HasNoPlace):
        decide_mark(before, CAME)


def test_nobody_is_marked_as_waiting() -> None:
    with pytest.raises(ValueError, match="waiting"):
        decide_mark(EXPECTED, State.WAITING)


def test_everybody_came_but_two_and_only_what_changes_is_named() -> None:
    before = {1: EXPECTED, 2: CAME, 3: EXPECTED, 4: AWAY, 5: AWAY}
    assert decide_marks(before, [3, 4, 99]) == {1: CAME, 3: AWAY, 5: CAME}


@pytest.mark.parametrize(
    "came, taken_at, expected",
    [(0, None, {3}), (1, None, {2, 3}), (1, NOW, {3})],
)
def test_those_not_seen_at_the_door_are_ticked_until_attendance_is_taken(
    came: int, taken_at: datetime | None, expected: set[int]
) -> None:
    states = {1: CAME, 2: EXPECTED, 3: AWAY}
    assert suggest_absent(states, Attendance(3, came, 1, taken_at)) == expected


@pytest.mark.parametrize(
    "starts, ends, sessions, hours",
    [
        (at(1, 10), at(1, 15, 30), [], 5.5),
        (at(1, 10), at(2, 15, 30), [], 11),
        (at(1, 10), at(3, 12), [], 6),
        (at(1, 18), at(2, 9), [], None),
        (None, None, [], None),
        (None, None, [(at(1, 10), at(1, 12)), (at(2, 9), at(2, 10))], 3),
        (at(1, 8), at(1, 20), [(at(1, 10), at(1, 12)), (at(1, 11), at(1, 13)), (at(1, 10), at(1, 11))], 3),
        (at(1, 8), at(1, 20), [(at(1, 13), at(1, 15)), (at(1, 10), at(1, 12))], 4),
    ],
)
def test_hours_are_those_of_the_sessions_or_of_the_clock(
    starts: datetime | None, ends: datetime | None, sessions: list[tuple[datetime, datetime]], hours: float | None
) -> None:
    assert count_hours(starts, ends, sessions) == hours


@pytest.mark.parametrize(
    "state, taken_at, may",
    [(CAME, NOW, True), (CAME, None, False), (AWAY, NOW, False), (EXPECTED, NOW, False)],
)
def test_a_certificate_is_for_who_came_once_that_is_recorded(
    state: State, taken_at: datetime | None, may: bool
) -> None:
    assert may_have_certificate(state, taken_at) is may


@pytest.mark.parametrize(
    "chosen, form, language",
    [
        ("en", LanguageForm.NYNORSK, "en"),
        (None, LanguageForm.NYNORSK, "nn"),
        (None, LanguageForm.BOKMAL, "nb"),
        (None, LanguageForm.NEUTRAL, "nn"),
        (None, None, "nn"),
    ],
)
def test_a_paper_is_in_ones_own_language_else_in_that_of_ones_organisation(
    chosen: str | None, form: LanguageForm | None, language: str
) -> None:
    assert choose_language(chosen, form, "nn") == language
