"""A run as iCalendar: VEVENT bytes for feeds and files, whole calendars for mail. Pure; nothing is kept here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

import icalendar

from eventsys import dates, texts
from eventsys.events.ics_text import clean, fold, one_line, write_part
from eventsys.events.rules import BELOW_DAYS, TIMEZONE, EventType, Precision, RunStatus, Translated

PRODID = "-//eventsys//eventsys//NB"
LANGUAGES = ("nb", "nn", "en")
# The rules, not the lists of days that icalendar makes: some clients read those an hour off, and they end in 2037.
VTIMEZONE_OSLO = (
    b"BEGIN:VTIMEZONE\r\nTZID:Europe/Oslo\r\n"
    b"BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\n"
    b"BEGIN:DAYLIGHT\r\nDTSTART:19810329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n"
    b"END:VTIMEZONE\r\n"
)
END = b"END:VCALENDAR\r\n"
OWN_LINES = re.compile(rb"(?m)^(ATTENDEE|DTSTAMP|LAST-MODIFIED|SEQUENCE)[;:][^\n]*\n(?: [^\n]*\n)*")
"""What each mail's entry has of its own; a line of an event begins so nowhere else, since what follows is folded."""
NOT_FIXED = {"nb": "dagen er ikke bestemt", "nn": "dagen er ikkje fastsett", "en": "the day is not set yet"}
CANCELLED = {"nb": "Avlyst", "nn": "Avlyst", "en": "Cancelled"}
TYPE_NAMES: dict[EventType, Translated] = {
    EventType.KICKOFF: {"nb": "oppstart", "nn": "oppstart", "en": "kickoff"},
    EventType.LEARNING_SEMINAR: {"nb": "læringsseminar", "nn": "læringsseminar", "en": "learning seminar"},
    EventType.PROJECT_LEADERS: {
        "nb": "prosjektledersamling",
        "nn": "prosjektleiarsamling",
        "en": "project leaders' gathering",
    },
    EventType.NETWORK_GATHERING: {"nb": "nettverkssamling", "nn": "nettverkssamling", "en": "network gathering"},
    EventType.CONFERENCE: {"nb": "konferanse", "nn": "konferanse", "en": "conference"},
    EventType.STEERING_GROUP: {
        "nb": "administrativ styringsgruppe",
        "nn": "administrativ styringsgruppe",
        "en": "administrative steering group",
    },
    EventType.POLITICAL_CONTACT: {
        "nb": "politisk kontaktmøte",
        "nn": "politisk kontaktmøte",
        "en": "political contact meeting",
    },
    EventType.MEETING: {"nb": "møte", "nn": "møte", "en": "meeting"},
}

Method = Literal["REQUEST", "CANCEL"]
Address = tuple[str, str]
"""A name and an e-mail address."""


