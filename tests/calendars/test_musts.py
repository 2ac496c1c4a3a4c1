"""Every rule for the bytes of a calendar, row by row (RFC 5545), as parsers of others read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject  # type: ignore[import-untyped]
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.timezone import IcsTimezoneInfo

from eventsys.events.ics import CalendarFacts, Head, calendar, vevent
from eventsys.events.rules import RunStatus
from tests.calendars.oracles import Entry, Reading
from tests.calendars.oracles.every import READERS
from tests.events import given
from tests.events.test_ics import DAYS, EXACT, HEAD, MONTH

ALL = "/calendars/all.ics"
LATER = given.NOW + timedelta(hours=3)
LONG = "Læringsseminar om nærvær 🎉, fravær; og blåbær " * 8
CANCELLED = replace(EXACT, uid=UUID(int=2), status=RunStatus.CANCELLED)
SOME = (EXACT, CANCELLED, replace(DAYS, uid=UUID(int=3)), replace(MONTH, uid=UUID(int=4)))


def feed(*found: CalendarFacts, head: Head = HEAD) -> bytes:
    return calendar(head, [vevent(facts, "nb") for facts in found])


def readings(data: bytes) -> list[Reading]:
    return [reader.read(data) for reader in READERS.values()]


def read(data: bytes) -> tuple[Entry, ...]:
    """The entries that all readers agree on."""
    first, *others = (reading.entries for reading in readings(data))
    assert others == [first] * 2
    return first


def of_ical(data: bytes) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(data.decode())


def components(data: bytes, name: str) -> list[Any]:
    """By `vobject`: each with its lines by name."""
    return list(vobject.readOne(data.decode()).contents.get(name, []))


def test_row_1_lines_are_at_most_75_octets_of_whole_characters_and_unfold_to_what_was_written() -> None:
    """RFC 5545 §3.1: CRLF, folded by CRLF and a space; UTF-8 without a byte order mark."""
    data = feed(replace(EXACT, title={"nb": LONG}))
    *lines, rest = data.split(b"\r\n")
    assert (rest, max(map(len, lines)) <= 75, b"\n" in b"".join(lines)) == (b"", True, False)
    assert all(line.decode() for line in lines)
    assert not data.startswith(b"\xef\xbb\xbf")
    assert [entry.summary for entry in read(data)] == [LONG.strip()]


@pytest.mark.parametrize(
    "written, summary, description",
    [
        ("a; b, c: d", "a; b, c: d", "a; b, c: d"),
        (r"C:\Nytt\nord\, \;", r"C:\Nytt\nord\, \;", r"C:\Nytt\nord\, \;"),
        ("A\nBEGIN:VEVENT\r\nUID:x", "A BEGIN:VEVENT UID:x", "A\nBEGIN:VEVENT\nUID:x"),
        ("a\x00b\x07\x1b\x7fc\ufeff\td", "abc d", "abc d"),
        ("a\u2028b\x0bc\x85d", "a b c d", "a\nb\nc\nd"),
    ],
    ids=["signs", "backslashes", "what looks like properties", "what nobody sees", "every break"],
)
def test_row_2_texts_come_out_as_they_were_written_and_stay_in_their_property(
    written: str, summary: str, description: str
) -> None:
    """RFC 5545 §3.3.11: backslash, semicolon, comma and newline are escaped, a colon never; no control characters."""
    data = feed(replace(EXACT, title={"nb": written}, description={"nb": written}, venue_name=written))
    [entry] = read(data)
    assert (entry.summary, entry.location) == (summary, f"{summary}, {EXACT.venue_address}")
    assert entry.description == f"{description}\n\n{EXACT.url}"
    assert b"\\:" not in data


def test_row_3_a_feed_has_one_product_the_version_no_method_and_a_component_even_when_it_is_empty() -> None:
    """RFC 5545 §3.6 and §3.7; METHOD:PUBLISH would demand an ORGANIZER (RFC 5546 §3.2.1)."""
    for data, how_many in ((feed(*SOME), 4), (feed(), 0)):
        assert [reading._replace(entries=()) for reading in readings(data)] == [
            Reading("-//eventsys//eventsys//NB", "2.0", "", HEAD.name, ("Europe/Oslo",), ())
        ] * 3
        assert len(read(data)) == how_many
        top = vobject.readOne(data.decode()).contents
        assert [len(top[name]) for name in ("prodid", "version", "vtimezone")] == [1, 1, 1]
        assert "method" not in top


def test_row_4_each_property_of_an_event_stands_at_most_once_and_it_has_an_end_or_a_length() -> None:
    """RFC 5545 §3.6.1."""
    for event in components(feed(*SOME), "vevent"):
        counts = {name: len(lines) for name, lines in event.contents.items()}
        assert set(counts.values()) == {1}
        assert {"uid", "dtstart", "dtstamp", "dtend"} <= set(counts)
        assert "duration" not in counts


def test_row_5_the_end_is_not_in_the_span_and_is_of_the_type_of_the_start_and_later() -> None:
    """RFC 5545 §3.8.2.2."""
    new_year = replace(DAYS, first_on=date(2008, 12, 30), last_on=date(2009, 1, 1))
    [entry] = read(feed(new_year))
    assert (entry.start, entry.end) == (date(2008, 12, 30), date(2009, 1, 2))
    one_day = replace(DAYS, first_on=date(2008, 12, 31), last_on=date(2008, 12, 31))
    for entry in read(feed(*SOME, replace(one_day, uid=UUID(int=9)))):
        assert type(entry.start) is type(entry.end)
        assert entry.end > entry.start


def test_row_6_each_zone_that_is_used_is_told_once_and_days_and_utc_have_none() -> None:
    """RFC 5545 §3.2.19."""
    data = feed(*SOME, replace(EXACT, uid=UUID(int=5), timezone="America/New_York"))
    assert [reading.zones for reading in readings(data)] == [("Europe/Oslo",)] * 3
    start = [(line.value, line.params) for line in (event.dtstart for event in components(data, "vevent"))]
    zone = {"X-VOBJ-ORIGINAL-TZID": ["Europe/Oslo"]}
    assert [params for _value, params in start] == [zone, zone, {"VALUE": ["DATE"]}, {"VALUE": ["DATE"]}, {}]
    assert read(data)[-1].start == datetime(2008, 9, 1, 14, tzinfo=UTC)
    assert not re.search(rb"TZID[^\r]*:\d{8}(T\d{6}Z)?\r", data)


def edges() -> Iterator[datetime]:
    """The hours around each change of the clock, those that come twice and those that do not exist left out."""
    for year in range(1997, 2060):
        for month, hours in ((3, (0, 1, 3, 4)), (10, (0, 1, 3, 4))):
            last = date(year, month, 31)
            sunday = last - timedelta(days=(last.weekday() + 1) % 7)
            yield from (datetime.combine(sunday, time(hour, 30)) for hour in hours)
        yield datetime(year, 7, 1, 12)
        yield datetime(year, 1, 1, 12)


def test_row_7_whoever_reads_the_rules_of_the_zone_finds_the_hours_of_oslo_beyond_2037_too() -> None:
    """RFC 5545 §3.6.5, the form of rules. Each parser's own zone, made of our bytes alone, against the tz database."""
    data, oslo = feed(), ZoneInfo("Europe/Oslo")
    own: Any
    [own] = icalendar.Calendar.from_ical(data).walk("VTIMEZONE")
    by_dateutil = components(data, "vtimezone")[0].tzinfo
    by_ical = IcsTimezoneInfo.from_timezone(of_ical(data).timezones[0])
    moments = list(edges())
    expected = [moment.replace(tzinfo=oslo).utcoffset() for moment in moments]
    for zone in (by_dateutil, by_ical):
        assert [moment.replace(tzinfo=zone).utcoffset() for moment in moments] == expected
    # `icalendar` 7.3.0 makes a zone of listed days up to 2037 of the rules, and knows no more of them after that.
    until = [place for place, moment in enumerate(moments) if moment.year <= 2037]
    by_icalendar = own.to_tz(lookup_tzid=False)
    assert [moments[place].replace(tzinfo=by_icalendar).utcoffset() for place in until] == [
        expected[place] for place in until
    ]
