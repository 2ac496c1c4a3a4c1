"""The arithmetic of due times: wall clocks, working days and Norwegian holidays; what a rule demands of its mails."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys import dates
from eventsys.registrations.rules import State
from eventsys.workflows.rules import (
    Anchor,
    Audience,
    Demands,
    OccasionState,
    Relative,
    Trigger,
    Unit,
    Whom,
    decide_demands,
)
from eventsys.workflows.rules.moments import (
    Happened,
    Step,
    after_quiet,
    decide_moment,
    decide_step,
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


# What a rule at 09:00, 02:30 and 02:00 before and after each change of the clock in Oslo is, typed by hand: the start of
# summer time on 30 March 2008 and 29 March 2026, its end on 26 October 2008 and 25 October 2026; and month ends.
HOURS, MINUTES, WEEKS = Unit.HOURS, Unit.MINUTES, Unit.WEEKS
CHANGES = [
    # Days and weeks keep the clock; the working day before a Sunday is Friday.
    (-7, DAYS, time(9), "2008-04-04 10:00", "2008-03-28 08:00"),
    (-7, DAYS, time(2, 30), "2008-04-07 10:00", "2008-03-31 00:30"),
    (-1, WEEKS, time(9), "2008-04-04 10:00", "2008-03-28 08:00"),
    (-2, WEEKS, time(9), "2008-04-11 10:00", "2008-03-28 08:00"),
    (-1, WEEKS, None, "2008-04-04 10:30", "2008-03-28 09:30"),
    (-1, WEEKS, time(9), "2008-10-31 10:00", "2008-10-24 07:00"),
    (-1, WORKING, time(2, 30), "2008-10-28 10:00", "2008-10-27 01:30"),
    (-1, WEEKS, time(9), "2026-04-01 10:00", "2026-03-25 08:00"),
    (-1, WEEKS, time(9), "2026-10-28 10:00", "2026-10-21 07:00"),
    (2, WEEKS, time(9), "2026-10-14 15:00", "2026-10-28 08:00"),
    # Hours and minutes are time that passes: the night of 30 March has 23 hours, that of 26 October 25.
    (-24, HOURS, None, "2008-03-30 12:00", "2008-03-29 10:00"),
    (-2, HOURS, None, "2008-03-30 04:00", "2008-03-30 00:00"),
    (-1, HOURS, None, "2008-03-30 03:30", "2008-03-30 00:30"),
    (-30, MINUTES, None, "2008-03-30 03:15", "2008-03-30 00:45"),
    (-24, HOURS, None, "2008-10-26 12:00", "2008-10-25 11:00"),
    (-2, HOURS, None, "2008-10-26 03:30", "2008-10-26 00:30"),
    (-90, MINUTES, None, "2008-10-26 03:00", "2008-10-26 00:30"),
    (-24, HOURS, None, "2026-03-29 12:00", "2026-03-28 10:00"),
    (-24, HOURS, None, "2026-10-25 12:00", "2026-10-24 11:00"),
    (-2, HOURS, None, "2026-10-25 03:30", "2026-10-25 00:30"),
    (3, HOURS, time(9), "2026-10-25 00:30", "2026-10-25 01:30"),
    # A start that does not exist is the first moment that does; one that exists twice is the first.
    (-1, HOURS, None, "2026-03-29 02:30", "2026-03-29 00:00"),
    (-1, HOURS, None, "2026-10-25 02:30", "2026-10-24 23:30"),
    # Month ends, a leap day, the turn of a year.
    (-1, DAYS, time(9), "2008-10-01 10:00", "2008-09-30 07:00"),
    (-31, DAYS, time(9), "2008-10-31 10:00", "2008-09-30 07:00"),
    (-1, DAYS, time(9), "2008-02-29 10:00", "2008-02-28 08:00"),
    (-1, WEEKS, time(9), "2008-03-07 10:00", "2008-02-29 08:00"),
    (-1, WEEKS, time(9), "2026-03-06 10:00", "2026-02-27 08:00"),
    (-52, WEEKS, time(9), "2009-02-27 10:00", "2008-02-29 08:00"),
    (-2, WORKING, time(9), "2009-01-02 10:00", "2008-12-30 08:00"),
    (-1, WEEKS, time(9), "2027-01-05 10:00", "2026-12-29 08:00"),
]


@pytest.mark.parametrize(("offset", "unit", "clock_time", "anchor", "utc"), CHANGES)
def test_the_clock_changes_and_months_end(
    offset: int, unit: Unit, clock_time: time | None, anchor: str, utc: str
) -> None:
    due = due_at(offset, unit, clock_time, datetime.fromisoformat(anchor), OSLO)
    assert due == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "local", "utc"),
    [
        (date(2008, 3, 30), time(2, 30), "2008-03-30 01:00"),
        (date(2026, 3, 29), time(2, 30), "2026-03-29 01:00"),
        (date(2026, 3, 29), time(3, 0), "2026-03-29 01:00"),
        (date(2026, 3, 29), time(1, 59), "2026-03-29 00:59"),
        (date(2008, 10, 26), time(2, 30), "2008-10-26 00:30"),
        (date(2026, 10, 25), time(2, 30), "2026-10-25 00:30"),
        (date(2026, 10, 25), time(3, 0), "2026-10-25 02:00"),
    ],
)
def test_a_rule_at_half_past_two_on_the_days_of_the_change(day: date, local: time, utc: str) -> None:
    assert due_at(0, DAYS, local, day, OSLO) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("relative", "expected"),
    [
        (Relative(Anchor.DEADLINE, -14, DAYS, time(9)), "2008-08-08 09:00"),
        (Relative(Anchor.DEADLINE, -5, DAYS, time(9)), "2008-08-15 09:00"),
        (Relative(Anchor.DEADLINE, 0, DAYS, time(9)), "2008-08-22 09:00"),
        (Relative(Anchor.DEADLINE, -1, WEEKS, time(9)), "2008-08-15 09:00"),
        (Relative(Anchor.DEADLINE, -1, WORKING, time(9)), "2008-08-21 09:00"),
        # Registration lasts until the day is over: two hours before its end is ten in the evening.
        (Relative(Anchor.DEADLINE, -2, HOURS, None), "2008-08-22 22:00"),
        (Relative(Anchor.DEADLINE, -2, HOURS, time(9)), "2008-08-22 22:00"),
        (Relative(Anchor.DEADLINE, 30, MINUTES, None), "2008-08-23 00:30"),
        (Relative(Anchor.DEADLINE, -5, DAYS, None), None),
    ],
)
def test_a_deadline_is_a_whole_day(relative: Relative, expected: str | None) -> None:
    moment = decide_moment(relative, None, None, OSLO, closes_on=date(2008, 8, 22))
    assert moment == (dates.to_utc(datetime.fromisoformat(expected), OSLO) if expected else None)
    assert decide_moment(relative, None, None, OSLO) is None


def test_hours_need_a_start_with_a_clock_time() -> None:
    relative = Relative(Anchor.START, -2, HOURS, time(9))
    assert decide_moment(relative, date(2008, 9, 1), date(2008, 9, 2), OSLO) is None
    assert decide_moment(relative, datetime(2008, 9, 1, 10), date(2008, 9, 2), OSLO) == datetime(
        2008, 9, 1, 6, tzinfo=UTC
    )


# --- quiet hours --------------------------------------------------------------------------------------------------------

NIGHT = (time(21), time(7))


@pytest.mark.parametrize(
    ("local", "hours", "allowed"),
    [
        ("2008-08-18 20:59", NIGHT, "2008-08-18 20:59"),
        ("2008-08-18 21:00", NIGHT, "2008-08-19 07:00"),
        ("2008-08-18 23:59", NIGHT, "2008-08-19 07:00"),
        ("2008-08-18 00:00", NIGHT, "2008-08-18 07:00"),
        ("2008-08-18 06:59", NIGHT, "2008-08-18 07:00"),
        ("2008-08-18 07:00", NIGHT, "2008-08-18 07:00"),
        ("2008-12-31 22:00", NIGHT, "2009-01-01 07:00"),
        ("2008-08-18 12:30", (time(12), time(13)), "2008-08-18 13:00"),
        ("2008-08-18 13:00", (time(12), time(13)), "2008-08-18 13:00"),
        ("2008-08-18 23:00", (None, None), "2008-08-18 23:00"),
        ("2008-08-18 23:00", (time(7), time(7)), "2008-08-18 23:00"),
        # The nights of the change: seven is seven.
        ("2008-03-29 22:00", NIGHT, "2008-03-30 07:00"),
        ("2008-10-25 22:00", NIGHT, "2008-10-26 07:00"),
        ("2026-03-28 22:00", NIGHT, "2026-03-29 07:00"),
        ("2026-10-24 22:00", NIGHT, "2026-10-25 07:00"),
        # An end that does not exist is the first moment that does.
        ("2026-03-29 01:00", (time(21), time(2, 30)), "2026-03-29 03:00"),
    ],
)
def test_quiet_hours_are_waited_out(local: str, hours: tuple[time | None, time | None], allowed: str) -> None:
    moment = dates.to_utc(datetime.fromisoformat(local), OSLO)
    assert after_quiet(moment, *hours, OSLO) == dates.to_utc(datetime.fromisoformat(allowed), OSLO)


def test_quiet_hours_that_ended_once_have_ended_where_the_hour_comes_twice() -> None:
    again = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # the second 02:15
    assert after_quiet(again, time(21), time(2, 30), OSLO) == again


@given(st.datetimes(datetime(2008, 1, 1), datetime(2027, 1, 1)), st.times(), st.times())
def test_a_mail_waits_less_than_a_day_and_is_then_let_go(local: datetime, start: time, end: time) -> None:
    moment, end = dates.to_utc(local.replace(microsecond=0), OSLO), end.replace(second=0, microsecond=0)
    allowed = after_quiet(moment, start.replace(microsecond=0), end, OSLO)
    assert timedelta() <= allowed - moment <= timedelta(hours=25)
    assert after_quiet(allowed, start.replace(microsecond=0), end, OSLO) == allowed


# --- what a rule demands ------------------------------------------------------------------------------------------------


def test_a_rule_demands_by_what_it_is_and_not_by_its_text() -> None:
    before, after = Relative(Anchor.START, -2, HOURS, None), Relative(Anchor.END, 1, DAYS, time(9))
    assert decide_demands(Trigger.RELATIVE, Audience.WAITING, before) == Demands(
        (State.WAITING,), category="reminders", before_start=True
    )
    assert decide_demands(Trigger.RELATIVE, Audience.ATTENDED, after) == Demands(
        (State.ATTENDED,), category="reminders"
    )
    assert decide_demands(
        Trigger.RELATIVE, Audience.ORGANISATIONS_WITHOUT, Relative(Anchor.DEADLINE, -5, DAYS, time(9))
    ) == Demands((), category="reminders", before_deadline=True)
    naming = Relative(Anchor.NAMING, -2, DAYS, time(9))
    assert decide_demands(Trigger.RELATIVE, Audience.UNNAMED, naming) == Demands(
        (State.REQUESTED, State.OFFERED, State.WAITING, State.CONFIRMED), category="reminders", before_naming=True,
        whom=Whom.REGISTRAR,
    )  # fmt: skip
    assert decide_demands(Trigger.ABSOLUTE, Audience.ORGANISERS) == Demands((), category="reminders")
    assert decide_demands(Trigger.CANCELLED, Audience.CONCERNED) == Demands(
        (State.CANCELLED,), calendar="CANCEL", needs_run=False
    )


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
        (PAST, Happened(0, SOON, DROPPED), Step.NOTHING),
        (PAST, Happened(0, PAST, DROPPED), Step.NOTHING),
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
