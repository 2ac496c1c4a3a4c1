from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.events.ics import VTIMEZONE_OSLO, CalendarFacts, Head, calendar, request, vevent
from eventsys.events.ics_text import fold, one_line
from eventsys.events.rules import Precision, RunStatus

URL = "https://program.example/events/laeringsseminar-2-pulje-ii"
REVISED = datetime(2008, 6, 2, 12, 30, tzinfo=UTC)
EXACT = CalendarFacts(
    uid=UUID("0b5f3a52-8a3c-4a53-9d0b-6f1f5f3f2c11"),
    sequence=2,
    status=RunStatus.PLANNED,
    precision=Precision.EXACT,
    first_on=date(2008, 9, 1),
    last_on=date(2008, 9, 2),
    starts_local=datetime(2008, 9, 1, 10),
    ends_local=datetime(2008, 9, 2, 15, 30),
    timezone="Europe/Oslo",
    title={"nb": "Læringsseminar 2; om fravær, og mer"},
    description={"nb": "Første dag:\r\nfellesskap"},
    venue_name="Radisson SAS Plaza",
    venue_address="Sonja Henies plass 3, Oslo",
    url=URL,
    created_at=datetime(2008, 5, 1, tzinfo=UTC),
    revised_at=REVISED,
    categories=({"nb": "læringsseminar"}, {"nb": "Pulje II"}),
)
DAYS = replace(EXACT, precision=Precision.DAYS, starts_local=None, ends_local=None)
MONTH = replace(DAYS, precision=Precision.MONTH, first_on=date(2008, 10, 1), last_on=date(2008, 10, 31))
HEAD = Head(
    "Program; alt, samlet", "Hva som skjer", "https://program.example/calendars/", "https://program.example/a.ics"
)


def lines(entry: bytes) -> list[str]:
    """The unfolded content lines."""
    return re.sub(r"\r\n ", "", entry.decode()).split("\r\n")[:-1]


def values(entry: bytes) -> dict[str, str]:
    """Each line's name with its parameters, and its value, between BEGIN and END of the event."""
    found = lines(entry)
    inner = found[found.index("BEGIN:VEVENT") + 1 : found.index("END:VEVENT")]
    return dict(split(line) for line in inner)


def split(line: str) -> tuple[str, str]:
    name, value = re.fullmatch(r'((?:[^":]|"[^"]*")*):(.*)', line, re.DOTALL).groups()  # type: ignore[union-attr]
    return name, value


def parsed(data: bytes) -> Any:
    [event] = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return event


def test_the_entry_of_an_exact_run() -> None:
    assert values(vevent(EXACT, "nb")) == {
        "SUMMARY": "Læringsseminar 2\\; om fravær\\, og mer",
        "DTSTART;TZID=Europe/Oslo": "20080901T100000",
        "DTEND;TZID=Europe/Oslo": "20080902T153000",
        "DTSTAMP": "20080602T123000Z",
        "UID": "0b5f3a52-8a3c-4a53-9d0b-6f1f5f3f2c11",
        "SEQUENCE": "2",
        "CATEGORIES": "læringsseminar,Pulje II",
        "CREATED": "20080501T000000Z",
        "DESCRIPTION": f"Første dag:\\nfellesskap\\n\\n{URL}",
        "LAST-MODIFIED": "20080602T123000Z",
        "LOCATION": "Radisson SAS Plaza\\, Sonja Henies plass 3\\, Oslo",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
        "URL": URL,
    }


def test_all_day_entries_end_on_the_day_after_and_have_no_zone() -> None:
    entry = values(vevent(replace(DAYS, first_on=date(2008, 12, 9), last_on=date(2008, 12, 10)), "nb"))
    assert (entry["DTSTART;VALUE=DATE"], entry["DTEND;VALUE=DATE"]) == ("20081209", "20081211")
    assert (entry["STATUS"], entry["TRANSP"]) == ("CONFIRMED", "OPAQUE")


