"""The arithmetic of due times: wall clocks, working days and Norwegian holidays; what a change is mailed as."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys import dates
from eventsys.registrations.rules import Change, State
from eventsys.workflows.rules import (
    Anchor,
    Happened,
    OccasionState,
    Relative,
    Step,
    Trigger,
    Unit,
    decide_moment,
    decide_step,
    decide_trigger,
    due_at,
    is_working_day,
)

OSLO = "Europe/Oslo"
DAYS, WORKING = Unit.DAYS, Unit.WORKING_DAYS


@pytest.mark.parametrize(
    ("offset", "unit", "clock_time", "anchor", "utc"),
    [
        # The reminders of the learning seminar: 7 days before, and the last working day before at noon.
        (-7, DAYS, time(9), datetime(2008, 9, 1, 10), "2008-08-25 07:00"),
        (-7, DAYS, time(9), datetime(2008, 9, 2, 10), "2008-08-26 07:00"),
        (-1, WORKING, time(12), datetime(2008, 9, 1, 10), "2008-08-29 10:00"),
        (-1, WORKING, time(12), datetime(2008, 9, 2, 10), "2008-09-01 10:00"),
        (-1, WORKING, time(12), date(2008, 9, 1), "2008-08-29 10:00"),
        # Seven days across the change to summer time on 30 March 2008 and back on 26 October: nine is nine.
        (-7, DAYS, time(9), datetime(2008, 4, 2, 10), "2008-03-26 08:00"),
        (-7, DAYS, time(9), datetime(2008, 4, 8, 10), "2008-04-01 07:00"),
        (-7, DAYS, time(9), datetime(2008, 10, 29, 10), "2008-10-22 07:00"),
        (-7, DAYS, time(9), datetime(2008, 11, 5, 10), "2008-10-29 08:00"),
        # The event's own clock time where the rule has none.
        (-7, DAYS, None, datetime(2008, 11, 5, 10, 30), "2008-10-29 09:30"),
        # A day that is no working day gives way to the one before: Saturday, Sunday, Easter, 1 and 17 May, Christmas.
        (-7, DAYS, time(9), datetime(2008, 9, 6, 10), "2008-08-29 07:00"),
        (-7, DAYS, time(9), datetime(2008, 9, 7, 10), "2008-08-29 07:00"),
        (-7, DAYS, time(9), datetime(2008, 3, 31, 10), "2008-03-19 08:00"),
        (-7, DAYS, time(9), datetime(2008, 5, 8, 10), "2008-04-30 07:00"),
        (-1, WORKING, time(12), datetime(2008, 3, 25, 10), "2008-03-19 11:00"),
        (-1, WORKING, time(12), datetime(2008, 5, 13, 10), "2008-05-09 10:00"),
        (-3, WORKING, time(12), datetime(2009, 1, 2, 10), "2008-12-29 11:00"),
        # After the event it is the working day behind.
        (1, DAYS, time(9), datetime(2008, 9, 5, 15), "2008-09-08 07:00"),
        (1, WORKING, time(9), datetime(2008, 9, 2, 15), "2008-09-03 07:00"),
        (0, DAYS, time(7), datetime(2008, 9, 6, 10), "2008-09-06 05:00"),
    ],
)
def test_a_moment_is_reckoned_on_the_wall(
    offset: int, unit: Unit, clock_time: time | None, anchor: datetime | date, utc: str
) -> None:
    assert due_at(offset, unit, clock_time, anchor, OSLO) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock_time", "day", "utc"),
    [
        (time(2, 30), date(2008, 3, 30), "2008-03-30 01:00"),  # does not exist: the first moment that does
        (time(2, 0), date(2008, 3, 30), "2008-03-30 01:00"),
        (time(1, 59), date(2008, 3, 30), "2008-03-30 00:59"),
        (time(3, 0), date(2008, 3, 30), "2008-03-30 01:00"),
        (time(2, 30), date(2008, 10, 26), "2008-10-26 00:30"),  # exists twice: the first
        (time(3, 0), date(2008, 10, 26), "2008-10-26 02:00"),
    ],
)
def test_a_clock_time_that_is_missing_or_double_on_its_day(clock_time: time, day: date, utc: str) -> None:
    assert due_at(0, DAYS, clock_time, day, OSLO) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_a_day_without_a_clock_time_has_no_moment() -> None:
    with pytest.raises(ValueError, match="a day alone needs a clock time"):
        due_at(-7, DAYS, None, date(2008, 9, 1), OSLO)
    relative = Relative(Anchor.START, -7, DAYS, None)
    assert decide_moment(relative, date(2008, 9, 1), date(2008, 9, 2), OSLO) is None


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 30), st.sampled_from((DAYS, WORKING)), st.times())
def test_a_reminder_is_always_on_a_working_day_before_the_event(
    day: date, before: int, unit: Unit, clock_time: time
) -> None:
    clock_time = clock_time.replace(microsecond=0)
    due = dates.to_local(due_at(-before, unit, clock_time, day, OSLO), OSLO)
    assert is_working_day(due.date())
    assert due.date() < day
    assert day - due.date() >= timedelta(days=before)


def test_what_each_change_is_mailed_as() -> None:
    told = {
        (change, before, after): trigger
        for change in Change
        for before in (None, *State)
        for after in State
        if (trigger := decide_trigger(change, before, after)) is not None
    }
    assert told[Change.REGISTERED, None, State.CONFIRMED] is Trigger.CONFIRMED
    assert told[Change.REGISTERED, State.CANCELLED, State.WAITING] is Trigger.WAITING
    assert told[Change.REGISTERED, None, State.REQUESTED] is Trigger.REQUESTED
    assert told[Change.ACCEPTED, State.REQUESTED, State.CONFIRMED] is Trigger.CONFIRMED
    assert told[Change.ACCEPTED, State.REQUESTED, State.WAITING] is Trigger.WAITING
    assert told[Change.PROMOTED, State.WAITING, State.CONFIRMED] is Trigger.PROMOTED
    assert told[Change.DECLINED, State.REQUESTED, State.DECLINED] is Trigger.DECLINED
    assert told[Change.CANCELLED, State.CONFIRMED, State.CANCELLED] is Trigger.CANCELLED
    assert told[Change.REPEATED, State.WAITING, State.WAITING] is Trigger.REPEATED
    assert told[Change.READDRESSED, State.CONFIRMED, State.CONFIRMED] is Trigger.READDRESSED
    assert (Change.PROMOTED, State.WAITING, State.OFFERED) not in told


NOW = datetime(2008, 8, 18, 6, tzinfo=UTC)
SOON, LATER, PAST = NOW + timedelta(days=1), NOW + timedelta(days=2), NOW - timedelta(days=1)
ALWAYS = NOW - timedelta(days=100)
PLANNED, FIRED, MISSED, DROPPED = OccasionState


@pytest.mark.parametrize(
    ("wanted", "newest", "step"),
    [
        (None, None, Step.NOTHING),
        (SOON, None, Step.ADD),
        (PAST, None, Step.ADD),
        (ALWAYS - timedelta(seconds=1), None, Step.NOTHING),
        (SOON, Happened(0, SOON, PLANNED), Step.NOTHING),
        (LATER, Happened(0, SOON, PLANNED), Step.MOVE),
        (PAST, Happened(0, SOON, PLANNED), Step.MOVE),
        (None, Happened(0, SOON, PLANNED), Step.DROP),
        (SOON, Happened(0, SOON, DROPPED), Step.MOVE),
        (None, Happened(0, SOON, DROPPED), Step.NOTHING),
        (PAST, Happened(0, PAST, FIRED), Step.NOTHING),
        (None, Happened(0, PAST, FIRED), Step.NOTHING),
        (SOON, Happened(0, PAST, FIRED), Step.ADD),
        (SOON, Happened(0, PAST, MISSED), Step.ADD),
        (PAST - timedelta(days=1), Happened(0, PAST, FIRED), Step.NOTHING),
        (PAST, Happened(1, SOON, PLANNED), Step.DROP),
        (PAST, Happened(1, PAST, PLANNED), Step.NOTHING),
        (PAST, Happened(1, SOON, DROPPED), Step.NOTHING),
    ],
)
def test_an_occasion_becomes_what_the_rule_wants(wanted: datetime | None, newest: Happened | None, step: Step) -> None:
    assert decide_step(wanted, newest, not_before=ALWAYS, now=NOW) is step
