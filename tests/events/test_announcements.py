"""Reading announcements: a table of lines with their results, and what must hold for any text at all."""

from __future__ import annotations

import time as stopwatch
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.events.announcements import LONGEST_LINE, Announcement, Remark, Span, read
from eventsys.events.rules import Precision
from tests.events.announcement_table import LINES, MORE_LINES, ONCE_MISREAD, REAL_LINES_IN_2008, typed, typed_span

REAL_TEXT = """\
28.-29. august: Oppstart pulje III, Thon Hotel Oslo Airport
1.-2 og 2.-3. september: Pulje II, læringsseminar 2, Radisson SAS Plaza Oslo
8.-9. september: Pulje I, læringsseminar 3, \n\
18.-19. september: Pulje III, prosjektledersamling
Oktober: Lokale nettverksamlinger
26.-27. november: Pulje I, II og III, kvalitetskonferanse, Oslo Plaza
27.-28. november: Unio arrangerer konferanse for sine tillitsvalgte, Oslo Plaza
"""
MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()
SHORT_MONTHS = "jan. feb. mars apr. mai juni juli aug. sept. okt. nov. des.".split()
WEEKDAYS = "mandag tirsdag onsdag torsdag fredag lørdag søndag".split()
NYNORSK_WEEKDAYS = "måndag tysdag onsdag torsdag fredag laurdag sundag".split()
DASHES = ["-", "–", "—", "−", " - ", " – ", " til "]

days_in_2008 = st.dates(date(2008, 1, 1), date(2008, 12, 31))
# Pieces that the grammar knows, so that chance puts together lines that nearly mean something.
scraps = st.sampled_from(
    [
        *(
            "1",
            "2.",
            "31",
            "2008",
            "08",
            "36",
            "I",
            "III",
            "-",
            "–",
            ".",
            ",",
            ":",
            "/",
            ";",
            "(",
            ")",
            "og",
            "eller",
            "til",
        ),
        *(
            "september",
            "sept.",
            "oktobr",
            "februar",
            "mandag",
            "tys.",
            "uke",
            "veke",
            "høsten",
            "vinteren",
            "kl.",
            "klokka",
        ),
        *(
            "pulje",
            "puljene",
            "alle",
            "oppstart",
            "læringsseminar",
            "samling",
            "nettverk",
            "lokale",
            "møte",
            "dato",
            "kommer",
        ),
        *(
            "Unio",
            "arrangerer",
            "av",
            "arrangør",
            "sted",
            "på",
            "Oslo",
            "tillitsvalgte",
            "frist",
            "avlyst",
            "\t",
            "\x00",
            "ß",
        ),
        *("nr", "2009", "desember", "januar", "52", "1.-2.", "30", "vår", "kick", "off", "i", "første", "&", "innen"),
    ]
)
scrap_lines = st.builds(
    "".join, st.lists(st.tuples(scraps, st.sampled_from(["", " ", "  "])).map("".join), max_size=25)
)


def only(text: str, year: int = 2008) -> Announcement:
    (announcement,) = read(text, year=year)
    return announcement


def spans(when: str, year: int = 2008) -> tuple[Span, ...]:
    return only(f"{when}: Oppstart pulje III", year).spans


def days(first: date, last: date) -> tuple[Span, ...]:
    return (Span(Precision.DAYS, first, last),)


@pytest.mark.parametrize("expected", [*LINES, *MORE_LINES, *ONCE_MISREAD], ids=lambda expected: expected.text[:40])
def test_a_line_is_read_as_the_table_says(expected: Announcement) -> None:
    assert only(expected.text) == expected


def test_the_programme_of_the_autumn_is_read_as_it_was_meant() -> None:
    assert read(REAL_TEXT, year=2008) == REAL_LINES_IN_2008


def test_read_as_the_year_before_its_four_weekend_days_are_pointed_out() -> None:
    remarks = [remark for announcement in read(REAL_TEXT, year=2007) for remark in announcement.remarks]
    assert [remark for remark in remarks if remark.code == "weekend"] == [
        Remark("weekend", ("2007-09-01", "5", "2008")),
        Remark("weekend", ("2007-09-02", "6", "2008")),
        Remark("weekend", ("2007-09-08", "5", "2008")),
        Remark("weekend", ("2007-09-09", "6", "2008")),
    ]


def test_blank_lines_are_skipped_and_lines_keep_their_numbers() -> None:
    announcements = read("\r\n  \r\n1. mars: Oppstart pulje I, Oslo\n\t\nbare tull", year=2008)
    kickoff = REAL_LINES_IN_2008[0].type
    assert announcements == [
        typed(
            "1. mars: Oppstart pulje I, Oslo",
            when="days 2008-03-01",
            kind=kickoff,
            cohorts=(1,),
            venue="Oslo",
            title="Oppstart for pulje I",
            remarks="weekend|2008-03-01|5|2010",
            line=3,
        ),
        typed("bare tull", remarks="no_date; no_type; leftover|bare tull", refused=True, line=5),
    ]