@dataclass(frozen=True)
class CalendarFacts:
    """What a run's calendar entry is made of. `url` is the event's page, empty where it has none for
    all, `language` the organiser's own.

    `forms` is no fact: what mails have in common, kept as long as the facts are (see `request`).
    """

    uid: UUID
    sequence: int
    status: RunStatus
    precision: Precision
    first_on: date | None
    last_on: date | None
    starts_local: datetime | None
    ends_local: datetime | None
    timezone: str
    title: Translated
    description: Translated
    venue_name: str
    venue_address: str
    url: str
    created_at: datetime
    revised_at: datetime
    categories: tuple[Translated, ...] = ()
    language: str = "nb"
    forms: dict[Any, list[bytes]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def is_exact(self) -> bool:
        return self.precision is Precision.EXACT

    @property
    def event_status(self) -> str:
        """STATUS: cancelled, tentative as long as the days are not known, else confirmed."""
        if self.status is RunStatus.CANCELLED:
            return "CANCELLED"
        return "TENTATIVE" if self.precision in BELOW_DAYS else "CONFIRMED"


@dataclass(frozen=True)
class Standing:
    """How the reader of a secret calendar stands to a run: a word before its title, lines before its description, and what
    it is for them alone, `TENTATIVE` or `CANCELLED`, where it is less than for all. `changes` are added to SEQUENCE."""

    word: Translated = field(default_factory=dict)
    note: Translated = field(default_factory=dict)
    status: Literal["", "TENTATIVE", "CANCELLED"] = ""
    changes: int = 0
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Head:
    """What a feed says of itself; `source` is its own address, empty for a secret one, `url` the page about it."""

    name: str
    description: str
    url: str
    source: str
    revised_at: datetime | None = None
    timezone: str = TIMEZONE


def vevent(facts: CalendarFacts, language: str, standing: Standing | None = None) -> bytes:
    """The entry as it stands in feeds and files; empty for a run whose date is not known at all. In a secret calendar, with
    how its reader stands to it."""
    if facts.first_on is None:
        return b""
    own = standing or Standing()
    revised_at = max(facts.revised_at, own.changed_at or facts.revised_at)
    event = _event(facts, language, sequence=facts.sequence + own.changes, revised_at=revised_at)
    status = facts.event_status
    if own.status and status != "CANCELLED":
        status = own.status
        event["TRANSP"] = icalendar.vText("TRANSPARENT")
        event["SUMMARY"] = icalendar.vText(f"{texts.read(own.word, language).value}: {event['SUMMARY']}")
    if note := clean(texts.read(own.note, language).value).strip():
        event["DESCRIPTION"] = icalendar.vText(f"{note}\n\n{event['DESCRIPTION']}")
    event.add("status", status)
    return write_part(event)


def request(
    facts: CalendarFacts,
    *,
    method: Method,
    sequence: int,
    organiser: Address,
    attendee: Address,
    whole_run: bool,
    revised_at: datetime,
    language: str,
) -> bytes:
    """The calendar of one mail to one person; empty below days, where no mail carries one.

    A CANCEL with `whole_run` says that the run is cancelled, without it that this person is off the list. What mails
    about the same facts have in common is written once and kept with the facts.
    """
    if facts.precision in BELOW_DAYS:
        return b""
    key = (method, organiser, whole_run, language)
    form = facts.forms.get(key)
    if form is None:
        form = facts.forms[key] = _form(
            facts, method=method, organiser=organiser, whole_run=whole_run, language=language
        )
    moment = b"%s\r\n" % revised_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ").encode()
    own = {
        b"ATTENDEE": _attendee(attendee, method),
        b"DTSTAMP": b"DTSTAMP:" + moment,
        b"LAST-MODIFIED": b"LAST-MODIFIED:" + moment,
        b"SEQUENCE": b"SEQUENCE:%d\r\n" % sequence,
    }
    return b"".join([form[0], *(own[name] + rest for name, rest in zip(form[1::2], form[2::2], strict=True))])


def begin(head: Head) -> bytes:
    """What comes before the entries of a feed or file: its head and the one time zone."""
    return _feed_head(head) + VTIMEZONE_OSLO


def calendar(head: Head, events: Sequence[bytes]) -> bytes:
    """A feed or file: the head, the one time zone and kept entries joined; never empty, never with a METHOD."""
    return b"".join((begin(head), *events, END))


def _event(facts: CalendarFacts, language: str, *, sequence: int, revised_at: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", str(facts.uid))
    event.add("dtstamp", revised_at.astimezone(UTC))
    _add_time(event, facts)
    event.add("summary", _summary(facts, language))
    event.add("description", _description(facts, language))
    if place := one_line(", ".join(part for part in (facts.venue_name, facts.venue_address) if part.strip())):
        event.add("location", place)
    if facts.url:
        event.add("url", facts.url)
    if names := [one_line(texts.read(name, language).value) for name in facts.categories]:
        event.add("categories", names)
    free = facts.event_status != "CONFIRMED"
    event.add("transp", "TRANSPARENT" if free else "OPAQUE")
    event.add("sequence", sequence)
    event.add("created", facts.created_at.astimezone(UTC))
    event.add("last-modified", revised_at.astimezone(UTC))
    return event


def _add_time(event: icalendar.Event, facts: CalendarFacts) -> None:
    if facts.starts_local is None or facts.ends_local is None:
        if facts.first_on is None or facts.last_on is None:
            raise ValueError("a run without any date has no calendar entry")
        event.add("dtstart", facts.first_on)
        event.add("dtend", facts.last_on + timedelta(days=1))
        return
    for name, local in (("DTSTART", facts.starts_local), ("DTEND", facts.ends_local)):
        event[name] = _moment(local, facts.timezone)


def _moment(local: datetime, timezone: str) -> icalendar.vDatetime:
    """Local time with TZID in Oslo, the one zone whose rules we give; UTC for all others."""
    moment = dates.to_utc(local, timezone)
    if timezone != TIMEZONE:
        return icalendar.vDatetime(moment)
    # A wall-clock time that does not exist would be read as another moment than ours: write the one we mean.
    value = icalendar.vDatetime(dates.to_local(moment, timezone))
    value.params["TZID"] = timezone
    return value


def _summary(facts: CalendarFacts, language: str) -> str:
    title = one_line(texts.read(facts.title, language).value)
    if facts.precision in BELOW_DAYS:
        span = dates.format_span(facts.precision, facts.first_on, facts.last_on, language)
        title = f"{title} ({span}, {NOT_FIXED[language]})"
    return f"{CANCELLED[language]}: {title}" if facts.status is RunStatus.CANCELLED else title


def _description(facts: CalendarFacts, language: str) -> str:
    """The event's text with its page's address as the last line: Outlook drops the property URL."""
    text = clean(texts.read(facts.description, language).value).strip()
    return "\n\n".join(part for part in (text, facts.url) if part)


def _form(facts: CalendarFacts, *, method: Method, organiser: Address, whole_run: bool, language: str) -> list[bytes]:
    """The calendar cut where each person's has lines of its own: text, name of the line, text, name, … text."""
    event = _event(facts, language, sequence=facts.sequence, revised_at=facts.revised_at)
    if method == "REQUEST" or whole_run:
        event.add("status", "CANCELLED" if method == "CANCEL" else facts.event_status)
    event["ORGANIZER"] = _address(organiser)
    event["ATTENDEE"] = _address(("", "who@reads.example"))
    zone = VTIMEZONE_OSLO if facts.is_exact and facts.timezone == TIMEZONE else b""
    before = _open({"METHOD": method}) + zone
    first, *rest = OWN_LINES.split(write_part(event) + END)
    return [before + first, *rest]


def _attendee(attendee: Address, method: Method) -> bytes:
    """The one line of the mail's reader: who is asked is coming already, and nobody waits for an answer."""
    name, email = attendee
    cn = one_line(name).replace('"', "'").replace("^", "^^")
    line = f'ATTENDEE;CN="{cn}"' if cn else "ATTENDEE"
    if method == "REQUEST":
        line += ";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE"
    else:
        line += ";ROLE=REQ-PARTICIPANT"
    return fold(f"{line}:mailto:{_quote(email)}")


def _quote(email: str) -> str:
    return quote(one_line(email), safe="@+!$*'")


def _address(address: Address) -> icalendar.vCalAddress:
    name, email = address
    value = icalendar.vCalAddress(f"mailto:{_quote(email)}")
    if cn := one_line(name).replace('"', "'"):
        value.params["CN"] = cn
    return value


def _feed_head(head: Head) -> bytes:
    name, text = icalendar.vText(one_line(head.name)), icalendar.vText(one_line(head.description))
    every = icalendar.vDuration(timedelta(hours=1))
    every.params["VALUE"] = "DURATION"
    url = icalendar.vUri(one_line(head.url))
    properties: dict[str, object] = {"NAME": name, "X-WR-CALNAME": name, "DESCRIPTION": text, "X-WR-CALDESC": text}
    properties |= {"X-WR-TIMEZONE": head.timezone, "REFRESH-INTERVAL": every, "X-PUBLISHED-TTL": "PT1H"}
    properties |= {"SOURCE": icalendar.vUri(one_line(head.source))} if head.source else {}
    properties |= {"URL": url, "COLOR": "steelblue"}
    if head.revised_at:
        properties["LAST-MODIFIED"] = icalendar.vDatetime(head.revised_at.astimezone(UTC))
    return _open(properties)


def _open(properties: Mapping[str, object]) -> bytes:
    """A calendar's beginning: what comes before its components."""
    calendar = icalendar.Calendar()
    for name, value in {"PRODID": PRODID, "VERSION": "2.0", "CALSCALE": "GREGORIAN", **properties}.items():
        calendar[name] = icalendar.vText(value) if isinstance(value, str) else value
    return write_part(calendar).removesuffix(END)
