"""Any event that can be, read back equal from a feed and from a mail by the parsers of three others."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from eventsys import dates
from eventsys.events.ics import (
    CANCELLED,
    LANGUAGES,
    NOT_FIXED,
    CalendarFacts,
    Head,
    Standing,
    calendar,
    request,
    vevent,
)
from eventsys.events.rules import BELOW_DAYS, Precision, RunFacts, RunIsWrong, RunStatus, resolve
from eventsys.mailing.message import Email, build
from tests.calendars.oracles import Entry, Party, Reading, assert_read
from tests.calendars.oracles.every import READERS

PRODID = "-//eventsys//eventsys//NB"
NOW = datetime(2008, 6, 2, 12, 30, tzinfo=UTC)
URL = "https://program.example/events/laeringsseminar-2-pulje-ii"
HEAD = Head("Program; alt, samlet", "Alt", "https://program.example/calendars/", "https://program.example/a.ics", NOW)

ZONES = ["Europe/Oslo"] * 4 + [
    "Europe/Helsinki", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC",
]  # fmt: skip
# Every break of lines and what looks like a property, escapes, signs of several octets and of several characters.
ODD = "\\;,:\"'^%æøåÆØÅé中🎉👩‍👩‍👧\ufeff\u00a0 \t\r\n\v\f\x00\x07\x1b\x1c\x7f\x85\x9f\u2028\u2029NBEGIN:END"
TEXT = (
    st.text(st.characters(), max_size=120)
    | st.text(ODD, max_size=120)
    | st.text("æøå🎉 ,;\\n", min_size=300, max_size=300)
    | st.sampled_from(
        ["A\nBEGIN:VEVENT\r\nUID:x", "\\n", "\\", "a\\", ",", ";;", "x" * 300, " ", "=0D=0A.", "\r\n.\r\n"]
    )
)
NAME = st.text(st.characters(), max_size=60) | st.text("Kari Åse 🎉,;:\"'^\r\n\x00\u2028", max_size=90)
DAYS = st.dates(date(1997, 1, 1), date(2060, 12, 31))
CLOCK = st.times().map(lambda moment: moment.replace(microsecond=0))


def last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


# Around the two hours of the year that are missing or come twice.
EDGES = st.builds(
    lambda year, month, minutes: datetime.combine(last_sunday(year, month), time()) + timedelta(minutes=minutes),
    st.integers(1997, 2060), st.sampled_from([3, 10]), st.sampled_from([0, 60, 90, 119, 120, 150, 179, 180, 181, 240]),
)  # fmt: skip
MOMENTS = st.datetimes(datetime(1997, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


def whole_month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def season(day: date) -> tuple[date, date]:
    first = date(day.year, 3 * (day.month // 3) or 3, 1)
    return first, (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)


def week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


@st.composite
def spans(draw: st.DrawFn, *, by_mail: bool) -> dict[str, Any]:
    """The columns of a run that say when it is, as organisers make them; `by_mail` those that mails tell, days or exact."""
    below = [] if by_mail else sorted(BELOW_DAYS - {Precision.UNKNOWN})
    precision = draw(st.sampled_from([Precision.EXACT] * 4 + [Precision.DAYS, *below]))
    zone = draw(st.sampled_from(ZONES))
    if precision is Precision.EXACT:
        starts = draw(EDGES | st.builds(datetime.combine, DAYS, CLOCK))
        ends = draw(st.just(starts) | EDGES | st.builds(datetime.combine, DAYS, CLOCK))
        if not timedelta() < ends - starts < timedelta(days=30):
            ends = starts + timedelta(minutes=draw(st.sampled_from([1, 30, 60, 90, 330, 1440, 2880])))
        facts = RunFacts(precision, starts.date(), ends.date(), starts.time(), ends.time(), timezone=zone)
    elif precision is Precision.DAYS:
        first = draw(DAYS | st.just(date(2008, 12, 30)) | st.just(date(2008, 12, 31)))
        facts = RunFacts(precision, first, first + timedelta(days=draw(st.integers(0, 5))), timezone=zone)
    else:
        whole = {Precision.WEEK: week, Precision.MONTH: whole_month, Precision.SEASON: season}[precision]
        facts = RunFacts(precision, *whole(draw(DAYS)), timezone=zone)
    try:
        return resolve(facts)
    except RunIsWrong:
        assume(False)
        raise


@st.composite
def events(draw: st.DrawFn, *, by_mail: bool = False) -> CalendarFacts:
    when = draw(spans(by_mail=by_mail))
    names = ("precision", "first_on", "last_on", "starts_local", "ends_local", "timezone")
    return CalendarFacts(
        uid=draw(st.uuids()),
        sequence=draw(st.integers(0, 10_000)),
        status=draw(st.sampled_from([RunStatus.PLANNED, RunStatus.PLANNED, RunStatus.CANCELLED])),
        title={"nb": draw(TEXT)},
        description={"nb": draw(TEXT)},
        venue_name=draw(TEXT),
        venue_address=draw(TEXT),
        url=URL,
        created_at=draw(MOMENTS),
        revised_at=draw(MOMENTS),
        categories=tuple({"nb": text} for text in draw(st.lists(TEXT.filter(flat), max_size=3))),
        **{name: when[name] for name in names},
    )


# What is expected, said anew


def cleaned(text: str) -> str:
    text = re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text).replace("\t", " ").replace("\ufeff", "")
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) not in {"Cc", "Cs"})


def flat(text: str) -> str:
    return " ".join(cleaned(text).split())


def value(text: dict[str, str] | Any) -> str:
    """A text without anything to read is as good as none."""
    return text["nb"] if text["nb"].strip() else ""


def named(name: str) -> str:
    """A quotation mark cannot stand in a parameter (RFC 5545 §3.1); an apostrophe can."""
    return flat(name).replace('"', "'")


def expected(facts: CalendarFacts, language: str) -> Entry:
    below, cancelled = facts.precision in BELOW_DAYS, facts.status is RunStatus.CANCELLED
    summary = flat(value(facts.title))
    if below:
        span = dates.format_span(facts.precision, facts.first_on, facts.last_on, language)
        summary += f" ({span}, {NOT_FIXED[language]})"
    text = cleaned(value(facts.description)).strip()
    assert facts.first_on is not None
    assert facts.last_on is not None
    is_exact = facts.starts_local is not None and facts.ends_local is not None
    return Entry(
        uid=str(facts.uid),
        start=dates.to_utc(facts.starts_local, facts.timezone) if facts.starts_local else facts.first_on,
        end=dates.to_utc(facts.ends_local, facts.timezone) if facts.ends_local else facts.last_on + timedelta(days=1),
        summary=f"{CANCELLED[language]}: {summary}" if cancelled else summary,
        description=f"{text}\n\n{URL}" if text else URL,
        location=flat(", ".join(part for part in (facts.venue_name, facts.venue_address) if part.strip())),
        status="CANCELLED" if cancelled else "TENTATIVE" if below else "CONFIRMED",
        transp="TRANSPARENT" if cancelled or not (is_exact or facts.precision is Precision.DAYS) else "OPAQUE",
        sequence=facts.sequence,
        categories=tuple(flat(value(name)) for name in facts.categories),
        url=URL,
        dtstamp=facts.revised_at.replace(microsecond=0),
        last_modified=facts.revised_at.replace(microsecond=0),
    )


def assert_lines(data: bytes) -> None:
    """RFC 5545 §3.1: CRLF after each line and nowhere else, at most 75 octets, whole characters, nothing invisible."""
    *lines, rest = data.split(b"\r\n")
    assert rest == b""
    assert max(len(line) for line in lines) <= 75
    assert not any(re.search(rb"[\x00-\x1f\x7f]", line) for line in lines)
    assert all(line.decode() for line in lines)


# The properties. How long a busy machine takes to make an example says nothing of the calendar.

ANY = settings(suppress_health_check=[HealthCheck.too_slow])


@ANY
@given(st.lists(events(), max_size=3, unique_by=lambda facts: facts.uid), st.sampled_from(LANGUAGES))
def test_what_stands_in_a_feed_is_read_back_by_all_as_it_was(found: list[CalendarFacts], language: str) -> None:
    data = calendar(HEAD, [vevent(facts, language) for facts in found])
    assert_lines(data)
    entries = tuple(expected(facts, language) for facts in found)
    for reader in READERS.values():
        assert_read(reader, data, Reading(PRODID, "2.0", "", HEAD.name, ("Europe/Oslo",), entries))


@ANY
@given(
    events(),
    st.sampled_from(LANGUAGES),
    TEXT,
    st.sampled_from(["", "TENTATIVE", "CANCELLED"]),
    st.integers(0, 50),
    MOMENTS,
)
def test_how_the_reader_of_a_secret_calendar_stands_to_an_event_is_read_back_by_all(
    facts: CalendarFacts, language: str, note: str, status: Any, changes: int, changed_at: datetime
) -> None:
    standing = Standing({"nb": "Venteliste"}, {"nb": note}, status, changes, changed_at)
    data = calendar(HEAD, [vevent(facts, language, standing)])
    assert_lines(data)
    entry, line = expected(facts, language), cleaned(value({"nb": note})).strip()
    moment = max(facts.revised_at, changed_at).replace(microsecond=0)
    entry = entry._replace(sequence=facts.sequence + changes, dtstamp=moment, last_modified=moment)
    if line:
        entry = entry._replace(description=f"{line}\n\n{entry.description}")
    if status and entry.status != "CANCELLED":
        entry = entry._replace(summary=f"Venteliste: {entry.summary}", status=status, transp="TRANSPARENT")
    for reader in READERS.values():
        assert_read(reader, data, Reading(PRODID, "2.0", "", HEAD.name, ("Europe/Oslo",), (entry,)))


@ANY
@given(TEXT, TEXT)
def test_a_feeds_own_name_is_read_back_by_all_as_it_was(name: str, description: str) -> None:
    data = calendar(replace(HEAD, name=name, description=description), [])
    assert_lines(data)
    assert [reader.read(data).name for reader in READERS.values()] == [flat(name)] * 3


@ANY
@given(
    events(by_mail=True), st.sampled_from(LANGUAGES), st.sampled_from(["REQUEST", "CANCEL"]), st.booleans(), NAME, NAME
)
def test_what_a_mail_carries_is_read_back_by_all_as_it_was(
    facts: CalendarFacts, language: str, method: Any, whole_run: bool, organiser: str, attendee: str
) -> None:
    sent = request(
        facts, method=method, sequence=facts.sequence + 3, organiser=(organiser, "post@sekretariat.example"),
        attendee=(attendee, "kari@kommune.example"), whole_run=whole_run, revised_at=NOW, language=language,
    )  # fmt: skip
    data = through_the_mail(sent, method)
    assert_lines(data)
    answer = ("ACCEPTED", False) if method == "REQUEST" else ("", None)
    entry = expected(facts, language)._replace(
        sequence=facts.sequence + 3,
        dtstamp=NOW,
        last_modified=NOW,
        organiser=Party(named(organiser), "mailto:post@sekretariat.example"),
        attendees=(Party(named(attendee), "mailto:kari@kommune.example", *answer),),
    )
    if method == "CANCEL":
        entry = entry._replace(status="CANCELLED" if whole_run else "")
    zones = ("Europe/Oslo",) if facts.is_exact and facts.timezone == "Europe/Oslo" else ()
    for reader in READERS.values():
        assert_read(reader, data, Reading(PRODID, "2.0", method, "", zones, (entry,)))


def through_the_mail(calendar: bytes, method: str) -> bytes:
    """The bytes of the calendar part as the reader of the mail has them; the file beside it has the same."""
    raw = build(
        Email("s", "t", "<p>h</p>", calendar=calendar, calendar_method=method), sender="arrangement@eventsys.example",
        to_name="Kari", to_address="kari@kommune.example", message_id="1@eventsys.example", date=NOW, language="nb",
    )  # fmt: skip
    parts = [part for part in message_from_bytes(raw, policy=policy.default).walk() if not part.is_multipart()]
    *_texts, inner, file = (part.get_payload(decode=True) for part in parts)
    assert inner == file == calendar
    assert isinstance(inner, bytes)
    return inner