def test_a_line_that_is_too_long_is_refused_and_cut() -> None:
    text = "1. september: Oppstart pulje III, " + "x" * LONGEST_LINE
    assert only(text) == typed(text[:LONGEST_LINE], remarks=f"too_long|{len(text)}|{LONGEST_LINE}", refused=True)


@given(st.text(), st.integers(-5, 10005))
def test_any_text_gives_one_result_for_each_line_that_is_not_blank(text: str, year: int) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [announcement.text for announcement in read(text, year=year)] == [line for line in lines if line.strip()]


@given(scrap_lines)
def test_no_day_is_outside_the_years_around_those_that_are_named(text: str) -> None:
    named = {2008, 2009} | {int(value) for found in read(text, year=2008) for value in _other_years(found)}
    for announcement in read(text, year=2008):
        for span in announcement.spans:
            for day in (span.first_on, span.last_on):
                assert day is None or any(abs(day.year - year) <= 1 for year in named)


def _other_years(announcement: Announcement) -> list[str]:
    return [remark.values[0] for remark in announcement.remarks if remark.code == "other_year"]


@given(scrap_lines)
def test_what_is_not_refused_has_a_date_and_a_type_and_a_title(text: str) -> None:
    for announcement in read(text, year=2008):
        whole = bool(announcement.spans) and announcement.type is not None
        assert (announcement.refused, bool(announcement.title)) == (not whole, announcement.type is not None)
        assert not announcement.refused or announcement.remarks


@given(scrap_lines)
def test_no_run_ends_before_it_starts(text: str) -> None:
    for announcement in read(text, year=2008):
        for span in announcement.spans:
            assert span.first_on is None or span.last_on is None or span.first_on <= span.last_on
            assert (span.precision is Precision.EXACT) == (span.starts is not None)


@given(
    days_in_2008, st.integers(1, 10), st.sampled_from(DASHES), st.booleans(), st.sampled_from([MONTHS, SHORT_MONTHS])
)
def test_a_range_of_days_is_read_back_from_words(
    first: date, length: int, dash: str, dotted: bool, months: list[str]
) -> None:
    last = first + timedelta(days=length)
    dot = "." if dotted else ""
    month = "" if first.month == last.month else f" {months[first.month - 1]}"
    when = f"{first.day}{dot}{month}{dash}{last.day}{dot} {months[last.month - 1]}"
    assert spans(when) == days(first, last)


@given(days_in_2008, st.integers(1, 10), st.sampled_from(DASHES), st.sampled_from([WEEKDAYS, NYNORSK_WEEKDAYS]))
def test_a_range_of_days_is_read_back_with_weekdays_and_years(
    first: date, length: int, dash: str, weekdays: list[str]
) -> None:
    last = first + timedelta(days=length)
    ends = [f"{weekdays[day.weekday()]} {day.day}. {MONTHS[day.month - 1]} {day.year}" for day in (first, last)]
    found = only(f"{dash.join(ends)}: Oppstart pulje III")
    assert found.spans == days(first, last)
    assert [remark for remark in found.remarks if remark.code == "weekday_differs"] == []


@given(
    days_in_2008,
    st.integers(1, 10),
    st.sampled_from(DASHES),
    st.sampled_from(["%d.%m.%Y", "%d.%m.%y", "%d.%m.", "%d/%m", "%d/%m/%Y", "%Y-%m-%d"]),
)
def test_a_range_of_days_is_read_back_from_numbers(first: date, length: int, dash: str, shape: str) -> None:
    last = first + timedelta(days=length)
    assert spans(dash.join(day.strftime(shape) for day in (first, last))) == days(first, last)


@given(days_in_2008, st.times(), st.times(), st.sampled_from(["kl. ", "kl ", "klokka "]), st.sampled_from([".", ":"]))
def test_a_day_with_a_start_and_an_end_is_read_back(
    day: date, one: object, other: object, lead: str, sign: str
) -> None:
    starts, ends = sorted((f"{one:%H:%M}", f"{other:%H:%M}"))
    when = f"{day.day}. {MONTHS[day.month - 1]} {lead}{starts.replace(':', sign)}–{ends.replace(':', sign)}"
    expected = f"exact {day} at {starts} until {ends}" if starts < ends else f"days {day}"
    assert spans(when) == (typed_span(expected),)


@pytest.mark.parametrize(
    "scrap",
    ["a1.-", "1.-", "1,", "1. og ", "1/1-", "i ", "pulje 1,", "uke 1 og ", "mandag ", "kl. 1-", "qwertyuio ", "(" * 4],
)
def test_the_worst_line_takes_no_long_time(scrap: str) -> None:
    line = (scrap * LONGEST_LINE)[:LONGEST_LINE]
    before = stopwatch.process_time()
    assert len(read(line, year=2008)) == 1
    assert stopwatch.process_time() - before < 1
