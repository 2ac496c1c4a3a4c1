"""Entries of calendar files, read as events could be made of them."""

from __future__ import annotations

from datetime import date, time

import pytest

from eventsys.events.starting.calendar_files import NoCalendar, read_calendar

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//nb\r\n"


def calendar(*entries: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{entry.strip()}\r\nEND:VEVENT\r\n".replace("\n", "\r\n").replace("\r\r", "\r")
                   for entry in entries)  # fmt: skip
    return (HEAD + body + "END:VCALENDAR\r\n").encode()


def entry(title: str = "Møte", start: str = "DTSTART;TZID=Europe/Oslo:20090112T100000", more: str = "") -> str:
    return f"UID:{title}\nSUMMARY:{title}\n{start}\n{more}".strip()


def read(*entries: str) -> list[tuple[str, str, date | None, date | None, time | None, time | None]]:
    found = read_calendar(calendar(*entries), timezone="Europe/Oslo")
    return [
        (one.title, one.fault, *(
            (one.run.first_on, one.run.last_on, one.run.starts, one.run.ends) if one.run else (None,) * 4
        ))
        for one in found
    ]  # fmt: skip


def test_an_entry_with_times_is_exact_at_the_organisers_clock() -> None:
    end = "DTEND:20090112T113000Z"
    utc = entry("Ugleboka", "DTSTART:20090112T090000Z", end)
    assert read(utc) == [("Ugleboka", "", date(2009, 1, 12), date(2009, 1, 12), time(10), time(12, 30))]


def test_whole_days_end_on_the_day_before_dtend_and_a_missing_end_is_not_guessed() -> None:
    whole = entry("To dager", "DTSTART;VALUE=DATE:20090112", "DTEND;VALUE=DATE:20090114")
    one = entry("En dag", "DTSTART;VALUE=DATE:20090201")
    open_end = entry("Uten slutt", "DTSTART;TZID=Europe/Oslo:20090301T100000")
    assert read(whole, one, open_end) == [
        ("To dager", "", date(2009, 1, 12), date(2009, 1, 13), None, None),
        ("En dag", "", date(2009, 2, 1), date(2009, 2, 1), None, None),
        ("Uten slutt", "", date(2009, 3, 1), date(2009, 3, 1), None, None),
    ]


def test_repetitions_are_each_by_themselves_without_those_left_out_and_as_those_were_moved() -> None:
    hours = "DTEND;TZID=Europe/Oslo:20090112T120000"
    rule = "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Oslo:20090119T100000"
    moved = (
        "UID:Møte\nRECURRENCE-ID;TZID=Europe/Oslo:20090126T100000\nSUMMARY:Flyttet møte\n"
        "DTSTART;TZID=Europe/Oslo:20090127T090000\nDTEND;TZID=Europe/Oslo:20090127T100000"
    )
    assert [(row[0], row[2], row[4]) for row in read(entry(more=f"{hours}\n{rule}"), moved)] == [
        ("Møte", date(2009, 1, 12), time(10)),
        ("Flyttet møte", date(2009, 1, 27), time(9)),
        ("Møte", date(2009, 2, 2), time(10)),
    ]


def test_a_repetition_keeps_its_clock_time_over_the_change_to_summer_time() -> None:
    rows = read(entry(more="DURATION:PT2H\nRRULE:FREQ=MONTHLY;COUNT=4"))
    assert [(row[2], row[4], row[5]) for row in rows] == [
        (date(2009, month, 12), time(10), time(12)) for month in (1, 2, 3, 4)
    ]


def test_one_without_an_end_is_read_two_years_ahead_and_no_more_than_sixty_times() -> None:
    rows = read(entry("Uendelig", more="RRULE:FREQ=MONTHLY"))
    assert (len(rows), rows[0][2], rows[-1][2]) == (25, date(2009, 1, 12), date(2011, 1, 12))
    assert len(read(entry("Daglig", more="RRULE:FREQ=DAILY"))) == 60


def test_a_bad_entry_is_told_of_and_spoils_no_other() -> None:
    rows = read(
        entry("Uten start", ""),
        entry("For ofte", more="RRULE:FREQ=SECONDLY"),
        entry("Avlyst", more="STATUS:CANCELLED"),
        entry("Rar regel", more="RRULE:FREQ=SOMETIMES"),
        entry("God"),
    )
    assert [(title, fault) for title, fault, *_rest in rows] == [
        ("God", ""), ("Avlyst", "cancelled"), ("For ofte", "too_often"), ("Rar regel", "unreadable"),
        ("Uten start", "no_start"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"Hei", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", b"x" * 400_001]
)
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(NoCalendar):
        read_calendar(content, timezone="Europe/Oslo")


def test_control_characters_are_no_part_of_what_is_read() -> None:
    found = read_calendar(calendar(entry("En\x07\x1b bjelle")), timezone="Europe/Oslo")
    assert [one.title for one in found] == ["En bjelle"]


@pytest.mark.parametrize("part", ["BYHOUR", "BYMINUTE", "BYSECOND"])
def test_a_daily_rule_does_not_repeat_within_the_day(part: str) -> None:
    often = entry("For ofte", more=f"RRULE:FREQ=DAILY;{part}=1,2")
    assert [fault for _title, fault, *_rest in read(often)] == ["too_often"]
    assert len(read(entry("Daglig", more=f"RRULE:FREQ=DAILY;{part}=1"))) == 60


def test_a_repetition_moved_by_a_century_makes_no_century_of_repetitions() -> None:
    moved = "UID:Møte\nRECURRENCE-ID:21090112T100000\nSUMMARY:Møte\nDTSTART;TZID=Europe/Oslo:21090112T100000"
    rows = read(entry(more="RRULE:FREQ=MONTHLY"), moved)
    assert (len(rows), rows[-1][2]) == (49, date(2013, 1, 12))
