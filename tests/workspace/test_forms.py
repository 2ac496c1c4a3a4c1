"""Days and times as organisers type them."""

from __future__ import annotations

from datetime import date, time

import pytest

from eventsys.dates import read_day
from eventsys.events.copying.rules import widen
from eventsys.events.rules import Precision
from eventsys.workspace import lines
from eventsys.workspace.forms import Typed, count_rows, read_clock


@pytest.mark.parametrize(
    "text, day",
    [
        ("01.09.2008", date(2008, 9, 1)),
        ("1.9.2008", date(2008, 9, 1)),
        (" 1. 9. 2008 ", date(2008, 9, 1)),
        ("1/9/2008", date(2008, 9, 1)),
        ("2008-09-01", date(2008, 9, 1)),
        ("10.2008", date(2008, 10, 1)),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: date | None) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize("text", ["31.9.2008", "1.9.08", "1.9.0008", "9999-99-99", "1. september", "x", "1.9.20081"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_day(text)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1.9.2008", date(2008, 9, 1)),
        ("2008-09-01 00:00:00", date(2008, 9, 1)),
        ("2008-09-01T10:00", date(2008, 9, 1)),
        ("09.2008", None),
        ("1.9.0008", None),
        ("x", None),
        ("", None),
    ],
)
def test_a_cell_is_a_day_with_or_without_a_time_and_a_month_is_none(cell: str, day: date | None) -> None:
    assert lines.read_day(cell) == day


@pytest.mark.parametrize("text, clock", [("10.00", time(10)), ("10:30", time(10, 30)), ("kl. 9", time(9)), ("", None)])
def test_a_time_is_read_as_people_write_it(text: str, clock: time | None) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize("text", ["24.00", "10.60", "ten", "10.0"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_clock(text)


@pytest.mark.parametrize(
    "precision, day, span",
    [
        (Precision.DAYS, date(2008, 9, 3), (date(2008, 9, 3), date(2008, 9, 3))),
        (Precision.WEEK, date(2008, 9, 3), (date(2008, 9, 1), date(2008, 9, 7))),
        (Precision.MONTH, date(2008, 2, 3), (date(2008, 2, 1), date(2008, 2, 29))),
        (Precision.SEASON, date(2008, 9, 3), (date(2008, 9, 1), date(2008, 11, 30))),
        (Precision.SEASON, date(2009, 1, 3), (date(2008, 12, 1), date(2009, 2, 28))),
        (Precision.SEASON, date(2007, 12, 31), (date(2007, 12, 1), date(2008, 2, 29))),
    ],
)
def test_less_exact_dates_are_the_whole_of_what_the_day_lies_in(
    precision: Precision, day: date, span: tuple[date, date]
) -> None:
    assert widen(precision, day, day) == span


@pytest.mark.parametrize("rows, count", [("3", 3), ("0", 1), ("999", 12), ("x", 1), ("²", 1), ("", 1)])
def test_no_form_has_more_rows_than_a_page_can_show(rows: str, count: int) -> None:
    assert count_rows(Typed({"rows": rows})) == count