@pytest.mark.parametrize(
    "language, summary",
    [
        ("nb", "Læringsseminar 2\\; om fravær\\, og mer (oktober 2008\\, dagen er ikke bestemt)"),
        ("nn", "Læringsseminar 2\\; om fravær\\, og mer (oktober 2008\\, dagen er ikkje fastsett)"),
        ("en", "Læringsseminar 2\\; om fravær\\, og mer (October 2008\\, the day is not set yet)"),
    ],
)
def test_a_month_is_tentative_free_all_day_and_says_so(language: str, summary: str) -> None:
    entry = values(vevent(MONTH, language))
    assert (entry["DTSTART;VALUE=DATE"], entry["DTEND;VALUE=DATE"]) == ("20081001", "20081101")
    assert (entry["STATUS"], entry["TRANSP"], entry["SUMMARY"]) == ("TENTATIVE", "TRANSPARENT", summary)


def test_a_run_without_any_date_has_no_entry() -> None:
    assert vevent(replace(DAYS, precision=Precision.UNKNOWN, first_on=None, last_on=None), "nb") == b""


def test_a_cancelled_run_says_so_and_takes_no_time() -> None:
    entry = values(vevent(replace(EXACT, status=RunStatus.CANCELLED), "en"))
    assert (entry["STATUS"], entry["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert entry["SUMMARY"].startswith("Cancelled: Læringsseminar 2")


def test_without_a_venue_there_is_no_location() -> None:
    assert "LOCATION" not in values(vevent(replace(EXACT, venue_name="", venue_address=""), "nb"))


def test_an_entry_is_the_same_bytes_each_time() -> None:
    assert vevent(EXACT, "nb") == vevent(EXACT, "nb")


@pytest.mark.parametrize(
    "local, moment",
    [
        (datetime(2008, 9, 1, 10), datetime(2008, 9, 1, 8, tzinfo=UTC)),
        (datetime(2008, 12, 9, 10), datetime(2008, 12, 9, 9, tzinfo=UTC)),
        (datetime(2008, 10, 26, 2, 30), datetime(2008, 10, 26, 0, 30, tzinfo=UTC)),
        (datetime(2008, 3, 30, 2, 30), datetime(2008, 3, 30, 1, 0, tzinfo=UTC)),
    ],
    ids=["summer", "winter", "the hour that comes twice", "the hour that does not exist"],
)
def test_a_reader_of_the_entry_finds_the_moment_we_mean(local: datetime, moment: datetime) -> None:
    facts = replace(EXACT, starts_local=local, ends_local=local + timedelta(hours=4))
    assert parsed(calendar(HEAD, [vevent(facts, "nb")])).start.astimezone(UTC) == moment


def test_times_of_another_zone_are_written_in_utc() -> None:
    entry = values(vevent(replace(EXACT, timezone="Europe/Helsinki"), "nb"))
    assert (entry["DTSTART"], entry["DTEND"]) == ("20080901T070000Z", "20080902T123000Z")


def test_the_time_zone_is_these_bytes() -> None:
    assert VTIMEZONE_OSLO == (
        b"BEGIN:VTIMEZONE\r\n"
        b"TZID:Europe/Oslo\r\n"
        b"BEGIN:STANDARD\r\n"
        b"DTSTART:19961027T030000\r\n"
        b"TZOFFSETFROM:+0200\r\n"
        b"TZOFFSETTO:+0100\r\n"
        b"TZNAME:CET\r\n"
        b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
        b"END:STANDARD\r\n"
        b"BEGIN:DAYLIGHT\r\n"
        b"DTSTART:19810329T020000\r\n"
        b"TZOFFSETFROM:+0100\r\n"
        b"TZOFFSETTO:+0200\r\n"
        b"TZNAME:CEST\r\n"
        b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
        b"END:DAYLIGHT\r\n"
        b"END:VTIMEZONE\r\n"
    )


def test_a_feed_has_one_head_no_method_and_its_time_zone_even_when_empty() -> None:
    assert calendar(replace(HEAD, revised_at=REVISED), []) == (
        b"BEGIN:VCALENDAR\r\n"
        b"VERSION:2.0\r\n"
        b"PRODID:-//eventsys//eventsys//NB\r\n"
        b"CALSCALE:GREGORIAN\r\n"
        b"DESCRIPTION:Hva som skjer\r\n"
        b"X-WR-CALDESC:Hva som skjer\r\n"
        b"NAME:Program\\; alt\\, samlet\r\n"
        b"X-WR-CALNAME:Program\\; alt\\, samlet\r\n"
        b"COLOR:steelblue\r\n"
        b"LAST-MODIFIED:20080602T123000Z\r\n"
        b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"
        b"SOURCE:https://program.example/a.ics\r\n"
        b"URL:https://program.example/calendars/\r\n"
        b"X-PUBLISHED-TTL:PT1H\r\n"
        b"X-WR-TIMEZONE:Europe/Oslo\r\n" + VTIMEZONE_OSLO + b"END:VCALENDAR\r\n"
    )


SENDER = ('Sekretariatet "KKP"', "post@sekretariat.example")
GUEST = ("Nord, Kari: rådgiver", "kari@kommune.example")


def mail(facts: CalendarFacts = EXACT, *, method: Any = "REQUEST", whole_run: bool = False) -> bytes:
    return request(
        facts, method=method, sequence=5, organiser=SENDER, attendee=GUEST, whole_run=whole_run, revised_at=REVISED,
        language="nb",
    )  # fmt: skip


def test_a_request_names_one_organiser_and_the_one_confirmed_recipient() -> None:
    data = mail()
    entry = values(data)
    assert lines(data)[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//eventsys//eventsys//NB",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
    ]
    assert data.count(VTIMEZONE_OSLO) == 1
    assert entry["ORGANIZER;CN=\"Sekretariatet 'KKP'\""] == "mailto:post@sekretariat.example"
    assert [line for line in lines(data) if line.startswith("ATTENDEE")] == [
        'ATTENDEE;CN="Nord, Kari: rådgiver";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:kari@kommune.example'
    ]
    assert (entry["SEQUENCE"], entry["DTSTAMP"], entry["STATUS"]) == ("5", "20080602T123000Z", "CONFIRMED")


def test_mail_and_feed_tell_the_same_of_an_event() -> None:
    feed, sent = values(vevent(EXACT, "nb")), values(mail())
    own = {name: value for name, value in sent.items() if not name.startswith(("ORGANIZER", "ATTENDEE"))}
    assert own == {**feed, "SEQUENCE": "5"}


def test_the_cancellation_of_a_run_has_its_status() -> None:
    entry = values(mail(replace(EXACT, status=RunStatus.CANCELLED), method="CANCEL", whole_run=True))
    assert (entry["STATUS"], entry["UID"]) == ("CANCELLED", str(EXACT.uid))


def test_taking_one_person_off_the_list_does_not_cancel_the_run() -> None:
    data = mail(method="CANCEL")
    assert "METHOD:CANCEL" in lines(data)
    assert "STATUS" not in values(data)
    assert len([line for line in lines(data) if line.startswith("ATTENDEE")]) == 1


def test_mail_about_days_has_no_time_zone_and_mail_below_days_no_calendar() -> None:
    assert b"VTIMEZONE" not in mail(DAYS)
    assert mail(MONTH) == b""


def test_a_title_with_a_line_break_stays_one_property() -> None:
    facts = replace(EXACT, title={"nb": "A\nBEGIN:VEVENT\r\nATTENDEE:mailto:x@x.example"})
    assert values(vevent(facts, "nb"))["SUMMARY"] == "A BEGIN:VEVENT ATTENDEE:mailto:x@x.example"


def test_control_characters_are_dropped_and_breaks_in_texts_kept_as_breaks() -> None:
    facts = replace(EXACT, title={"nb": "A\x00\x07\x1b\x7f\tB"}, description={"nb": "a\u2028b\x0bc\x85d\x9fe\rf"})
    entry = values(vevent(facts, "nb"))
    assert (entry["SUMMARY"], entry["DESCRIPTION"]) == ("A B", f"a\\nb\\nc\\nde\\nf\\n\\n{URL}")


ANY = st.text(st.characters(), max_size=200) | st.text("\\;,:\"'^æ🎉\r\n\t\x00 BEGIN:VEVENT", max_size=200)


@given(title=ANY, description=ANY, venue=ANY, category=ANY, name=ANY)
def test_no_text_makes_another_property_or_a_long_or_broken_line(
    title: str, description: str, venue: str, category: str, name: str
) -> None:
    facts = replace(
        EXACT, title={"nb": title}, description={"nb": description}, venue_name=venue, categories=({"nb": category},)
    )
    head = replace(HEAD, name=name, description=description)
    data = calendar(head, [vevent(facts, "nb")])
    raw = data.split(b"\r\n")
    assert raw.pop() == b""
    assert max(len(line) for line in raw) <= 75
    assert not any(re.search(rb"[\x00-\x1f\x7f]", line) for line in raw)
    assert [line.decode() for line in raw]
    names = [re.split("[;:]", line)[0] for line in lines(data)]
    assert names.count("BEGIN") == names.count("END") == 5
    assert sorted(set(names)) == sorted(
        {"BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "X-WR-CALDESC", "X-WR-TIMEZONE",
         "X-PUBLISHED-TTL", "REFRESH-INTERVAL", "SOURCE", "COLOR", "TZID", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO",
         "RRULE", "SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE",
         "CREATED", "LAST-MODIFIED", "STATUS", "TRANSP", "URL"}
    )  # fmt: skip
    event = parsed(data)
    assert str(event["UID"]) == str(EXACT.uid)
    assert str(event["DESCRIPTION"]).endswith(URL)


@given(name=ANY, email=ANY)
def test_no_name_or_address_leaves_its_property_in_mail(name: str, email: str) -> None:
    data = request(
        EXACT, method="REQUEST", sequence=0, organiser=(name, email), attendee=(name, email), whole_run=False,
        revised_at=REVISED, language="nb",
    )  # fmt: skip
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    names = [re.split("[;:]", line)[0] for line in lines(data)]
    assert [names.count(name) for name in ("BEGIN", "ORGANIZER", "ATTENDEE", "METHOD")] == [5, 1, 1, 1]
    assert parsed(data)["ATTENDEE"].startswith("mailto:")


def test_each_reader_gets_lines_of_their_own_in_what_all_share() -> None:
    facts = replace(EXACT)
    later = REVISED + timedelta(hours=1)
    first, second = (
        request(
            facts, method="REQUEST", sequence=sequence, organiser=SENDER, attendee=(name, f"{name.lower()}@x.example"),
            whole_run=False, revised_at=moment, language="nb",
        )
        for sequence, name, moment in ((1, "Kari", REVISED), (12, "Åse", later))
    )  # fmt: skip
    mine, other = lines(first), lines(second)
    assert [line for line in mine if line not in other] == [
        "DTSTAMP:20080602T123000Z",
        "SEQUENCE:1",
        'ATTENDEE;CN="Kari";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:kari@x.example',
        "LAST-MODIFIED:20080602T123000Z",
    ]
    assert [line for line in other if line not in mine] == [
        "DTSTAMP:20080602T133000Z",
        "SEQUENCE:12",
        'ATTENDEE;CN="Åse";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:%C3%A5se@x.example',
        "LAST-MODIFIED:20080602T133000Z",
    ]
    assert len(facts.forms) == 1
    assert facts == EXACT


@given(name=ANY)
def test_a_readers_name_comes_out_as_itself(name: str) -> None:
    """The library takes a backslash in a parameter for an escape, which it is not (RFC 5545 §3.2)."""
    name = name.replace("\\", "/")
    data = request(
        EXACT, method="REQUEST", sequence=0, organiser=SENDER, attendee=(name, "a@kommune.example"), whole_run=False,
        revised_at=REVISED, language="nb",
    )  # fmt: skip
    read = parsed(data)["ATTENDEE"].params.get("CN", "")
    assert read == one_line(name).replace('"', "'")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_a_folded_line_is_whole_characters_of_at_most_75_octets(line: str) -> None:
    folded = fold(line)
    assert folded.endswith(b"\r\n")
    parts = folded.removesuffix(b"\r\n").split(b"\r\n ")
    assert "".join(part.decode() for part in parts) == line
    assert len(parts[0]) <= 75
    assert all(len(part) <= 74 for part in parts[1:])
